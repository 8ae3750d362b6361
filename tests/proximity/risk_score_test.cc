#include "nearzone/risk_score.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "proximity/key_sightings.h"

namespace nearzone {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::at;
using test::kKeyDay;

KeyEvidence key_of(uint8_t transmission_risk_level) {
  return {kKeyDay, ReportType::confirmed_test, {}, transmission_risk_level};
}

// Every table is its own level.
RiskScoreConfig levels() {
  RiskScoreConfig config;
  config.attenuation_scores = config.days_scores = config.duration_scores =
      config.transmission_scores = {0, 1, 2, 3, 4, 5, 6, 7};
  config.minimum_risk_score = 1;
  return config;
}

std::vector<ScoredExposure> score(const std::vector<KeySighting>& sightings,
                                  const RiskScoreConfig& config, int32_t days_ago = 1,
                                  uint8_t transmission = 8) {
  return score_exposures(key_of(transmission), sightings, kKeyDay + days_ago, config);
}

TEST(RiskScoreLevels, OfAttenuation) {
  const std::vector<std::pair<int32_t, size_t>> table = {
      {200, 0}, {74, 0}, {73, 1}, {64, 1}, {63, 2}, {52, 2}, {51, 3}, {34, 3},
      {33, 4},  {28, 4}, {27, 5}, {16, 5}, {15, 6}, {11, 6}, {10, 7}, {0, 7}};
  for (const auto& [attenuation, level] : table)
    EXPECT_EQ(attenuation_level(attenuation), level) << attenuation;
}

TEST(RiskScoreLevels, OfDays) {
  const std::vector<std::pair<int32_t, size_t>> table = {
      {99, 0}, {14, 0}, {13, 1}, {12, 1}, {11, 2}, {10, 2}, {9, 3}, {8, 3}, {7, 4},
      {6, 4},  {5, 5},  {4, 5},  {3, 6},  {2, 6},  {1, 7},  {0, 7}, {-1, 7}};
  for (const auto& [days, level] : table) EXPECT_EQ(days_level(days), level) << days;
}

TEST(RiskScoreLevels, OfDuration) {
  const std::vector<std::pair<int, size_t>> table = {{0, 0},  {1, 1},  {5, 1},  {6, 2},  {10, 2},
                                                     {11, 3}, {15, 3}, {20, 4}, {21, 5}, {25, 5},
                                                     {26, 6}, {30, 6}, {31, 7}, {500, 7}};
  for (const auto& [count, level] : table) EXPECT_EQ(duration_level(minutes(count)), level);
}

TEST(GoogleRiskScore, HoldsEachScanUntilTheNext) {
  // Scans at 0, 300 and 420 s: they hold 150 + 300, 120 and 150 s, 720 in all.
  // Mean: (450 * 40 + 120 * 60 + 150 * 80) / 720 = 37200 / 720 = 51.67, rounded 52: level 2.
  // 720 s = 10 min and 120 s, not more than 150: 10 min, level 2.
  const auto exposures = score({at(0, 40), at(300, 60), at(420, 80)}, levels());
  ASSERT_EQ(exposures.size(), 1u);
  EXPECT_EQ(exposures[0].duration, minutes(10));
  EXPECT_EQ(exposures[0].attenuation_db, 52);
  EXPECT_EQ(exposures[0].attenuation_durations,
            (std::array<Millis, 4>{seconds(450), seconds(120), seconds(150), seconds(0)}));
  // 2 * 7 (a day ago) * 2 * 7 (level 8)
  EXPECT_EQ(exposures[0].risk_score, 196);
}

TEST(GoogleRiskScore, RoundsDurationsToFiveMinutesHalvesDown) {
  // last - first + 300 s: 450 rounds down to 300, 451 up to 600.
  EXPECT_EQ(score({at(0, 40), at(150, 40)}, levels())[0].duration, minutes(5));
  EXPECT_EQ(score({at(0, 40), at(151, 40)}, levels())[0].duration, minutes(10));
  EXPECT_EQ(score({at(0, 40)}, levels())[0].duration, minutes(5));
}

TEST(GoogleRiskScore, BucketsReachUpToBelowTheirThreshold) {
  const auto bucket = [](int32_t attenuation) {
    const auto durations = score({at(0, attenuation)}, levels())[0].attenuation_durations;
    return std::ranges::find(durations, Millis(minutes(5))) - durations.begin();
  };
  EXPECT_EQ(bucket(49), 0);
  EXPECT_EQ(bucket(50), 1);
  EXPECT_EQ(bucket(73), 1);
  EXPECT_EQ(bucket(74), 2);
}

TEST(GoogleRiskScore, TakesTheStrongestSightingOfAScan) {
  const auto exposures = score({at(0, 70), at(10, 30), at(20, 60)}, levels());
  ASSERT_EQ(exposures.size(), 1u);
  EXPECT_EQ(exposures[0].attenuation_db, 30);
}

TEST(GoogleRiskScore, SplitsAfterAGapOfMoreThanTenMinutes) {
  EXPECT_EQ(score({at(0, 40), at(600, 40)}, levels()).size(), 1u);
  EXPECT_EQ(score({at(0, 40), at(601, 40)}, levels()).size(), 2u);
}

TEST(GoogleRiskScore, BelowTheMinimumIsZero) {
  RiskScoreConfig config = levels();
  // attenuation 40: 3; a day ago: 7; five minutes: 1; transmission level 2: 1. 3 * 7 * 1 * 1 = 21
  config.minimum_risk_score = 21;
  EXPECT_EQ(score({at(0, 40)}, config, 1, 2)[0].risk_score, 21);
  config.minimum_risk_score = 22;
  EXPECT_EQ(score({at(0, 40)}, config, 1, 2)[0].risk_score, 0);
}

TEST(GoogleRiskScore, CountsAnUnstatedTransmissionRiskOnce) {
  EXPECT_EQ(score({at(0, 40)}, levels(), 1, 0)[0].risk_score, 21);
  EXPECT_EQ(score({at(0, 40)}, levels(), 1, 1)[0].risk_score, 0);  // level 1 scores 0 here
}

TEST(GoogleRiskScore, IsFourToTheFourthByDefaultAndIgnoresWeights) {
  RiskScoreConfig config;
  config.attenuation_weight = 100;
  EXPECT_EQ(score({at(0, 40)}, config)[0].risk_score, 256);
}

TEST(GoogleRiskScore, CountsDaysFromTheKeysDayNotTheSighting) {
  // Heard 20 hours after noon, that is on the day after the key's.
  const auto exposures = score({at(20 * 3600, 40)}, levels(), 2, 2);
  EXPECT_EQ(exposures[0].risk_score, 3 * 6 * 1 * 1);
}

TEST(AppleRiskScore, IsTheMeanOfScoresAndNotTheScoreOfTheMean) {
  RiskScoreConfig config = levels();
  config.rounding = RiskRounding::apple;
  config.attenuation_thresholds_db = RiskScoreConfig::apple().attenuation_thresholds_db;
  // As above: 450 s of level 3, 120 s of level 2, 150 s of level 0. (1350 + 240) / 720 = 2.2083...
  // 720 s are 12 min, level 3; times 7 times 7.
  const auto exposures = score({at(0, 40), at(300, 60), at(420, 80)}, config);
  ASSERT_EQ(exposures.size(), 1u);
  EXPECT_EQ(exposures[0].duration, minutes(12));
  EXPECT_DOUBLE_EQ(exposures[0].risk_score, 1590.0 / 720 * 7 * 3 * 7);
  // Each rounded up to a minute: 450 s to 8.
  EXPECT_EQ(exposures[0].attenuation_durations,
            (std::array<Millis, 4>{minutes(8), minutes(2), minutes(3), minutes(0)}));
}

TEST(AppleRiskScore, CapsDurationsAtThirtyMinutesAndIncludesThresholds) {
  RiskScoreConfig config = RiskScoreConfig::apple();
  std::vector<KeySighting> sightings;
  for (int64_t i = 0; i < 9; ++i) sightings.push_back(at(300 * i, 50));
  const auto exposures = score(sightings, config);
  ASSERT_EQ(exposures.size(), 1u);
  EXPECT_EQ(exposures[0].duration, minutes(30));
  EXPECT_EQ(exposures[0].attenuation_durations[0], minutes(30));
  config.attenuation_thresholds_db = {49, 60, 70};
  EXPECT_EQ(score(sightings, config)[0].attenuation_durations[1], minutes(30));
}

TEST(AppleRiskScore, MultipliesWeights) {
  RiskScoreConfig config = RiskScoreConfig::apple();
  config.attenuation_weight = 0.5;
  config.transmission_weight = 3;
  EXPECT_DOUBLE_EQ(score({at(0, 40)}, config)[0].risk_score, 256 * 1.5);
}

TEST(RiskScoreConfigs, AreRefusedWithTheFieldNamed) {
  const auto refused = [](auto&& spoil) {
    RiskScoreConfig config;
    EXPECT_TRUE(config.check().ok());
    spoil(config);
    EXPECT_EQ(config.check().code(), Code::invalid_argument);
    return std::string(config.check().field() ? config.check().field() : "");
  };
  using Config = RiskScoreConfig;
  EXPECT_EQ(refused([](Config& c) { c.attenuation_scores[7] = 9; }), "attenuation_scores");
  EXPECT_EQ(refused([](Config& c) { c.days_scores[0] = 255; }), "days_scores");
  EXPECT_EQ(refused([](Config& c) { c.duration_scores[0] = 9; }), "duration_scores");
  EXPECT_EQ(refused([](Config& c) { c.transmission_scores[0] = 9; }), "transmission_scores");
  EXPECT_EQ(
      refused([](Config& c) { c.attenuation_weight = std::numeric_limits<double>::quiet_NaN(); }),
      "attenuation_weight");
  EXPECT_EQ(refused([](Config& c) { c.days_weight = -1; }), "days_weight");
  EXPECT_EQ(refused([](Config& c) { c.duration_weight = 101; }), "duration_weight");
  EXPECT_EQ(
      refused([](Config& c) { c.transmission_weight = std::numeric_limits<double>::infinity(); }),
      "transmission_weight");
  EXPECT_EQ(refused([](Config& c) { c.minimum_risk_score = 0; }), "minimum_risk_score");
  EXPECT_EQ(refused([](Config& c) { c.minimum_risk_score = 4097; }), "minimum_risk_score");
  EXPECT_EQ(refused([](Config& c) {
              c.attenuation_thresholds_db = {60, 50, 255};
            }),
            "attenuation_thresholds_db");
  EXPECT_EQ(refused([](Config& c) { c.rounding = static_cast<RiskRounding>(2); }), "rounding");
}

class RiskScoreProperties : public testing::Test {
 protected:
  static double highest(const std::vector<KeySighting>& sightings, RiskRounding rounding) {
    RiskScoreConfig config = levels();
    config.rounding = rounding;
    double most = 0;
    for (const auto& exposure : score(sightings, config))
      most = std::max(most, exposure.risk_score);
    return most;
  }
  SeededRandom random_{3};
};

TEST_F(RiskScoreProperties, DoNotDependOnTheOrderOfSightings) {
  for (int round = 0; round < 200; ++round) {
    const auto sightings = test::some_sightings(random_);
    EXPECT_EQ(score(sightings, levels()),
              score(test::in_random_order(sightings, random_), levels()));
  }
}

// One sighting a scan: which of several is the strongest decides also how long it holds.
TEST_F(RiskScoreProperties, LowerAttenuationNeverLowersTheScore) {
  for (int round = 0; round < 300; ++round) {
    std::vector<KeySighting> sightings;
    for (int64_t i = 0; i < 12; ++i)
      sightings.push_back(at(200 * i, static_cast<int32_t>(random_.below(90))));
    auto nearer = sightings;
    auto& changed = nearer[random_.below(nearer.size())];
    *changed.attenuation_db =
        static_cast<int32_t>(random_.below(static_cast<uint64_t>(*changed.attenuation_db) + 1));
    for (RiskRounding rounding : {RiskRounding::google, RiskRounding::apple})
      EXPECT_GE(highest(nearer, rounding), highest(sightings, rounding));
  }
}

TEST_F(RiskScoreProperties, LongerAtTheSameAttenuationNeverLowersTheScore) {
  for (RiskRounding rounding : {RiskRounding::google, RiskRounding::apple}) {
    std::vector<KeySighting> sightings;
    double before = 0;
    for (int64_t i = 0; i < 60; ++i) {
      sightings.push_back(at(120 * i, 45));
      const double now = highest(sightings, rounding);
      EXPECT_GE(now, before);
      before = now;
    }
    EXPECT_GT(before, 0);
  }
}

}  // namespace
}  // namespace nearzone
