// What a good programmer writes first: OpenSSL's EVP for HKDF and AES, a std::unordered_set, every
// identifier of every key. Only the baseline of benchmarks; it ignores time altogether.
#pragma once

#include <span>

#include "baselines/found.h"
#include "nearzone/sighting.h"

namespace nearzone::bench {

// The keys that have an identifier among `heard`.
FoundKeys match_textbook(std::span<const PublishedKey> keys, std::span<const Identifier> heard);

}  // namespace nearzone::bench
