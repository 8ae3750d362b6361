// Reading what a log holds, sealed as it is.
#pragma once

#include <string>
#include <vector>

#include "encounter_log/associated.h"
#include "encounter_log/log_database.h"
#include "encounter_log/sqlite.h"
#include "nearzone/bytes.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::encounter_log {

struct SealedChunk {
  BlockLabel label;
  size_t offset = 0;  // in SealedDay::bytes
  size_t size = 0;
};

// All that is stored of what was heard on a day, still sealed.
struct SealedDay {
  Day day;
  DayTotals counted;                 // nothing where that is lost
  Amount known_lost;                 // of what was counted
  uint32_t packed = 0;               // blocks that are in the segment
  std::vector<SealedChunk> segment;  // by chunk
  std::vector<SealedChunk> blocks;   // those behind the packed ones, by (sequence, chunk)
  std::vector<uint8_t> bytes;
  // Whether the database could not read some of it. What it could read is here.
  bool unreadable = false;

  ByteView sealed(const SealedChunk& chunk) const {
    return ByteView(bytes).subspan(chunk.offset, chunk.size);
  }
};

// A consistent state of the whole log, read over a connection of its own, which holds up nobody.
class LogReader {
 public:
  static Result<LogReader> open(const std::string& path, const char* vfs);
  // Fixes the state that is read.
  Status begin();
  // What is there of a day, damaged or not. Fails with io, internal.
  Result<SealedDay> read(Day day);
  // Whether the database is sound as one, whatever its rows hold. Fails with io, internal.
  Result<bool> is_sound();
  // The own state of a day, as far as it is readable. Fails with io, internal.
  Result<std::vector<StoredState>> read_states(Day day);

 private:
  // The same rows from both ends: what lies behind a page that cannot be read is read from behind.
  struct Rows {
    Statement forwards;
    Statement backwards;
  };
  Result<Rows> prepare_rows(const char* forwards, const char* backwards);
  Status read_counts(SealedDay& day);
  Status read_rows(Rows& rows, SealedDay& day, std::vector<SealedChunk>& chunks);
  Status read_rows_backwards(Rows& rows, SealedDay& day, std::vector<SealedChunk>& chunks);
  Result<SealedChunk> read_chunk(const Statement& row, SealedDay& day);

  Database database_;
  Statement counted_;
  Statement lost_;
  Statement states_;
  Rows segment_;
  Rows blocks_;
};

}  // namespace nearzone::encounter_log
