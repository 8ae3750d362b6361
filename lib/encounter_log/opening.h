// Opening the files of a log: making new ones, checking old ones, repairing damaged ones.
#pragma once

#include <string>
#include <vector>

#include "encounter_log/key_file.h"
#include "encounter_log/key_table.h"
#include "encounter_log/log_database.h"
#include "encounter_log/system_calls.h"
#include "nearzone/encounter_log.h"

namespace nearzone::encounter_log {

struct Paths {
  explicit Paths(const std::string& folder)
      : directory(folder), database(folder + "/log.db"), keys(folder + "/log.keys") {}
  std::string directory;
  std::string database;
  std::string keys;
};

struct OpenedLog {
  KeyFile key_file;
  KeyTable keys;
  LogDatabase database;
  LogOpening report;
  std::vector<Day> recorded;  // days that scans are filed under
  std::vector<Day> doubted;   // days of the scans that are filed as doubtful
  bool holds_states = false;
};

Result<OpenedLog> open_files(const Storage& storage, const Paths& paths, const Secret<32>& root,
                             Random& random, Durability durability);
// Opens the files of this log again, without looking for damage.
Result<OpenedLog> reopen_files(const Storage& storage, const Paths& paths, const Secret<32>& root,
                               Durability durability, const DatabaseId& id);

// What the key file is to say of the days that have keys.
Result<std::vector<DayMark>> marks_of(LogDatabase& database, const KeyTable& keys);

}  // namespace nearzone::encounter_log
