// The plain content of a segment: the blocks of a closed day, packed together and sorted as a
// snapshot wants them. The layout is described in docs/formats/encounter-log.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::encounter_log {

// Sightings of a chunk, of which only the last of a segment has fewer.
inline constexpr size_t kSightingsPerSegmentChunk = 4096;

// What is left of a block besides its sightings; its place in the list is its sequence.
struct PackedBlock {
  Scan scan;
  std::optional<uint64_t> tag;  // of the batch that began with it
  bool operator==(const PackedBlock&) const = default;
};

// The order of rows within a segment, which is that of SightingColumns within a day.
bool comes_before(const StoredSighting& a, const StoredSighting& b);

// One chunk of the day's rows, which come in order and belong to `blocks` (row.row.sequence). The
// first chunk holds the blocks as well.
SecretBytes write_segment_chunk(Day day, std::span<const PackedBlock> blocks, bool first,
                                std::span<const StoredSighting> rows);

// Reads the chunks of a segment in order.
class SegmentReader {
 public:
  explicit SegmentReader(Day day) : day_(day) {}

  // Adds the `count` rows of this chunk to `sorted`, whose scans those of the blocks follow from
  // `first_scan` on; the caller adds them. Fails with corrupt, or with newer_format.
  Status read(ByteView plain, bool first, uint32_t count, uint32_t first_scan,
              SortedSightings& sorted);
  // Known after the first chunk.
  const std::vector<PackedBlock>& blocks() const { return blocks_; }

 private:
  Day day_;
  std::vector<PackedBlock> blocks_;
};

}  // namespace nearzone::encounter_log
