#include "nearzone/proximity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "nearzone/random.h"

namespace nearzone {
namespace {

using std::chrono::minutes;

constexpr Instant kNoon{1596844800000 + 12 * 3600 * 1000};

ProximityReading reading(Instant at, std::optional<Instant> previous,
                         std::optional<int32_t> attenuation = 60) {
  return {at, at, previous, attenuation};
}

TEST(Attenuation, IsTransmitPowerLessCalibratedReception) {
  EXPECT_EQ(attenuation_db(-25, -85, 0), 60);
  EXPECT_EQ(attenuation_db(-25, -85, 5), 55);
  EXPECT_EQ(attenuation_db(8, -60, -3), 71);
}

TEST(Attenuation, IsNeverNegative) { EXPECT_EQ(attenuation_db(-47, -20, 23), 0); }

TEST(Attenuation, HoldsOutAgainstAbsurdCorrections) {
  constexpr int32_t kLeast = std::numeric_limits<int32_t>::min();
  constexpr int32_t kMost = std::numeric_limits<int32_t>::max();
  EXPECT_EQ(attenuation_db(-25, -85, kMost), 0);
  EXPECT_EQ(attenuation_db(127, 126, kMost), 0);
  EXPECT_EQ(attenuation_db(-25, -85, kLeast), kMost);
}

TEST(Attenuation, IsUnknownWhereTheRadioGaveNoRssi) {
  EXPECT_EQ(attenuation_db(-25, kNoRssi, 0), std::nullopt);
}

TEST(ProximityByDay, CountsAScanOnceAndCapsItAtFiveMinutes) {
  const std::vector<ProximityReading> readings = {
      reading(kNoon, kNoon - minutes(3), 70),
      reading(kNoon, kNoon - minutes(3), 55),  // the same scan heard it twice
      reading(kNoon + minutes(20), kNoon, std::nullopt),
      reading(kNoon + minutes(25), std::nullopt, 80)};
  const auto days = proximity_by_day(readings);
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].duration, minutes(3 + 5 + 2));
  EXPECT_EQ(days[0].minimum_attenuation_db, 55);
  EXPECT_EQ(days[0].scans, 3u);
  EXPECT_EQ(days[0].readings, 4u);
}

TEST(ProximityByDay, AScanBeforeItsPredecessorAddsNoTime) {
  const auto days = proximity_by_day(std::vector{reading(kNoon, kNoon + minutes(1))});
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].duration, Millis(0));
}

TEST(ProximityByDay, ScansCloseTogetherSpeakForTheTimeBetweenThem) {
  std::vector<ProximityReading> readings;
  for (int i = 0; i < 7; ++i)
    readings.push_back(reading(kNoon + std::chrono::seconds(10 * i), std::nullopt));
  const auto days = proximity_by_day(readings);
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].duration, minutes(2) + std::chrono::seconds(60));
}

// It begins two seconds before midnight and hears the key on both sides of it.
TEST(ProximityByDay, CountsAScanThatSpansMidnightOnce) {
  const Instant midnight = kNoon + minutes(720);
  const Instant start = midnight - std::chrono::seconds(2);
  std::vector<ProximityReading> readings = {reading(start, start - minutes(4), 60),
                                            reading(start, start - minutes(4), 50)};
  readings[1].time = midnight + std::chrono::seconds(1);
  const auto days = proximity_by_day(readings);
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].day, Day::of(start));
  EXPECT_EQ(days[0].duration, minutes(4));
  EXPECT_EQ(days[0].scans, 1u);
  EXPECT_EQ(days[0].readings, 2u);
  EXPECT_EQ(days[0].minimum_attenuation_db, 50);
}

TEST(ProximityByDay, GivesNoMoreThanHasPassedAroundMidnight) {
  const Instant midnight = kNoon + minutes(720);
  const auto days = proximity_by_day(std::vector{
      reading(midnight - std::chrono::seconds(30), std::nullopt), reading(midnight, std::nullopt)});
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].duration, minutes(2));
  EXPECT_EQ(days[1].duration, std::chrono::seconds(30));
  EXPECT_EQ(days[1].scans, 1u);
}

TEST(ProximityByDay, IsEmptyWithoutReadings) { EXPECT_TRUE(proximity_by_day({}).empty()); }

TEST(ProximityByDay, EqualsCountingEachDayOnItsOwnInAnyOrder) {
  SeededRandom random(9);
  for (int round = 0; round < 300; ++round) {
    std::vector<ProximityReading> readings;
    for (uint64_t i = 0, count = random.below(40); i < count; ++i) {
      const Instant scan = kNoon + minutes(5) * static_cast<int64_t>(random.below(600));
      readings.push_back({scan + Millis(static_cast<int64_t>(random.below(4000))), scan,
                          random.below(4) == 0 ? std::nullopt : std::optional(scan - minutes(5)),
                          random.below(5) == 0
                              ? std::nullopt
                              : std::optional(static_cast<int32_t>(random.below(90)))});
      readings.back().previous_scan_start =
          scan.ms % 600000 == 0 ? std::nullopt : std::optional(scan - minutes(4));
    }
    std::map<Day, std::map<Instant, Millis>> scans;
    std::map<Day, std::set<int32_t>> attenuations;
    for (const auto& r : readings) {
      scans[Day::of(r.time)][r.scan_start] = r.previous_scan_start ? minutes(4) : minutes(2);
      if (r.attenuation_db) attenuations[Day::of(r.time)].insert(*r.attenuation_db);
    }
    const auto days = proximity_by_day(readings);
    ASSERT_EQ(days.size(), scans.size());
    for (const DayProximity& day : days) {
      Millis total{0};
      for (const auto& [start, length] : scans[day.day]) total += length;
      EXPECT_EQ(day.duration, total);
      EXPECT_EQ(day.scans, scans[day.day].size());
      const auto& heard = attenuations[day.day];
      EXPECT_EQ(day.minimum_attenuation_db,
                heard.empty() ? std::nullopt : std::optional(*heard.begin()));
    }
  }
}

}  // namespace
}  // namespace nearzone
