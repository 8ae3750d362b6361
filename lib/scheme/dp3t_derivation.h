// DP-3T's derivations on the batch kernels: HMAC-SHA256 of one message under many keys, and the
// keystreams that identifiers are cut from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "nearzone/bytes.h"
#include "nearzone/sighting.h"

namespace nearzone::dp3t {

inline constexpr std::string_view kDayMessage = "broadcast key";
inline constexpr std::string_view kWindowMessage = "DP3T-HYBRID";

// Replaces each key, the first `key_size` of its bytes, by HMAC-SHA256(key, message).
void derive_stream_keys(uint8_t (*keys)[32], size_t key_size, size_t count,
                        std::string_view message);

// The blocks from `first` on of a stream key's AES-256-CTR keystream: identifiers.
void expand_stream(const uint8_t (&stream_key)[32], uint32_t first, std::span<Identifier> out);

}  // namespace nearzone::dp3t
