#include "nearzone/proximity.h"

#include <algorithm>

namespace nearzone {
namespace {

// Exposure Notification: a scan speaks for the time since the one before it, at most five minutes,
// and for two where that one is not known.
constexpr Millis kLongestScan = std::chrono::minutes(5);
constexpr Millis kUnknownScan = std::chrono::minutes(2);

Millis duration_of(const ProximityReading& reading) {
  if (!reading.previous_scan_start) return kUnknownScan;
  return std::clamp(reading.scan_start - *reading.previous_scan_start, Millis(0), kLongestScan);
}

// `since_last` is the time since the scan counted before: no scan speaks for more than that.
void add_reading(DayProximity& day, const ProximityReading& reading, Millis since_last) {
  ++day.readings;
  if (since_last > Millis(0)) {
    ++day.scans;
    day.duration += std::min(duration_of(reading), since_last);
  }
  if (reading.attenuation_db &&
      (!day.minimum_attenuation_db || *reading.attenuation_db < *day.minimum_attenuation_db))
    day.minimum_attenuation_db = reading.attenuation_db;
}

}  // namespace

std::optional<int32_t> attenuation_db(int8_t transmit_power_dbm, int8_t rssi_dbm,
                                      int32_t rssi_correction_db) {
  if (rssi_dbm == kNoRssi) return std::nullopt;
  return std::max(0, transmit_power_dbm - (rssi_dbm + rssi_correction_db));
}

std::vector<DayProximity> proximity_by_day(std::span<const ProximityReading> readings) {
  std::vector<ProximityReading> sorted(readings.begin(), readings.end());
  std::ranges::sort(sorted, {}, [](const ProximityReading& reading) {
    return std::pair(Day::of(reading.time), reading.scan_start);
  });
  std::vector<DayProximity> days;
  for (size_t i = 0; i < sorted.size(); ++i) {
    const Day day = Day::of(sorted[i].time);
    const bool new_day = days.empty() || days.back().day != day;
    if (new_day) days.push_back({day, {}, {}, 0, 0});
    const Millis since_last =
        new_day ? kLongestScan : sorted[i].scan_start - sorted[i - 1].scan_start;
    add_reading(days.back(), sorted[i], since_last);
  }
  return days;
}

}  // namespace nearzone
