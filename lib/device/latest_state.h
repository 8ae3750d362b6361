// State that belongs to no day (own keys, the ledger of lists) kept among the log's daily records:
// the copy with the highest generation counts, whatever days a jumping clock gave its copies.
#pragma once

#include <string_view>

#include "nearzone/encounter_log.h"

namespace nearzone::device {

struct LatestState {
  uint64_t generation = 0;  // 0: there is none
  SecretBytes bytes;
};

Result<LatestState> load_latest(const EncounterLog& log, std::string_view kind);

// Stores `bytes` under `today`, then removes every older copy.
Status store_latest(EncounterLog& log, std::string_view kind, Day today, ByteView bytes);

}  // namespace nearzone::device
