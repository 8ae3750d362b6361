#include <algorithm>

#include "beacon/slot.h"
#include "nearzone/beacon_planner.h"

namespace nearzone::beacon {
namespace {

// Nothing that matters happens less often than this.
constexpr Millis kLongestPause = std::chrono::minutes(15);
// A clock set by more than this has been set; less is its drift.
constexpr Millis kClockDrift = std::chrono::seconds(30);
// A fifth start of a scan within half a minute is one that Android answers with silence.
constexpr Millis kScanStartWindow = std::chrono::seconds(30);
// A battery that comes back to just above a limit does not count as above it yet.
constexpr int kHysteresisPercent = 5;

Millis random_between(Millis least, Millis most, Random& random) {
  return least + Millis(random.below(static_cast<uint64_t>((most - least).count()) + 1));
}

}  // namespace

Planner::Planner(const Plan& plan, Random& random)
    : plan_(plan), random_(random), readings_(plan.rotation.reading_slot()) {}

void Planner::set_battery(int percent, bool charging) {
  const auto below = [&](int limit, Power step) {
    return !charging && limit > 0 && percent <= limit + (power_ >= step ? kHysteresisPercent : 0);
  };
  power_ = below(plan_.critical_percent, Power::critical) ? Power::critical
           : below(plan_.low_percent, Power::low)         ? Power::low
                                                          : Power::full;
}

std::optional<Reading> Planner::heard(const Peer& peer, int8_t rssi_dbm, Moment now) {
  const std::optional<Reading> known = readings_.find(peer, now);
  if (!known) queue_.want(peer, rssi_dbm, now.monotonic);
  return known;
}

void Planner::read(const Peer& peer, const Reading& reading, Moment now) {
  readings_.put(peer, reading, now);
  queue_.answered(peer, now.monotonic);
}

Millis Planner::advance(Moment now, std::vector<Action>& actions) {
  actions.clear();
  readings_.forget_expired(now);
  if (!radio_) {
    advertising_ = scanning_ = false;
    phased_for_.reset();
    queue_.clear();
    last_ = now;
    return kLongestPause;
  }
  const bool stretched = power_ == Power::low;
  if (phased_for_ != state_)
    begin_period(advertise_phase_, plan_.advertising(state_), false, now.monotonic);
  if (phased_for_ != state_ || phased_power_ != power_)
    begin_period(scan_phase_, plan_.scanning(state_), stretched, now.monotonic);
  phased_for_ = state_;
  phased_power_ = power_;
  follow(advertise_phase_, plan_.advertising(state_), false, now.monotonic);
  follow(scan_phase_, plan_.scanning(state_), stretched, now.monotonic);
  plan_reading(now, actions);
  plan_advertising(now, actions);
  plan_scanning(now, actions);
  last_ = now;

  Millis wake = std::min(advertise_phase_.until, scan_phase_.until) - now.monotonic;
  if (advertising_) wake = std::min(wake, until_rotation(now));
  if (const std::optional<Millis> asked = queue_.wakeup())
    wake = std::min(wake, *asked - now.monotonic);
  if (scan_phase_.on && !scanning_ && power_ != Power::critical)
    wake = std::min(wake, scan_allowed_at() - now.monotonic);
  return std::clamp(wake, Millis(1), kLongestPause);
}

void Planner::begin_period(Phase& phase, const DutyCycle& cycle, bool stretched, Millis now) {
  const Millis pause = pause_of(cycle, stretched);
  const Millis passed = random_between(Millis(0), cycle.on + pause - Millis(1), random_);
  phase.on = passed < cycle.on;
  phase.until = now + (phase.on ? cycle.on : cycle.on + pause) - passed;
}

void Planner::follow(Phase& phase, const DutyCycle& cycle, bool stretched, Millis now) {
  const Millis longest = 2 * (cycle.on + cycle.most_pause);
  // What a phone slept through is not made up for.
  if (now - phase.until > longest || phase.until - now > longest) {
    ++phase.piece;
    return begin_period(phase, cycle, stretched, now);
  }
  while (phase.until <= now) {
    const Millis pause = phase.on ? pause_of(cycle, stretched) : Millis(0);
    phase.on = pause == Millis(0);
    if (phase.on) ++phase.piece;
    phase.until += phase.on ? cycle.on : pause;
  }
}

// A stretched period is twice as long, and no longer on.
Millis Planner::pause_of(const DutyCycle& cycle, bool stretched) {
  const Millis pause = random_between(cycle.least_pause, cycle.most_pause, random_);
  return stretched ? 2 * pause + cycle.on : pause;
}

bool Planner::must_rotate(Moment now) const {
  if (renew_) return true;
  if (plan_.rotation.slot > Millis(0)) return !slot_.contains(now.utc);
  const Millis jump = (now.utc - last_->utc) - (now.monotonic - last_->monotonic);
  return now.monotonic >= rotate_at_ || jump > kClockDrift || jump < -kClockDrift;
}

void Planner::begin_rotation(Moment now) {
  const Rotation& rotation = plan_.rotation;
  if (rotation.slot > Millis(0))
    slot_ = slot_of(now.utc, rotation.slot);
  else
    rotate_at_ = now.monotonic + random_between(rotation.least, rotation.most, random_);
  renew_ = false;
}

Millis Planner::until_rotation(Moment now) const {
  return plan_.rotation.slot > Millis(0) ? slot_.to - now.utc : rotate_at_ - now.monotonic;
}

void Planner::plan_advertising(Moment now, std::vector<Action>& actions) {
  const bool other_piece = advertised_piece_ != advertise_phase_.piece;
  if (advertising_ && (!advertise_phase_.on || must_rotate(now) ||
                       (other_piece && !plan_.advertising(state_).always()))) {
    actions.push_back({ActionKind::stop_advertising, Millis(0), {}});
    advertising_ = false;
  }
  if (advertising_ || !advertise_phase_.on) return;
  begin_rotation(now);
  advertising_ = true;
  advertised_piece_ = advertise_phase_.piece;
  Millis lasts = until_rotation(now);
  if (!plan_.advertising(state_).always())
    lasts = std::min(lasts, advertise_phase_.until - now.monotonic);
  actions.push_back({ActionKind::advertise, lasts, {}});
}

void Planner::plan_scanning(Moment now, std::vector<Action>& actions) {
  const bool wanted = scan_phase_.on && power_ != Power::critical;
  if (scanning_ && (!wanted || scanned_piece_ != scan_phase_.piece)) {
    actions.push_back({ActionKind::stop_scanning, Millis(0), {}});
    scanning_ = false;
  }
  if (scanning_ || !wanted || now.monotonic < scan_allowed_at()) return;
  scanning_ = true;
  scanned_piece_ = scan_phase_.piece;
  scan_starts_[next_scan_start_] = now.monotonic;
  next_scan_start_ = (next_scan_start_ + 1) % scan_starts_.size();
  actions.push_back({ActionKind::scan, scan_phase_.until - now.monotonic, {}});
}

void Planner::plan_reading(Moment now, std::vector<Action>& actions) {
  if (const std::optional<Peer> peer = queue_.timed_out(now.monotonic))
    actions.push_back({ActionKind::disconnect, Millis(0), *peer});
  if (const std::optional<Peer> peer = queue_.next(now.monotonic))
    actions.push_back({ActionKind::connect, GattQueue::kTimeout, *peer});
}

// The fourth latest start, and half a minute.
Millis Planner::scan_allowed_at() const {
  const std::optional<Millis> fourth = scan_starts_[next_scan_start_];
  return fourth ? *fourth + kScanStartWindow : Millis::min();
}

}  // namespace nearzone::beacon
