// The log prepared for matching: where in time sightings are at all, a filter for each such stretch
// that nearly all foreign identifiers fail, and the exact look-up for the few that pass.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "nearzone/match.h"
#include "nearzone/scheme.h"
#include "nearzone/sighting.h"

namespace nearzone::match {

// A set of identifiers that may err by containing too many. Two bits of one word for each: a
// look-up touches one cache line and needs no branch.
class Filter {
 public:
  // `multiplier` is secret and odd: whoever writes a list cannot aim at what the filter holds.
  // Broadcast identifiers are uniform already, so one multiplication mixes enough.
  Filter(uint64_t multiplier, size_t identifiers);

  void add(const Identifier& identifier) {
    const uint64_t hash = hash_of(identifier);
    words_[hash >> shift_] |= bit(hash >> kFirstBit) | bit(hash >> kSecondBit);
  }

  // Calls found(i) for each identifier that may have been added, and for no others.
  template <typename Found>
  void find(std::span<const Identifier> identifiers, const Found& found) const {
    size_t first = 0;
    for (; first + kGroup <= identifiers.size(); first += kGroup)
      find_in_group(&identifiers[first], kGroup, first, found);
    if (first < identifiers.size())
      find_in_group(&identifiers[first], identifiers.size() - first, first, found);
  }

 private:
  // Look-ups before one branch on all of them: two hours of ten-minute identifiers, which divides
  // both a day and what of the next day Exposure Notification's tolerance lets count.
  static constexpr size_t kGroup = 12;
  // Where in the hash the numbers of the two bits stand; its top bits choose the word.
  static constexpr int kFirstBit = 32;
  static constexpr int kSecondBit = 26;

  template <typename Found>
  void find_in_group(const Identifier* group, size_t count, size_t first,
                     const Found& found) const {
    uint64_t any = 0;
    for (size_t i = 0; i < count; ++i) any |= look_up(group[i]);
    if ((any & 1) == 0) return;
    for (size_t i = 0; i < count; ++i)
      if ((look_up(group[i]) & 1) != 0) found(first + i);
  }

  static uint64_t bit(uint64_t number) { return uint64_t{1} << (number & 63); }

  uint64_t hash_of(const Identifier& identifier) const {
    uint64_t low;
    std::memcpy(&low, identifier.bytes.data(), sizeof(low));
    return low * multiplier_;
  }

  // The lowest bit tells.
  uint64_t look_up(const Identifier& identifier) const {
    const uint64_t hash = hash_of(identifier);
    const uint64_t word = words_[hash >> shift_];
    return (word >> (hash >> kFirstBit & 63)) & (word >> (hash >> kSecondBit & 63));
  }

  uint64_t multiplier_;
  int shift_;
  std::vector<uint64_t> words_;
};

// Sightings of one day without a long silence between them.
struct Bucket {
  TimeRange heard;  // from the first until just after the last
  Filter filter;
};

// All sightings of one scheme, or those of them that a mark does not cover.
class SchemeIndex {
 public:
  // `mark` may be null; all arguments but the last are borrowed. Ends early, useless, on cancel.
  SchemeIndex(const SightingColumns& columns, const Scheme& scheme, const LogMark* mark,
              const Cancel* cancel, uint64_t multiplier);

  const Scheme& scheme() const { return scheme_; }
  // Ascending in time.
  std::span<const Bucket> buckets() const { return buckets_; }
  // The first bucket that was heard after `at`, or their number.
  size_t first_heard_after(Instant at) const;

  // Appends the rows of the identifier within the range, in order of time and row.
  void find(const Identifier& identifier, TimeRange when, std::vector<size_t>& rows) const;

 private:
  bool counts(size_t row) const { return mark_ == nullptr || !mark_->covers(columns_.row[row]); }
  void add_day(const DaySlice& slice, uint64_t multiplier);

  const SightingColumns columns_;
  const Scheme& scheme_;
  const LogMark* mark_;
  std::vector<DaySlice> days_;  // of this scheme, ascending
  std::vector<Bucket> buckets_;
};

}  // namespace nearzone::match
