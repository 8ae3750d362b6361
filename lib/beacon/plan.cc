#include "nearzone/beacon_planner.h"

namespace nearzone::beacon {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Rotation kQuarterHours{.slot = minutes(15)};
constexpr Rotation kRandomRotation{.least = minutes(10), .most = minutes(20)};

constexpr DutyCycle kAlways{.on = minutes(15)};
// A piece is a scan to be recorded; behind a locked screen iOS tells of each phone once a piece.
constexpr DutyCycle kAlwaysByTheMinute{.on = seconds(60)};

constexpr DutyCycle every(Millis on, Millis least_period, Millis most_period) {
  return {on, least_period - on, most_period - on};
}
constexpr DutyCycle kSparseScan = every(seconds(4), seconds(150), seconds(300));
constexpr DutyCycle kForegroundScan = every(seconds(4), seconds(60), seconds(75));

constexpr DutyCycle kOpenApp{seconds(150), seconds(5), seconds(5)};
constexpr Plan kBluezone{.rotation = kQuarterHours,
                         .advertise = {kOpenApp, {seconds(15), seconds(15), seconds(15)}},
                         .scan = {kOpenApp, {seconds(40), seconds(260), seconds(260)}}};

constexpr Millis kLongest = Day::kLength;

Status check_cycle(const DutyCycle& cycle, const char* field) {
  if (cycle.on <= Millis(0) || cycle.on > kLongest || cycle.least_pause < Millis(0) ||
      cycle.least_pause > cycle.most_pause || cycle.most_pause > kLongest)
    return {Code::invalid_argument, "must be on for a while of at most a day, and pauses in order",
            field};
  return {};
}

int64_t seconds_on(const DutyCycle& cycle, bool stretched) {
  constexpr int64_t kDay = Day::kLength.count() / 1000;
  if (cycle.always() && !stretched) return kDay;
  const int64_t period = cycle.mean_period().count() * (stretched ? 2 : 1);
  return (kDay * cycle.on.count() + period / 2) / period;
}

}  // namespace

Plan plan_for(SchemeTag scheme, System system) {
  if (scheme == SchemeTag::bluezone && system == System::android) return kBluezone;
  Plan plan{.rotation = scheme == SchemeTag::gaen ? kRandomRotation : kQuarterHours,
            .advertise = {kAlways, kAlways},
            .scan = {kForegroundScan, kSparseScan}};
  if (system == System::ios) {
    plan.scan = {kAlwaysByTheMinute, kAlwaysByTheMinute};
    // iOS saves by itself, and an app in the background that stopped scanning is not run again.
    plan.low_percent = plan.critical_percent = 0;
  }
  return plan;
}

Status check(const Plan& plan) {
  for (const DutyCycle& cycle : plan.advertise) NEARZONE_TRY(check_cycle(cycle, "advertise"));
  for (const DutyCycle& cycle : plan.scan) NEARZONE_TRY(check_cycle(cycle, "scan"));
  const Rotation& rotation = plan.rotation;
  const bool by_slots = rotation.slot > Millis(0) && rotation.slot <= kLongest;
  const bool at_random = rotation.slot == Millis(0) && rotation.least > Millis(0) &&
                         rotation.least <= rotation.most && rotation.most <= kLongest;
  if (!by_slots && !at_random)
    return {Code::invalid_argument, "needs slots, or a range of times, of at most a day",
            "rotation"};
  if (plan.critical_percent > plan.low_percent || plan.low_percent > 100)
    return {Code::invalid_argument, "must not be above low_percent, nor that above 100",
            "critical_percent"};
  return {};
}

RadioSeconds radio_seconds_a_day(const Plan& plan, AppState state, Power power) {
  // Where a step has no limit, the planner never takes it.
  if (power == Power::critical && plan.critical_percent == 0) power = Power::low;
  if (power == Power::low && plan.low_percent == 0) power = Power::full;
  return {seconds_on(plan.advertising(state), false),
          power == Power::critical ? 0 : seconds_on(plan.scanning(state), power == Power::low)};
}

}  // namespace nearzone::beacon
