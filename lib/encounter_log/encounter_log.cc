#include "nearzone/encounter_log.h"

#include <utility>

#include "encounter_log/key_file.h"
#include "encounter_log/log_database.h"
#include "encounter_log/private_file.h"
#include "encounter_log/stored_log.h"

namespace nearzone {
namespace encounter_log {
namespace {

constexpr int32_t kLongestRetention = 30;

Result<KeyFile> open_key_file(const Paths& paths, const Secret<32>& root, Durability durability) {
  using Opening = PrivateFile::Opening;
  Result<KeyFile> existing = KeyFile::open(paths.keys, Opening::existing, durability, root);
  if (existing.ok() || existing.status().code() != Code::not_found) return existing;
  if (file_exists(paths.database))
    return Status(Code::corrupt, "the key file is missing; without it the log cannot be read",
                  "log.keys");
  return KeyFile::open(paths.keys, Opening::create_if_missing, durability, root);
}

// The keys of an existing log, or the first table of a new one.
Result<KeyTable> load_keys(KeyFile& file, bool database_exists, Random& random) {
  NEARZONE_ASSIGN(const bool unfinished, file.unfinished());
  // Without a database no key was ever used.
  if (!unfinished || database_exists) return file.load();
  KeyTable table;
  random.fill(table.database_id);
  table.sequence = 1;
  NEARZONE_TRY(file.store(table, random));
  return table;
}

}  // namespace
}  // namespace encounter_log

Result<std::unique_ptr<EncounterLog>> EncounterLog::open(const std::string& directory,
                                                         const Secret<32>& root, const Clock& clock,
                                                         Random& random,
                                                         const EncounterLogOptions& options) {
  using namespace encounter_log;
  if (directory.empty())
    return Status(Code::invalid_argument, "the name of a folder is needed", "directory");
  if (options.retention_days < 1 || options.retention_days > kLongestRetention)
    return Status(Code::invalid_argument, "must be 1 to 30", "retention_days");
  NEARZONE_TRY(make_private_directory(directory));
  const Paths paths(directory);
  NEARZONE_ASSIGN(KeyFile key_file, open_key_file(paths, root, options.durability));
  // Asked only now that the lock is held: another process may just have made the log.
  const bool database_exists = file_exists(paths.database);
  NEARZONE_ASSIGN(KeyTable keys, load_keys(key_file, database_exists, random));
  if (!database_exists && !keys.days.empty())
    return Status(Code::corrupt, "the database is missing, but there are keys of recorded days",
                  "log.db");
  if (!database_exists) {
    // SQLite would make it readable to all, and gives its other files the mode of this one.
    using Opening = PrivateFile::Opening;
    NEARZONE_TRY(PrivateFile::open(paths.database, Opening::create_if_missing).status());
    if (options.durability != Durability::none) NEARZONE_TRY(sync_directory(directory));
  }
  NEARZONE_ASSIGN(LogDatabase database,
                  LogDatabase::open(paths.database, options.durability, keys));
  return std::unique_ptr<EncounterLog>(std::make_unique<StoredLog>(
      paths, std::move(key_file), std::move(keys), std::move(database), clock, random, options));
}

}  // namespace nearzone
