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
// By day, scan, and whatever else tells them apart. Days are of a clock so far ahead of UTC; a scan
// that spans midnight is of the day before.
std::vector<DatedReading> in_order(std::span<const ProximityReading> readings, Millis utc_offset);

// Calls visit(day, reading, begins, adds) in that order. The reading that begins a scan adds its
// time, no more than has passed since the scan before it.
template <typename Visit>
void for_each_reading(std::span<const ProximityReading> readings, Millis utc_offset,
                      const Visit& visit) {
  const std::vector<DatedReading> sorted = in_order(readings, utc_offset);
  for (size_t i = 0; i < sorted.size(); ++i) {
    const auto& [day, reading] = sorted[i];
    const Millis since_last =
        i == 0 ? kLongestScan : reading.scan_start - sorted[i - 1].reading.scan_start;
    const bool begins = since_last > Millis(0) || sorted[i - 1].day != day;
    visit(day, reading, begins, std::max(Millis(0), std::min(duration_of(reading), since_last)));
  }
}

}  // namespace nearzone::proximity
