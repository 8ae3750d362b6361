#include "encounter_log/log_database.h"

#include <algorithm>
#include <limits>

#include "encounter_log/schema.h"

namespace nearzone::encounter_log {
namespace {

Result<Day> day_of(const Statement& row, int column) {
  const int64_t number = row.integer(column);
  if (number < std::numeric_limits<int32_t>::min() || number > std::numeric_limits<int32_t>::max())
    return kDamagedDatabase;
  return Day{static_cast<int32_t>(number)};
}

// Blocks, sightings and states, in columns side by side.
Result<DayTotals> totals_of(Day day, const Statement& row, int column) {
  DayTotals totals{day};
  NEARZONE_ASSIGN(totals.blocks, row.number(column));
  NEARZONE_ASSIGN(totals.sightings, row.number(column + 1));
  NEARZONE_ASSIGN(totals.states, row.number(column + 2));
  return totals;
}

}  // namespace

Status unless_full(const Status& deletion) {
  return deletion.code() == Code::no_space ? Status() : deletion;
}

Result<LogDatabase> LogDatabase::open(const std::string& path, const char* vfs,
                                      Durability durability, const KeyTable& keys) {
  LogDatabase log;
  NEARZONE_ASSIGN(log.database_, connect(path, Database::Access::read_write, vfs));
  NEARZONE_TRY(set_durability(log.database_, durability));
  // Without a day key there was never anything to read, so that making the tables loses nothing.
  NEARZONE_TRY(prepare_tables(log.database_, keys.database_id, keys.days.empty()));
  NEARZONE_TRY(log.check_tables(keys));
  NEARZONE_ASSIGN(const bool keyless, log.has_keyless_days(keys));
  if (keyless) NEARZONE_TRY(unless_full(log.follow_keys(keys, {})));
  NEARZONE_TRY(log.prepare_statements());
  return log;
}

Status LogDatabase::check_tables(const KeyTable& keys) {
  NEARZONE_ASSIGN(Statement log, database_.prepare("SELECT database_id, key_sequence FROM log"));
  NEARZONE_ASSIGN(const bool row, log.next());
  if (!row) return kDamagedDatabase;
  NEARZONE_ASSIGN(const ByteView id, log.blob(0));
  if (!equal_in_constant_time(id, keys.database_id))
    return {Code::corrupt, "the database and the key file belong to different logs", kKeyFileField};
  // An older key file lacks the keys of newer days; going on would delete their rows.
  if (log.integer(1) < 0 || static_cast<uint64_t>(log.integer(1)) > keys.sequence)
    return {Code::corrupt, "the key file is older than the database", kKeyFileField};
  return {};
}

Status LogDatabase::prepare_statements() {
  NEARZONE_ASSIGN(
      add_block_,
      database_.prepare("INSERT INTO day VALUES(?1, 1, ?2, 0, 0) ON CONFLICT(day) DO UPDATE SET "
                        "blocks = blocks + 1, sightings = sightings + ?2 RETURNING blocks, "
                        "sightings, states"));
  NEARZONE_ASSIGN(add_chunk_, database_.prepare("INSERT INTO block(day, sequence, kind, chunk, "
                                                "chunks, count, sealed) "
                                                "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  return {};
}

Result<DayTotals> LogDatabase::add_block(Day day, uint32_t sightings) {
  NEARZONE_TRY(add_block_.start({int64_t{day.number}, int64_t{sightings}}));
  NEARZONE_ASSIGN(const bool row, add_block_.next());
  if (!row) return kDamagedDatabase;
  const Result<DayTotals> totals = totals_of(day, add_block_, 0);
  add_block_.finish();
  if (totals.ok() && totals->blocks == 0) return kDamagedDatabase;
  return totals;
}

Status LogDatabase::add_chunk(const BlockLabel& label, ByteView sealed) {
  return add_chunk_.run({int64_t{label.day.number}, int64_t{label.sequence},
                         static_cast<int64_t>(label.kind), int64_t{label.chunk},
                         int64_t{label.chunks}, int64_t{label.count}, sealed});
}

Result<DayTotals> LogDatabase::put_state(Day day, std::string_view kind, ByteView sealed) {
  NEARZONE_TRY(remove_state(day, kind));
  NEARZONE_ASSIGN(Statement insert, database_.prepare("INSERT INTO state VALUES(?1, ?2, ?3)"));
  NEARZONE_TRY(insert.run({int64_t{day.number}, kind, sealed}));
  NEARZONE_ASSIGN(Statement count,
                  database_.prepare("INSERT INTO day VALUES(?1, 0, 0, 1, 0) ON CONFLICT(day) "
                                    "DO UPDATE SET states = states + 1 "
                                    "RETURNING blocks, sightings, states"));
  NEARZONE_TRY(count.start({int64_t{day.number}}));
  NEARZONE_ASSIGN(const bool row, count.next());
  if (!row) return kDamagedDatabase;
  return totals_of(day, count, 0);
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

Result<std::vector<DayTotals>> LogDatabase::totals() {
  NEARZONE_ASSIGN(Statement statement,
                  database_.prepare("SELECT day, blocks, sightings, states FROM day ORDER BY day"));
  std::vector<DayTotals> days;
  for (;;) {
    NEARZONE_ASSIGN(const bool row, statement.next());
    if (!row) return days;
    NEARZONE_ASSIGN(const Day day, day_of(statement, 0));
    NEARZONE_ASSIGN(const DayTotals totals, totals_of(day, statement, 1));
    days.push_back(totals);
  }
}

Status LogDatabase::follow_keys(const KeyTable& keys, std::span<const Day> erased) {
  NEARZONE_ASSIGN(Transaction transaction, begin());
  // Without any key there is nothing to keep, not even rows that damage has put under other days.
  if (keys.days.empty())
    NEARZONE_TRY(
        database_.execute("DELETE FROM block; DELETE FROM segment; DELETE FROM loss; "
                          "DELETE FROM state; DELETE FROM day"));
  for (Day day : erased) NEARZONE_TRY(delete_day(day));
  NEARZONE_ASSIGN(const std::vector<DayTotals> days, totals());
  for (const DayTotals& day : days)
    if (keys.find(day.day) == nullptr) NEARZONE_TRY(delete_day(day.day));
  NEARZONE_ASSIGN(Statement note, database_.prepare("UPDATE log SET key_sequence = ?1"));
  NEARZONE_TRY(note.run({static_cast<int64_t>(keys.sequence)}));
  return transaction.commit();
}

Result<bool> LogDatabase::has_keyless_days(const KeyTable& keys) {
  NEARZONE_ASSIGN(const std::vector<DayTotals> days, totals());
  return std::ranges::any_of(days,
                             [&](const DayTotals& day) { return keys.find(day.day) == nullptr; });
}

Status LogDatabase::add_loss(Day day, const Amount& damaged, const Amount& dropped) {
  NEARZONE_ASSIGN(
      Statement add,
      database_.prepare("INSERT INTO loss VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(day) DO UPDATE "
                        "SET damaged_blocks = damaged_blocks + ?2, "
                        "damaged_sightings = damaged_sightings + ?3, "
                        "dropped_blocks = dropped_blocks + ?4, "
                        "dropped_sightings = dropped_sightings + ?5"));
  return add.run({int64_t{day.number}, static_cast<int64_t>(damaged.scans),
                  static_cast<int64_t>(damaged.sightings), static_cast<int64_t>(dropped.scans),
                  static_cast<int64_t>(dropped.sightings)});
}

Result<LogDatabase::Losses> LogDatabase::losses() {
  NEARZONE_ASSIGN(Statement statement,
                  database_.prepare("SELECT day, damaged_blocks, damaged_sightings, "
                                    "dropped_blocks, dropped_sightings FROM loss ORDER BY day"));
  Losses losses;
  for (;;) {
    NEARZONE_ASSIGN(const bool row, statement.next());
    if (!row) return losses;
    LogDayLoss damaged, dropped;
    NEARZONE_ASSIGN(damaged.day, day_of(statement, 0));
    dropped.day = damaged.day;
    NEARZONE_ASSIGN(damaged.scans, statement.number(1));
    NEARZONE_ASSIGN(damaged.sightings, statement.number(2));
    NEARZONE_ASSIGN(dropped.scans, statement.number(3));
    NEARZONE_ASSIGN(dropped.sightings, statement.number(4));
    if (damaged.scans != 0 || damaged.sightings != 0) losses.damaged.push_back(damaged);
    if (dropped.scans != 0 || dropped.sightings != 0) losses.dropped.push_back(dropped);
  }
}

Status LogDatabase::forget_losses_before(Day day) {
  NEARZONE_ASSIGN(Statement forget, database_.prepare("DELETE FROM loss WHERE day < ?1"));
  return forget.run({int64_t{day.number}});
}

Status LogDatabase::put_day(const DayTotals& totals, uint32_t packed) {
  NEARZONE_ASSIGN(Statement put,
                  database_.prepare("INSERT OR REPLACE INTO day VALUES(?1, ?2, ?3, ?4, ?5)"));
  return put.run({int64_t{totals.day.number}, int64_t{totals.blocks}, int64_t{totals.sightings},
                  int64_t{totals.states}, int64_t{packed}});
}

Result<Amount> LogDatabase::drop_blocks(Day day) {
  NEARZONE_ASSIGN(Transaction transaction, begin());
  NEARZONE_ASSIGN(const std::vector<DayTotals> days, totals());
  NEARZONE_ASSIGN(const Losses known, losses());
  const auto counted = std::ranges::find(days, day, &DayTotals::day);
  if (counted == days.end()) return Amount{};
  DayTotals left{day, 0, 0, counted->states};
  if (const auto lost = std::ranges::find(known.damaged, day, &LogDayLoss::day);
      lost != known.damaged.end()) {
    left.blocks = std::min(counted->blocks, static_cast<uint32_t>(lost->scans));
    left.sightings = std::min(counted->sightings, static_cast<uint32_t>(lost->sightings));
  }
  const Amount dropped{counted->blocks - left.blocks, counted->sightings - left.sightings};
  for (const char* sql :
       {"DELETE FROM block WHERE day = ?1", "DELETE FROM segment WHERE day = ?1"}) {
    NEARZONE_ASSIGN(Statement statement, database_.prepare(sql));
    NEARZONE_TRY(statement.run({int64_t{day.number}}));
  }
  NEARZONE_TRY(put_day(left, 0));
  NEARZONE_TRY(add_loss(day, {}, dropped));
  NEARZONE_TRY(transaction.commit());
  return dropped;
}

Result<uint64_t> LogDatabase::used_bytes() {
  NEARZONE_ASSIGN(const int64_t pages, database_.integer("PRAGMA page_count"));
  NEARZONE_ASSIGN(const int64_t free, database_.integer("PRAGMA freelist_count"));
  NEARZONE_ASSIGN(const int64_t size, database_.integer("PRAGMA page_size"));
  return static_cast<uint64_t>(std::max<int64_t>(pages - free, 0) * size);
}

Status LogDatabase::delete_day(Day day) {
  for (const char* sql : {"DELETE FROM block WHERE day = ?1", "DELETE FROM segment WHERE day = ?1",
                          "DELETE FROM state WHERE day = ?1", "DELETE FROM day WHERE day = ?1",
                          "DELETE FROM loss WHERE day = ?1"}) {
    NEARZONE_ASSIGN(Statement statement, database_.prepare(sql));
    NEARZONE_TRY(statement.run({int64_t{day.number}}));
  }
  return {};
}

Status LogDatabase::add_segment_chunk(const BlockLabel& label, ByteView sealed) {
  NEARZONE_ASSIGN(Statement insert,
                  database_.prepare("INSERT OR REPLACE INTO segment(day, sequence, chunk, chunks, "
                                    "count, sealed) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"));
  return insert.run({int64_t{label.day.number}, int64_t{label.sequence}, int64_t{label.chunk},
                     int64_t{label.chunks}, int64_t{label.count}, sealed});
}

Status LogDatabase::set_packed(Day day, uint32_t blocks) {
  NEARZONE_ASSIGN(Statement set, database_.prepare("UPDATE day SET packed = ?2 WHERE day = ?1"));
  return set.run({int64_t{day.number}, int64_t{blocks}});
}

Result<std::vector<Day>> LogDatabase::unpacked_days(Day before) {
  NEARZONE_ASSIGN(Statement statement,
                  database_.prepare("SELECT day FROM day WHERE day >= 0 AND day < ?1 AND "
                                    "blocks > packed ORDER BY day"));
  NEARZONE_TRY(statement.start({int64_t{before.number}}));
  std::vector<Day> days;
  for (;;) {
    NEARZONE_ASSIGN(const bool row, statement.next());
    if (!row) return days;
    NEARZONE_ASSIGN(const Day day, day_of(statement, 0));
    days.push_back(day);
  }
}

Result<bool> LogDatabase::delete_some_leftovers() {
  NEARZONE_ASSIGN(Transaction transaction, begin());
  int64_t deleted = 0;
  for (const char* sql :
       {"DELETE FROM block WHERE (day, sequence, chunk) IN (SELECT day, sequence, chunk FROM "
        "day CROSS JOIN block USING(day) WHERE sequence < packed LIMIT 48)",
        "DELETE FROM segment WHERE rowid IN (SELECT rowid FROM segment WHERE NOT EXISTS (SELECT 1 "
        "FROM day WHERE day.day = segment.day AND day.packed = segment.sequence) "
        "LIMIT 4)"}) {
    NEARZONE_ASSIGN(Statement statement, database_.prepare(sql));
    NEARZONE_TRY(statement.run({}));
    deleted += database_.changes();
  }
  if (deleted == 0) return false;
  NEARZONE_TRY(transaction.commit());
  return true;
}

Result<bool> LogDatabase::empty_write_ahead_log() {
  NEARZONE_ASSIGN(Statement move, database_.prepare("PRAGMA wal_checkpoint(PASSIVE)"));
  NEARZONE_ASSIGN(const bool row, move.next());
  if (!row) return kDamagedDatabase;
  // Whether another was at it, the pages there, and the pages moved.
  const bool all = move.integer(0) == 0 && move.integer(1) == move.integer(2);
  NEARZONE_TRY(move.next().status());
  return all;
}

Result<bool> LogDatabase::shrink_somewhat() {
  NEARZONE_ASSIGN(const int64_t free, database_.integer("PRAGMA freelist_count"));
  if (free == 0) return false;
  NEARZONE_ASSIGN(Statement shrink, database_.prepare("PRAGMA incremental_vacuum(64)"));
  NEARZONE_TRY(shrink.run({}));
  return true;
}

}  // namespace nearzone::encounter_log
