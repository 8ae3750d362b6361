#include "nearzone/daily_summary.h"

#include <algorithm>
#include <tuple>

#include "proximity/bounds.h"

namespace nearzone {
namespace {

constexpr int32_t kMostDays = 10000;
constexpr double kMostScore = 1e9;

}  // namespace

Status DailySummaryConfig::check() const {
  NEARZONE_TRY(proximity::check_thresholds(attenuation_thresholds_db, "attenuation_thresholds_db"));
  constexpr const char* kWeight = "a weight must be a number from 0 to 2.5";
  NEARZONE_TRY(
      proximity::check_all(attenuation_weights, 0, kMostWeight, kWeight, "attenuation_weights"));
  NEARZONE_TRY(
      proximity::check_all(report_type_weights, 0, kMostWeight, kWeight, "report_type_weights"));
  NEARZONE_TRY(proximity::check_all(infectiousness_weights, 0, kMostWeight, kWeight,
                                    "infectiousness_weights"));
  NEARZONE_TRY(proximity::check_within(minimum_window_score, 0, kMostScore,
                                       "a score must be a number from 0 to 1e9",
                                       "minimum_window_score"));
  return proximity::check_within(days_since_exposure_threshold, 0, kMostDays,
                                 "a number of days from 0 to 10000",
                                 "days_since_exposure_threshold");
}

double weighted_duration(const ExposureWindow& window, const DailySummaryConfig& config) {
  double seconds = 0;
  for (const ScanInstance& scan : window.scans) {
    const auto bucket =
        std::ranges::lower_bound(config.attenuation_thresholds_db, scan.typical_attenuation_db) -
        config.attenuation_thresholds_db.begin();
    seconds += config.attenuation_weights[static_cast<size_t>(bucket)] *
               static_cast<double>(scan.since_last_scan.count()) / 1000;
  }
  return seconds;
}

double window_score(const ExposureWindow& window, const DailySummaryConfig& config) {
  return weighted_duration(window, config) *
         config.report_type_weights[static_cast<size_t>(window.report_type)] *
         config.infectiousness_weights[static_cast<size_t>(window.infectiousness)];
}

std::vector<DailySummary> daily_summaries(std::span<const ExposureWindow> windows,
                                          const DailySummaryConfig& config, Day today) {
  struct Scored {
    Day day;
    size_t type;
    double score;
    double duration;
  };
  std::vector<Scored> scored;
  scored.reserve(windows.size());
  for (const ExposureWindow& window : windows) {
    const bool too_old = config.days_since_exposure_threshold != 0 &&
                         today - window.day > config.days_since_exposure_threshold;
    const double score = window_score(window, config);
    if (too_old || score < config.minimum_window_score) continue;
    scored.push_back({window.day, static_cast<size_t>(window.report_type), score,
                      weighted_duration(window, config)});
  }
  // Sums of doubles depend on their order, and so may not on that of the input.
  std::ranges::sort(scored, {}, [](const Scored& window) {
    return std::tuple(window.day, window.type, window.score, window.duration);
  });
  std::vector<DailySummary> days;
  for (const Scored& window : scored) {
    if (days.empty() || days.back().day != window.day) days.push_back({window.day, {}, {}});
    SummaryData& data = days.back().by_report_type[window.type];
    data.maximum_score = std::max(data.maximum_score, window.score);
    data.score_sum += window.score;
    data.weighted_duration_sum += window.duration;
  }
  for (DailySummary& day : days)
    for (const SummaryData& data : day.by_report_type) {
      day.total.maximum_score = std::max(day.total.maximum_score, data.maximum_score);
      day.total.score_sum += data.score_sum;
      day.total.weighted_duration_sum += data.weighted_duration_sum;
    }
  return days;
}

DailySummaryConfig swisscovid_summaries() {
  DailySummaryConfig config;
  config.attenuation_thresholds_db = {50, 55, 255};  // nothing counts beyond the second
  config.attenuation_weights = {1, 0.5, 0, 0};
  config.days_since_exposure_threshold = 10;
  return config;
}

}  // namespace nearzone
