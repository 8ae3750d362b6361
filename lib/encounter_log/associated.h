// What sealed records are bound to: the associated data of their seals.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "encounter_log/key_table.h"
#include "nearzone/time.h"

namespace nearzone::encounter_log {

enum class BlockKind : uint8_t {
  scan = 1,     // what one scan heard on one day
  segment = 2,  // the first blocks of a day, packed; its sequence is how many
};

// Where a block stands. Together the chunks of one (day, sequence) hold one scan's sightings.
struct BlockLabel {
  Day day;
  uint32_t sequence = 0;
  BlockKind kind = BlockKind::scan;
  uint32_t chunk = 0;  // of `chunks`, from 0
  uint32_t chunks = 1;
  uint32_t count = 0;  // sightings in this chunk
};

std::vector<uint8_t> associated_with_block(const DatabaseId& id, const BlockLabel& label);
std::vector<uint8_t> associated_with_state(const DatabaseId& id, Day day, std::string_view kind);

}  // namespace nearzone::encounter_log
