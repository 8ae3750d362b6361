// Opening a log on a storage of one's choice: what EncounterLog::open() does with the system's own.
#pragma once

#include <memory>
#include <string>

#include "encounter_log/system_calls.h"
#include "nearzone/encounter_log.h"

namespace nearzone::encounter_log {

Result<std::unique_ptr<EncounterLog>> open_log(const std::string& directory, const Secret<32>& root,
                                               const Clock& clock, Random& random,
                                               const EncounterLogOptions& options,
                                               const Storage& storage);

}  // namespace nearzone::encounter_log
