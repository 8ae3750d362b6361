// The tags of a day's blocks, by which a repeated append is recognised.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "encounter_log/key_table.h"
#include "encounter_log/log_reader.h"
#include "nearzone/status.h"

namespace nearzone::encounter_log {

using Tags = std::unordered_set<uint64_t>;

// Of every readable block what it is named by, and by what id its batch was.
Result<Tags> tags_of(const SealedDay& day, const Secret<32>& key, const DatabaseId& id);

}  // namespace nearzone::encounter_log
