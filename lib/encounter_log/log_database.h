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

// How much of a day there is, or was.
struct Amount {
  uint64_t scans = 0;
  uint64_t sightings = 0;
  bool operator==(const Amount&) const = default;
};

// How much a day holds. Kept beside the rows themselves, so that rows that vanish are missed.
struct DayTotals {
  Day day;
  uint32_t blocks = 0;  // chunks of one scan count as one
  uint32_t sightings = 0;
  uint32_t states = 0;
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
  static Result<LogDatabase> open(const std::string& path, const char* vfs, Durability durability,
                                  const KeyTable& keys);

  Result<Transaction> begin() { return Transaction::begin(database_); }

  // The following six belong into a transaction.
  //
  // Counts one more block of the day; gives what the day holds then. The block's sequence is one
  // less than its blocks.
  Result<DayTotals> add_block(Day day, uint32_t sightings);
  Status add_chunk(const BlockLabel& label, ByteView sealed);
  // Gives what the day holds with it.
  Result<DayTotals> put_state(Day day, std::string_view kind, ByteView sealed);
  Status remove_state(Day day, std::string_view kind);
  // A chunk of a segment, which is not read before set_packed() names its sequence.
  Status add_segment_chunk(const BlockLabel& label, ByteView sealed);
  Status set_packed(Day day, uint32_t blocks);

  // Days before this one, ascending, that have blocks which no segment holds.
  Result<std::vector<Day>> unpacked_days(Day before);
  // Deletes some of the blocks that a segment holds as well, and of segments that were never
  // finished or are replaced; whether there were any. One transaction of its own.
  Result<bool> delete_some_leftovers();
  // Gives some pages of deleted rows back to the file system; whether there were any.
  Result<bool> shrink_somewhat();

  // Fails with not_found.
  Result<std::vector<uint8_t>> get_state(Day day, std::string_view kind);
  Result<std::vector<StoredState>> states();
  Result<std::vector<DayTotals>> totals();

  // Whether it counts days that have no key: those of an erasure that it did not follow.
  Result<bool> has_keyless_days(const KeyTable& keys);
  // Deletes every row of `erased`, and of counted days that have no key, and notes the key file's
  // sequence. One transaction of its own.
  Status follow_keys(const KeyTable& keys, std::span<const Day> erased);

  // Deletes the blocks of a day, which counts only what is lost of them from then on; its states
  // stay. Notes how much was dropped, and gives it. One transaction of its own.
  Result<Amount> drop_blocks(Day day);
  // Adds to what is known to be lost or was dropped of a day.
  Status add_loss(Day day, const Amount& damaged, const Amount& dropped);
  struct Losses {
    std::vector<LogDayLoss> damaged;
    std::vector<LogDayLoss> dropped;
  };
  Result<Losses> losses();
  Status forget_losses_before(Day day);

  // For a database that is made of another: what a day holds, and how many blocks are packed.
  Status put_day(const DayTotals& totals, uint32_t packed);
  // Moves what the write-ahead log holds into the database, as far as no reader needs it there;
  // whether that was all. Waits for nobody.
  Result<bool> empty_write_ahead_log();
  // The write-ahead log is not emptied when this is closed.
  void leave_write_ahead_log() { database_.leave_write_ahead_log(); }
  // Leaves no other file than the database itself behind.
  Status close_in_one_file() { return database_.execute("PRAGMA journal_mode=DELETE"); }

  bool is_read_only() const { return database_.is_read_only(); }
  // Bytes of the pages that hold something.
  Result<uint64_t> used_bytes();

 private:
  Status check_tables(const KeyTable& keys);
  Status prepare_statements();
  Status delete_day(Day day);

  Database database_;
  // Prepared once, for appending is done all day long.
  Statement add_block_;
  Statement add_chunk_;
};

}  // namespace nearzone::encounter_log
