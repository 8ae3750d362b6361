// The log prepared for matching: for each day where in time sightings are at all, a filter that
// nearly all foreign identifiers fail, and the exact look-up for the few that pass.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernel/table.h"
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

  // Adds all identifiers whose first four bytes are this little-endian number.
  void add(uint32_t first_bytes);

  // The positions of those that may have been added, and of no others. `found` has room for all.
  size_t find(std::span<const Identifier> identifiers, uint32_t* found) const;

  kernel::FilterView view() const { return {words_.data(), multiplier_, shift_}; }

  size_t bytes() const { return words_.size() * sizeof(words_[0]); }

 private:
  uint32_t multiplier_;
  uint32_t shift_;
  std::vector<uint32_t> words_;
};

// Where in a day's sorted identifiers those with a prefix can stand: they are divided into ranges
// by the first digits of the prefix, and a range knows which digits follow those in it.
class PrefixDirectory {
 public:
  struct Places {
    size_t first;
    size_t last;  // exclusive
  };

  explicit PrefixDirectory(size_t identifiers);

  // For all identifiers, in order, and then once for the whole.
  void add(uint64_t prefix, size_t place) {
    Range& range = ranges_[prefix >> shift_];
    range.end = static_cast<uint32_t>(place) + 1;
    range.next_digits |= next_digits(prefix);
  }
  void complete();

  // Says that this prefix will be looked for soon.
  void expect(uint64_t prefix) const { __builtin_prefetch(&ranges_[prefix >> shift_]); }
  // Seldom any for a prefix that is not there.
  Places find(uint64_t prefix) const {
    const size_t range = prefix >> shift_;
    if ((ranges_[range].next_digits & next_digits(prefix)) == 0) return {0, 0};
    return {range == 0 ? 0 : ranges_[range - 1].end, ranges_[range].end};
  }

 private:
  struct Range {
    uint32_t end = 0;
    uint32_t next_digits = 0;  // a bit for each number that the next five can be
  };

  uint32_t next_digits(uint64_t prefix) const {
    return uint32_t{1} << (prefix >> (shift_ - 5) & 31);
  }

  uint32_t shift_;
  std::vector<Range> ranges_;
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
  // Of the one window that there is where the scheme is timeless.
  static constexpr Day kOnlyDay{0};

  // `mark` may be null; all arguments but the last are borrowed. Ends early, useless, on cancel.
  SchemeIndex(const SightingColumns& columns, const Scheme& scheme, const LogMark* mark,
              const Cancel* cancel, uint32_t multiplier);

  const Scheme& scheme() const { return scheme_; }
  // Ascending; days on which nothing can match have none.
  std::span<const Window> windows() const { return windows_; }
  size_t filter_bytes() const;

  // Says that an identifier will be looked for soon, heard on this day in all likelihood.
  void expect(const Identifier& identifier, Day day) const;
  // Appends the rows of the identifier within the range, in order of time and row.
  void find(const Identifier& identifier, TimeRange when, std::vector<size_t>& rows) const;

 private:
  struct Entry;
  struct HeardDay;
  // A day's rows, of this scheme.
  struct LoggedDay {
    DaySlice slice;
    PrefixDirectory directory;
  };

  bool counts(size_t row) const { return mark_ == nullptr || !mark_->covers(columns_.row[row]); }
  // The times at which a sighting can match a slot that begins on the day.
  TimeRange reach_of(Day day) const;
  HeardDay hear(LoggedDay& logged, std::vector<Entry>& entries) const;
  void add_only_window(std::span<const HeardDay> heard, uint32_t multiplier);
  void add_window(Day day, std::span<const HeardDay> heard, uint32_t multiplier);
  void fill_windows(Day day, std::span<const Entry> entries);
  Window* window_of(Day day);
  std::vector<LoggedDay>::const_iterator logged_from(Day day) const;

  const SightingColumns columns_;
  const Scheme& scheme_;
  const LogMark* mark_;
  std::vector<LoggedDay> days_;  // ascending
  std::vector<Window> windows_;
};

}  // namespace nearzone::match
