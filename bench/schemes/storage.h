// What a scheme makes a phone store.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nearzone/sighting.h"

namespace nearzone::bench {

// Bytes of the keys that a phone keeps for itself after a fortnight.
size_t own_key_bytes(SchemeTag tag);
// Bytes of a log of 30,240 sightings of 5,040 identifiers in a fortnight; 0 on a failure.
uint64_t log_bytes(SchemeTag tag);

}  // namespace nearzone::bench
