#include "nearzone/daily_summary.h"

#include <gtest/gtest.h>

#include <limits>

#include "proximity/key_sightings.h"

namespace nearzone {
namespace {

using std::chrono::minutes;
using test::kKeyDay;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

ExposureWindow window(Day day, ReportType type, Infectiousness infectiousness,
                      std::vector<ScanInstance> scans) {
  return {day, type, infectiousness, 0, std::move(scans)};
}

DailySummaryConfig some_config() {
  DailySummaryConfig config;
  config.attenuation_thresholds_db = {50, 60, 70};
  config.attenuation_weights = {2, 1, 0.5, 0.25};
  config.report_type_weights = {0, 1, 0.5, 2, 0, 0};
  config.infectiousness_weights = {0, 1, 1.5};
  return config;
}

TEST(DailySummaries, WeighEachScanByItsTypicalAttenuation) {
  // Thresholds belong to the nearer bucket: 50 is immediate, 51 near, 70 medium, 71 other.
  // 2 * 60 + 1 * 120 + 0.5 * 180 + 0.25 * 240 = 120 + 120 + 90 + 60 = 390
  const auto one =
      window(kKeyDay, ReportType::confirmed_clinical_diagnosis, Infectiousness::high,
             {{50, 9, minutes(1)}, {51, 9, minutes(2)}, {70, 9, minutes(3)}, {71, 9, minutes(4)}});
  EXPECT_DOUBLE_EQ(weighted_duration(one, some_config()), 390);
  // times 0.5 for the report type, times 1.5 for the infectiousness
  EXPECT_DOUBLE_EQ(window_score(one, some_config()), 292.5);
}

TEST(DailySummaries, SumByReportTypeAndTakeTheMaximumOfMaxima) {
  const std::vector<ExposureWindow> windows = {
      // weighted 600, score 600
      window(kKeyDay, ReportType::confirmed_test, Infectiousness::standard, {{40, 40, minutes(5)}}),
      // weighted 300, score 450
      window(kKeyDay, ReportType::confirmed_test, Infectiousness::high, {{55, 55, minutes(5)}}),
      // weighted 300, score 600
      window(kKeyDay, ReportType::self_report, Infectiousness::standard, {{55, 5, minutes(5)}}),
      // weighted 15, score 15
      window(kKeyDay + 1, ReportType::confirmed_test, Infectiousness::standard,
             {{80, 80, minutes(1)}})};
  const auto days = daily_summaries(windows, some_config(), kKeyDay + 5);
  ASSERT_EQ(days.size(), 2u);
  const SummaryData& tested = days[0].by_report_type[1];
  EXPECT_DOUBLE_EQ(tested.maximum_score, 600);
  EXPECT_DOUBLE_EQ(tested.score_sum, 1050);
  EXPECT_DOUBLE_EQ(tested.weighted_duration_sum, 900);
  EXPECT_DOUBLE_EQ(days[0].total.maximum_score, 600);
  EXPECT_DOUBLE_EQ(days[0].total.score_sum, 1650);
  EXPECT_DOUBLE_EQ(days[0].total.weighted_duration_sum, 1200);
  EXPECT_DOUBLE_EQ(days[0].by_report_type[2].score_sum, 0);
  EXPECT_EQ(days[1].day, kKeyDay + 1);
  EXPECT_DOUBLE_EQ(days[1].total.score_sum, 15);
}

TEST(DailySummaries, DropWindowsBelowTheMinimumScore) {
  const std::vector<ExposureWindow> windows = {
      window(kKeyDay, ReportType::confirmed_test, Infectiousness::standard, {{55, 5, minutes(5)}}),
      window(kKeyDay, ReportType::confirmed_test, Infectiousness::standard, {{55, 5, minutes(4)}})};
  DailySummaryConfig config = some_config();
  config.minimum_window_score = 300;  // itself enough
  const auto days = daily_summaries(windows, config, kKeyDay);
  ASSERT_EQ(days.size(), 1u);
  EXPECT_DOUBLE_EQ(days[0].total.score_sum, 300);
  config.minimum_window_score = 300.5;
  EXPECT_TRUE(daily_summaries(windows, config, kKeyDay).empty());
}

TEST(DailySummaries, DropDaysBeyondTheThresholdUnlessItIsZero) {
  const std::vector<ExposureWindow> windows = {
      window(kKeyDay, ReportType::confirmed_test, Infectiousness::standard, {{55, 5, minutes(5)}})};
  DailySummaryConfig config = some_config();
  config.days_since_exposure_threshold = 10;
  EXPECT_EQ(daily_summaries(windows, config, kKeyDay + 10).size(), 1u);
  EXPECT_EQ(daily_summaries(windows, config, kKeyDay + 11).size(), 0u);
  config.days_since_exposure_threshold = 0;
  EXPECT_EQ(daily_summaries(windows, config, kKeyDay + 1000).size(), 1u);
}

// Swiss: 10 minutes up to 50 dB count whole, 10 up to 55 dB half, 10 beyond not: 15 minutes.
TEST(SwissCovid, WarnsAtFifteenWeightedMinutes) {
  const DailySummaryConfig config = swisscovid_summaries();
  ASSERT_TRUE(config.check().ok());
  std::vector<ScanInstance> scans;
  for (int32_t attenuation : {50, 50, 51, 55, 56, 56})
    scans.push_back({attenuation, 0, minutes(5)});
  const auto days = daily_summaries(
      std::vector{window(kKeyDay, ReportType::confirmed_test, Infectiousness::standard, scans)},
      config, kKeyDay + 10);
  ASSERT_EQ(days.size(), 1u);
  EXPECT_DOUBLE_EQ(days[0].total.score_sum, kFifteenMinutes);
  EXPECT_TRUE(daily_summaries({}, config, kKeyDay).empty());
}

TEST(DailySummaryConfigs, AreRefusedWithTheFieldNamed) {
  const auto refused = [](auto&& spoil) {
    DailySummaryConfig config;
    EXPECT_TRUE(config.check().ok());
    spoil(config);
    const Status status = config.check();
    EXPECT_EQ(status.code(), Code::invalid_argument);
    return std::pair<std::string, int64_t>(status.field() ? status.field() : "", status.record());
  };
  using Config = DailySummaryConfig;
  using Found = std::pair<std::string, int64_t>;
  EXPECT_EQ(refused([](Config& c) { c.attenuation_weights[2] = kNaN; }),
            Found("attenuation_weights", 2));
  EXPECT_EQ(refused([](Config& c) { c.attenuation_weights[0] = 2.51; }),
            Found("attenuation_weights", 0));
  EXPECT_EQ(refused([](Config& c) { c.report_type_weights[5] = -0.1; }),
            Found("report_type_weights", 5));
  EXPECT_EQ(refused([](Config& c) {
              c.infectiousness_weights[1] = std::numeric_limits<double>::infinity();
            }),
            Found("infectiousness_weights", 1));
  EXPECT_EQ(refused([](Config& c) {
              c.attenuation_thresholds_db = {50, 50, 70};
            }),
            Found("attenuation_thresholds_db", 1));
  EXPECT_EQ(refused([](Config& c) {
              c.attenuation_thresholds_db = {-1, 50, 70};
            }),
            Found("attenuation_thresholds_db", 0));
  EXPECT_EQ(refused([](Config& c) {
              c.attenuation_thresholds_db = {1, 50, 256};
            }),
            Found("attenuation_thresholds_db", 2));
  EXPECT_EQ(refused([](Config& c) { c.minimum_window_score = kNaN; }),
            Found("minimum_window_score", -1));
  EXPECT_EQ(refused([](Config& c) { c.days_since_exposure_threshold = -1; }),
            Found("days_since_exposure_threshold", -1));
}

class DailySummaryProperties : public testing::Test {
 protected:
  double score(const std::vector<KeySighting>& sightings) {
    double sum = 0;
    for (const auto& day :
         daily_summaries(exposure_windows({kKeyDay, ReportType::confirmed_test, {}, 0}, sightings),
                         some_config(), kKeyDay))
      sum += day.total.score_sum;
    return sum;
  }
  SeededRandom random_{5};
};

TEST_F(DailySummaryProperties, DoNotDependOnTheOrderOfWindows) {
  for (int round = 0; round < 200; ++round) {
    const auto windows = exposure_windows({kKeyDay, ReportType::confirmed_test, {}, 0},
                                          test::some_sightings(random_));
    const auto days = daily_summaries(windows, some_config(), kKeyDay);
    const auto others =
        daily_summaries(test::in_random_order(windows, random_), some_config(), kKeyDay);
    ASSERT_EQ(days.size(), others.size());
    for (size_t i = 0; i < days.size(); ++i) {
      EXPECT_EQ(days[i].total.score_sum, others[i].total.score_sum);
      EXPECT_EQ(days[i].total.maximum_score, others[i].total.maximum_score);
    }
  }
}

TEST_F(DailySummaryProperties, LowerAttenuationNeverLowersTheScore) {
  for (int round = 0; round < 300; ++round) {
    auto sightings = test::some_sightings(random_);
    const double before = score(sightings);
    auto& changed = sightings[random_.below(sightings.size())];
    *changed.attenuation_db =
        static_cast<int32_t>(random_.below(static_cast<uint64_t>(*changed.attenuation_db) + 1));
    EXPECT_GE(score(sightings), before);
  }
}

TEST_F(DailySummaryProperties, MoreTimeNeverLowersTheScore) {
  for (int round = 0; round < 300; ++round) {
    auto windows = exposure_windows({kKeyDay, ReportType::confirmed_test, {}, 0},
                                    test::some_sightings(random_));
    const auto sum = [&] {
      double total = 0;
      for (const auto& day : daily_summaries(windows, some_config(), kKeyDay))
        total += day.total.score_sum;
      return total;
    };
    const double before = sum();
    auto& scans = windows[random_.below(windows.size())].scans;
    scans[random_.below(scans.size())].since_last_scan += minutes(1);
    EXPECT_GE(sum(), before);
  }
}

}  // namespace
}  // namespace nearzone
