// The tables of a log and every statement that reads or writes them. It knows days and sealed
// bytes; keys are no business of its. Not safe from several threads at once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "encounter_log/associated.h"
#include "encounter_log/key_table.h"
#include "encounter_log/sqlite.h"
#include "nearzone/encounter_log.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::encounter_log {

// How much a day holds. Kept beside the rows themselves, so that rows that vanish are missed.
struct DayTotals {
  Day day;
  uint32_t blocks = 0;  // chunks of one scan count as one
  uint32_t sightings = 0;
  uint32_t states = 0;
};

// A row of the table `block`; `sealed` is valid until the next one is read.
struct StoredChunk {
  BlockLabel label;
  ByteView sealed;
};

struct StoredState {
  Day day;
  std::string kind;
  std::vector<uint8_t> sealed;
};

// Deleting rows needs space for a moment. Where there is none the rows of erased days stay, which
// nobody can read, and go with a later change: no reason to refuse what was asked.
Status unless_full(const Status& deletion);

class LogDatabase {
 public:
  // Opens the file, makes the tables where there are none and no day has a key, and follows the
  // keys. Fails with corrupt where it is damaged or belongs to another key file, with newer_format.
  static Result<LogDatabase> open(const std::string& path, Durability durability,
                                  const KeyTable& keys);

  Result<Transaction> begin() { return Transaction::begin(database_); }

  // The following four belong into a transaction.
  //
  // Counts one more block of the day; gives its sequence.
  Result<uint32_t> add_block(Day day, uint32_t sightings);
  Status add_chunk(const BlockLabel& label, ByteView sealed);
  Status put_state(Day day, std::string_view kind, ByteView sealed);
  Status remove_state(Day day, std::string_view kind);

  // Fails with not_found.
  Result<std::vector<uint8_t>> get_state(Day day, std::string_view kind);
  Result<std::vector<StoredState>> states();
  Result<std::vector<DayTotals>> totals();

  // Whether the database has followed the key file to its present state.
  bool follows(const KeyTable& keys) const { return key_sequence_ == keys.sequence; }
  // Deletes every row of `erased`, and of counted days that have no key, and notes the key file's
  // sequence. One transaction of its own.
  Status follow_keys(const KeyTable& keys, std::span<const Day> erased);

 private:
  Status create_tables(const DatabaseId& id);
  Status check_tables(const KeyTable& keys);
  Status prepare_statements();
  Status delete_day(Day day);

  Database database_;
  uint64_t key_sequence_ = 0;
  // Prepared once, for appending is done all day long.
  Statement add_block_;
  Statement add_chunk_;
};

// A consistent state of the whole log, read over a connection of its own: beginning it takes a
// moment, during which nobody may write; reading its chunks holds up nobody.
class LogReader {
 public:
  static Result<LogReader> open(const std::string& path);
  // Fixes the state that is read.
  Result<std::vector<DayTotals>> begin();
  // Calls `take(const StoredChunk&) -> Status` for every chunk by (day, sequence, chunk), until one
  // fails.
  template <typename Take>
  Status each_chunk(Take take);
  // Blocks, sightings and sealed bytes by day.
  Result<std::vector<LogDayStatistics>> statistics();

 private:
  Status start_chunks();
  Result<bool> next_chunk(StoredChunk& chunk);

  Database database_;
  Statement chunks_;
};

template <typename Take>
Status LogReader::each_chunk(Take take) {
  NEARZONE_TRY(start_chunks());
  StoredChunk chunk;
  for (;;) {
    NEARZONE_ASSIGN(const bool more, next_chunk(chunk));
    if (!more) return {};
    NEARZONE_TRY(take(chunk));
  }
}

}  // namespace nearzone::encounter_log
