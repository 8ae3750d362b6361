#include <gtest/gtest.h>

#include "nearzone/simulation.h"
#include "simulation/hearing.h"

namespace nearzone::simulation {
namespace {

using std::chrono::minutes;

constexpr Instant kNoon{Day{18536}.start().ms + 12 * 3600 * 1000};

Closeness at_distance(double metres) { return {0, 1, {kNoon, kNoon + minutes(60)}, metres, 0}; }

Town two_phones() {
  Town town;
  town.people.resize(2);
  return town;
}

TEST(Radio, LosesWhatWasMeasuredPerFactorOfTenInDistance) {
  const Person average;
  EXPECT_DOUBLE_EQ(mean_rssi_dbm(at_distance(1), average, average), -58.9);
  EXPECT_DOUBLE_EQ(mean_rssi_dbm(at_distance(10), average, average), -58.9 - 14.5);
}

TEST(Radio, AddsTheOffsetsOfThatDirection) {
  Person strong;
  strong.sender_offset_db = 5;
  strong.receiver_offset_db = -2;
  const Person average;
  EXPECT_DOUBLE_EQ(mean_rssi_dbm(at_distance(1), strong, average), -53.9);
  EXPECT_DOUBLE_EQ(mean_rssi_dbm(at_distance(1), average, strong), -60.9);
}

TEST(Radio, HardlyLetsIphonesHearEachOtherInBluezone) {
  using enum PhonePlatform;
  EXPECT_LT(hearing_chance(SchemeTag::bluezone, ios, ios), 0.1);
  EXPECT_GT(hearing_chance(SchemeTag::bluezone, ios, android), 0.5);
  EXPECT_EQ(hearing_chance(SchemeTag::gaen, ios, ios),
            hearing_chance(SchemeTag::gaen, android, android));
}

TEST(ScanSchedule, FindsTheFirstScanNotBeforeATime) {
  const ScanSchedule schedule{kNoon};
  EXPECT_EQ(schedule.not_before(kNoon - minutes(60)), 0);
  EXPECT_EQ(schedule.not_before(kNoon), 0);
  EXPECT_EQ(schedule.not_before(kNoon + Millis(1)), 1);
  EXPECT_EQ(schedule.not_before(kNoon + minutes(5)), 1);
  EXPECT_EQ(schedule.not_before(kNoon + minutes(5) + Millis(1)), 2);
}

TEST(ScanSchedule, NamesTheScanBefore) {
  const ScanSchedule schedule{kNoon};
  EXPECT_FALSE(schedule.at(0).previous_start);
  EXPECT_EQ(schedule.at(3).start, kNoon + minutes(15));
  EXPECT_EQ(schedule.at(3).previous_start, kNoon + minutes(10));
}

TEST(Hearing, HappensInScansDuringTheClosenessOnly) {
  const Town town = two_phones();
  const ScanSchedule schedule{kNoon - minutes(31)};
  SeededRandom random(3);
  std::vector<Hearing> heard;
  hear(town, SchemeTag::gaen, at_distance(1), 1, schedule, random, heard);
  EXPECT_GE(heard.size(), 9u);
  EXPECT_LE(heard.size(), 12u);
  for (const Hearing& hearing : heard) {
    EXPECT_EQ(hearing.sender, 0u);
    const Instant start = schedule.at(hearing.scan).start;
    EXPECT_TRUE((TimeRange{kNoon, kNoon + minutes(60)}.contains(start)));
    EXPECT_TRUE((TimeRange{start, start + kScanLength}.contains(hearing.time)));
    EXPECT_NEAR(hearing.rssi_dbm, -59, 20);
  }
}

TEST(Hearing, EndsWhereTheSignalIsTooWeak) {
  Town town = two_phones();
  town.people[0].sender_offset_db = -60;
  SeededRandom random(3);
  std::vector<Hearing> heard;
  hear(town, SchemeTag::gaen, at_distance(1), 1, {kNoon}, random, heard);
  EXPECT_TRUE(heard.empty());
}

}  // namespace
}  // namespace nearzone::simulation
