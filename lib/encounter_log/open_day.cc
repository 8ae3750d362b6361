#include "encounter_log/open_day.h"

#include <algorithm>

#include "core/crypto.h"
#include "encounter_log/block.h"

namespace nearzone::encounter_log {
namespace {

// A failure that says that bytes are damaged, and not that they are newer than this program.
bool damaged(const Status& status) { return status.code() == Code::corrupt; }

Status read_rows(BlockReader& reader, const BlockLabel& label, uint32_t scan,
                 std::vector<StoredSighting>& rows) {
  uint32_t offset = label.chunk * uint32_t{kSightingsPerChunk};
  for (; !reader.at_end(); ++offset) {
    StoredSighting& row = rows.emplace_back();
    NEARZONE_TRY(reader.next(row.sighting));
    row.row = {label.day, label.sequence, offset};
    row.scan = scan;
  }
  return {};
}

}  // namespace

size_t most_sightings(const SealedDay& day) {
  size_t most = 0;
  // Every sighting of a block takes more than a byte.
  for (const SealedChunk& chunk : day.blocks)
    most += std::min<size_t>(chunk.label.count, chunk.size);
  for (const SealedChunk& chunk : day.segment)
    most += std::min<size_t>(chunk.label.count, kSightingsPerSegmentChunk);
  return most;
}

StoredSighting stored_sighting(const SortedSightings& sorted, SchemeTag scheme, size_t at) {
  return {{sorted.identifier[at], scheme, sorted.heard_by[at], sorted.time[at], sorted.rssi_dbm[at],
           sorted.metadata[at]},
          sorted.row[at],
          sorted.scan[at]};
}

Status BlockOpener::open_next(std::vector<StoredSighting>& rows, std::vector<PackedBlock>& blocks) {
  const uint32_t sequence = day_.blocks[next_].label.sequence;
  whole_ &= sequence == expected_;
  expected_ = sequence + 1;
  const size_t first = blocks.size();
  uint32_t chunk = 0;
  uint32_t chunks = 0;
  for (; !done() && day_.blocks[next_].label.sequence == sequence; ++next_, ++chunk) {
    const SealedChunk& stored = day_.blocks[next_];
    chunks = stored.label.chunks;
    whole_ &= stored.label.chunk == chunk;
    const size_t rows_before = rows.size();
    const Status status = open_chunk(stored, first, rows, blocks);
    if (status.ok()) continue;
    if (!damaged(status)) return status;
    whole_ = false;
    wipe(rows.data() + rows_before, (rows.size() - rows_before) * sizeof(StoredSighting));
    rows.resize(rows_before);
  }
  whole_ &= chunk == chunks;
  read_.scans += blocks.size() - first;
  if (blocks.size() != first) end_ = expected_;
  return {};
}

Status BlockOpener::open_chunk(const SealedChunk& chunk, size_t first_of_block,
                               std::vector<StoredSighting>& rows,
                               std::vector<PackedBlock>& blocks) {
  const BlockLabel& label = chunk.label;
  NEARZONE_ASSIGN(const SecretBytes plain,
                  open_sealed(key_, day_.sealed(chunk), associated_with_block(id_, label)));
  NEARZONE_ASSIGN(BlockReader reader, BlockReader::open(plain.expose(ForSealing{})));
  const bool first = blocks.size() == first_of_block;
  const Status malformed(Code::corrupt, "a stored scan is malformed");
  // All chunks of a block say the same of their scan.
  if (!first && reader.scan() != blocks.back().scan) return malformed;
  const size_t before = rows.size();
  const auto scan = static_cast<uint32_t>(first_of_block);
  NEARZONE_TRY(read_rows(reader, label, scan, rows));
  const auto added = std::span(rows).subspan(before);
  if (added.size() != label.count || !std::ranges::all_of(added, [&](const StoredSighting& row) {
        return label.day < Day{0} || Day::of(row.sighting.time) == label.day;
      }))
    return malformed;
  if (first) blocks.push_back({reader.scan(), reader.tag()});
  read_.sightings += label.count;
  return {};
}

Result<OpenedSegment> open_segment(const SealedDay& day, const Secret<32>& key,
                                   const DatabaseId& id, uint32_t first_scan, const Cancel* cancel,
                                   SortedSightings& sorted) {
  OpenedSegment opened;
  SegmentReader reader(day.day);
  uint32_t expected = 0;
  uint32_t chunks = 0;
  for (const SealedChunk& chunk : day.segment) {
    if (cancel != nullptr && cancel->requested()) return Status(Code::cancelled, "cancelled");
    const BlockLabel& label = chunk.label;
    chunks = label.chunks;
    opened.whole &= label.chunk == expected;
    expected = label.chunk + 1;
    const size_t before = sorted.identifier.size();
    const Result<SecretBytes> plain =
        open_sealed(key, day.sealed(chunk), associated_with_block(id, label));
    const Status status = plain.ok() ? reader.read(plain->expose(ForSealing{}), label.chunk == 0,
                                                   label.count, first_scan, sorted)
                                     : plain.status();
    if (status.ok()) {
      opened.read.sightings += label.count;
      continue;
    }
    if (!damaged(status)) return status;
    sorted.shrink(before);
    opened.whole = false;
  }
  opened.blocks = reader.blocks();
  opened.read.scans = opened.blocks.size();
  opened.whole &= expected == chunks && opened.blocks.size() == day.packed;
  return opened;
}

}  // namespace nearzone::encounter_log
