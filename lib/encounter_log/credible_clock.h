// Which time to believe. What is erased by age is erased by this clock, so that the phone's own,
// wherever it jumps, makes erasure late and never early.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "nearzone/time.h"

namespace nearzone::encounter_log {

// A time is credible within 48 hours of the last credible one plus the monotonic time that has
// passed since; or when it is the third day of such times within 30 days; or when a verified list
// vouches for it. Times before 2020 never are: they are those of a phone that has lost its clock.
class CredibleClock {
 public:
  // `recorded`: the days of the log, ascending, of which the last that follow each other closely
  // are believed. `doubted`: the days of scans whose time was not credible.
  CredibleClock(std::span<const Day> recorded, std::span<const Day> doubted, Instant now,
                Millis monotonic);

  // What the phone's clocks say now; whether that is credible.
  bool read(Instant now, Millis monotonic);
  // Something was recorded at a time that is not credible; two more such days make it so.
  void doubt(Day day);
  // Somebody trustworthy says that it is this time or later.
  void confirm(Instant at, Millis monotonic);

  // As of the last reading.
  bool in_doubt() const { return in_doubt_; }
  // The day that ages are counted from: that of the last credible time.
  Day today() const;
  // Whether what was heard on this day can be filed under it, rather than as doubtful: the day is
  // none to come, but for 48 hours; and while the clock is in doubt none before `first_kept`
  // either, since it would be erased at once.
  bool may_be_recorded(Day day, Day first_kept) const;

 private:
  bool follows(Instant now, Millis monotonic) const;
  bool confirmed_by_days(Day today) const;
  void accept(Instant now, Millis monotonic);

  std::optional<Instant> last_;
  Millis last_monotonic_{0};
  Millis elapsed_{0};  // since then
  bool in_doubt_ = false;
  std::vector<Day> doubted_;  // ascending, each once
};

}  // namespace nearzone::encounter_log
