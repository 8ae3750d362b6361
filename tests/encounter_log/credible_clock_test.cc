#include "encounter_log/credible_clock.h"

#include <gtest/gtest.h>

#include <vector>

namespace nearzone::encounter_log {
namespace {

constexpr Day kFirst{18500};
constexpr std::chrono::hours kHour{1};

Instant evening(int32_t day) { return (kFirst + day).start() + 20 * kHour; }

std::vector<Day> days(std::initializer_list<int32_t> numbers) {
  std::vector<Day> days;
  for (int32_t number : numbers) days.push_back(kFirst + number);
  return days;
}

CredibleClock opened(std::initializer_list<int32_t> recorded, Instant now,
                     std::initializer_list<int32_t> doubted = {}, std::optional<SureTime> sure = {},
                     Millis monotonic = Millis(0)) {
  return {days(recorded), days(doubted), sure, now, monotonic};
}

int32_t today(const CredibleClock& clock) { return clock.today() - kFirst; }

TEST(CredibleClock, BelievesAPhoneInDailyUse) {
  EXPECT_EQ(today(opened({}, evening(0))), 0);
  EXPECT_EQ(today(opened({0}, evening(0))), 0);
  EXPECT_EQ(today(opened({0, 1, 2}, evening(2))), 2);
  EXPECT_EQ(today(opened({0, 2}, evening(4))), 4) << "48 hours between two days of use";
  CredibleClock clock = opened({0}, evening(0));
  EXPECT_TRUE(clock.read(evening(1), Millis(24 * kHour)));
  EXPECT_EQ(today(clock), 1);
}

TEST(CredibleClock, BelievesAnyPauseThatTheMonotonicClockLivedThrough) {
  CredibleClock clock = opened({0}, evening(0));
  EXPECT_TRUE(clock.read(evening(30), Millis(30 * 24 * kHour)));
  EXPECT_EQ(today(clock), 30);
}

TEST(CredibleClock, DoubtsAJumpOfMoreThanThat) {
  for (int32_t jump : {5, 3653}) {
    CredibleClock clock = opened({0, 1, 2}, evening(2));
    EXPECT_FALSE(clock.read(evening(2 + jump), Millis(kHour)));
    EXPECT_TRUE(clock.in_doubt());
    EXPECT_EQ(today(clock), 2);
    EXPECT_TRUE(clock.read(evening(2), Millis(2 * kHour))) << "set right again";
    EXPECT_FALSE(clock.in_doubt());
  }
  EXPECT_TRUE(opened({0, 1, 2}, evening(5)).in_doubt());
  EXPECT_EQ(today(opened({0, 1, 2}, evening(3655))), 2);
}

// Each is believed, or not; none brings the day nearer on which anything is erased.
TEST(CredibleClock, CountsAgesByNoTimeThatIsOnlyCredible) {
  for (int hours : {1, 23, 47, 48, 49, 60, 71, 72, 73, 100}) {
    CredibleClock clock = opened({0, 1, 2}, evening(2));
    Instant now = evening(2);
    for (int i = 1; i <= 20; ++i) {
      now = now + hours * kHour;
      EXPECT_EQ(clock.read(now, Millis(i * 1000)), hours <= 48) << hours;
      EXPECT_EQ(today(clock), 2) << hours << " for the " << i << "th time";
      clock.use();
    }
    EXPECT_TRUE(clock.read(evening(2), Millis(kHour))) << hours << ": set right again";
    EXPECT_TRUE(clock.read(evening(3), Millis(25 * kHour)));
    EXPECT_EQ(today(clock), 3);
  }
}

TEST(CredibleClock, CountsAgesByThreeDaysOfUseOnceTheyHavePassed) {
  CredibleClock clock = opened({0, 1, 2}, evening(2));
  for (int day = 0; day < 3; ++day) {
    EXPECT_TRUE(clock.read(evening(4 + day), day * Day::kLength));
    EXPECT_EQ(today(clock), day == 2 ? 6 : 2 + day);
    clock.use();
  }
}

TEST(CredibleClock, BeginsAnewWhenItIsSetRightInBetween) {
  for (int hours : {47, 71}) {
    CredibleClock clock = opened({0, 1, 2}, evening(2));
    for (int day = 0; day < 10; ++day) {
      clock.read(evening(2 + day) + hours * kHour, day * Day::kLength);
      EXPECT_LE(today(clock), 2 + day);
      clock.use();
      EXPECT_TRUE(clock.read(evening(2 + day), day * Day::kLength + kHour));
      EXPECT_EQ(today(clock), 2 + day);
      clock.use();
    }
  }
}

TEST(CredibleClock, CountsAgesByAVerifiedListThatIsBehindTheClock) {
  CredibleClock clock = opened({0, 1, 2}, evening(2));
  EXPECT_TRUE(clock.read(evening(4), Millis(kHour)));
  EXPECT_EQ(today(clock), 2);
  clock.confirm(evening(3), Millis(kHour));
  EXPECT_EQ(today(clock), 3);
  EXPECT_TRUE(clock.read(evening(4), Millis(25 * kHour)));
  EXPECT_EQ(today(clock), 4);
}

TEST(CredibleClock, KnowsTheSureTimeBeyondTheEndOfAProcess) {
  CredibleClock before = opened({0, 1, 2}, evening(2), {}, {}, Millis(50 * kHour));
  EXPECT_TRUE(before.read(evening(4), Millis(51 * kHour)));
  const auto sure = before.sure();
  ASSERT_TRUE(sure.has_value());
  EXPECT_EQ(*sure, (SureTime{evening(2) + kHour, Millis(51 * kHour)}));
  EXPECT_EQ(today(opened({0, 1, 2, 4}, evening(4), {}, sure, Millis(52 * kHour))), 2);
  EXPECT_EQ(today(opened({0, 1, 2, 4}, evening(6), {}, sure, Millis(52 * kHour))), 2);
  EXPECT_EQ(today(opened({0, 1, 2, 4}, evening(6), {}, sure, Millis(75 * kHour))), 3);
  EXPECT_EQ(today(opened({0, 1, 2, 4}, evening(3), {}, sure, Millis(75 * kHour))), 3);
  EXPECT_EQ(today(opened({0, 1, 2}, evening(4), {}, sure, Millis(kHour))), 4) << "a reboot";
  EXPECT_EQ(today(opened({0, 1, 2}, evening(5), {}, sure, Millis(kHour))), 2) << "too long a pause";
  EXPECT_EQ(opened({}, Instant{5}).sure(), std::nullopt);
}

TEST(CredibleClock, DoubtsAClockThatIsBack) {
  CredibleClock clock = opened({0, 1, 2}, evening(2));
  EXPECT_FALSE(clock.read(evening(-1), Millis(kHour)));
  EXPECT_FALSE(clock.read(Instant{0}, Millis(kHour)));
  EXPECT_EQ(today(clock), 2);
  EXPECT_TRUE(clock.read(evening(2), Millis(2 * kHour)));
}

TEST(CredibleClock, NeverBelieves1970) {
  CredibleClock clock({}, {}, {}, Instant{5}, Millis(0));
  EXPECT_TRUE(clock.in_doubt());
  EXPECT_FALSE(clock.may_be_recorded(Day{0}, Day{-14}));
  for (int32_t day = 0; day < 9; ++day) {
    clock.use();
    EXPECT_FALSE(clock.read(Day{day}.start(), day * Day::kLength));
  }
  EXPECT_TRUE(clock.read(evening(0), 9 * Day::kLength));
  EXPECT_EQ(today(clock), 0);
}

TEST(CredibleClock, FollowsOnTheThirdDayOfUse) {
  CredibleClock clock = opened({0, 1, 2}, evening(2));
  for (int32_t day : {40, 41}) {
    EXPECT_FALSE(clock.read(evening(day), (day - 40) * Day::kLength)) << day;
    clock.use();
    clock.use();
  }
  EXPECT_FALSE(clock.read(evening(41), Day::kLength));
  EXPECT_TRUE(clock.read(evening(42), 2 * Day::kLength));
  EXPECT_EQ(today(clock), 42);
  EXPECT_EQ(today(opened({0, 1, 2}, evening(42), {40, 41})), 42) << "after a restart as well";
}

TEST(CredibleClock, IsNotConfirmedByJumpsYearsApart) {
  CredibleClock clock = opened({0}, evening(0));
  for (int32_t day : {1000, 2000, 3000, 4000}) {
    EXPECT_FALSE(clock.read(evening(day), day * kHour));
    clock.use();
  }
  EXPECT_EQ(today(clock), 0);
}

TEST(CredibleClock, IsConfirmedByWhoeverCanBeTrusted) {
  CredibleClock clock = opened({0}, evening(0));
  EXPECT_FALSE(clock.read(evening(40), Millis(kHour)));
  clock.confirm(evening(-100), Millis(kHour));
  EXPECT_FALSE(clock.read(evening(40), Millis(kHour)));
  clock.confirm(evening(39), Millis(kHour));
  EXPECT_TRUE(clock.read(evening(40), Millis(25 * kHour)));
  EXPECT_EQ(today(clock), 40);
}

TEST(CredibleClock, FilesWhatCanBeOnItsDay) {
  CredibleClock clock = opened({0}, evening(0));
  const Day kept = kFirst + -14;
  EXPECT_TRUE(clock.may_be_recorded(kFirst, kept));
  EXPECT_TRUE(clock.may_be_recorded(kFirst + 2, kept));
  EXPECT_FALSE(clock.may_be_recorded(kFirst + 3, kept));
  EXPECT_TRUE(clock.may_be_recorded(kFirst + -20, kept)) << "it may be imported";
  clock.read(Instant{0}, Millis(kHour));
  EXPECT_FALSE(clock.may_be_recorded(kFirst + -20, kept)) << "it would be erased at once";
  EXPECT_TRUE(clock.may_be_recorded(kFirst, kept));
}

TEST(CredibleClock, RecoversFromDaysThatAClockAheadHasLeft) {
  const CredibleClock clock = opened({0, 1, 2, 1000, 1001, 1002}, evening(3));
  EXPECT_FALSE(clock.in_doubt());
  EXPECT_EQ(today(clock), 3);
}

}  // namespace
}  // namespace nearzone::encounter_log
