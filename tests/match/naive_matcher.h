// The reference: every identifier of every key against every sighting, with nothing clever.
#pragma once

#include <span>
#include <vector>

#include "nearzone/match.h"

namespace nearzone::test {

// A stream over keys in memory, in pieces of at most `piece`.
class VectorStream final : public KeyStream {
 public:
  explicit VectorStream(std::span<const PublishedKey> keys, size_t piece = 1000)
      : keys_(keys), piece_(piece) {}
  Status next(size_t most, std::vector<PublishedKey>& batch) override;

 private:
  std::span<const PublishedKey> keys_;
  size_t piece_;
  size_t at_ = 0;
};

MatchResult match_naively(const SightingColumns& columns, std::span<const Scheme* const> schemes,
                          std::span<const PublishedKey> keys, uint32_t list);

// Compares everything but the counters of work.
void expect_same_matches(const MatchResult& expected, const MatchResult& actual);

}  // namespace nearzone::test
