#include "encounter_log/opening.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "encounter_log/private_file.h"
#include "encounter_log/repair.h"
#include "encounter_log/schema.h"

namespace nearzone::encounter_log {
namespace {

using Opening = PrivateFile::Opening;

constexpr size_t kPageSize = 4096;
// SQLite's header: "file format write version", 2 for a write-ahead log.
constexpr uint64_t kWriteVersionOffset = 18;
constexpr uint8_t kWriteVersion = 2;

Result<KeyFile> open_key_file(const Storage& storage, const Paths& paths, const Secret<32>& root,
                              Durability durability) {
  Result<KeyFile> existing =
      KeyFile::open(*storage.calls, paths.keys, Opening::existing, durability, root);
  if (existing.ok() || existing.status().code() != Code::not_found) return existing;
  NEARZONE_ASSIGN(const std::optional<uint64_t> database,
                  file_size(*storage.calls, paths.database));
  if (database)
    return Status(Code::wrong_key, "the log was restored without its keys and cannot be read",
                  "restored");
  return KeyFile::open(*storage.calls, paths.keys, Opening::create_if_missing, durability, root);
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

// Makes the file that SQLite would make readable to all, and whose mode it gives its others.
//
// SQLite removes the write-ahead log of an empty database, and what is left of this one with it.
// Where something was recorded there is a page in the file, then, if only of zeros.
Status make_database_file(const Storage& storage, const Paths& paths, const KeyTable& keys,
                          Durability durability) {
  NEARZONE_ASSIGN(const std::optional<uint64_t> size, file_size(*storage.calls, paths.database));
  if (size && (*size != 0 || keys.days.empty())) return {};
  NEARZONE_ASSIGN(PrivateFile file,
                  PrivateFile::open(*storage.calls, paths.database, Opening::create_if_missing));
  if (!keys.days.empty()) NEARZONE_TRY(file.write(0, std::array<uint8_t, kPageSize>{}));
  return durability == Durability::none ? Status()
                                        : sync_directory(*storage.calls, paths.directory);
}

// Damage that a repair mends, as against a file that another one is to blame for.
bool repairable(const Status& status) {
  return status.code() == Code::corrupt && status.field() == nullptr;
}

// SQLite takes a file whose header asks for a later version of it for one that may only be read.
// The header that counts is in the write-ahead log if that has one: only where SQLite cannot write
// is the one in the file asked.
Result<bool> header_forbids_writing(const Storage& storage, const Paths& paths) {
  NEARZONE_ASSIGN(const PrivateFile file,
                  PrivateFile::open(*storage.calls, paths.database, Opening::existing));
  uint8_t version = 0;
  NEARZONE_TRY(file.read(kWriteVersionOffset, {&version, 1}).status());
  return version > kWriteVersion;
}

std::vector<Day> recorded_days(const std::vector<DayTotals>& totals) {
  std::vector<Day> days;
  for (const DayTotals& day : totals)
    if (day.blocks != 0 && day.day >= Day{0}) days.push_back(day.day);
  return days;
}

}  // namespace

Result<OpenedLog> open_files(const Storage& storage, const Paths& paths, const Secret<32>& root,
                             Random& random, Durability durability) {
  NEARZONE_ASSIGN(KeyFile key_file, open_key_file(storage, paths, root, durability));
  NEARZONE_TRY(finish_repair(storage, paths, durability));
  // Asked only now that the lock is held: another process may just have made the log.
  NEARZONE_ASSIGN(const std::optional<uint64_t> size, file_size(*storage.calls, paths.database));
  NEARZONE_ASSIGN(KeyTable keys, load_keys(key_file, size.has_value(), random));
  NEARZONE_TRY(make_database_file(storage, paths, keys, durability));

  LogOpening report;
  Result<LogDatabase> database = LogDatabase::open(paths.database, storage.vfs, durability, keys);
  bool unwritable = false;
  if (database.ok() ? database->is_read_only() : database.status().code() == Code::io) {
    NEARZONE_ASSIGN(unwritable, header_forbids_writing(storage, paths));
  }
  if (!database.ok() && !unwritable && !repairable(database.status())) return database.status();
  Examination found;
  if (database.ok()) {
    NEARZONE_ASSIGN(found, examine(storage, paths.database, keys));
    found.whole &= !unwritable;
  }
  if (!database.ok() || !found.whole) {
    database = Status(Code::closed, "");  // before its file is moved
    NEARZONE_ASSIGN(found, repair(storage, paths, keys, durability));
    report.repaired = true;
    report.lost = found.lost;
    database = LogDatabase::open(paths.database, storage.vfs, durability, keys);
    if (!database.ok()) return database.status();
  }
  // Told until the key file marks them no more: a crash may have come before a repair was told.
  report.states_lost = found.states_lost;
  NEARZONE_ASSIGN(const std::vector<DayTotals> totals, database->totals());
  const bool holds_states =
      std::ranges::any_of(totals, [](const DayTotals& day) { return day.states != 0; });
  return OpenedLog{std::move(key_file), std::move(keys),       *std::move(database),
                   std::move(report),   recorded_days(totals), std::move(found.doubted),
                   holds_states};
}

Result<OpenedLog> reopen_files(const Storage& storage, const Paths& paths, const Secret<32>& root,
                               Durability durability, const DatabaseId& id) {
  NEARZONE_ASSIGN(KeyFile key_file,
                  KeyFile::open(*storage.calls, paths.keys, Opening::existing, durability, root));
  NEARZONE_ASSIGN(KeyTable keys, key_file.load());
  if (keys.database_id != id)
    return Status(Code::corrupt, "another log was put in place of this one", kKeyFileField);
  NEARZONE_TRY(make_database_file(storage, paths, keys, durability));
  NEARZONE_ASSIGN(LogDatabase database,
                  LogDatabase::open(paths.database, storage.vfs, durability, keys));
  return OpenedLog{std::move(key_file), std::move(keys), std::move(database), {}, {}, {}, {}};
}

Result<std::vector<DayMark>> marks_of(LogDatabase& database, const KeyTable& keys) {
  NEARZONE_ASSIGN(const std::vector<DayTotals> totals, database.totals());
  std::vector<DayMark> marks;
  for (const DayTotals& day : totals)
    if (keys.find(day.day) != nullptr)
      marks.push_back({day.day, day.blocks, day.sightings, day.states});
  return marks;
}

}  // namespace nearzone::encounter_log
