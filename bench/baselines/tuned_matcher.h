// What an expert gets out of OpenSSL: HMAC states computed once, one call for all of a key's
// blocks, a flat hash set. Only the baseline of benchmarks; it ignores time altogether.
#pragma once

#include <cstddef>
#include <span>

#include "nearzone/keys.h"
#include "nearzone/sighting.h"

namespace nearzone::bench {

// How many of the keys have an identifier among `heard`.
size_t match_tuned(std::span<const PublishedKey> keys, std::span<const Identifier> heard);

}  // namespace nearzone::bench
