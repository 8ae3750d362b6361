// The log prepared for matching: which times hold sightings at all, a bitmap that most foreign
// identifiers fail, and the exact look-up for the few that pass.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "nearzone/random.h"
#include "nearzone/scheme.h"
#include "nearzone/sighting.h"

namespace nearzone::match {

// All sightings of one scheme.
class SchemeIndex {
 public:
  SchemeIndex(const SightingColumns& columns, const Scheme& scheme, Random& random);

  const Scheme& scheme() const { return scheme_; }

  // The smallest range that holds every sighting which lies in `when`; empty where none does.
  TimeRange heard_within(TimeRange when) const;

  // False only for identifiers that were never heard.
  bool may_contain(const Identifier& identifier) const {
    const uint64_t bit = hash(identifier);
    return (bitmap_[bit >> 6] >> (bit & 63) & 1) != 0;
  }

  // Appends the rows of the identifier within the range, in order of time and row.
  void find(const Identifier& identifier, TimeRange when, std::vector<size_t>& rows) const;

 private:
  // Multiply-shift by a secret odd number: whoever writes a list cannot aim at the bitmap's holes
  // or at one of its buckets. Broadcast identifiers are uniform already.
  uint64_t hash(const Identifier& identifier) const {
    uint64_t low;
    std::memcpy(&low, identifier.bytes.data(), sizeof(low));
    return low * multiplier_ >> shift_;
  }

  const SightingColumns columns_;
  const Scheme& scheme_;
  std::vector<DaySlice> days_;      // of this scheme, ascending
  std::vector<int64_t> intervals_;  // ten-minute intervals with sightings, ascending, distinct
  uint64_t multiplier_ = 1;
  int shift_ = 63;
  std::vector<uint64_t> bitmap_;
};

}  // namespace nearzone::match
