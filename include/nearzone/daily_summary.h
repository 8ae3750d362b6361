/// Exposure Notification's daily summaries (version 2): what exposure windows amount to, day by
/// day, in seconds that are weighted by attenuation, report type and infectiousness. Pure
/// functions, safe from any thread.
///
///     const nearzone::DailySummaryConfig config = nearzone::swisscovid_summaries();
///     if (nearzone::Status good = config.check(); !good.ok()) return good;
///     for (const nearzone::DailySummary& day : nearzone::daily_summaries(windows, config, today))
///       if (day.total.score_sum >= nearzone::kFifteenMinutes) show(day);
///
/// Source: Google's developer pages, as described in docs/proximity.md.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "nearzone/exposure_window.h"
#include "nearzone/report_type.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// With weights of 1, a quarter of an hour scores this.
inline constexpr double kFifteenMinutes = 900;

struct DailySummaryConfig {
  static constexpr double kMostWeight = 2.5;

  /// Ascending, within 0..255 dB: a scan is immediate up to the first, near up to the second,
  /// medium up to the third, other above.
  std::array<int32_t, 3> attenuation_thresholds_db{50, 55, 70};
  std::array<double, 4> attenuation_weights{1, 1, 1, 1};  ///< of these four; 0 to 2.5
  /// By ReportType; 0 to 2.5. Revoked keys give no windows, so that their weight does not matter.
  std::array<double, kReportTypes> report_type_weights{1, 1, 1, 1, 1, 1};
  /// By Infectiousness; 0 to 2.5. That of `none` does not matter.
  std::array<double, kInfectiousnesses> infectiousness_weights{0, 1, 1};
  double minimum_window_score = 0;  ///< windows below it are dropped; 0 or more
  /// Days that lie further back than this are dropped; 0 keeps all.
  int32_t days_since_exposure_threshold = 0;

  /// Fails with invalid_argument, the field named and the place in it as the record: a value that
  /// is no number, or out of range.
  Status check() const;
};

/// In weighted seconds.
struct SummaryData {
  double maximum_score = 0;  ///< of one window; of a day: of one report type's windows
  double score_sum = 0;
  double weighted_duration_sum = 0;  ///< weighted by attenuation alone
};

struct DailySummary {
  Day day;  ///< UTC
  SummaryData total;
  std::array<SummaryData, kReportTypes> by_report_type;  ///< zeros where there was none
};

/// Seconds of a window, weighted by attenuation.
double weighted_duration(const ExposureWindow& window, const DailySummaryConfig& config);
/// weighted_duration times the weights of its report type and infectiousness.
double window_score(const ExposureWindow& window, const DailySummaryConfig& config);

/// Ascending by day; days that no window is left of are not there. Windows in any order. `config`
/// must be good; `today` is the UTC day that the threshold counts from.
std::vector<DailySummary> daily_summaries(std::span<const ExposureWindow> windows,
                                          const DailySummaryConfig& config, Day today);

/// What SwissCovid began with in 2020: up to 50 dB counts whole, up to 55 dB half, beyond not at
/// all; days of the last ten; a day of 15 weighted minutes (kFifteenMinutes) warns.
/// Source: DP-3T, "Exposure Score" paper, 2020.
DailySummaryConfig swisscovid_summaries();

}  // namespace nearzone
