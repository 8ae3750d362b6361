#include <gtest/gtest.h>

#include "nearzone/beacon_planner.h"
#include "nearzone/bluezone.h"

namespace nearzone::beacon {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(Plan, BluezoneIsAsPublished) {
  const Plan plan = plan_for(SchemeTag::bluezone, System::android);
  EXPECT_EQ(plan.rotation.slot, Day::kLength / bluezone::kIdentifiersPerDay);
  const DutyCycle& sent = plan.advertising(AppState::background);
  EXPECT_EQ(sent, (DutyCycle{seconds(15), seconds(15), seconds(15)}));
  const DutyCycle& heard = plan.scanning(AppState::background);
  EXPECT_EQ(heard, (DutyCycle{seconds(40), seconds(260), seconds(260)}));
  EXPECT_EQ(plan.advertising(AppState::foreground),
            (DutyCycle{seconds(150), seconds(5), seconds(5)}));
}

TEST(Plan, ExposureNotificationScansEveryTwoAndAHalfToFiveMinutes) {
  const Plan plan = plan_for(SchemeTag::gaen, System::android);
  EXPECT_EQ(plan.rotation, (Rotation{Millis(0), minutes(10), minutes(20)}));
  const DutyCycle& heard = plan.scanning(AppState::background);
  EXPECT_EQ(heard.on, seconds(4));
  EXPECT_EQ(heard.on + heard.least_pause, seconds(150));
  EXPECT_EQ(heard.on + heard.most_pause, seconds(300));
  EXPECT_TRUE(plan.advertising(AppState::background).always());
}

TEST(Plan, EveryPlanCanBeFollowed) {
  for (const SchemeTag scheme : kSchemeTags)
    for (const System system : {System::android, System::ios})
      EXPECT_TRUE(check(plan_for(scheme, system)).ok());
}

TEST(Plan, RefusesWhatCannotBeFollowed) {
  const Plan good = plan_for(SchemeTag::bluezone, System::android);
  const auto field_of = [](const Plan& plan) {
    const Status status = check(plan);
    EXPECT_EQ(status.code(), Code::invalid_argument);
    return std::string(status.field() == nullptr ? "" : status.field());
  };
  Plan plan = good;
  plan.advertise[1].on = Millis(0);
  EXPECT_EQ(field_of(plan), "advertise");
  plan = good;
  plan.scan[0] = {seconds(10), seconds(20), seconds(10)};
  EXPECT_EQ(field_of(plan), "scan");
  plan = good;
  plan.scan[0].most_pause = Day::kLength + Millis(1);
  EXPECT_EQ(field_of(plan), "scan");
  plan = good;
  plan.rotation = {};
  EXPECT_EQ(field_of(plan), "rotation");
  plan.rotation = {.slot = Millis(0), .least = minutes(20), .most = minutes(10)};
  EXPECT_EQ(field_of(plan), "rotation");
  plan = good;
  plan.critical_percent = 30;
  EXPECT_EQ(field_of(plan), "critical_percent");
}

TEST(Plan, SecondsOfADay) {
  const Plan plan = plan_for(SchemeTag::bluezone, System::android);
  const RadioSeconds usual = radio_seconds_a_day(plan, AppState::background);
  EXPECT_EQ(usual.advertising, 43200);
  EXPECT_EQ(usual.scanning, 11520);
  EXPECT_EQ(radio_seconds_a_day(plan, AppState::background, Power::low).scanning, 5760);
  EXPECT_EQ(radio_seconds_a_day(plan, AppState::background, Power::critical).scanning, 0);
  const Plan apple = plan_for(SchemeTag::bluezone, System::ios);
  EXPECT_EQ(radio_seconds_a_day(apple, AppState::background, Power::critical).scanning, 86400)
      << "iOS saves by itself";
  const Plan sparse = plan_for(SchemeTag::gaen, System::android);
  EXPECT_EQ(radio_seconds_a_day(sparse, AppState::background).advertising, 86400);
  EXPECT_EQ(radio_seconds_a_day(sparse, AppState::background).scanning, 1536);
}

}  // namespace
}  // namespace nearzone::beacon
