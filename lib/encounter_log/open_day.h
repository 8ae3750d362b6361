// Decrypting what is stored of a day. What does not authenticate, or is not there, is passed over:
// whoever asks compares what was read with what was counted.
#pragma once

#include <cstdint>
#include <vector>

#include "encounter_log/key_table.h"
#include "encounter_log/log_reader.h"
#include "encounter_log/segment.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"

namespace nearzone::encounter_log {

// The most that a day can hold, going by its labels, which anybody could have altered.
size_t most_sightings(const SealedDay& day);

StoredSighting stored_sighting(const SortedSightings& sorted, SchemeTag scheme, size_t at);

// Opens the blocks behind the packed ones, one after the other.
class BlockOpener {
 public:
  // All are borrowed.
  BlockOpener(const SealedDay& day, const Secret<32>& key, const DatabaseId& id)
      : day_(day), key_(key), id_(id), expected_(day.packed) {}

  bool done() const { return next_ == day_.blocks.size(); }
  // Adds the next block and its rows, whose `scan` counts `blocks`. Fails with newer_format.
  Status open_next(std::vector<StoredSighting>& rows, std::vector<PackedBlock>& blocks);
  const Amount& read() const { return read_; }
  // The sequence behind that of the last block that could be read.
  uint32_t end() const { return end_; }
  // Whether all blocks were there, from the first to the last, and could be read.
  bool whole() const { return whole_; }

 private:
  Status open_chunk(const SealedChunk& chunk, size_t first_of_block,
                    std::vector<StoredSighting>& rows, std::vector<PackedBlock>& blocks);

  const SealedDay& day_;
  const Secret<32>& key_;
  const DatabaseId& id_;
  size_t next_ = 0;
  uint32_t expected_;
  uint32_t end_ = 0;
  Amount read_;
  bool whole_ = true;
};

struct OpenedSegment {
  Amount read;
  bool whole = true;
  std::vector<PackedBlock> blocks;
};

// Adds the rows of the segment to `sorted`, whose scans those of the blocks follow from
// `first_scan` on; the caller adds them. Fails with newer_format, cancelled.
Result<OpenedSegment> open_segment(const SealedDay& day, const Secret<32>& key,
                                   const DatabaseId& id, uint32_t first_scan, const Cancel* cancel,
                                   SortedSightings& sorted);

}  // namespace nearzone::encounter_log
