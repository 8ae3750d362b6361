// HKDF-SHA256 of temporary exposure keys on the batch kernels.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nearzone/sighting.h"

namespace nearzone::kernel {
struct FilterView;
}

namespace nearzone::gaen {

// Which key to derive from a temporary exposure key; both infos are seven bytes long.
inline constexpr char kIdentifierKeyInfo[] = "EN-RPIK";
inline constexpr char kMetadataKeyInfo[] = "EN-AEMK";

// HKDF-SHA256(ikm = key, no salt, info, 16 bytes) of `count` keys side by side, possibly in place.
void derive_keys(const uint8_t (*keys)[16], size_t count, const char (&info)[8],
                 uint8_t (*derived)[16]);

// Encrypts, under each identifier key k, the padded data of counts[k] intervals from firsts[k]:
// RPIs, key by key.
void encrypt_intervals(const uint8_t (*identifier_keys)[16], const uint32_t* firsts,
                       const uint32_t* counts, size_t keys, uint8_t (*identifiers)[16]);

// The same, and the positions of those identifiers that may be in the filter; returns how many.
size_t encrypt_and_find_intervals(const uint8_t (*identifier_keys)[16], const uint32_t* firsts,
                                  const uint32_t* counts, size_t keys,
                                  const kernel::FilterView& filter, uint8_t (*identifiers)[16],
                                  uint32_t* found);

// AES-128-CTR of metadata, under the metadata key and the identifier as counter block.
Metadata apply_metadata_keystream(const uint8_t (&metadata_key)[16], const Identifier& identifier,
                                  Metadata metadata);

}  // namespace nearzone::gaen
