#include "encounter_log/credible_clock.h"

#include <algorithm>

namespace nearzone::encounter_log {
namespace {

constexpr Millis kTolerance = std::chrono::hours(48);
constexpr int32_t kToleranceDays = 2;
// Days that come in one by one over years are no sign that time has passed as the clock says.
constexpr int32_t kConfirmationSpan = 30;
constexpr int kConfirmingDays = 3;
constexpr Day kFirstCredible{18262};  // 2020-01-01

// Of days walked upwards, the last credible one: the first is; another is if it comes at most two
// days after the last credible one, or if two more follow it within 30 days.
Day last_credible(std::span<const Day> days) {
  Day last = days.front();
  for (size_t i = 1; i < days.size(); ++i) {
    const bool follows = days[i] - last <= kToleranceDays;
    const bool confirmed = i + 2 < days.size() && days[i + 2] - days[i] <= kConfirmationSpan;
    if (follows || confirmed) last = days[i];
  }
  return last;
}

}  // namespace

CredibleClock::CredibleClock(std::span<const Day> recorded, std::span<const Day> doubted,
                             Instant now, Millis monotonic)
    : last_monotonic_(monotonic) {
  for (Day day : doubted) doubt(day);
  const auto first = std::ranges::lower_bound(recorded, kFirstCredible);
  const auto credible = recorded.subspan(static_cast<size_t>(first - recorded.begin()));
  if (!credible.empty()) {
    // Days that a clock which was ahead has left must not make the right time incredible.
    const auto past = credible.first(static_cast<size_t>(
        std::ranges::upper_bound(credible, Day::of(now) + kToleranceDays) - credible.begin()));
    last_ = last_credible(credible).start();
    if (!past.empty() && Day::of(now) - last_credible(past) <= kToleranceDays) last_ = now;
  }
  read(now, monotonic);
}

bool CredibleClock::read(Instant now, Millis monotonic) {
  const bool credible = Day::of(now) >= kFirstCredible &&
                        (follows(now, monotonic) || confirmed_by_days(Day::of(now)));
  in_doubt_ = !credible;
  if (credible)
    accept(now, monotonic);
  else
    elapsed_ = monotonic - last_monotonic_;
  return credible;
}

bool CredibleClock::follows(Instant now, Millis monotonic) const {
  if (!last_) return true;
  const Millis off = now - (*last_ + (monotonic - last_monotonic_));
  // A restart leaves no more than the day on which something was recorded last.
  return off <= kTolerance + Day::kLength && off >= -kTolerance;
}

bool CredibleClock::confirmed_by_days(Day today) const {
  int days = 1;
  for (Day day : doubted_) days += day < today && today - day <= kConfirmationSpan ? 1 : 0;
  return days >= kConfirmingDays;
}

void CredibleClock::accept(Instant now, Millis monotonic) {
  last_ = now;
  last_monotonic_ = monotonic;
  elapsed_ = Millis(0);
}

void CredibleClock::doubt(Day day) {
  const auto at = std::ranges::lower_bound(doubted_, day);
  if (at == doubted_.end() || *at != day) doubted_.insert(at, day);
}

void CredibleClock::confirm(Instant at, Millis monotonic) {
  if (Day::of(at) < kFirstCredible || (last_ && at <= *last_)) return;
  accept(at, monotonic);
}

Day CredibleClock::today() const { return last_ ? Day::of(*last_) : Day{0}; }

bool CredibleClock::may_be_recorded(Day day, Day first_kept) const {
  if (day < kFirstCredible || (in_doubt_ && day < first_kept)) return false;
  return !last_ || day <= Day::of(*last_ + elapsed_ + kTolerance);
}

}  // namespace nearzone::encounter_log
