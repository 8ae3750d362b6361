// The best that OpenSSL gives an expert who does not write kernels: HMAC states of the empty salt
// kept, the old SHA-256 calls, one AES call for a key's day, a flat hash set. Only the baseline of
// benchmarks; it ignores time altogether.
#pragma once

#include <span>

#include "baselines/found.h"
#include "nearzone/sighting.h"

namespace nearzone::bench {

// The keys that have an identifier among `heard`.
FoundKeys match_tuned(std::span<const PublishedKey> keys, std::span<const Identifier> heard);

}  // namespace nearzone::bench
