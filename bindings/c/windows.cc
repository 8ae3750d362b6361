// Exposure windows, and what they amount to by the day.
#include <algorithm>
#include <functional>
#include <span>
#include <tuple>
#include <vector>

#include "nearzone/daily_summary.h"
#include "phone.h"

namespace nearzone::c {
namespace {

constexpr size_t kMappedDays =
    std::tuple_size_v<decltype(DiagnosisKeyMapping::by_days_since_onset)>;
static_assert(sizeof(nz_diagnosis_key_mapping::by_days_since_onset) == kMappedDays);

nz_diagnosis_key_mapping default_mapping() {
  const DiagnosisKeyMapping mapping;
  nz_diagnosis_key_mapping told = {};
  told.report_type_when_missing = static_cast<int32_t>(mapping.report_type_when_missing);
  told.when_onset_unknown = static_cast<int32_t>(mapping.when_onset_unknown);
  std::ranges::transform(mapping.by_days_since_onset, told.by_days_since_onset,
                         [](Infectiousness day) { return static_cast<uint8_t>(day); });
  return told;
}

Result<DiagnosisKeyMapping> mapping_of(const nz_diagnosis_key_mapping& given) {
  DiagnosisKeyMapping mapping;
  // Beyond a byte they would be taken for others; what a byte holds is checked with the rest.
  if (given.report_type_when_missing < 0 || given.report_type_when_missing > UINT8_MAX)
    return Status(Code::invalid_argument, "not a report type", "report_type_when_missing");
  if (given.when_onset_unknown < 0 || given.when_onset_unknown > UINT8_MAX)
    return Status(Code::invalid_argument, "not an infectiousness", "when_onset_unknown");
  mapping.report_type_when_missing = static_cast<ReportType>(given.report_type_when_missing);
  mapping.when_onset_unknown = static_cast<Infectiousness>(given.when_onset_unknown);
  for (size_t i = 0; i < kMappedDays; ++i)
    mapping.by_days_since_onset[i] = static_cast<Infectiousness>(given.by_days_since_onset[i]);
  NEARZONE_TRY(mapping.check());
  return mapping;
}

// Of the years 1970 to 9999.
bool is_day(int32_t day) { return day >= 0 && day <= 2'932'896; }

std::vector<nz_window_scan> told(std::span<const ExposureWindow> windows) {
  std::vector<nz_window_scan> scans;
  for (size_t i = 0; i < windows.size(); ++i)
    for (const ScanInstance& scan : windows[i].scans)
      scans.push_back({static_cast<int32_t>(i), windows[i].day.number,
                       static_cast<int32_t>(windows[i].report_type),
                       static_cast<int32_t>(windows[i].infectiousness),
                       windows[i].calibration_confidence, scan.typical_attenuation_db,
                       scan.minimum_attenuation_db,
                       static_cast<int32_t>(scan.since_last_scan.count())});
  return scans;
}

Result<std::vector<ExposureWindow>> windows_of(std::span<const nz_window_scan> scans) {
  std::vector<ExposureWindow> windows;
  for (size_t i = 0; i < scans.size(); ++i) {
    const nz_window_scan& scan = scans[i];
    const auto wrong = [i](const char* field) {
      return Status(Code::invalid_argument, "is out of range", field).at_record(i);
    };
    if (!is_day(scan.day)) return wrong("day");
    if (scan.report_type < 0 || scan.report_type >= int32_t{kReportTypes})
      return wrong("report_type");
    if (scan.infectiousness < 0 || scan.infectiousness >= int32_t{kInfectiousnesses})
      return wrong("infectiousness");
    if (scan.since_last_scan_ms < 0) return wrong("since_last_scan_ms");
    if (i == 0 || scan.window != scans[i - 1].window) {
      ExposureWindow& window = windows.emplace_back();
      window.day = Day{scan.day};
      window.report_type = static_cast<ReportType>(scan.report_type);
      window.infectiousness = static_cast<Infectiousness>(scan.infectiousness);
    }
    windows.back().scans.push_back({scan.typical_attenuation_db, scan.minimum_attenuation_db,
                                    Millis(scan.since_last_scan_ms)});
  }
  return windows;
}

nz_daily_summary_config default_summary() {
  const DailySummaryConfig config;
  nz_daily_summary_config told = {};
  told.days_since_exposure_threshold = config.days_since_exposure_threshold;
  std::ranges::copy(config.attenuation_thresholds_db, told.attenuation_thresholds_db);
  std::ranges::copy(config.attenuation_weights, told.attenuation_weights);
  std::ranges::copy(config.report_type_weights, told.report_type_weights);
  std::ranges::copy(config.infectiousness_weights, told.infectiousness_weights);
  told.minimum_window_score = config.minimum_window_score;
  return told;
}

Result<DailySummaryConfig> summary_of(const nz_daily_summary_config& given) {
  DailySummaryConfig config;
  config.days_since_exposure_threshold = given.days_since_exposure_threshold;
  std::ranges::copy(given.attenuation_thresholds_db, config.attenuation_thresholds_db.begin());
  std::ranges::copy(given.attenuation_weights, config.attenuation_weights.begin());
  std::ranges::copy(given.report_type_weights, config.report_type_weights.begin());
  std::ranges::copy(given.infectiousness_weights, config.infectiousness_weights.begin());
  config.minimum_window_score = given.minimum_window_score;
  if (given.reserved != 0) return Status(Code::invalid_argument, "must be 0", "reserved");
  NEARZONE_TRY(config.check());
  return config;
}

std::vector<nz_daily_summary> told(std::span<const DailySummary> summaries) {
  std::vector<nz_daily_summary> rows;
  const auto add = [&rows](Day day, int32_t report_type, const SummaryData& data) {
    rows.push_back(
        {day.number, report_type, data.maximum_score, data.score_sum, data.weighted_duration_sum});
  };
  for (const DailySummary& summary : summaries) {
    add(summary.day, NZ_UNKNOWN, summary.total);
    for (size_t type = 0; type < kReportTypes; ++type)
      if (summary.by_report_type[type].weighted_duration_sum > 0)
        add(summary.day, static_cast<int32_t>(type), summary.by_report_type[type]);
  }
  return rows;
}

}  // namespace
}  // namespace nearzone::c

using namespace nearzone;     // NOLINT(google-build-using-namespace)
using namespace nearzone::c;  // NOLINT(google-build-using-namespace)

void nz_diagnosis_key_mapping_init(nz_diagnosis_key_mapping* mapping) {
  write_defaults(default_mapping(), mapping);
}

int32_t nz_device_exposure_windows(const nz_device* device, const nz_diagnosis_key_mapping* mapping,
                                   nz_window_scan* out, size_t capacity, size_t* count,
                                   nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<nz_window_scan> room{out, capacity, count};
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(room.check());
    nz_diagnosis_key_mapping known = default_mapping();
    NEARZONE_TRY(read_struct(mapping, known));
    NEARZONE_ASSIGN(const DiagnosisKeyMapping meant, mapping_of(known));
    NEARZONE_ASSIGN(const std::vector<ExposureWindow> windows,
                    device->device().exposure_windows(meant));
    room.fill(told(windows), std::identity());
    return {};
  });
}

void nz_daily_summary_config_init(nz_daily_summary_config* config) {
  write_defaults(default_summary(), config);
}

int32_t nz_daily_summaries(const nz_window_scan* scans, size_t scan_count,
                           const nz_daily_summary_config* config, int32_t today,
                           nz_daily_summary* out, size_t capacity, size_t* count,
                           nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<nz_daily_summary> room{out, capacity, count};
    if (scan_count != 0) NEARZONE_TRY(require(scans));
    NEARZONE_TRY(room.check());
    if (!is_day(today)) return {Code::invalid_argument, "is out of range", "today"};
    nz_daily_summary_config known = default_summary();
    NEARZONE_TRY(read_struct(config, known));
    NEARZONE_ASSIGN(const DailySummaryConfig meant, summary_of(known));
    NEARZONE_ASSIGN(const std::vector<ExposureWindow> windows, windows_of({scans, scan_count}));
    room.fill(told(daily_summaries(windows, meant, Day{today})), std::identity());
    return {};
  });
}
