/// Bluezone's own reading of nearness: thresholds by pair of platforms, and contacts counted by
/// local day. Every identifier counts, so that one neighbour of an hour is four contacts and more:
/// kept for comparison with the original, not as advice. Pure functions, safe from any thread.
///
///     for (const auto& day : nearzone::bluezone_contacts_by_day(table.columns(), utc_offset))
///       show(day.contacts, day.near_contacts);
///
/// Source: the published Bluezone app 3.0.3, its display rule and its history screen.
#pragma once

#include <cstdint>
#include <vector>

#include "nearzone/proximity.h"
#include "nearzone/sighting.h"
#include "nearzone/time.h"

namespace nearzone {

/// Near where RSSI reaches the threshold of the platform pair (-86, -69, -88, -74 dBm for
/// receiver/sender Android/Android, Android/iOS, iOS/Android, iOS/iOS).
bool bluezone_is_near(int8_t rssi_dbm, PhonePlatform receiver, PhonePlatform sender);

/// The history screen's threshold where no configuration was fetched.
inline constexpr int32_t kBluezoneHistoryThresholdDbm = -88;

struct BluezoneDayContacts {
  Day day;                     ///< local
  uint64_t contacts = 0;       ///< distinct identifiers
  uint64_t near_contacts = 0;  ///< those of them with an RSSI above the threshold
  bool operator==(const BluezoneDayContacts&) const = default;
};

/// Of Bluezone's identifiers, by the days of a clock that is `utc_offset` ahead of UTC, ascending.
std::vector<BluezoneDayContacts> bluezone_contacts_by_day(
    const SightingColumns& columns, Millis utc_offset,
    int32_t threshold_dbm = kBluezoneHistoryThresholdDbm);

}  // namespace nearzone
