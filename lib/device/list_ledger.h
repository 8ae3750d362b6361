// Which NearZone lists were checked, so that an old one cannot be served again as news.
#pragma once

#include <array>
#include <cstdint>

#include "nearzone/encounter_log.h"
#include "nearzone/lists.h"

namespace nearzone::device {

// Refuses a list that is older than the newest checked of its series, or that bears the number of a
// list already checked and says something else. Lists of other formats carry no number and pass.
Status check_against_ledger(const EncounterLog& log, const KeyList& list);

// Notes the list as checked, if it is the newest of its series.
Status note_in_ledger(EncounterLog& log, const KeyList& list, Day today);

}  // namespace nearzone::device
