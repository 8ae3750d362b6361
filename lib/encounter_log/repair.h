// What is wrong with a database, and making another of what can be read of it.
#pragma once

#include <string>
#include <vector>

#include "encounter_log/key_table.h"
#include "encounter_log/opening.h"
#include "encounter_log/system_calls.h"
#include "nearzone/encounter_log.h"
#include "nearzone/status.h"

namespace nearzone::encounter_log {

struct Examination {
  bool whole = true;
  std::vector<LogDayLoss> lost;
  uint64_t states_lost = 0;
  std::vector<Day> doubted;
};

// Reads and authenticates everything. Fails with newer_format, io; not because of damage.
Result<Examination> examine(const Storage& storage, const std::string& database,
                            const KeyTable& keys);

// Puts what can be read into a new database in place of the damaged one, which is set aside. At
// every moment a crash leaves files from which finish_repair() goes on, or the damaged one alone.
Result<Examination> repair(const Storage& storage, const Paths& paths, const KeyTable& keys,
                           Durability durability);
Status finish_repair(const Storage& storage, const Paths& paths, Durability durability);
// What the damaged file that was set aside takes, its write-ahead log included.
Result<uint64_t> bytes_set_aside(const Storage& storage, const Paths& paths);
// Removes it, if there is one.
Status forget_damaged(const Storage& storage, const Paths& paths);

}  // namespace nearzone::encounter_log
