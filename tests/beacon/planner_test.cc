#include <gtest/gtest.h>

#include "beacon/slot.h"
#include "nearzone/beacon_planner.h"
#include "nearzone/broadcaster.h"

namespace nearzone::beacon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant kMidnight = Day{18500}.start();

Moment moment(Millis since_midnight) { return {kMidnight + since_midnight, since_midnight}; }

// Drives one planner through quiet time.
struct Quiet {
  SeededRandom random{1};
  Planner planner;
  std::vector<Action> actions;
  Moment now = moment(Millis(0));

  explicit Quiet(const Plan& plan) : planner(plan, random) {}

  // Goes on until something of this kind happens.
  Action until(ActionKind kind) {
    for (int i = 0; i < 100'000; ++i) {
      const Millis pause = planner.advance(now, actions);
      for (const Action& action : actions)
        if (action.kind == kind) return action;
      pass(pause);
    }
    ADD_FAILURE() << "it never happened";
    return {};
  }
  bool happens(ActionKind kind) {
    planner.advance(now, actions);
    for (const Action& action : actions)
      if (action.kind == kind) return true;
    return false;
  }
  void pass(Millis time) { now = {now.utc + time, now.monotonic + time}; }
};

Plan always_by_slots() {
  Plan plan = plan_for(SchemeTag::tcn, System::android);
  return plan;
}

TEST(Slot, BordersAreThoseOfTheBroadcaster) {
  SeededRandom random(3);
  for (const SchemeTag scheme : kSchemeTags) {
    if (scheme == SchemeTag::gaen) continue;  // changes after a random time
    const auto own = new_broadcaster(scheme);
    const Millis slot = plan_for(scheme, System::android).rotation.slot;
    for (int i = 0; i < 200; ++i) {
      const Instant at = kMidnight + Millis(random.below(3 * 86'400'000));
      EXPECT_EQ(own->advertise_at(at, {-20}, random)->valid_until, slot_of(at, slot).to)
          << scheme_name(scheme);
    }
  }
}

TEST(Slot, TheLastOneEndsWithItsDay) {
  const TimeRange last = slot_of(kMidnight + hours(24) - Millis(1), hours(7));
  EXPECT_EQ(last.from, kMidnight + hours(21));
  EXPECT_EQ(last.to, kMidnight + hours(24));
}

// The original changed the identifier only when its cycle began anew: up to 150 s late.
TEST(Planner, ChangesTheIdentifierExactlyAtTheBorder) {
  Quiet quiet(plan_for(SchemeTag::bluezone, System::android));
  for (int i = 0; i < 2000; ++i) {
    quiet.until(ActionKind::advertise);
    const TimeRange slot = slot_of(quiet.now.utc, minutes(15));
    quiet.until(ActionKind::stop_advertising);
    EXPECT_LE(quiet.now.utc, slot.to);
  }
}

TEST(Planner, AtABorderOneIsStoppedAndTheNextBegunAtOnce) {
  Quiet quiet(always_by_slots());
  quiet.until(ActionKind::advertise);
  quiet.until(ActionKind::stop_advertising);
  EXPECT_EQ(quiet.now.utc, slot_of(quiet.now.utc, minutes(15)).from);
  ASSERT_GE(quiet.actions.size(), 2u);
  EXPECT_EQ(quiet.actions[0].kind, ActionKind::stop_advertising);
  EXPECT_EQ(quiet.actions[1].kind, ActionKind::advertise);
  EXPECT_EQ(quiet.actions[1].lasts, minutes(15));
}

TEST(Planner, RandomRotationLastsTenToTwentyMinutes) {
  Quiet quiet(plan_for(SchemeTag::gaen, System::android));
  quiet.until(ActionKind::advertise);
  Millis shortest = hours(1), longest{0}, sum{0};
  constexpr int kRotations = 500;
  Millis begun = quiet.now.monotonic;
  for (int i = 0; i < kRotations; ++i) {
    quiet.until(ActionKind::stop_advertising);
    const Millis lasted = quiet.now.monotonic - begun;
    begun = quiet.now.monotonic;
    shortest = std::min(shortest, lasted);
    longest = std::max(longest, lasted);
    sum += lasted;
  }
  EXPECT_GE(shortest, minutes(10));
  EXPECT_LE(longest, minutes(20));
  EXPECT_LT(shortest, minutes(11));
  EXPECT_GT(longest, minutes(19));
  EXPECT_NEAR(static_cast<double>((sum / kRotations).count()), 15 * 60'000.0, 30'000.0);
}

TEST(Planner, AClockThatIsSetChangesTheIdentifierAtOnce) {
  for (const SchemeTag scheme : {SchemeTag::tcn, SchemeTag::gaen})
    for (const Millis jump : {Millis(hours(-30)), Millis(hours(24)), Millis(hours(2))}) {
      Quiet quiet(plan_for(scheme, System::android));
      quiet.until(ActionKind::advertise);
      quiet.now.utc = quiet.now.utc + jump;
      EXPECT_TRUE(quiet.happens(ActionKind::advertise));
      EXPECT_EQ(quiet.actions[0].kind, ActionKind::stop_advertising);
    }
}

TEST(Planner, AClockThatDriftsChangesNothing) {
  Quiet quiet(plan_for(SchemeTag::gaen, System::android));
  quiet.until(ActionKind::advertise);
  quiet.pass(Millis(100));
  quiet.now.utc = quiet.now.utc + seconds(20);
  EXPECT_FALSE(quiet.happens(ActionKind::advertise));
}

TEST(Planner, RenewedKeysChangeTheIdentifierAtOnce) {
  Quiet quiet(always_by_slots());
  quiet.until(ActionKind::advertise);
  quiet.pass(seconds(1));
  EXPECT_FALSE(quiet.happens(ActionKind::advertise));
  quiet.planner.renew();
  EXPECT_TRUE(quiet.happens(ActionKind::advertise));
  quiet.pass(seconds(1));
  EXPECT_FALSE(quiet.happens(ActionKind::advertise));
}

TEST(Planner, ALowBatteryScansHalfAsOftenAndACriticalOneNotAtAll) {
  Quiet quiet(plan_for(SchemeTag::bluezone, System::android));
  EXPECT_EQ(quiet.planner.power(), Power::full);
  quiet.planner.set_battery(15, true);
  EXPECT_EQ(quiet.planner.power(), Power::full) << "charging";
  quiet.planner.set_battery(15, false);
  EXPECT_EQ(quiet.planner.power(), Power::low);
  quiet.planner.set_battery(18, false);
  EXPECT_EQ(quiet.planner.power(), Power::low) << "not yet above it";
  quiet.until(ActionKind::scan);
  const Millis first = quiet.now.monotonic;
  quiet.until(ActionKind::stop_scanning);
  quiet.until(ActionKind::scan);
  const Millis second = quiet.now.monotonic;
  quiet.until(ActionKind::stop_scanning);
  quiet.until(ActionKind::scan);
  EXPECT_LE(second - first, seconds(600));
  EXPECT_EQ(quiet.now.monotonic - second, seconds(600));
  quiet.planner.set_battery(5, false);
  EXPECT_TRUE(quiet.happens(ActionKind::stop_scanning));
  for (const Millis end = quiet.now.monotonic + hours(3); quiet.now.monotonic < end;) {
    quiet.pass(quiet.planner.advance(quiet.now, quiet.actions));
    for (const Action& action : quiet.actions) EXPECT_NE(action.kind, ActionKind::scan);
  }
  quiet.planner.set_battery(80, false);
  quiet.until(ActionKind::scan);
}

TEST(Planner, NothingIsDoneWhileTheRadioIsOff) {
  Quiet quiet(always_by_slots());
  quiet.until(ActionKind::advertise);
  quiet.planner.heard(Peer{{1}}, -60, quiet.now);
  quiet.planner.set_radio(false);
  for (int i = 0; i < 100; ++i) {
    quiet.pass(quiet.planner.advance(quiet.now, quiet.actions));
    EXPECT_TRUE(quiet.actions.empty());
  }
  quiet.planner.set_radio(true);
  EXPECT_TRUE(quiet.happens(ActionKind::advertise));
  EXPECT_FALSE(quiet.happens(ActionKind::connect)) << "those who were heard long ago";
}

TEST(Planner, WhoWasAskedAnswersForTheRestOfTheSlot) {
  Quiet quiet(plan_for(SchemeTag::bluezone, System::android));
  const Peer iphone{{9, 9}};
  EXPECT_FALSE(quiet.planner.heard(iphone, -60, quiet.now));
  ASSERT_TRUE(quiet.happens(ActionKind::connect));
  Reading said;
  said.identifier.bytes[0] = 42;
  quiet.planner.read(iphone, said, quiet.now);
  quiet.pass(minutes(15) - Millis(1));
  const auto known = quiet.planner.heard(iphone, -61, quiet.now);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->identifier, said.identifier);
  quiet.pass(Millis(1));
  EXPECT_FALSE(quiet.planner.heard(iphone, -61, quiet.now));
  EXPECT_TRUE(quiet.happens(ActionKind::connect));
}

TEST(Planner, DisconnectsWhoDoesNotAnswer) {
  Quiet quiet(always_by_slots());
  const Peer silent{{3}};
  quiet.planner.heard(silent, -60, quiet.now);
  EXPECT_EQ(quiet.until(ActionKind::connect).peer, silent);
  const Millis asked = quiet.now.monotonic;
  EXPECT_EQ(quiet.until(ActionKind::disconnect).peer, silent);
  EXPECT_EQ(quiet.now.monotonic - asked, GattQueue::kTimeout);
}

// Android answers the fifth start of a scan within half a minute with silence.
TEST(Planner, NeverStartsAFifthScanWithinHalfAMinute) {
  Quiet quiet(plan_for(SchemeTag::bluezone, System::android));
  std::vector<Millis> starts;
  AppState state = AppState::background;
  for (int i = 0; i < 20'000; ++i) {
    state = state == AppState::background ? AppState::foreground : AppState::background;
    quiet.planner.set_state(state);
    if (quiet.happens(ActionKind::scan)) starts.push_back(quiet.now.monotonic);
    quiet.pass(Millis(700));
  }
  ASSERT_GT(starts.size(), 100u);
  for (size_t i = 4; i < starts.size(); ++i) EXPECT_GE(starts[i] - starts[i - 4], seconds(30));
}

TEST(Planner, WhatAPhoneSleptThroughIsNotMadeUpFor) {
  Quiet quiet(plan_for(SchemeTag::bluezone, System::android));
  quiet.until(ActionKind::scan);
  quiet.pass(hours(24 * 365));
  quiet.planner.advance(quiet.now, quiet.actions);
  EXPECT_LE(quiet.actions.size(), Planner::kMostActions);
  quiet.until(ActionKind::scan);
}

}  // namespace
}  // namespace nearzone::beacon
