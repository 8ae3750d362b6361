// What is remembered of matching each list, sealed in the log and gone with the day it was written
// on.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "nearzone/device.h"

namespace nearzone::device {

// The present life of a day of the log: a day that was erased and begun anew numbers its batches
// from the start again, and has another id.
struct DayLife {
  Day day;
  std::array<uint8_t, 8> id{};
  bool operator==(const DayLife&) const = default;
};

// Of all days that hold scans, ascending; ids are made where there are none.
Result<std::vector<DayLife>> day_lives(EncounterLog& log, Random& random);

// The memory of a list, less the days that were erased since; an empty one where there is none, or
// one of other rules. `lives` are those of now.
Result<MatchMemory> load_memory(const EncounterLog& log, const std::array<uint8_t, 32>& list_digest,
                                BluezoneWindows windows, const std::vector<DayLife>& lives);

// `lives` were asked for before the snapshot that the memory is of. Replaces the list's older one.
Status store_memory(EncounterLog& log, MatchMemory memory, BluezoneWindows windows,
                    const std::vector<DayLife>& lives, Day today);

}  // namespace nearzone::device
