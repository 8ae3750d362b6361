// The log prepared for matching: for each day where in time sightings are at all, a filter that
// nearly all foreign identifiers fail, and the exact look-up for the few that pass.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nearzone/match.h"
#include "nearzone/scheme.h"
#include "nearzone/sighting.h"

namespace nearzone::match {

// A set of identifiers that may err by containing too many: three bits of one word for each, so
// that a look-up touches one cache line and needs no branch.
class Filter {
 public:
  // `multiplier` is secret and odd: whoever writes a list cannot aim at what the filter holds.
  // Broadcast identifiers are uniform already, so one multiplication mixes enough.
  Filter(uint32_t multiplier, size_t identifiers);

  void add(const Identifier& identifier);

  // The positions of those that may have been added, and of no others. `found` has room for all.
  size_t find(std::span<const Identifier> identifiers, uint32_t* found) const;

 private:
  uint32_t multiplier_;
  uint32_t shift_;
  std::vector<uint32_t> words_;
};

// What slots that begin on one day can match: sightings of the day, and of its neighbours as far as
// the time rule reaches.
struct Window {
  Day day;
  Filter filter;
  std::vector<TimeRange> heard;  // without long silences, ascending
};

// All sightings of one scheme, or those of them that a mark does not cover.
class SchemeIndex {
 public:
  // Slots may be this long; longer ones can match sightings that their day's window lacks.
  static constexpr Millis kLongestSlot = std::chrono::hours(1);

  // `mark` may be null; all arguments but the last are borrowed. Ends early, useless, on cancel.
  SchemeIndex(const SightingColumns& columns, const Scheme& scheme, const LogMark* mark,
              const Cancel* cancel, uint32_t multiplier);

  const Scheme& scheme() const { return scheme_; }
  // Ascending; days on which nothing can match have none.
  std::span<const Window> windows() const { return windows_; }

  // Appends the rows of the identifier within the range, in order of time and row.
  void find(const Identifier& identifier, TimeRange when, std::vector<size_t>& rows) const;

 private:
  struct HeardDay;

  bool counts(size_t row) const { return mark_ == nullptr || !mark_->covers(columns_.row[row]); }
  // The times at which a sighting can match a slot that begins on the day.
  TimeRange reach_of(Day day) const;
  HeardDay hear(const DaySlice& slice) const;
  void add_window(Day day, std::span<const HeardDay> heard, uint32_t multiplier);
  void fill_windows(const HeardDay& day);
  Window* window_of(Day day);

  const SightingColumns columns_;
  const Scheme& scheme_;
  const LogMark* mark_;
  std::vector<DaySlice> days_;  // of this scheme, ascending
  std::vector<Window> windows_;
};

}  // namespace nearzone::match
