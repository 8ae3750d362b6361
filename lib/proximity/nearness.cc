#include "nearzone/nearness.h"

#include <algorithm>
#include <cmath>

#include "proximity/bounds.h"
#include "proximity/distance_model.h"
#include "proximity/scan_time.h"

namespace nearzone {
namespace {

// Scans so close to one before or behind are of one stay, through which people turn.
constexpr Millis kStay = std::chrono::seconds(70);
// A scan was near, or far, where no more than this speaks against it.
constexpr double kDoubt = 0.2;
constexpr double kMinuteMs = 60000;
// Attenuations above are taken for the most.
constexpr size_t kHalfDecibels = 320;

using proximity::kMostPostures;

// One scan that measured the key.
struct NearScan {
  Day day;
  Instant start;
  double minutes = 0;
  double weight = 0;  // mean over readings
  uint64_t readings = 0;
  bool sender_known = true;
};

// In the order of time.
std::vector<NearScan> gather(std::span<const ProximityReading> readings, Millis utc_offset) {
  std::vector<NearScan> scans;
  proximity::for_each_reading(
      readings, utc_offset,
      [&](Day day, const ProximityReading& reading, bool begins, Millis adds) {
        if (begins)
          scans.push_back(
              {day, reading.scan_start, static_cast<double>(adds.count()) / kMinuteMs, 0, 0, true});
        if (!reading.attenuation_db) return;
        NearScan& scan = scans.back();
        scan.weight += attenuation_weight(*reading.attenuation_db);
        ++scan.readings;
        scan.sender_known = scan.sender_known && reading.sender_known;
      });
  std::erase_if(scans, [](const NearScan& scan) { return scan.readings == 0; });
  for (NearScan& scan : scans) scan.weight /= static_cast<double>(scan.readings);
  return scans;
}

}  // namespace

std::string_view exposure_band_name(ExposureBand band) {
  switch (band) {
    case ExposureBand::unknown: return "unknown";
    case ExposureBand::unlikely: return "unlikely";
    case ExposureBand::possible: return "possible";
    case ExposureBand::likely: return "likely";
  }
  return "unknown";
}

ExposureBand exposure_band(const NearMinutes& minutes, double long_minutes) {
  if (minutes.low >= long_minutes) return ExposureBand::likely;
  return minutes.high >= long_minutes ? ExposureBand::possible : ExposureBand::unlikely;
}

Status NearnessConfig::check() const {
  using proximity::check_within;
  NEARZONE_TRY(check_within(distance_m, 0.1, 20, "must be a number from 0.1 to 20", "distance_m"));
  NEARZONE_TRY(
      check_within(long_minutes, 1, 1440, "must be a number from 1 to 1440", "long_minutes"));
  if (utc_offset < -Day::kLength || utc_offset > Day::kLength)
    return {Code::invalid_argument, "no clock is more than a day from UTC", "utc_offset"};
  return model.check();
}

Nearness::Nearness(const ReceiverReference& reference, const NearnessConfig& config)
    : reference_(reference), config_(config), known_(2 * kMostPostures * kHalfDecibels, -1) {}

double Nearness::within(double attenuation_db, uint32_t scans, bool sender_known) {
  const uint32_t postures = std::min(scans, kMostPostures);
  const auto half_db =
      static_cast<size_t>(std::lround(std::clamp(2 * attenuation_db, 0.0, kHalfDecibels - 1.0)));
  double& found = known_[((postures - 1) * 2 + (sender_known ? 1 : 0)) * kHalfDecibels + half_db];
  if (found < 0)
    found = probability_within(config_.distance_m, static_cast<double>(half_db) / 2, postures,
                               sender_known, reference_, config_.model);
  return found;
}

std::vector<DayNearness> Nearness::by_day(std::span<const ProximityReading> readings) {
  const std::vector<NearScan> scans = gather(readings, config_.utc_offset);
  std::vector<DayNearness> days;
  size_t first = 0;  // of the stay around a scan, and behind its last
  size_t end = 0;
  for (size_t i = 0; i < scans.size(); ++i) {
    const NearScan& scan = scans[i];
    while (scan.start - scans[first].start > kStay) ++first;
    end = std::max(end, i + 1);
    while (end < scans.size() && scans[end].start - scan.start <= kStay) ++end;
    double weight = 0;
    for (size_t near = first; near < end; ++near) weight += scans[near].weight;
    const size_t count = end - first;
    const double probability =
        within(mean_attenuation(weight, count), static_cast<uint32_t>(count), scan.sender_known);
    if (days.empty() || days.back().day != scan.day) days.push_back({scan.day, {}, {}});
    NearMinutes& minutes = days.back().minutes;
    minutes.expected += scan.minutes * probability;
    if (probability >= 1 - kDoubt) minutes.low += scan.minutes;
    if (probability > kDoubt) minutes.high += scan.minutes;
  }
  for (DayNearness& day : days) {
    day.minutes.low = std::min(day.minutes.low, day.minutes.expected);
    day.minutes.high = std::max(day.minutes.high, day.minutes.expected);
    day.band = exposure_band(day.minutes, config_.long_minutes);
  }
  return days;
}

std::vector<DayNearness> nearness_by_day(std::span<const ProximityReading> readings,
                                         const ReceiverReference& reference,
                                         const NearnessConfig& config) {
  return Nearness(reference, config).by_day(readings);
}

}  // namespace nearzone
