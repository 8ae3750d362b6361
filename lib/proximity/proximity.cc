#include "nearzone/proximity.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "proximity/scan_time.h"

namespace nearzone {

std::vector<proximity::DatedReading> proximity::in_order(std::span<const ProximityReading> readings,
                                                         Millis utc_offset) {
  std::vector<DatedReading> sorted;
  sorted.reserve(readings.size());
  for (const ProximityReading& reading : readings)
    sorted.push_back({Day::of(reading.time + utc_offset), reading});
  std::ranges::sort(sorted, [](const DatedReading& a, const DatedReading& b) {
    const ProximityReading& x = a.reading;
    const ProximityReading& y = b.reading;
    return std::tie(a.day, x.scan_start, x.previous_scan_start, x.attenuation_db, x.sender_known) <
           std::tie(b.day, y.scan_start, y.previous_scan_start, y.attenuation_db, y.sender_known);
  });
  for (size_t i = 1; i < sorted.size(); ++i) {
    const DatedReading& before = sorted[i - 1];
    const ProximityReading& reading = sorted[i].reading;
    if (reading.scan_start == before.reading.scan_start &&
        reading.time - reading.scan_start <= kLongestScan)
      sorted[i].day = before.day;
  }
  return sorted;
}

std::optional<int32_t> attenuation_db(int8_t transmit_power_dbm, int8_t rssi_dbm,
                                      int32_t rssi_correction_db) {
  if (rssi_dbm == kNoRssi) return std::nullopt;
  const int64_t attenuation = transmit_power_dbm - (int64_t{rssi_dbm} + rssi_correction_db);
  return static_cast<int32_t>(
      std::clamp<int64_t>(attenuation, 0, std::numeric_limits<int32_t>::max()));
}

std::vector<DayProximity> proximity_by_day(std::span<const ProximityReading> readings,
                                           Millis utc_offset) {
  std::vector<DayProximity> days;
  proximity::for_each_reading(
      readings, utc_offset,
      [&](Day day, const ProximityReading& reading, bool begins, Millis adds) {
        if (days.empty() || days.back().day != day) days.push_back({day, {}, {}, 0, 0});
        DayProximity& today = days.back();
        ++today.readings;
        if (begins) ++today.scans;
        today.duration += adds;
        if (reading.attenuation_db && (!today.minimum_attenuation_db ||
                                       *reading.attenuation_db < *today.minimum_attenuation_db))
          today.minimum_attenuation_db = reading.attenuation_db;
      });
  return days;
}

}  // namespace nearzone
