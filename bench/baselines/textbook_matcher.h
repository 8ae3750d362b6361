// What a good programmer writes first: OpenSSL's EVP for HKDF and AES, a std::unordered_set, every
// identifier of every key. Only the baseline of benchmarks; it ignores time altogether.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "nearzone/keys.h"
#include "nearzone/sighting.h"

namespace nearzone::bench {

// How many of the keys have an identifier among `heard`.
size_t match_textbook(std::span<const PublishedKey> keys, std::span<const Identifier> heard);

}  // namespace nearzone::bench
