// What one phone's radio hears: its scans, and in each of them the phones in reach.
#pragma once

#include <cstdint>
#include <vector>

#include "nearzone/random.h"
#include "nearzone/sighting.h"
#include "nearzone/simulation.h"
#include "nearzone/time.h"

namespace nearzone::simulation {

inline constexpr Millis kScanEvery = std::chrono::minutes(5);
inline constexpr Millis kScanLength = std::chrono::seconds(4);

// One phone heard in one scan, before anybody looks up what it was sending.
struct Hearing {
  int64_t scan = 0;  // counted from the listener's first scan
  uint32_t sender = 0;
  Instant time;
  int8_t rssi_dbm = 0;
};

// The scans of one phone: every five minutes from `first`.
struct ScanSchedule {
  Instant first;
  Scan at(int64_t scan) const;
  // The first scan that starts at `when` or later; never below 0.
  int64_t not_before(Instant when) const;
};

// Appends what `listener` hears during one closeness.
void hear(const Town& town, SchemeTag scheme, const Closeness& closeness, uint32_t listener,
          const ScanSchedule& schedule, Random& random, std::vector<Hearing>& heard);

}  // namespace nearzone::simulation
