/// From signal strength to what can honestly be said: attenuation, and minutes by day. Pure
/// functions, safe from any thread.
///
/// A radio's strength tells little about metres; see docs/privacy.md and the README's limits.
///
///     auto attenuation = nearzone::attenuation_db(transmit_power_dbm, rssi_dbm, correction_db);
///     nearzone::ProximityReading reading{heard_at, scan_start, previous_start, attenuation};
///     for (const nearzone::DayProximity& day : nearzone::proximity_by_day({&reading, 1}))
///       show(day);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// RSSI value by which a radio says that it has none.
inline constexpr int8_t kNoRssi = 127;

/// Transmit power minus calibrated received power in dB, 0 at least; nothing where there is no
/// RSSI. `rssi_correction_db` is the receiving phone model's (-29..23 in the published table).
/// Source: Exposure Notification, attenuation = TX power - (RSSI + correction).
std::optional<int32_t> attenuation_db(int8_t transmit_power_dbm, int8_t rssi_dbm,
                                      int32_t rssi_correction_db);

/// What kind of phone sends or receives: the two send at very different strengths.
enum class PhonePlatform : uint8_t { android, ios };

/// One matched sighting.
struct ProximityReading {
  Instant time;
  Instant scan_start;
  std::optional<Instant> previous_scan_start;
  std::optional<int32_t> attenuation_db;
  bool sender_known = true;  ///< the sender stated its transmit power, or its platform is known
};

/// What one key amounts to on one day.
struct DayProximity {
  Day day;
  Millis duration{0};  ///< sum over scans of the time since the scan before, at most 5 minutes each
  std::optional<int32_t> minimum_attenuation_db;  ///< strongest reading; nothing without any
  uint32_t scans = 0;
  uint32_t readings = 0;
};

/// Durations and minimum attenuation by day, ascending. Readings in any order. A scan stands for
/// the time since the scan before it, at most five minutes, and two minutes where that is not
/// known; a scan counts once, however often it heard the key, and for no
/// more than the time since the scan that heard it before. Source: Exposure Notification's scan
/// instances (five-minute cap, 120 s where unknown). Days are UTC's, or local ones: those of a
/// clock that is `utc_offset` ahead. A scan that spans midnight is of the day before.
std::vector<DayProximity> proximity_by_day(std::span<const ProximityReading> readings,
                                           Millis utc_offset = Millis(0));

}  // namespace nearzone
