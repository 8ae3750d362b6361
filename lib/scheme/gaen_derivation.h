// HKDF-SHA256 of temporary exposure keys on the batch kernels.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nearzone/sighting.h"

namespace nearzone::gaen {

inline constexpr size_t kDerivationLanes = 16;

// Which key to derive from a temporary exposure key; both infos are seven bytes long.
inline constexpr char kIdentifierKeyInfo[] = "EN-RPIK";
inline constexpr char kMetadataKeyInfo[] = "EN-AEMK";

// HKDF-SHA256(ikm = key, no salt, info, 16 bytes) of up to kDerivationLanes keys side by side.
// keys[i] points to 16 bytes.
void derive_keys(const uint8_t* const* keys, size_t count, const char (&info)[8],
                 uint8_t (*derived)[16]);

// Encrypts the padded data of `count` intervals from `first` under an identifier key: RPIs.
void encrypt_intervals(const uint8_t (&identifier_key)[16], uint32_t first, size_t count,
                       uint8_t (*identifiers)[16]);

// AES-128-CTR of metadata, under the metadata key and the identifier as counter block.
Metadata apply_metadata_keystream(const uint8_t (&metadata_key)[16], const Identifier& identifier,
                                  Metadata metadata);

}  // namespace nearzone::gaen
