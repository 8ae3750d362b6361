#include "encounter_log/snapshot.h"

#include <utility>
#include <vector>

#include "core/crypto.h"
#include "encounter_log/associated.h"
#include "encounter_log/block.h"

namespace nearzone::encounter_log {
namespace {

// Rows between two looks at the flag.
constexpr size_t kCancelStride = 256;

Status damaged_day(Day day, const char* text) {
  const Status status(Code::corrupt, text, "day");
  return day.number < 0 ? status : status.at_record(static_cast<uint64_t>(day.number));
}

bool cancelled(const Cancel* cancel) { return cancel != nullptr && cancel->requested(); }

const Status kCancelled(Code::cancelled, "cancelled");

struct SealedChunk {
  BlockLabel label;
  size_t offset;
  size_t size;
};

// Everything sealed, copied out of the database in one go.
struct SealedLog {
  std::vector<SealedChunk> chunks;
  std::vector<uint8_t> bytes;

  ByteView sealed(const SealedChunk& chunk) const {
    return ByteView(bytes).subspan(chunk.offset, chunk.size);
  }
};

// Takes the reader, so that its read transaction ends here and the write-ahead log can be emptied.
Result<SealedLog> copy_out(LogReader reader, const Cancel* cancel) {
  SealedLog log;
  NEARZONE_TRY(reader.each_chunk([&](const StoredChunk& chunk) -> Status {
    if (log.chunks.size() % kCancelStride == 0 && cancelled(cancel)) return kCancelled;
    log.chunks.push_back({chunk.label, log.bytes.size(), chunk.sealed.size()});
    log.bytes.insert(log.bytes.end(), chunk.sealed.begin(), chunk.sealed.end());
    return {};
  }));
  return log;
}

// Every day's blocks are numbered from 0 without a gap, and so are the chunks of a block.
Status check_sequence(const std::vector<SealedChunk>& chunks) {
  const BlockLabel* before = nullptr;
  for (const SealedChunk& chunk : chunks) {
    const BlockLabel& label = chunk.label;
    // Every sighting takes more than a byte: a count beyond that would only eat memory.
    if (label.count > chunk.size) return damaged_day(label.day, "a stored scan is altered");
    const bool same_day = before != nullptr && before->day == label.day;
    const bool before_is_whole = before == nullptr || before->chunk + 1 == before->chunks;
    if (!before_is_whole) {
      if (!same_day || label.sequence != before->sequence || label.chunk != before->chunk + 1 ||
          label.chunks != before->chunks)
        return damaged_day(before->day, "a part of a stored scan is missing");
    } else if (label.chunk != 0 || label.chunks == 0 ||
               label.sequence != (same_day ? before->sequence + 1 : 0)) {
      return damaged_day(label.day, "a stored scan is missing");
    }
    before = &label;
  }
  if (before != nullptr && before->chunk + 1 != before->chunks)
    return damaged_day(before->day, "a part of a stored scan is missing");
  return {};
}

std::vector<LogDayStatistics> count(const std::vector<SealedChunk>& chunks) {
  std::vector<LogDayStatistics> days;
  for (const SealedChunk& chunk : chunks) {
    if (days.empty() || days.back().day != chunk.label.day) days.push_back({chunk.label.day});
    days.back().scans += chunk.label.chunk == 0 ? 1 : 0;
    days.back().sightings += chunk.label.count;
    days.back().sealed_bytes += chunk.size;
  }
  return days;
}

class Decryption {
 public:
  // For at most `most` sightings: a vector that grew would leave plain copies behind.
  Decryption(const KeyTable& keys, size_t most) : keys_(keys) { rows_.reserve(most); }
  Decryption(const Decryption&) = delete;
  Decryption& operator=(const Decryption&) = delete;
  ~Decryption() { wipe(rows_.data(), rows_.size() * sizeof(StoredSighting)); }

  // Chunks come in order.
  Status add(const BlockLabel& label, ByteView sealed) {
    const Secret<32>* key = keys_.find(label.day);
    // The day is erased: its key is overwritten, its rows go with the next write.
    if (key == nullptr) return {};
    const Result<SecretBytes> plain =
        open_sealed(*key, sealed, associated_with_block(keys_.database_id, label));
    if (!plain.ok()) return damaged_day(label.day, "a stored scan does not authenticate");
    NEARZONE_ASSIGN(BlockReader reader, BlockReader::open(plain->expose(ForSealing{})));
    if (label.chunk == 0) {
      scans_.push_back(reader.scan());
      next_offset_ = 0;
    }
    return add_rows(label, reader);
  }

  SightingTable sorted() { return SightingTable::from(std::move(rows_), std::move(scans_)); }

 private:
  Status add_rows(const BlockLabel& label, BlockReader& reader) {
    const Status malformed = damaged_day(label.day, "a stored scan is malformed");
    // All chunks of a block say the same of their scan.
    if (reader.scan() != scans_.back()) return malformed;
    for (uint32_t i = 0; i < label.count; ++i) {
      StoredSighting& row = rows_.emplace_back();
      NEARZONE_TRY(reader.next(row.sighting));
      if (Day::of(row.sighting.time) != label.day) return malformed;
      row.row = {label.day, label.sequence, next_offset_++};
      row.scan = static_cast<uint32_t>(scans_.size() - 1);
    }
    return reader.at_end() ? Status() : malformed;
  }

  const KeyTable& keys_;
  std::vector<StoredSighting> rows_;
  std::vector<Scan> scans_;
  uint32_t next_offset_ = 0;
};

}  // namespace

Status check_totals(const std::vector<DayTotals>& totals,
                    const std::vector<LogDayStatistics>& found) {
  auto day = found.begin();
  for (const DayTotals& total : totals) {
    if (total.blocks == 0 && total.sightings == 0) continue;
    if (day == found.end() || day->day > total.day)
      return damaged_day(total.day, "stored scans are missing");
    if (day->day < total.day) break;
    if (day->scans != total.blocks || day->sightings != total.sightings)
      return damaged_day(total.day, "stored scans are missing");
    ++day;
  }
  if (day != found.end()) return damaged_day(day->day, "stored scans were never counted");
  return {};
}

Result<SightingTable> read_snapshot(LogReader reader, const std::vector<DayTotals>& totals,
                                    const KeyTable& keys, const Cancel* cancel) {
  NEARZONE_ASSIGN(const SealedLog log, copy_out(std::move(reader), cancel));
  NEARZONE_TRY(check_sequence(log.chunks));
  const std::vector<LogDayStatistics> days = count(log.chunks);
  NEARZONE_TRY(check_totals(totals, days));
  size_t sightings = 0;
  for (const LogDayStatistics& day : days) sightings += static_cast<size_t>(day.sightings);
  Decryption decryption(keys, sightings);
  for (size_t i = 0; i < log.chunks.size(); ++i) {
    if (i % kCancelStride == 0 && cancelled(cancel)) return kCancelled;
    NEARZONE_TRY(decryption.add(log.chunks[i].label, log.sealed(log.chunks[i])));
  }
  if (cancelled(cancel)) return kCancelled;
  return decryption.sorted();
}

}  // namespace nearzone::encounter_log
