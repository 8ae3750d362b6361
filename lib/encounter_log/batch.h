// What an append consists of: blocks, each what one scan heard on one day.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nearzone/encounter_log.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::encounter_log {

struct NewBlock {
  Day day;  // under which it is filed
  const Scan* scan;
  std::vector<const Sighting*> heard;
  std::vector<const Sighting*> kept;     // of these, after de-duplication
  std::span<const Sighting> scan_heard;  // by all of the scan
};

// Fails with invalid_argument, limit_exceeded: see EncounterLog::append().
Status check_batches(std::span<const SightingBatch> batches);

// Names a block by the plain content that it has in one piece and without a tag: equal blocks of a
// day have equal tags.
uint64_t tag_of(const Secret<32>& day_key, ByteView plain);

}  // namespace nearzone::encounter_log
