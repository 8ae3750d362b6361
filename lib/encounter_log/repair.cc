#include "encounter_log/repair.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/crypto.h"
#include "encounter_log/associated.h"
#include "encounter_log/log_reader.h"
#include "encounter_log/open_day.h"
#include "encounter_log/private_file.h"

namespace nearzone::encounter_log {
namespace {

// Beyond this a count is damage itself: a scan takes longer than a tenth of a second.
constexpr uint32_t kMostBlocksOfDay = 864'000;

// A day of a database that may be damaged, with only what authenticates.
struct ReadableDay {
  SealedDay sealed;
  Amount read;
  Amount lost;       // since what was lost before
  DayTotals totals;  // that hold for what is read and lost
  std::vector<StoredState> states;
  uint64_t states_lost = 0;
  std::vector<Day> scan_days;
  uint32_t end = 0;  // the sequence behind the last block that is read
  bool whole = true;
};

bool opens(const SealedDay& day, const SealedChunk& chunk, const Secret<32>& key,
           const DatabaseId& id) {
  return open_sealed(key, day.sealed(chunk), associated_with_block(id, chunk.label)).ok();
}

Status read_content(ReadableDay& day, const Secret<32>& key, const DatabaseId& id) {
  std::vector<StoredSighting> rows;
  rows.reserve(most_sightings(day.sealed));
  std::vector<PackedBlock> blocks;
  BlockOpener opener(day.sealed, key, id);
  while (!opener.done()) NEARZONE_TRY(opener.open_next(rows, blocks));
  wipe(rows.data(), rows.size() * sizeof(StoredSighting));
  SortedSightings sorted;
  sorted.reserve(most_sightings(day.sealed));
  NEARZONE_ASSIGN(const OpenedSegment segment,
                  open_segment(day.sealed, key, id, 0, nullptr, sorted));
  day.read = {opener.read().scans + segment.read.scans,
              opener.read().sightings + segment.read.sightings};
  // Without its first chunk nothing of a segment can be read.
  if (segment.blocks.empty() && day.sealed.packed != 0) {
    day.sealed.segment.clear();
    day.sealed.packed = 0;
  }
  day.end = std::max(opener.end(), day.sealed.packed);
  for (const PackedBlock& block : blocks) day.scan_days.push_back(Day::of(block.scan.start));
  return {};
}

void count(ReadableDay& day, const KeyTable& keys) {
  const DayTotals& counted = day.sealed.counted;
  const Amount& known = day.sealed.known_lost;
  uint64_t blocks = day.read.scans + known.scans;
  if (counted.blocks <= kMostBlocksOfDay) blocks = std::max<uint64_t>(blocks, counted.blocks);
  const DayMark mark = keys.mark(day.sealed.day);
  blocks = std::max({blocks, uint64_t{mark.blocks}, uint64_t{day.end}});
  const uint64_t sightings = std::max({uint64_t{counted.sightings}, uint64_t{mark.sightings},
                                       day.read.sightings + known.sightings});
  day.lost = {blocks - day.read.scans - known.scans,
              sightings - day.read.sightings - known.sightings};
  const uint32_t states = std::max(counted.states, mark.states);
  if (states > day.states.size()) day.states_lost = states - day.states.size();
  day.totals = {day.sealed.day, static_cast<uint32_t>(blocks), static_cast<uint32_t>(sightings),
                static_cast<uint32_t>(day.states.size())};
  day.whole = !day.sealed.unreadable && day.lost == Amount{} && blocks == counted.blocks &&
              sightings == counted.sightings && day.states.size() == counted.states;
}

Result<ReadableDay> read_day(LogReader& reader, const DayKey& key, const KeyTable& keys) {
  ReadableDay day;
  NEARZONE_ASSIGN(day.sealed, reader.read(key.day));
  NEARZONE_TRY(read_content(day, key.key, keys.database_id));
  NEARZONE_ASSIGN(day.states, reader.read_states(key.day));
  std::erase_if(day.states, [&](const StoredState& state) {
    return !open_sealed(key.key, state.sealed,
                        associated_with_state(keys.database_id, key.day, state.kind))
                .ok();
  });
  count(day, keys);
  return day;
}

void note(const ReadableDay& day, Examination& found) {
  found.whole &= day.whole;
  found.states_lost += day.states_lost;
  if (day.lost != Amount{})
    found.lost.push_back({day.sealed.day, day.lost.scans, day.lost.sightings});
  if (day.sealed.day == kDoubtfulDay) found.doubted = day.scan_days;
}

// Sealed as it is: seals are bound to a day and a sequence, not to a place in a file.
Status copy_day(const ReadableDay& day, const Secret<32>& key, const DatabaseId& id,
                LogDatabase& to) {
  for (const SealedChunk& chunk : day.sealed.segment)
    if (opens(day.sealed, chunk, key, id))
      NEARZONE_TRY(to.add_segment_chunk(chunk.label, day.sealed.sealed(chunk)));
  for (const SealedChunk& chunk : day.sealed.blocks)
    if (opens(day.sealed, chunk, key, id))
      NEARZONE_TRY(to.add_chunk(chunk.label, day.sealed.sealed(chunk)));
  for (const StoredState& state : day.states)
    NEARZONE_TRY(to.put_state(state.day, state.kind, state.sealed).status());
  NEARZONE_TRY(to.put_day(day.totals, day.sealed.packed));
  const Amount lost = {day.lost.scans + day.sealed.known_lost.scans,
                       day.lost.sightings + day.sealed.known_lost.sightings};
  return lost == Amount{} ? Status() : to.add_loss(day.sealed.day, lost, {});
}

// Nothing where the database is so damaged that it cannot be opened at all.
Result<std::optional<LogReader>> open_damaged(const Storage& storage, const std::string& path) {
  Result<LogReader> reader = LogReader::open(path, storage.vfs);
  if (reader.ok()) {
    if (const Status begun = reader->begin(); begun.ok() || begun.code() != Code::corrupt) {
      NEARZONE_TRY(begun);
      return std::optional<LogReader>(*std::move(reader));
    }
    return std::optional<LogReader>();
  }
  if (reader.status().code() == Code::corrupt) return std::optional<LogReader>();
  return reader.status();
}

Result<Examination> copy_days(const Storage& storage, const std::string& from, LogDatabase& to,
                              const KeyTable& keys) {
  NEARZONE_ASSIGN(std::optional<LogReader> reader, open_damaged(storage, from));
  Examination found;
  NEARZONE_ASSIGN(Transaction transaction, to.begin());
  for (const DayKey& key : keys.days) {
    ReadableDay day;
    day.sealed.day = day.sealed.counted.day = key.day;
    if (reader) {
      NEARZONE_ASSIGN(day, read_day(*reader, key, keys));
    } else {
      count(day, keys);
    }
    note(day, found);
    NEARZONE_TRY(copy_day(day, key.key, keys.database_id, to));
  }
  NEARZONE_TRY(transaction.commit());
  return found;
}

Status remove_file(const SystemCalls& calls, const std::string& path) {
  if (calls.unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return {Code::io, "a file of the log cannot be removed"};
}

Status move_file(const SystemCalls& calls, const std::string& from, const std::string& to) {
  if (calls.rename(from.c_str(), to.c_str()) == 0) return {};
  if (says_no_space(errno)) return {Code::no_space, "the disk is full"};
  return {Code::io, "a file of the log cannot be moved"};
}

Status sync_names(const SystemCalls& calls, const Paths& paths, Durability durability) {
  return durability == Durability::none ? Status() : sync_directory(calls, paths.directory);
}

// What is about to replace another file must be on the disk before.
Durability not_less_than_whole(Durability durability) {
  return durability == Durability::none ? durability : Durability::power_loss;
}

std::string being_made(const Paths& paths) { return paths.database + ".new"; }
std::string made(const Paths& paths) { return paths.database + ".repaired"; }
std::string set_aside(const Paths& paths) { return paths.database + ".damaged"; }

}  // namespace

Result<Examination> examine(const Storage& storage, const std::string& database,
                            const KeyTable& keys) {
  Examination found;
  NEARZONE_ASSIGN(std::optional<LogReader> reader, open_damaged(storage, database));
  if (!reader) {
    found.whole = false;
    return found;
  }
  NEARZONE_ASSIGN(found.whole, reader->is_sound());
  // SQLite's check tells of a page that could not be read just now as of a damaged one. What is
  // damaged is told again.
  if (!found.whole) {
    NEARZONE_ASSIGN(found.whole, reader->is_sound());
  }
  for (const DayKey& key : keys.days) {
    NEARZONE_ASSIGN(const ReadableDay day, read_day(*reader, key, keys));
    note(day, found);
  }
  return found;
}

Result<Examination> repair(const Storage& storage, const Paths& paths, const KeyTable& keys,
                           Durability durability) {
  const SystemCalls& calls = *storage.calls;
  NEARZONE_TRY(forget_damaged(storage, paths));
  for (const char* suffix : {"", "-wal", "-shm", "-journal"})
    NEARZONE_TRY(remove_file(calls, being_made(paths) + suffix));
  NEARZONE_TRY(PrivateFile::open(calls, being_made(paths), PrivateFile::Opening::create_if_missing)
                   .status());
  Examination found;
  {
    const KeyTable no_days{keys.database_id, keys.sequence, {}, {}, {}, {}};
    NEARZONE_ASSIGN(LogDatabase fresh, LogDatabase::open(being_made(paths), storage.vfs,
                                                         not_less_than_whole(durability), no_days));
    NEARZONE_ASSIGN(found, copy_days(storage, paths.database, fresh, keys));
    NEARZONE_TRY(fresh.follow_keys(keys, {}));
    NEARZONE_TRY(fresh.close_in_one_file());
  }
  NEARZONE_TRY(move_file(calls, being_made(paths), made(paths)));
  NEARZONE_TRY(sync_names(calls, paths, durability));
  NEARZONE_TRY(finish_repair(storage, paths, durability));
  return found;
}

// The write-ahead log goes first: it must never stand beside the new database.
Status finish_repair(const Storage& storage, const Paths& paths, Durability durability) {
  const SystemCalls& calls = *storage.calls;
  NEARZONE_ASSIGN(const std::optional<uint64_t> finished, file_size(calls, made(paths)));
  if (!finished) return {};
  NEARZONE_TRY(remove_file(calls, paths.database + "-shm"));
  for (const char* suffix : {"-wal", ""}) {
    NEARZONE_ASSIGN(const std::optional<uint64_t> damaged,
                    file_size(calls, paths.database + suffix));
    if (damaged) NEARZONE_TRY(move_file(calls, paths.database + suffix, set_aside(paths) + suffix));
    // On the disk in this order, too.
    NEARZONE_TRY(sync_names(calls, paths, durability));
  }
  NEARZONE_TRY(move_file(calls, made(paths), paths.database));
  return sync_names(calls, paths, durability);
}

Result<uint64_t> bytes_set_aside(const Storage& storage, const Paths& paths) {
  uint64_t bytes = 0;
  for (const char* suffix : {"", "-wal"}) {
    NEARZONE_ASSIGN(const std::optional<uint64_t> size,
                    file_size(*storage.calls, set_aside(paths) + suffix));
    bytes += size.value_or(0);
  }
  return bytes;
}

Status forget_damaged(const Storage& storage, const Paths& paths) {
  for (const char* suffix : {"", "-wal"})
    NEARZONE_TRY(remove_file(*storage.calls, set_aside(paths) + suffix));
  return {};
}

}  // namespace nearzone::encounter_log
