// Decrypting the whole log for one match.
#pragma once

#include "encounter_log/key_table.h"
#include "encounter_log/log_database.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"

namespace nearzone::encounter_log {

// Reads everything over `reader`, which began with `totals` and is closed before anything is
// decrypted; then decrypts and sorts. Fails with corrupt, the record being the number of the day,
// where a block is altered or missing.
Result<SightingTable> read_snapshot(LogReader reader, const std::vector<DayTotals>& totals,
                                    const KeyTable& keys, const Cancel* cancel);

// Compares what a day holds with what was counted when it was written.
Status check_totals(const std::vector<DayTotals>& totals,
                    const std::vector<LogDayStatistics>& found);

}  // namespace nearzone::encounter_log
