// Bluezone's records matched with OpenSSL: every identifier of every record against a flat hash
// set. Only the baseline of benchmarks; it ignores time altogether.
#pragma once

#include <span>

#include "baselines/found.h"
#include "nearzone/sighting.h"

namespace nearzone::bench {

// The records, of whole days each, that have an identifier among `heard`.
FoundKeys match_bluezone(std::span<const PublishedKey> records, std::span<const Identifier> heard);

}  // namespace nearzone::bench
