// Decrypting the whole log for one match.
#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "encounter_log/key_table.h"
#include "encounter_log/log_reader.h"
#include "encounter_log/open_day.h"
#include "nearzone/encounter_log.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"

namespace nearzone::encounter_log {

inline constexpr Status kSuspended{Code::closed, "the log is suspended"};

// Everything sealed, copied out of the database in one go. Takes the reader, so that its read
// transaction ends here and the write-ahead log can be emptied. Fails with closed once `closing` is
// set.
Result<std::vector<SealedDay>> copy_out(LogReader reader, const KeyTable& keys,
                                        const Cancel* cancel, const std::atomic<bool>& closing);

// Decrypts and sorts what is readable; what is not is told in `lost`.
Result<SightingTable> open_snapshot(std::vector<SealedDay> days, const KeyTable& keys,
                                    const Cancel* cancel, std::vector<LogDayLoss>& lost);

// What was counted on a day less what could be read of it; nothing where that is nothing.
std::optional<LogDayLoss> loss_of(const SealedDay& day, const Amount& read);

}  // namespace nearzone::encounter_log
