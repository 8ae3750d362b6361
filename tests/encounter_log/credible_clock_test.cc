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
                     std::initializer_list<int32_t> doubted = {}) {
  return {days(recorded), days(doubted), now, Millis(0)};
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
  EXPECT_TRUE(clock.read(evening(30), Millis(29 * 24 * kHour)));
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

TEST(CredibleClock, DoubtsAClockThatIsBack) {
  CredibleClock clock = opened({0, 1, 2}, evening(2));
  EXPECT_FALSE(clock.read(evening(-1), Millis(kHour)));
  EXPECT_FALSE(clock.read(Instant{0}, Millis(kHour)));
  EXPECT_EQ(today(clock), 2);
  EXPECT_TRUE(clock.read(evening(2), Millis(2 * kHour)));
}

TEST(CredibleClock, NeverBelieves1970) {
  CredibleClock clock({}, {}, Instant{5}, Millis(0));
  EXPECT_TRUE(clock.in_doubt());
  EXPECT_FALSE(clock.may_be_recorded(Day{0}, Day{-14}));
  for (int32_t day = 0; day < 9; ++day) {
    clock.doubt(Day{day});
    EXPECT_FALSE(clock.read(Day{day}.start(), Millis(kHour)));
  }
  EXPECT_TRUE(clock.read(evening(0), Millis(2 * kHour)));
  EXPECT_EQ(today(clock), 0);
}

TEST(CredibleClock, FollowsOnTheThirdDayOfUse) {
  CredibleClock clock = opened({0, 1, 2}, evening(2));
  for (int32_t day : {40, 41}) {
    EXPECT_FALSE(clock.read(evening(day), Millis(kHour))) << day;
    clock.doubt(kFirst + day);
    clock.doubt(kFirst + day);
  }
  EXPECT_FALSE(clock.read(evening(41), Millis(kHour)));
  EXPECT_TRUE(clock.read(evening(42), Millis(kHour)));
  EXPECT_EQ(today(clock), 42);
  EXPECT_EQ(today(opened({0, 1, 2}, evening(42), {40, 41})), 42) << "after a restart as well";
}

TEST(CredibleClock, IsNotConfirmedByJumpsYearsApart) {
  CredibleClock clock = opened({0}, evening(0));
  for (int32_t day : {1000, 2000, 3000, 4000}) {
    EXPECT_FALSE(clock.read(evening(day), Millis(kHour)));
    clock.doubt(kFirst + day);
  }
  EXPECT_EQ(today(clock), 0);
}

TEST(CredibleClock, IsConfirmedByWhoeverCanBeTrusted) {
  CredibleClock clock = opened({0}, evening(0));
  EXPECT_FALSE(clock.read(evening(40), Millis(kHour)));
  clock.confirm(evening(-100), Millis(kHour));
  EXPECT_FALSE(clock.read(evening(40), Millis(kHour)));
  clock.confirm(evening(39), Millis(kHour));
  EXPECT_TRUE(clock.read(evening(40), Millis(2 * kHour)));
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
