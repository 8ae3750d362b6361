#include "encounter_log/retention.h"

#include <gtest/gtest.h>

#include <vector>

namespace nearzone::encounter_log {
namespace {

std::vector<Day> days(std::initializer_list<int32_t> numbers) {
  std::vector<Day> days;
  for (int32_t number : numbers) days.push_back({number});
  return days;
}

int32_t reference(std::initializer_list<int32_t> recorded, int32_t today) {
  return reference_day(days(recorded), Day{today}).number;
}

TEST(ReferenceDay, IsTodayInDailyUse) {
  EXPECT_EQ(reference({}, 100), 100);
  EXPECT_EQ(reference({100}, 100), 100);
  EXPECT_EQ(reference({98, 99, 100}, 100), 100);
  EXPECT_EQ(reference({98, 99}, 100), 100);
  EXPECT_EQ(reference({96, 98}, 100), 100) << "48 hours between two days of use";
}

TEST(ReferenceDay, StaysWhereTheClockJumpsAhead) {
  EXPECT_EQ(reference({98, 99, 100}, 103), 100) << "one hour more than 48, or ten years: the same";
  EXPECT_EQ(reference({98, 99, 100}, 3750), 100);
  EXPECT_EQ(reference({98, 99, 100, 3750}, 3750), 100) << "today does not confirm itself";
  EXPECT_EQ(reference({98, 99, 100, 3750, 3751}, 3751), 100) << "nor do two days";
}

TEST(ReferenceDay, FollowsAfterALongPauseOnceTwoMoreDaysAreRecorded) {
  EXPECT_EQ(reference({98, 99, 100, 120, 121}, 122), 100);
  EXPECT_EQ(reference({98, 99, 100, 120, 121, 122}, 122), 122);
  EXPECT_EQ(reference({98, 99, 100, 120, 125, 150}, 150), 120);
}

TEST(ReferenceDay, IsNotConfirmedByJumpsYearsApart) {
  EXPECT_EQ(reference({98, 99, 100, 1000, 2000, 3000, 4000}, 4000), 100);
}

TEST(ReferenceDay, IgnoresDaysThatAreStillToCome) {
  EXPECT_EQ(reference({98, 99, 100, 3750, 3751, 3752}, 100), 100);
  EXPECT_EQ(reference({98, 99, 100, 101, 102}, 0), 0) << "a clock back in 1970";
  EXPECT_EQ(reference({3750, 3751, 3752}, 100), 100);
}

TEST(ReferenceDay, RecoversFromADayIn1970) {
  EXPECT_EQ(reference({0, 18518}, 18518), 0);
  EXPECT_EQ(reference({0, 18518, 18519, 18520}, 18520), 18520);
}

}  // namespace
}  // namespace nearzone::encounter_log
