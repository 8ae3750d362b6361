// Which time to believe. What is erased by age is erased by this clock, so that the phone's own,
// wherever it jumps, makes erasure late and never early.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "nearzone/time.h"

namespace nearzone::encounter_log {

// A time that it was at least, when the monotonic clock stood there.
struct SureTime {
  Instant at;
  Millis monotonic{0};
  bool operator==(const SureTime&) const = default;
};

// A time is credible within 48 hours of the last credible one plus the monotonic time that has
// passed since; or when it is the third day of use within 30 days, and the monotonic clock has gone
// on as far since the other two; or when a verified list vouches for it. Times before 2020 never
// are: they are those of a phone that has lost its clock.
//
// What is credible can be two days ahead, and again two days more. So ages are counted from the
// sure time, which only goes on as the monotonic clock does, until a list or three days of use
// without a day that is not ahead of it confirm that it is later. A reboot, after which nobody
// knows how long the phone was off, makes a credible time sure.
class CredibleClock {
 public:
  // `recorded`: the days of the log, ascending, of which the last that follow each other closely
  // are believed. `doubted`: the days of scans whose time was not credible. `sure`: as sure() gave
  // it once, before this process.
  CredibleClock(std::span<const Day> recorded, std::span<const Day> doubted,
                std::optional<SureTime> sure, Instant now, Millis monotonic);

  // What the phone's clocks say now; whether that is credible.
  bool read(Instant now, Millis monotonic);
  // Something was recorded when the clocks were read last.
  void use() { remember(Day::of(now_), monotonic_, in_doubt_); }
  // Somebody trustworthy says that it is this time or later.
  void confirm(Instant at, Millis monotonic);

  // As of the last reading.
  bool in_doubt() const { return in_doubt_; }
  // The day that ages are counted from: that of the sure time, or of the last credible one, if that
  // is earlier.
  Day today() const;
  // The day of the last credible time: nothing is erased by it.
  Day latest() const { return last_ ? Day::of(*last_) : Day{0}; }
  // None before there was a credible time.
  std::optional<SureTime> sure() const;
  // Whether what was heard on this day can be filed under it, rather than as doubtful: the day is
  // none to come, but for 48 hours; and while the clock is in doubt none before `first_kept`
  // either, since it would be erased at once.
  bool may_be_recorded(Day day, Day first_kept) const;

 private:
  struct Use {
    Day day;
    std::optional<Millis> monotonic;  // at the first one; unknown if before a reboot
    bool ahead;                       // of the sure time, then
    bool doubted;
  };
  bool follows(Instant now) const;
  bool confirmed_by_days(Day today) const;
  void remember(Day day, std::optional<Millis> monotonic, bool doubted);
  Instant sure_now() const { return sure_->at + (monotonic_ - sure_->monotonic); }

  Instant now_;          // at the last reading
  Millis monotonic_{0};  // likewise
  std::optional<Instant> last_;
  Millis last_monotonic_{0};
  std::optional<SureTime> sure_;  // there, where the other is
  bool only_day_known_ = false;   // of the last credible time
  bool in_doubt_ = false;
  std::vector<Use> uses_;  // ascending by day, each once
};

}  // namespace nearzone::encounter_log
