// For how long a scan speaks.
#pragma once

#include <algorithm>
#include <span>
#include <tuple>
#include <vector>

#include "nearzone/proximity.h"

namespace nearzone::proximity {

// Exposure Notification: a scan speaks for the time since the one before it, at most five minutes,
// and for two where that one is not known.
inline constexpr Millis kLongestScan = std::chrono::minutes(5);
inline constexpr Millis kUnknownScan = std::chrono::minutes(2);

inline Millis duration_of(const ProximityReading& reading) {
  if (!reading.previous_scan_start) return kUnknownScan;
  return std::clamp(reading.scan_start - *reading.previous_scan_start, Millis(0), kLongestScan);
}

// Calls visit(day, reading, begins, adds) in the order of days and scans. The reading that begins a
// scan adds its time, no more than has passed since the scan before it on that day.
template <typename Visit>
void for_each_reading(std::span<const ProximityReading> readings, Millis utc_offset,
                      const Visit& visit) {
  std::vector<ProximityReading> sorted(readings.begin(), readings.end());
  const auto day_of = [&](const ProximityReading& r) { return Day::of(r.time + utc_offset); };
  std::ranges::sort(sorted, {}, [&](const ProximityReading& r) {
    return std::tuple(day_of(r), r.scan_start, r.previous_scan_start, r.attenuation_db,
                      r.sender_known);
  });
  for (size_t i = 0; i < sorted.size(); ++i) {
    const Day day = day_of(sorted[i]);
    const bool new_day = i == 0 || day_of(sorted[i - 1]) != day;
    const Millis since_last =
        new_day ? kLongestScan : sorted[i].scan_start - sorted[i - 1].scan_start;
    const bool begins = since_last > Millis(0);
    visit(day, sorted[i], begins,
          begins ? std::min(duration_of(sorted[i]), since_last) : Millis(0));
  }
}

}  // namespace nearzone::proximity
