#include "nearzone/exposure_window.h"

#include <map>

#include "nearzone/proximity.h"
#include "proximity/bounds.h"
#include "proximity/sighting_order.h"

namespace nearzone {
namespace {

constexpr Millis kWindow = std::chrono::minutes(30);
constexpr int64_t kMostMinutes = 5;
constexpr int64_t kUnknownMinutes = 2;

int64_t minute_of(Instant at) {
  constexpr int64_t kMinute = 60000;
  return at.ms / kMinute - (at.ms % kMinute < 0 ? 1 : 0);
}

// Of the sightings of one scan.
ScanInstance scan_instance(std::span<const KeySighting> scan) {
  int64_t sum = 0;
  int32_t minimum = *scan.front().attenuation_db;
  for (const KeySighting& sighting : scan) {
    sum += *sighting.attenuation_db;
    minimum = std::min(minimum, *sighting.attenuation_db);
  }
  const auto count = static_cast<int64_t>(scan.size());
  const KeySighting& first = scan.front();
  const int64_t minutes = first.previous_scan
                              ? std::clamp(minute_of(first.time) - minute_of(*first.previous_scan),
                                           int64_t{0}, kMostMinutes)
                              : kUnknownMinutes;
  // Attenuations are not negative: adding half and cutting off rounds as the original does.
  return {static_cast<int32_t>((2 * sum + count) / (2 * count)), minimum,
          std::chrono::minutes(minutes)};
}

}  // namespace

Status AttenuationRules::check() const {
  NEARZONE_TRY(proximity::check_within(least_transmit_power_dbm, -127, 127,
                                       "must be from -127 to 127", "least_transmit_power_dbm"));
  return proximity::check_within(most_transmit_power_dbm, least_transmit_power_dbm, 127,
                                 "must be from least_transmit_power_dbm to 127",
                                 "most_transmit_power_dbm");
}

std::optional<int32_t> attenuation_by(const AttenuationRules& rules, int8_t transmit_power_dbm,
                                      int8_t rssi_dbm, int32_t rssi_correction_db) {
  if (rssi_dbm == kNoRssi || transmit_power_dbm < rules.least_transmit_power_dbm ||
      transmit_power_dbm > rules.most_transmit_power_dbm)
    return std::nullopt;
  const int64_t corrected =
      std::clamp(int64_t{rssi_dbm} + rssi_correction_db, int64_t{-127}, int64_t{126});
  const auto attenuation =
      static_cast<int32_t>(std::max(int64_t{0}, transmit_power_dbm - corrected));
  if (attenuation == 0 && rules.zero_is_impossible) return std::nullopt;
  return attenuation;
}

std::vector<KeySighting> without_replays(std::span<const KeySighting> sightings, Millis longest) {
  std::vector<KeySighting> sorted(sightings.begin(), sightings.end());
  std::ranges::stable_sort(sorted, {}, &KeySighting::time);
  std::map<uint32_t, Instant> first_heard;
  std::erase_if(sorted, [&](const KeySighting& sighting) {
    return sighting.time - first_heard.try_emplace(sighting.slot, sighting.time).first->second >
           longest;
  });
  return sorted;
}

Infectiousness DiagnosisKeyMapping::infectiousness(std::optional<int32_t> days_since_onset) const {
  if (!days_since_onset || *days_since_onset < -kMostDays || *days_since_onset > kMostDays)
    return when_onset_unknown;
  const int day = *days_since_onset + kMostDays;
  return by_days_since_onset[static_cast<size_t>(day)];
}

Status DiagnosisKeyMapping::check() const {
  if (report_type_when_missing == ReportType::unknown ||
      report_type_when_missing > ReportType::revoked)
    return {Code::invalid_argument, "not a report type that a key can have",
            "report_type_when_missing"};
  if (when_onset_unknown > Infectiousness::high)
    return {Code::invalid_argument, "not an infectiousness", "when_onset_unknown"};
  for (size_t i = 0; i < by_days_since_onset.size(); ++i)
    if (by_days_since_onset[i] > Infectiousness::high)
      return Status(Code::invalid_argument, "not an infectiousness", "by_days_since_onset")
          .at_record(i);
  return {};
}

bool DiagnosisKeyMapping::apply(std::optional<int32_t> days_since_onset,
                                ExposureWindow& window) const {
  if (window.report_type == ReportType::unknown) window.report_type = report_type_when_missing;
  window.infectiousness = infectiousness(days_since_onset);
  return window.report_type != ReportType::revoked && window.infectiousness != Infectiousness::none;
}

std::vector<ExposureWindow> exposure_windows(const KeyEvidence& key,
                                             std::span<const KeySighting> sightings,
                                             const DiagnosisKeyMapping& mapping) {
  ExposureWindow of_key;
  of_key.report_type = key.report_type;
  if (!mapping.apply(key.days_since_onset, of_key)) return {};
  const std::vector<KeySighting> sorted = proximity::measured_in_order(sightings);
  std::vector<ExposureWindow> windows;
  for (size_t first = 0; first < sorted.size();) {
    size_t end = first + 1;
    while (end < sorted.size() && sorted[end].time - sorted[first].time < kWindow) ++end;
    const auto inside = std::span(sorted).subspan(first, end - first);
    ExposureWindow window = of_key;
    window.day = Day::of(sorted[first].time);
    window.calibration_confidence = sorted[first].calibration_confidence;
    for (size_t scan = 0; scan < inside.size();) {
      const size_t scan_end = proximity::end_of_scan(inside, scan);
      window.scans.push_back(scan_instance(inside.subspan(scan, scan_end - scan)));
      scan = scan_end;
    }
    windows.push_back(std::move(window));
    first = end;
  }
  return windows;
}

void shuffle(std::vector<ExposureWindow>& windows, Random& random) {
  for (size_t left = windows.size(); left > 1; --left)
    std::swap(windows[left - 1], windows[random.below(left)]);
}

}  // namespace nearzone
