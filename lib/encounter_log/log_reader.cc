#include "encounter_log/log_reader.h"

#include <algorithm>
#include <tuple>

#include "encounter_log/schema.h"

namespace nearzone::encounter_log {
namespace {

auto place(const SealedChunk& chunk) { return std::pair(chunk.label.sequence, chunk.label.chunk); }

// A damaged table may give a row twice.
bool is_there(const std::vector<StoredState>& states, std::string_view kind) {
  return std::ranges::find(states, kind, &StoredState::kind) != states.end();
}

// What the database cannot read is missing; other failures are failures.
Status unless_damaged(const Status& status, SealedDay& day) {
  if (status.code() != Code::corrupt) return status;
  day.unreadable = true;
  return {};
}

}  // namespace

Result<LogReader> LogReader::open(const std::string& path, const char* vfs) {
  LogReader reader;
  NEARZONE_ASSIGN(reader.database_, connect(path, Database::Access::read_only, vfs));
  NEARZONE_ASSIGN(reader.counted_,
                  reader.database_.prepare("SELECT blocks, sightings, states, packed "
                                           "FROM day WHERE day = ?1"));
  NEARZONE_ASSIGN(reader.lost_,
                  reader.database_.prepare("SELECT damaged_blocks, damaged_sightings FROM loss "
                                           "WHERE day = ?1"));
  NEARZONE_ASSIGN(reader.states_,
                  reader.database_.prepare("SELECT kind, sealed FROM state WHERE day = ?1"));
  NEARZONE_ASSIGN(reader.segment_,
                  reader.prepare_rows("SELECT sequence, 2, chunk, chunks, count, sealed FROM "
                                      "segment WHERE day = ?1 AND sequence = ?2 ORDER BY chunk",
                                      "SELECT sequence, 2, chunk, chunks, count, sealed FROM "
                                      "segment WHERE day = ?1 AND sequence = ?2 "
                                      "ORDER BY chunk DESC"));
  NEARZONE_ASSIGN(
      reader.blocks_,
      reader.prepare_rows("SELECT sequence, kind, chunk, chunks, count, sealed FROM block "
                          "WHERE day = ?1 AND sequence >= ?2 ORDER BY sequence, chunk",
                          "SELECT sequence, kind, chunk, chunks, count, sealed FROM block "
                          "WHERE day = ?1 AND sequence >= ?2 ORDER BY sequence DESC, chunk DESC"));
  return reader;
}

Result<LogReader::Rows> LogReader::prepare_rows(const char* forwards, const char* backwards) {
  Rows rows;
  NEARZONE_ASSIGN(rows.forwards, database_.prepare(forwards));
  NEARZONE_ASSIGN(rows.backwards, database_.prepare(backwards));
  return rows;
}

Status LogReader::begin() {
  NEARZONE_TRY(database_.execute("BEGIN"));
  // The state is fixed by the first row that is read.
  return database_.integer("SELECT count(*) FROM log").status();
}

Result<SealedDay> LogReader::read(Day day) {
  SealedDay sealed;
  sealed.day = sealed.counted.day = day;
  NEARZONE_TRY(unless_damaged(read_counts(sealed), sealed));
  if (sealed.packed != 0) NEARZONE_TRY(read_rows(segment_, sealed, sealed.segment));
  NEARZONE_TRY(read_rows(blocks_, sealed, sealed.blocks));
  return sealed;
}

Result<bool> LogReader::is_sound() {
  Result<Statement> check = database_.prepare("PRAGMA quick_check(1)");
  const Result<bool> row = check.ok() ? check->next() : Result<bool>(check.status());
  if (row.status().code() == Code::corrupt) return false;
  if (!row.ok()) return row.status();
  return *row && check->text(0) == "ok";
}

Result<std::vector<StoredState>> LogReader::read_states(Day day) {
  NEARZONE_TRY(states_.start({int64_t{day.number}}));
  std::vector<StoredState> states;
  for (;;) {
    const Result<bool> row = states_.next();
    if (row.status().code() == Code::corrupt) return states;
    if (!row.ok()) return row.status();
    if (!*row) return states;
    const Result<ByteView> sealed = states_.blob(1);
    if (sealed.ok() && !is_there(states, states_.text(0)))
      states.push_back({day, std::string(states_.text(0)), {sealed->begin(), sealed->end()}});
  }
}

Status LogReader::read_counts(SealedDay& day) {
  NEARZONE_TRY(counted_.start({int64_t{day.day.number}}));
  NEARZONE_ASSIGN(const bool counted, counted_.next());
  if (counted) {
    NEARZONE_ASSIGN(day.counted.blocks, counted_.number(0));
    NEARZONE_ASSIGN(day.counted.sightings, counted_.number(1));
    NEARZONE_ASSIGN(day.counted.states, counted_.number(2));
    NEARZONE_ASSIGN(day.packed, counted_.number(3));
  }
  counted_.finish();
  NEARZONE_TRY(lost_.start({int64_t{day.day.number}}));
  NEARZONE_ASSIGN(const bool lost, lost_.next());
  if (lost) {
    NEARZONE_ASSIGN(day.known_lost.scans, lost_.number(0));
    NEARZONE_ASSIGN(day.known_lost.sightings, lost_.number(1));
  }
  lost_.finish();
  return {};
}

Status LogReader::read_rows(Rows& rows, SealedDay& day, std::vector<SealedChunk>& chunks) {
  NEARZONE_TRY(rows.forwards.start({int64_t{day.day.number}, int64_t{day.packed}}));
  for (;;) {
    const Result<bool> row = rows.forwards.next();
    if (row.status().code() == Code::corrupt) {
      day.unreadable = true;
      return read_rows_backwards(rows, day, chunks);
    }
    if (!row.ok()) return row.status();
    if (!*row) return {};
    const Result<SealedChunk> chunk = read_chunk(rows.forwards, day);
    NEARZONE_TRY(unless_damaged(chunk.status(), day));
    if (!chunk.ok()) continue;
    if (chunks.empty() || place(*chunk) > place(chunks.back()))
      chunks.push_back(*chunk);
    else
      day.unreadable = true;
  }
}

Status LogReader::read_rows_backwards(Rows& rows, SealedDay& day,
                                      std::vector<SealedChunk>& chunks) {
  const size_t forwards = chunks.size();
  NEARZONE_TRY(rows.backwards.start({int64_t{day.day.number}, int64_t{day.packed}}));
  for (;;) {
    const Result<bool> row = rows.backwards.next();
    if (row.status().code() == Code::corrupt) break;
    if (!row.ok()) return row.status();
    if (!*row) break;
    const Result<SealedChunk> chunk = read_chunk(rows.backwards, day);
    NEARZONE_TRY(unless_damaged(chunk.status(), day));
    if (!chunk.ok()) continue;
    if (forwards != 0 && place(*chunk) <= place(chunks[forwards - 1])) break;
    if (chunks.size() > forwards && place(*chunk) >= place(chunks.back())) break;
    chunks.push_back(*chunk);
  }
  rows.backwards.finish();
  std::reverse(chunks.begin() + static_cast<std::ptrdiff_t>(forwards), chunks.end());
  return {};
}

Result<SealedChunk> LogReader::read_chunk(const Statement& row, SealedDay& day) {
  SealedChunk chunk;
  chunk.label.day = day.day;
  NEARZONE_ASSIGN(chunk.label.sequence, row.number(0));
  NEARZONE_ASSIGN(const uint32_t kind, row.number(1));
  // Another kind would be another format version of the database.
  if (kind != static_cast<uint32_t>(BlockKind::scan) &&
      kind != static_cast<uint32_t>(BlockKind::segment))
    return kDamagedDatabase;
  chunk.label.kind = static_cast<BlockKind>(kind);
  NEARZONE_ASSIGN(chunk.label.chunk, row.number(2));
  NEARZONE_ASSIGN(chunk.label.chunks, row.number(3));
  NEARZONE_ASSIGN(chunk.label.count, row.number(4));
  NEARZONE_ASSIGN(const ByteView sealed, row.blob(5));
  chunk.offset = day.bytes.size();
  chunk.size = sealed.size();
  day.bytes.insert(day.bytes.end(), sealed.begin(), sealed.end());
  return chunk;
}

}  // namespace nearzone::encounter_log
