#include "encounter_log/schema.h"

#include <array>
#include <span>

namespace nearzone::encounter_log {
namespace {

// "NZLG", the application id in SQLite's header.
constexpr int64_t kApplicationId = 0x4e5a4c47;
constexpr int64_t kFormatVersion = 2;
constexpr int64_t kFormatWithoutSegments = 1;

// Kept word for word in the file, and compared with it when a log is opened. The table of days has
// a column more since version 2, which SQLite puts behind the others.
constexpr std::array<const char*, 6> kTables = {
    "CREATE TABLE log(database_id BLOB NOT NULL, key_sequence INTEGER NOT NULL)",
    "CREATE TABLE day(day INTEGER PRIMARY KEY, blocks INTEGER NOT NULL, "
    "sightings INTEGER NOT NULL, states INTEGER NOT NULL)",
    "CREATE TABLE block(day INTEGER NOT NULL, sequence INTEGER NOT NULL, chunk INTEGER NOT NULL, "
    "kind INTEGER NOT NULL, chunks INTEGER NOT NULL, count INTEGER NOT NULL, sealed BLOB NOT NULL, "
    "PRIMARY KEY(day, sequence, chunk)) WITHOUT ROWID",
    "CREATE TABLE state(day INTEGER NOT NULL, kind TEXT NOT NULL, sealed BLOB NOT NULL, "
    "PRIMARY KEY(day, kind)) WITHOUT ROWID",
    // With row ids: SQLite then fills the pages of long values, which it does not without.
    "CREATE TABLE segment(day INTEGER NOT NULL, sequence INTEGER NOT NULL, chunk INTEGER NOT NULL, "
    "chunks INTEGER NOT NULL, count INTEGER NOT NULL, sealed BLOB NOT NULL, "
    "PRIMARY KEY(day, sequence, chunk))",
    "CREATE TABLE loss(day INTEGER PRIMARY KEY, damaged_blocks INTEGER NOT NULL, "
    "damaged_sightings INTEGER NOT NULL, dropped_blocks INTEGER NOT NULL, "
    "dropped_sightings INTEGER NOT NULL)",
};
constexpr size_t kTablesOfVersion1 = 4;
constexpr size_t kDayTable = 1;
constexpr const char* kDayTableOfVersion2 =
    "CREATE TABLE day(day INTEGER PRIMARY KEY, blocks INTEGER NOT NULL, "
    "sightings INTEGER NOT NULL, states INTEGER NOT NULL, packed INTEGER NOT NULL DEFAULT 0)";
constexpr const char* kAddPacked = "ALTER TABLE day ADD COLUMN packed INTEGER NOT NULL DEFAULT 0";
// What SQLite itself adds to the tables: the index of the segments' primary key.
constexpr size_t kIndexes = 1;

constexpr const char* kConnectionSettings =
    "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
    "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF; PRAGMA journal_size_limit=1048576";

Status make_tables(Database& database, std::span<const char* const> tables) {
  for (const char* table : tables) NEARZONE_TRY(database.execute(table));
  NEARZONE_TRY(database.execute(kAddPacked));
  static_assert(kApplicationId == 1314540615 && kFormatVersion == 2);
  return database.execute("PRAGMA application_id=1314540615; PRAGMA user_version=2");
}

Status make_log(Database& database, const DatabaseId& id) {
  // Only settable before anything is written. Appending a scan changes few bytes of some pages, and
  // writes the pages whole.
  NEARZONE_TRY(database.execute("PRAGMA page_size=2048; PRAGMA auto_vacuum=INCREMENTAL"));
  NEARZONE_TRY(use_write_ahead_log(database));
  NEARZONE_ASSIGN(Transaction transaction, Transaction::begin(database));
  NEARZONE_TRY(make_tables(database, kTables));
  NEARZONE_ASSIGN(Statement insert, database.prepare("INSERT INTO log VALUES(?1, 0)"));
  NEARZONE_TRY(insert.run({ByteView(id)}));
  return transaction.commit();
}

Status make_newest(Database& database) {
  NEARZONE_ASSIGN(Transaction transaction, Transaction::begin(database));
  NEARZONE_TRY(make_tables(database, std::span(kTables).subspan(kTablesOfVersion1)));
  return transaction.commit();
}

Status check_tables(Database& database, int64_t objects, bool is_version_1) {
  const size_t tables = is_version_1 ? kTablesOfVersion1 : kTables.size();
  if (static_cast<size_t>(objects) != tables + (is_version_1 ? 0 : kIndexes))
    return kDamagedDatabase;
  NEARZONE_ASSIGN(Statement find,
                  database.prepare("SELECT 1 FROM sqlite_schema WHERE type='table' AND sql=?1"));
  for (size_t i = 0; i < tables; ++i) {
    const char* table = i == kDayTable && !is_version_1 ? kDayTableOfVersion2 : kTables[i];
    NEARZONE_TRY(find.start({std::string_view(table)}));
    NEARZONE_ASSIGN(const bool found, find.next());
    if (!found) return kDamagedDatabase;
  }
  return {};
}

}  // namespace

Result<Database> connect(const std::string& path, Database::Access access, const char* vfs) {
  NEARZONE_ASSIGN(Database database, Database::open(path, access, vfs));
  NEARZONE_TRY(database.execute(kConnectionSettings));
  return database;
}

Status set_durability(Database& database, Durability durability) {
  switch (durability) {
    case Durability::power_loss:
      // The second and third only do something on Apple's systems.
      return database.execute(
          "PRAGMA synchronous=FULL; PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON");
    case Durability::last_moments: return database.execute("PRAGMA synchronous=NORMAL");
    case Durability::none: return database.execute("PRAGMA synchronous=OFF");
  }
  return {};
}

Status use_write_ahead_log(Database& database) {
  NEARZONE_ASSIGN(Statement set, database.prepare("PRAGMA journal_mode=WAL"));
  NEARZONE_ASSIGN(const bool row, set.next());
  if (!row || set.text(0) != "wal")
    return {Code::io, "the file system cannot hold a write-ahead log"};
  // The change is only committed behind the row.
  return set.next().status();
}

Status prepare_tables(Database& database, const DatabaseId& id, bool may_be_empty) {
  NEARZONE_ASSIGN(const int64_t objects, database.integer("SELECT count(*) FROM sqlite_schema"));
  NEARZONE_ASSIGN(const int64_t application, database.integer("PRAGMA application_id"));
  NEARZONE_ASSIGN(const int64_t version, database.integer("PRAGMA user_version"));
  if (objects == 0 && application == 0 && version == 0) {
    if (may_be_empty) return make_log(database, id);
    return {Code::corrupt, "the database is empty, but there are keys of recorded days"};
  }
  if (application != kApplicationId) return {Code::corrupt, "the database is not a log"};
  if (version > kFormatVersion)
    return {Code::newer_format, "the log was written by a newer version of NearZone"};
  const bool is_version_1 = version == kFormatWithoutSegments;
  if (version < kFormatVersion && !is_version_1) return kDamagedDatabase;
  NEARZONE_TRY(check_tables(database, objects, is_version_1));
  NEARZONE_TRY(use_write_ahead_log(database));
  return is_version_1 ? make_newest(database) : Status();
}

}  // namespace nearzone::encounter_log
