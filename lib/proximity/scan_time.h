// For how long a scan speaks.
#pragma once

#include <algorithm>
#include <span>
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

struct DatedReading {
  Day day;
  ProximityReading reading;
};
// By day, scan, and whatever else tells them apart. Days are of a clock so far ahead of UTC.
std::vector<DatedReading> in_order(std::span<const ProximityReading> readings, Millis utc_offset);

// Calls visit(day, reading, begins, adds) in that order. The reading that begins a scan adds its
// time, no more than has passed since the scan before it on that day.
template <typename Visit>
void for_each_reading(std::span<const ProximityReading> readings, Millis utc_offset,
                      const Visit& visit) {
  const std::vector<DatedReading> sorted = in_order(readings, utc_offset);
  for (size_t i = 0; i < sorted.size(); ++i) {
    const auto& [day, reading] = sorted[i];
    const bool new_day = i == 0 || sorted[i - 1].day != day;
    const Millis since_last =
        new_day ? kLongestScan : reading.scan_start - sorted[i - 1].reading.scan_start;
    const bool begins = since_last > Millis(0);
    visit(day, reading, begins, begins ? std::min(duration_of(reading), since_last) : Millis(0));
  }
}

}  // namespace nearzone::proximity
