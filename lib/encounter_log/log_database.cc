#include "encounter_log/log_database.h"

#include <array>
#include <limits>

namespace nearzone::encounter_log {
namespace {

// "NZLG", the application id in SQLite's header.
constexpr int64_t kApplicationId = 0x4e5a4c47;
constexpr int64_t kFormatVersion = 1;

// Kept word for word in the file, and compared with it when a log is opened.
constexpr std::array<const char*, 4> kTables = {
    "CREATE TABLE log(database_id BLOB NOT NULL, key_sequence INTEGER NOT NULL)",
    "CREATE TABLE day(day INTEGER PRIMARY KEY, blocks INTEGER NOT NULL, "
    "sightings INTEGER NOT NULL, states INTEGER NOT NULL)",
    "CREATE TABLE block(day INTEGER NOT NULL, sequence INTEGER NOT NULL, chunk INTEGER NOT NULL, "
    "kind INTEGER NOT NULL, chunks INTEGER NOT NULL, count INTEGER NOT NULL, sealed BLOB NOT NULL, "
    "PRIMARY KEY(day, sequence, chunk)) WITHOUT ROWID",
    "CREATE TABLE state(day INTEGER NOT NULL, kind TEXT NOT NULL, sealed BLOB NOT NULL, "
    "PRIMARY KEY(day, kind)) WITHOUT ROWID",
};

const Status kDamaged(Code::corrupt, "the database is damaged");

// secure_delete and the others hold for a connection, not for the file.
constexpr const char* kConnectionSettings =
    "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
    "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF";

const char* synchronous_setting(Durability durability) {
  switch (durability) {
    case Durability::power_loss:
      // The second and third only do something on Apple's systems.
      return "PRAGMA synchronous=FULL; PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON";
    case Durability::last_moments: return "PRAGMA synchronous=NORMAL";
    case Durability::none: return "PRAGMA synchronous=OFF";
  }
  return "";
}

Result<Day> day_of(const Statement& row, int column) {
  const int64_t number = row.integer(column);
  if (number < std::numeric_limits<int32_t>::min() || number > std::numeric_limits<int32_t>::max())
    return kDamaged;
  return Day{static_cast<int32_t>(number)};
}

Result<std::vector<DayTotals>> read_totals(Database& database) {
  NEARZONE_ASSIGN(Statement statement,
                  database.prepare("SELECT day, blocks, sightings, states FROM day ORDER BY day"));
  std::vector<DayTotals> days;
  for (;;) {
    NEARZONE_ASSIGN(const bool row, statement.next());
    if (!row) return days;
    DayTotals totals;
    NEARZONE_ASSIGN(totals.day, day_of(statement, 0));
    NEARZONE_ASSIGN(totals.blocks, statement.number(1));
    NEARZONE_ASSIGN(totals.sightings, statement.number(2));
    NEARZONE_ASSIGN(totals.states, statement.number(3));
    days.push_back(totals);
  }
}

// Fails with newer_format or corrupt where the file is no log of this format. A database without
// tables passes as `empty`.
Status check_format(Database& database, bool& empty) {
  NEARZONE_ASSIGN(const int64_t tables, database.integer("SELECT count(*) FROM sqlite_schema"));
  NEARZONE_ASSIGN(const int64_t application, database.integer("PRAGMA application_id"));
  NEARZONE_ASSIGN(const int64_t version, database.integer("PRAGMA user_version"));
  empty = tables == 0 && application == 0 && version == 0;
  if (empty) return {};
  if (application != kApplicationId) return {Code::corrupt, "the database is not a log"};
  if (version > kFormatVersion)
    return {Code::newer_format, "the log was written by a newer version of NearZone"};
  if (version < kFormatVersion || tables != std::ssize(kTables)) return kDamaged;
  NEARZONE_ASSIGN(Statement find,
                  database.prepare("SELECT 1 FROM sqlite_schema WHERE type='table' AND sql=?1"));
  for (const char* table : kTables) {
    NEARZONE_TRY(find.start({std::string_view(table)}));
    NEARZONE_ASSIGN(const bool found, find.next());
    if (!found) return kDamaged;
  }
  return {};
}

Status use_write_ahead_log(Database& database) {
  NEARZONE_ASSIGN(Statement set, database.prepare("PRAGMA journal_mode=WAL"));
  NEARZONE_ASSIGN(const bool row, set.next());
  if (!row || set.text(0) != "wal")
    return {Code::io, "the file system cannot hold a write-ahead log"};
  return {};
}

}  // namespace

Status unless_full(const Status& deletion) {
  return deletion.code() == Code::no_space ? Status() : deletion;
}

Result<LogDatabase> LogDatabase::open(const std::string& path, Durability durability,
                                      const KeyTable& keys) {
  LogDatabase log;
  NEARZONE_ASSIGN(log.database_, Database::open(path, Database::Access::read_write));
  NEARZONE_TRY(log.database_.execute(kConnectionSettings));
  NEARZONE_TRY(log.database_.execute(synchronous_setting(durability)));
  bool empty = false;
  NEARZONE_TRY(check_format(log.database_, empty));
  // Without a day key there was never anything to read, so that making the tables loses nothing.
  if (empty && !keys.days.empty())
    return Status(Code::corrupt, "the database is empty, but there are keys of recorded days");
  if (empty) NEARZONE_TRY(log.create_tables(keys.database_id));
  NEARZONE_TRY(use_write_ahead_log(log.database_));
  NEARZONE_TRY(log.check_tables(keys));
  if (!log.follows(keys)) NEARZONE_TRY(unless_full(log.follow_keys(keys, {})));
  NEARZONE_TRY(log.prepare_statements());
  return log;
}

Status LogDatabase::create_tables(const DatabaseId& id) {
  // Only settable before anything is written.
  NEARZONE_TRY(database_.execute("PRAGMA auto_vacuum=INCREMENTAL"));
  NEARZONE_TRY(use_write_ahead_log(database_));
  NEARZONE_ASSIGN(Transaction transaction, begin());
  for (const char* table : kTables) NEARZONE_TRY(database_.execute(table));
  NEARZONE_ASSIGN(Statement insert, database_.prepare("INSERT INTO log VALUES(?1, 0)"));
  NEARZONE_TRY(insert.run({ByteView(id)}));
  static_assert(kApplicationId == 1314540615 && kFormatVersion == 1);
  NEARZONE_TRY(database_.execute("PRAGMA application_id=1314540615; PRAGMA user_version=1"));
  return transaction.commit();
}

Status LogDatabase::check_tables(const KeyTable& keys) {
  NEARZONE_ASSIGN(Statement log, database_.prepare("SELECT database_id, key_sequence FROM log"));
  NEARZONE_ASSIGN(const bool row, log.next());
  if (!row) return kDamaged;
  NEARZONE_ASSIGN(const ByteView id, log.blob(0));
  if (!equal_in_constant_time(id, keys.database_id))
    return {Code::corrupt, "the database and the key file belong to different logs"};
  // An older key file lacks the keys of newer days; going on would delete their rows.
  if (log.integer(1) < 0 || static_cast<uint64_t>(log.integer(1)) > keys.sequence)
    return {Code::corrupt, "the key file is older than the database"};
  key_sequence_ = static_cast<uint64_t>(log.integer(1));
  return {};
}

Status LogDatabase::prepare_statements() {
  NEARZONE_ASSIGN(
      add_block_,
      database_.prepare("INSERT INTO day VALUES(?1, 1, ?2, 0) ON CONFLICT(day) DO UPDATE SET "
                        "blocks = blocks + 1, sightings = sightings + ?2 RETURNING blocks - 1, "
                        "sightings"));
  NEARZONE_ASSIGN(add_chunk_, database_.prepare("INSERT INTO block(day, sequence, kind, chunk, "
                                                "chunks, count, sealed) "
                                                "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  return {};
}

Result<uint32_t> LogDatabase::add_block(Day day, uint32_t sightings) {
  NEARZONE_TRY(add_block_.start({int64_t{day.number}, int64_t{sightings}}));
  NEARZONE_ASSIGN(const bool row, add_block_.next());
  if (!row) return kDamaged;
  const Result<uint32_t> sequence = add_block_.number(0);
  const Result<uint32_t> total = add_block_.number(1);
  add_block_.finish();
  if (!sequence.ok()) return sequence;
  if (!total.ok()) return total;
  return sequence;
}

Status LogDatabase::add_chunk(const BlockLabel& label, ByteView sealed) {
  return add_chunk_.run({int64_t{label.day.number}, int64_t{label.sequence},
                         static_cast<int64_t>(label.kind), int64_t{label.chunk},
                         int64_t{label.chunks}, int64_t{label.count}, sealed});
}

Status LogDatabase::put_state(Day day, std::string_view kind, ByteView sealed) {
  NEARZONE_TRY(remove_state(day, kind));
  NEARZONE_ASSIGN(Statement insert, database_.prepare("INSERT INTO state VALUES(?1, ?2, ?3)"));
  NEARZONE_TRY(insert.run({int64_t{day.number}, kind, sealed}));
  NEARZONE_ASSIGN(Statement count,
                  database_.prepare("INSERT INTO day VALUES(?1, 0, 0, 1) ON CONFLICT(day) "
                                    "DO UPDATE SET states = states + 1"));
  return count.run({int64_t{day.number}});
}

Status LogDatabase::remove_state(Day day, std::string_view kind) {
  NEARZONE_ASSIGN(Statement remove,
                  database_.prepare("DELETE FROM state WHERE day = ?1 AND kind = ?2"));
  NEARZONE_TRY(remove.run({int64_t{day.number}, kind}));
  if (database_.changes() == 0) return {};
  NEARZONE_ASSIGN(Statement count,
                  database_.prepare("UPDATE day SET states = states - 1 WHERE day = ?1"));
  return count.run({int64_t{day.number}});
}

Result<std::vector<uint8_t>> LogDatabase::get_state(Day day, std::string_view kind) {
  NEARZONE_ASSIGN(Statement find,
                  database_.prepare("SELECT sealed FROM state WHERE day = ?1 AND kind = ?2"));
  NEARZONE_TRY(find.start({int64_t{day.number}, kind}));
  NEARZONE_ASSIGN(const bool row, find.next());
  if (!row) return Status(Code::not_found, "no such state is kept for this day");
  NEARZONE_ASSIGN(const ByteView sealed, find.blob(0));
  return std::vector<uint8_t>(sealed.begin(), sealed.end());
}

Result<std::vector<StoredState>> LogDatabase::states() {
  NEARZONE_ASSIGN(Statement statement,
                  database_.prepare("SELECT day, kind, sealed FROM state ORDER BY day, kind"));
  std::vector<StoredState> states;
  for (;;) {
    NEARZONE_ASSIGN(const bool row, statement.next());
    if (!row) return states;
    NEARZONE_ASSIGN(const Day day, day_of(statement, 0));
    const std::string kind(statement.text(1));
    NEARZONE_ASSIGN(const ByteView sealed, statement.blob(2));
    states.push_back({day, kind, {sealed.begin(), sealed.end()}});
  }
}

Result<std::vector<DayTotals>> LogDatabase::totals() { return read_totals(database_); }

Status LogDatabase::follow_keys(const KeyTable& keys, std::span<const Day> erased) {
  NEARZONE_ASSIGN(Transaction transaction, begin());
  // Without any key there is nothing to keep, not even rows that damage has put under other days.
  if (keys.days.empty())
    NEARZONE_TRY(database_.execute("DELETE FROM block; DELETE FROM state; DELETE FROM day"));
  for (Day day : erased) NEARZONE_TRY(delete_day(day));
  NEARZONE_ASSIGN(const std::vector<DayTotals> days, totals());
  for (const DayTotals& day : days)
    if (keys.find(day.day) == nullptr) NEARZONE_TRY(delete_day(day.day));
  NEARZONE_ASSIGN(Statement note, database_.prepare("UPDATE log SET key_sequence = ?1"));
  NEARZONE_TRY(note.run({static_cast<int64_t>(keys.sequence)}));
  // Gives the pages of what was deleted back to the file system.
  NEARZONE_ASSIGN(Statement shrink, database_.prepare("PRAGMA incremental_vacuum"));
  NEARZONE_TRY(shrink.run({}));
  NEARZONE_TRY(transaction.commit());
  key_sequence_ = keys.sequence;
  return {};
}

Status LogDatabase::delete_day(Day day) {
  for (const char* sql : {"DELETE FROM block WHERE day = ?1", "DELETE FROM state WHERE day = ?1",
                          "DELETE FROM day WHERE day = ?1"}) {
    NEARZONE_ASSIGN(Statement statement, database_.prepare(sql));
    NEARZONE_TRY(statement.run({int64_t{day.number}}));
  }
  return {};
}

Result<LogReader> LogReader::open(const std::string& path) {
  LogReader reader;
  NEARZONE_ASSIGN(reader.database_, Database::open(path, Database::Access::read_only));
  NEARZONE_TRY(reader.database_.execute(kConnectionSettings));
  NEARZONE_ASSIGN(reader.chunks_,
                  reader.database_.prepare("SELECT day, sequence, kind, chunk, chunks, count, "
                                           "sealed FROM block ORDER BY day, sequence, chunk"));
  return reader;
}

Result<std::vector<DayTotals>> LogReader::begin() {
  // The state is fixed by the first row that is read.
  NEARZONE_TRY(database_.execute("BEGIN"));
  return read_totals(database_);
}

Status LogReader::start_chunks() { return chunks_.start({}); }

Result<bool> LogReader::next_chunk(StoredChunk& chunk) {
  NEARZONE_ASSIGN(const bool row, chunks_.next());
  if (!row) return false;
  NEARZONE_ASSIGN(chunk.label.day, day_of(chunks_, 0));
  NEARZONE_ASSIGN(chunk.label.sequence, chunks_.number(1));
  // Another kind would be another format version of the database.
  if (chunks_.integer(2) != static_cast<int64_t>(BlockKind::scan)) return kDamaged;
  NEARZONE_ASSIGN(chunk.label.chunk, chunks_.number(3));
  NEARZONE_ASSIGN(chunk.label.chunks, chunks_.number(4));
  NEARZONE_ASSIGN(chunk.label.count, chunks_.number(5));
  NEARZONE_ASSIGN(chunk.sealed, chunks_.blob(6));
  return true;
}

Result<std::vector<LogDayStatistics>> LogReader::statistics() {
  NEARZONE_ASSIGN(Statement statement,
                  database_.prepare("SELECT day, sum(chunk = 0), sum(count), sum(length(sealed)) "
                                    "FROM block GROUP BY day ORDER BY day"));
  std::vector<LogDayStatistics> days;
  for (;;) {
    NEARZONE_ASSIGN(const bool row, statement.next());
    if (!row) return days;
    LogDayStatistics day;
    NEARZONE_ASSIGN(day.day, day_of(statement, 0));
    NEARZONE_ASSIGN(day.scans, statement.number(1));
    NEARZONE_ASSIGN(day.sightings, statement.number(2));
    NEARZONE_ASSIGN(day.sealed_bytes, statement.number(3));
    days.push_back(day);
  }
}

}  // namespace nearzone::encounter_log
