#include "nearzone/time.h"

#include <gtest/gtest.h>

#include <limits>

namespace nearzone {
namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kDayMs = 86'400'000;

TEST(InstantArithmetic, SaturatesInsteadOfOverflowing) {
  EXPECT_EQ((Instant{kMost} + Millis(1)).ms, kMost);
  EXPECT_EQ((Instant{kMost - 1} + Millis(1)).ms, kMost);
  EXPECT_EQ((Instant{kLeast} + Millis(-1)).ms, kLeast);
  EXPECT_EQ((Instant{kLeast} - Millis(1)).ms, kLeast);
  EXPECT_EQ((Instant{kMost} - Millis(-1)).ms, kMost);
  EXPECT_EQ((Instant{0} - Millis(kLeast)).ms, kMost);
  EXPECT_EQ((Instant{kMost} - Instant{kLeast}).count(), kMost);
  EXPECT_EQ((Instant{kLeast} - Instant{kMost}).count(), kLeast);
}

TEST(InstantArithmetic, IsExactInBetween) {
  EXPECT_EQ((Instant{5} + Millis(7)).ms, 12);
  EXPECT_EQ((Instant{5} - Millis(7)).ms, -2);
  EXPECT_EQ((Instant{5} - Instant{12}).count(), -7);
}

TEST(Instant, ReadsSecondsAndSaturates) {
  EXPECT_EQ(Instant::from_seconds(1'595'376'000).ms, 1'595'376'000'000);
  EXPECT_EQ(Instant::from_seconds(-1).ms, -1000);
  EXPECT_EQ(Instant::from_seconds(kMost).ms, kMost / 1000 * 1000);
  EXPECT_EQ(Instant::from_seconds(kLeast).ms, -(kMost / 1000 * 1000));
}

TEST(TimeRange, ExcludesItsEnd) {
  const TimeRange range{Instant{10}, Instant{20}};
  EXPECT_FALSE(range.contains(Instant{9}));
  EXPECT_TRUE(range.contains(Instant{10}));
  EXPECT_TRUE(range.contains(Instant{19}));
  EXPECT_FALSE(range.contains(Instant{20}));
}

TEST(TimeRange, OverlapsOnlyWhereAMomentIsShared) {
  const TimeRange range{Instant{10}, Instant{20}};
  EXPECT_TRUE(range.overlaps({Instant{19}, Instant{30}}));
  EXPECT_TRUE(range.overlaps({Instant{0}, Instant{11}}));
  EXPECT_TRUE(range.overlaps({Instant{12}, Instant{13}}));
  EXPECT_FALSE(range.overlaps({Instant{20}, Instant{30}}));
  EXPECT_FALSE(range.overlaps({Instant{0}, Instant{10}}));
  EXPECT_FALSE(range.overlaps({Instant{15}, Instant{15}})) << "an empty range";
  EXPECT_FALSE(range.overlaps({Instant{16}, Instant{14}})) << "a reversed range";
  EXPECT_FALSE((TimeRange{Instant{20}, Instant{10}}.overlaps({Instant{0}, Instant{30}})));
}

TEST(Day, FloorsNegativeTimes) {
  EXPECT_EQ(Day::of(Instant{0}).number, 0);
  EXPECT_EQ(Day::of(Instant{kDayMs - 1}).number, 0);
  EXPECT_EQ(Day::of(Instant{kDayMs}).number, 1);
  EXPECT_EQ(Day::of(Instant{-1}).number, -1);
  EXPECT_EQ(Day::of(Instant{-kDayMs}).number, -1);
  EXPECT_EQ(Day::of(Instant{-kDayMs - 1}).number, -2);
}

TEST(Day, ClampsTimesBeyondItsNumbers) {
  EXPECT_EQ(Day::of(Instant{kMost}).number, std::numeric_limits<int32_t>::max());
  EXPECT_EQ(Day::of(Instant{kLeast}).number, std::numeric_limits<int32_t>::min());
}

TEST(Day, ArithmeticSaturates) {
  constexpr int32_t kLast = std::numeric_limits<int32_t>::max();
  constexpr int32_t kFirst = std::numeric_limits<int32_t>::min();
  EXPECT_EQ((Day{3} + 4).number, 7);
  EXPECT_EQ((Day{3} + -4).number, -1);
  EXPECT_EQ((Day{kLast} + 1).number, kLast);
  EXPECT_EQ((Day{kFirst} + -1).number, kFirst);
  EXPECT_EQ(Day{3} - Day{5}, -2);
  EXPECT_EQ(Day{kLast} - Day{kFirst}, kLast);
  EXPECT_EQ(Day{kFirst} - Day{kLast}, kFirst);
}

TEST(Day, RangesFollowEachOtherWithoutGap) {
  EXPECT_EQ(Day{5}.range().from.ms, 5 * kDayMs);
  EXPECT_EQ(Day{5}.range().to, Day{6}.range().from);
  EXPECT_EQ(Day::of(Day{-7}.start()), Day{-7});
}

TEST(Interval, CountsTenMinutes) {
  EXPECT_EQ(Interval::of(Instant{0}).number, 0u);
  EXPECT_EQ(Interval::of(Instant{599'999}).number, 0u);
  EXPECT_EQ(Interval::of(Instant{600'000}).number, 1u);
  EXPECT_EQ(Interval::of(Instant::from_seconds(1'595'376'000)).number, 2'658'960u);
  EXPECT_EQ(Interval{2'658'960}.start(), Instant::from_seconds(1'595'376'000));
}

TEST(Interval, ClampsTimesItCannotCount) {
  EXPECT_EQ(Interval::of(Instant{-1}).number, 0u);
  EXPECT_EQ(Interval::of(Instant{kLeast}).number, 0u);
  EXPECT_EQ(Interval::of(Instant{kMost}).number, std::numeric_limits<uint32_t>::max());
}

TEST(ParseDay, ReadsDates) {
  EXPECT_EQ(parse_day("1970-01-01")->number, 0);
  EXPECT_EQ(parse_day("1969-12-31")->number, -1);
  EXPECT_EQ(parse_day("2020-07-22")->number, 18465);
  EXPECT_EQ(parse_day("2020-02-29")->number, 18321);
  EXPECT_EQ(parse_day("0000-01-01")->number, -719528);
  EXPECT_EQ(parse_day("9999-12-31")->number, 2932896);
}

TEST(ParseDay, RefusesEverythingElse) {
  for (const char* text : {"",           "2020",       "2020-7-22",  "2020-07-2",   "2020-07-222",
                           "20200-7-22", "2020/07/22", "2020-07/22", "2020-00-10",  "2020-13-10",
                           "2020-01-00", "2020-01-32", "2021-02-29", "2100-02-29",  "-020-07-22",
                           "+020-07-22", " 020-07-22", "2020-0a-22", "2020-07-22 ", "2020-07-22T",
                           "2020-+7-22"}) {
    Result<Day> day = parse_day(text);
    ASSERT_FALSE(day.ok()) << text;
    EXPECT_EQ(day.status().code(), Code::invalid_argument) << text;
  }
}

TEST(FormatDay, WritesWhatParseDayReads) {
  for (int32_t number : {-719528, -719527, -1, 0, 1, 58, 59, 60, 18321, 18465, 2932896})
    EXPECT_EQ(parse_day(format_day(Day{number}))->number, number);
  EXPECT_EQ(format_day(Day{18465}), "2020-07-22");
}

TEST(FormatDay, NamesDaysThatFourDigitYearsCannot) {
  EXPECT_EQ(format_day(Day{2932897}), "day 2932897");
  EXPECT_EQ(format_day(Day{-719529}), "day -719529");
}

TEST(FormatInstant, WritesUtc) {
  EXPECT_EQ(format_instant(Instant::from_seconds(1'595'410'245)), "2020-07-22 09:30:45");
  EXPECT_EQ(format_instant(Instant{-1}), "1969-12-31 23:59:59");
  EXPECT_EQ(format_instant(Instant{0}), "1970-01-01 00:00:00");
}

TEST(FormatInstant, StandsTheExtremes) {
  EXPECT_EQ(format_instant(Instant{kMost}).substr(0, 15), "day 2147483647 ");
  EXPECT_EQ(format_instant(Instant{kLeast}).substr(0, 16), "day -2147483648 ");
}

TEST(ManualClock, ATimeSetIsNoTimePassed) {
  ManualClock clock(Instant{1000});
  EXPECT_EQ(clock.now(), Instant{1000});
  EXPECT_EQ(clock.monotonic(), Millis(0));
  clock.advance(Millis(50));
  EXPECT_EQ(clock.now(), Instant{1050});
  EXPECT_EQ(clock.monotonic(), Millis(50));
  clock.set(Instant{7});
  EXPECT_EQ(clock.now(), Instant{7});
  EXPECT_EQ(clock.monotonic(), Millis(50));
}

}  // namespace
}  // namespace nearzone
