#include "authority/exports/batch_plan.h"

#include <gtest/gtest.h>

#include "authority/support.h"

namespace nearzone::authority_test {
namespace {

using namespace authority;
using std::chrono::hours;
using std::chrono::minutes;

BatchRules hourly(int batches_per_day) { return {hours(1), hours(2), batches_per_day}; }

TEST(BatchPlanTest, WindowsAreMergedForWhatPhonesMayFetch) {
  EXPECT_EQ(merged_period(hourly(0)), hours(1));
  EXPECT_EQ(merged_period(hourly(24)), hours(1));
  EXPECT_EQ(merged_period(hourly(20)), hours(2));
  EXPECT_EQ(merged_period(hourly(15)), hours(2));
  EXPECT_EQ(merged_period(hourly(6)), hours(4));
  EXPECT_EQ(merged_period(hourly(5)), hours(6));
  EXPECT_EQ(merged_period(hourly(1)), hours(24));
  EXPECT_EQ(merged_period({minutes(90), hours(2), 6}), hours(6));
}

TEST(BatchPlanTest, EveryMergedPeriodDividesTheDayAndKeepsTheLimit) {
  for (int64_t minute = 1; minute <= 1440; ++minute) {
    if (1440 % minute != 0) continue;
    for (int limit = 0; limit <= 30; ++limit) {
      const Millis merged = merged_period({minutes(minute), hours(2), limit});
      ASSERT_EQ(Day::kLength % merged, Millis(0));
      ASSERT_EQ(merged % minutes(minute), Millis(0));
      if (limit > 0) {
        ASSERT_LE(Day::kLength / merged, limit);
      }
    }
  }
}

TEST(BatchPlanTest, AWindowIsDueWhenItsEmbargoIsOver) {
  const BatchRules rules{hours(4), hours(2), 6};
  const Instant noon = kNoon;
  EXPECT_EQ(due_batch(rules, noon, noon + hours(6) - Millis(1)), std::nullopt);
  const auto due = due_batch(rules, noon, noon + hours(6));
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(due->from, noon);
  EXPECT_EQ(due->to, noon + hours(4));
}

TEST(BatchPlanTest, AfterAnOutageOneBatchTakesAllWindows) {
  const BatchRules rules{hours(4), hours(2), 6};
  const auto due = due_batch(rules, kNoon, kNoon + hours(24 * 3 + 3));
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(due->from, kNoon);
  EXPECT_EQ(due->to, kNoon + hours(24 * 3));
}

TEST(BatchPlanTest, AClockThatGoesBackMakesNoBatch) {
  const BatchRules rules{hours(4), hours(2), 6};
  EXPECT_EQ(due_batch(rules, kNoon, kNoon - hours(100)), std::nullopt);
}

TEST(BatchPlanTest, RulesThatCannotBeAreRefusedByName) {
  const auto field = [](const BatchRules& rules) {
    const Status status = check_batch_rules(rules);
    EXPECT_CODE(status, Code::invalid_argument);
    return std::string(status.field());
  };
  EXPECT_EQ(field({minutes(7), hours(2), 6}), "period");
  EXPECT_EQ(field({Millis(999), hours(2), 6}), "period");
  EXPECT_EQ(field({hours(48), hours(2), 6}), "period");
  EXPECT_EQ(field({hours(4), hours(25), 6}), "embargo");
  EXPECT_EQ(field({hours(4), Millis(-1), 6}), "embargo");
  EXPECT_EQ(field({hours(4), hours(2), -1}), "batches_per_day");
  EXPECT_CODE(check_batch_rules({}), Code::ok);
}

}  // namespace
}  // namespace nearzone::authority_test
