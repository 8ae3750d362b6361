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
                             std::optional<SureTime> sure, Instant now, Millis monotonic)
    : now_(now), monotonic_(monotonic), last_monotonic_(monotonic) {
  const auto first = std::ranges::lower_bound(recorded, kFirstCredible);
  const auto credible = recorded.subspan(static_cast<size_t>(first - recorded.begin()));
  if (!credible.empty()) {
    // Days that a clock which was ahead has left must not make the right time incredible.
    const auto past = credible.first(static_cast<size_t>(
        std::ranges::upper_bound(credible, Day::of(now) + kToleranceDays) - credible.begin()));
    last_ = last_credible(credible).start();
    only_day_known_ = true;
    if (!past.empty() && Day::of(now) - last_credible(past) <= kToleranceDays) {
      last_ = now;
      only_day_known_ = false;
    }
    sure_ = {*last_, monotonic};
    // A monotonic clock that is back was started anew. Where it is not, it may have been all the
    // same; then it was later than it says.
    if (sure && sure->monotonic <= monotonic) sure_ = sure;
  }
  // It was written with the first use of a new day.
  std::optional<Millis> used;
  if (sure && sure->monotonic <= monotonic) used = sure->monotonic;
  for (Day day : recorded) remember(day, used, false);
  for (Day day : doubted) remember(day, used, true);
  read(now, monotonic);
}

bool CredibleClock::read(Instant now, Millis monotonic) {
  now_ = now;
  monotonic_ = monotonic;
  const Day day = Day::of(now);
  const bool confirmed = confirmed_by_days(day);
  in_doubt_ = day < kFirstCredible || !(confirmed || follows(now));
  if (in_doubt_) return false;
  last_ = now;
  last_monotonic_ = monotonic;
  only_day_known_ = false;
  if (confirmed || !sure_) sure_ = {now, monotonic};
  // Set right again, or confirmed: what comes ahead of it from now on has nothing to do with that.
  if (day <= Day::of(sure_now())) std::erase_if(uses_, [](const Use& use) { return use.ahead; });
  return true;
}

bool CredibleClock::follows(Instant now) const {
  if (!last_) return true;
  const Instant last = *last_ + (monotonic_ - last_monotonic_);
  // A restart leaves no more than the day on which something was recorded last.
  const Millis unknown = only_day_known_ ? Day::kLength : Millis(0);
  return now >= std::min(last, sure_now()) - kTolerance &&
         now <= std::max(last + unknown, sure_now()) + kTolerance;
}

// On three days of use the monotonic clock must have gone on, too: one that is set ahead again and
// again is soon on the third.
bool CredibleClock::confirmed_by_days(Day today) const {
  if (!last_) return false;
  const bool ahead = today > Day::of(sure_now());
  int days = 1;
  for (const Use& use : uses_) {
    const int32_t ago = today - use.day;
    if (ago <= 0 || ago > kConfirmationSpan) continue;
    if (!(ahead ? use.ahead : use.doubted)) continue;
    if (use.monotonic && monotonic_ - *use.monotonic < Day::kLength * (ago - 1)) continue;
    ++days;
  }
  return days >= kConfirmingDays;
}

void CredibleClock::remember(Day day, std::optional<Millis> monotonic, bool doubted) {
  const bool ahead = sure_ && day > Day::of(sure_now());
  const auto at = std::ranges::lower_bound(uses_, day, {}, &Use::day);
  if (at == uses_.end() || at->day != day)
    uses_.insert(at, {day, monotonic, ahead, doubted});
  else
    at->doubted |= doubted;
}

void CredibleClock::confirm(Instant at, Millis monotonic) {
  if (Day::of(at) < kFirstCredible) return;
  monotonic_ = monotonic;
  if (!sure_ || at > sure_now()) sure_ = {at, monotonic};
  if (last_ && at <= *last_) return;
  last_ = at;
  last_monotonic_ = monotonic;
  only_day_known_ = false;
}

Day CredibleClock::today() const { return last_ ? Day::of(std::min(*last_, sure_now())) : Day{0}; }

std::optional<SureTime> CredibleClock::sure() const {
  if (!sure_) return {};
  return SureTime{sure_now(), monotonic_};
}

bool CredibleClock::may_be_recorded(Day day, Day first_kept) const {
  if (day < kFirstCredible || (in_doubt_ && day < first_kept)) return false;
  return !last_ || day <= Day::of(*last_ + (monotonic_ - last_monotonic_) + kTolerance);
}

}  // namespace nearzone::encounter_log
