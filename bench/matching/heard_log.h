// A real encounter log of many sightings, for measuring the memory that it takes.
#pragma once

#include <memory>
#include <string>

#include "nearzone/encounter_log.h"

namespace nearzone::bench {

inline constexpr size_t kLoggedSightings = 915'000;
inline constexpr size_t kLoggedIdentifiers = 152'500;  // each heard six times

// The log in the folder with kLoggedSightings of fourteen days, one scan a minute, and those that
// sightings_near_many() plants among them; or null. Written unless it is there.
bool write_heard_log(const std::string& folder);
// It must have been written. The clock and the random source that it borrows live for ever.
std::unique_ptr<EncounterLog> open_heard_log(const std::string& folder);

}  // namespace nearzone::bench
