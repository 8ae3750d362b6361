#include "nearzone/nearness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "nearzone/random.h"
#include "proximity/key_sightings.h"

namespace nearzone {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Day kDay{18500};
constexpr ReceiverReference kReference{60, 0};

ProximityReading reading(Millis into_day, std::optional<int32_t> attenuation,
                         std::optional<Millis> since = minutes(4)) {
  const Instant at = kDay.start() + into_day;
  ProximityReading made{at, at, {}, attenuation};
  if (since) made.previous_scan_start = at - *since;
  return made;
}

std::vector<ProximityReading> an_hour(int32_t attenuation) {
  std::vector<ProximityReading> readings;
  for (int i = 0; i < 15; ++i) readings.push_back(reading(hours(9) + minutes(4 * i), attenuation));
  return readings;
}

double in_half_decibels(double attenuation) { return std::round(2 * attenuation) / 2; }

TEST(Nearness, IsProbabilityTimesTheTimeOfEachScan) {
  // One scan of four minutes, two readings.
  auto readings = std::vector{reading(hours(9), 50), reading(hours(9), 62)};
  const auto days = nearness_by_day(readings, kReference);
  ASSERT_EQ(days.size(), 1u);
  const double attenuation = mean_attenuation(attenuation_weight(50) + attenuation_weight(62), 2);
  EXPECT_NEAR(days[0].minutes.expected,
              4 * probability_within(2, in_half_decibels(attenuation), 1, true, kReference,
                                     shipped_distance_model()),
              1e-9);
}

TEST(Nearness, PoolsScansOfOneStay) {
  // Ten seconds apart: each is seen together with all others.
  std::vector<ProximityReading> readings;
  double weights = 0;
  for (int i = 0; i < 6; ++i) {
    readings.push_back(reading(hours(9) + seconds(10 * i), 50 + 4 * i, seconds(10)));
    weights += attenuation_weight(50 + 4 * i);
  }
  EXPECT_NEAR(nearness_by_day(readings, kReference)[0].minutes.expected,
              probability_within(2, in_half_decibels(mean_attenuation(weights, 6)), 6, true,
                                 kReference, shipped_distance_model()),
              1e-9);
}

TEST(Nearness, OfOneKeyDoesNotDependOnTheKeysBefore) {
  Nearness nearness(kReference, {});
  for (int32_t attenuation : {70, 40, 70, 200, 0})
    EXPECT_EQ(nearness.by_day(an_hour(attenuation))[0].minutes,
              nearness_by_day(an_hour(attenuation), kReference)[0].minutes);
}

TEST(Nearness, EnclosesWhatIsExpectedAndNoMoreThanAllTheTime) {
  for (int32_t attenuation : {20, 45, 60, 75, 110}) {
    const NearMinutes found = nearness_by_day(an_hour(attenuation), kReference)[0].minutes;
    EXPECT_LE(0, found.low);
    EXPECT_LE(found.low, found.expected);
    EXPECT_LE(found.expected, found.high);
    EXPECT_LE(found.high, 60 + 1e-9);
  }
  const NearMinutes middle = nearness_by_day(an_hour(60), kReference)[0].minutes;
  EXPECT_LT(middle.low, middle.expected - 5);
  EXPECT_GT(middle.high, middle.expected + 5);
}

// 20 minutes so near that there is no doubt, 20 in the middle, 20 far away.
TEST(Nearness, CountsWhatIsSureAndWhatIsNotRuledOut) {
  std::vector<ProximityReading> readings;
  for (int32_t i = 0; i < 15; ++i)
    readings.push_back(reading(hours(9) + minutes(4 * i), i < 5 ? 20 : i < 10 ? 60 : 110));
  const NearMinutes found = nearness_by_day(readings, kReference)[0].minutes;
  EXPECT_DOUBLE_EQ(found.low, 20);
  EXPECT_DOUBLE_EQ(found.high, 40);
  EXPECT_GT(found.expected, 25);
  EXPECT_LT(found.expected, 35);
}

TEST(Nearness, SaysLikelyPossibleOrUnlikely) {
  EXPECT_EQ(nearness_by_day(an_hour(30), kReference)[0].band, ExposureBand::likely);
  EXPECT_EQ(nearness_by_day(an_hour(110), kReference)[0].band, ExposureBand::unlikely);
  // Four minutes cannot be long, however near.
  EXPECT_EQ(nearness_by_day(std::vector{reading(hours(9), 20)}, kReference)[0].band,
            ExposureBand::unlikely);
  EXPECT_EQ(exposure_band({14.9, 3, 30}, 15), ExposureBand::possible);
  EXPECT_EQ(exposure_band({20, 14.9, 30}, 15), ExposureBand::possible);
  EXPECT_EQ(exposure_band({20, 15, 30}, 15), ExposureBand::likely);
  EXPECT_EQ(exposure_band({5, 3, 14.9}, 15), ExposureBand::unlikely);
}

TEST(Nearness, HasNoWordWhereNothingWasMeasured) {
  EXPECT_TRUE(nearness_by_day(std::vector{reading(hours(9), {})}, kReference).empty());
  EXPECT_TRUE(nearness_by_day({}, kReference).empty());
  EXPECT_EQ(exposure_band_name(ExposureBand::unknown), "unknown");
}

TEST(Nearness, CountsByLocalDay) {
  NearnessConfig config;
  config.utc_offset = hours(7);
  // 16:59 and 17:01 UTC are before and after midnight in Hanoi.
  const auto days = nearness_by_day(
      std::vector{reading(hours(17) - minutes(1), 50), reading(hours(17) + minutes(1), 50)},
      kReference, config);
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].day, kDay);
  EXPECT_EQ(days[1].day, kDay + 1);
}

TEST(Nearness, OfVietnam2020IsTwoMetresForAQuarterOfAnHour) {
  const NearnessConfig config = NearnessConfig::vietnam_2020();
  EXPECT_EQ(config.distance_m, 2);
  EXPECT_EQ(config.long_minutes, 15);
  EXPECT_TRUE(config.check().ok());
}

TEST(NearnessConfigs, AreRefusedWithTheFieldNamed) {
  const auto refused = [](auto&& spoil) {
    NearnessConfig config;
    spoil(config);
    EXPECT_EQ(config.check().code(), Code::invalid_argument);
    return std::string(config.check().field() ? config.check().field() : "");
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refused([&](NearnessConfig& c) { c.distance_m = nan; }), "distance_m");
  EXPECT_EQ(refused([&](NearnessConfig& c) { c.long_minutes = 0; }), "long_minutes");
  EXPECT_EQ(refused([&](NearnessConfig& c) { c.utc_offset = hours(25); }), "utc_offset");
  EXPECT_EQ(refused([&](NearnessConfig& c) { c.model.path_loss_exponent = nan; }),
            "path_loss_exponent");
}

class NearnessProperties : public testing::Test {
 protected:
  std::vector<ProximityReading> some_readings() {
    std::vector<ProximityReading> readings;
    Millis at = hours(1);
    for (uint64_t i = 0, count = 1 + random_.below(40); i < count; ++i) {
      const Millis since = seconds(10 + random_.below(400));
      at += since;
      for (uint64_t again = 0, times = 1 + random_.below(3); again < times; ++again)
        readings.push_back(reading(at, static_cast<int32_t>(30 + random_.below(60)), since));
      readings.back().sender_known = random_.below(4) != 0;
    }
    return readings;
  }
  SeededRandom random_{11};
};

TEST_F(NearnessProperties, DoNotDependOnTheOrderOfReadings) {
  for (int round = 0; round < 200; ++round) {
    const auto readings = some_readings();
    const auto days = nearness_by_day(readings, kReference);
    const auto others = nearness_by_day(test::in_random_order(readings, random_), kReference);
    ASSERT_EQ(days.size(), others.size());
    for (size_t i = 0; i < days.size(); ++i)
      EXPECT_NEAR(days[i].minutes.expected, others[i].minutes.expected, 1e-9);
  }
}

TEST_F(NearnessProperties, LowerAttenuationNeverLowersTheMinutes) {
  for (int round = 0; round < 300; ++round) {
    auto readings = some_readings();
    const double before = nearness_by_day(readings, kReference)[0].minutes.expected;
    *readings[random_.below(readings.size())].attenuation_db -=
        static_cast<int32_t>(random_.below(30));
    EXPECT_GE(nearness_by_day(readings, kReference)[0].minutes.expected, before - 1e-9);
  }
}

// Scans of one stay, so that each is judged with others: with and without one of them.
TEST_F(NearnessProperties, OneMoreScanAsStrongOrStrongerNeverLowersTheMinutesOfAStay) {
  for (int round = 0; round < 2000; ++round) {
    const auto most = 20 + static_cast<int32_t>(random_.below(41));  // the reference is 60
    std::vector<ProximityReading> readings;
    Millis at = hours(1);
    for (uint64_t i = 0, count = 2 + random_.below(12); i < count; ++i) {
      const Millis since = seconds(5 + random_.below(60));
      at += since;
      readings.push_back(
          reading(at, most - static_cast<int32_t>(random_.below(random_.below(20) + 1)), since));
    }
    const size_t more = random_.below(readings.size());
    for (const ProximityReading& r : readings)
      readings[more].attenuation_db = std::min(readings[more].attenuation_db, r.attenuation_db);
    const NearMinutes with = nearness_by_day(readings, kReference)[0].minutes;
    readings.erase(readings.begin() + static_cast<ptrdiff_t>(more));
    const NearMinutes without = nearness_by_day(readings, kReference)[0].minutes;
    EXPECT_GE(with.expected, without.expected - 1e-9);
    EXPECT_GE(with.low, without.low - 1e-9);
    EXPECT_GE(with.high, without.high - 1e-9);
  }
}

// Whatever its strength.
TEST_F(NearnessProperties, OneMoreScanOutsideOfAnyStayNeverLowersTheMinutes) {
  for (int round = 0; round < 500; ++round) {
    std::vector<ProximityReading> readings;
    Millis at = hours(1);
    for (uint64_t i = 0, count = 2 + random_.below(12); i < count; ++i) {
      const Millis since = seconds(71 + random_.below(300));
      at += since;
      readings.push_back(reading(at, static_cast<int32_t>(20 + random_.below(100)), since));
    }
    const double with = nearness_by_day(readings, kReference)[0].minutes.expected;
    readings.erase(readings.begin() + static_cast<ptrdiff_t>(random_.below(readings.size())));
    EXPECT_GE(with, nearness_by_day(readings, kReference)[0].minutes.expected - 1e-9);
  }
}

// A body in between explains one weak scan; six of them are evidence of distance.
TEST(Nearness, WeakScansOfAStayTakeFromWhatAStrongOneSaid) {
  std::vector<ProximityReading> readings = {reading(hours(9), 54)};
  const double alone = nearness_by_day(readings, kReference)[0].minutes.expected;
  for (int i = 1; i <= 6; ++i)
    readings.push_back(reading(hours(9) + seconds(10 * i), 100, seconds(10)));
  EXPECT_LT(nearness_by_day(readings, kReference)[0].minutes.expected, alone);
}

TEST_F(NearnessProperties, MoreTimeNeverLowersTheMinutes) {
  for (int32_t attenuation : {40, 60, 80}) {
    double before = 0;
    std::vector<ProximityReading> readings;
    for (const ProximityReading& more : an_hour(attenuation)) {
      readings.push_back(more);
      const double now = nearness_by_day(readings, kReference)[0].minutes.expected;
      EXPECT_GT(now, before);
      before = now;
    }
  }
}

}  // namespace
}  // namespace nearzone
