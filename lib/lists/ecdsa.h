// ECDSA over NIST P-256: verification only, with mbedTLS.
#pragma once

#include <array>
#include <cstdint>

#include "nearzone/bytes.h"

namespace nearzone {

// An uncompressed point: 04 || x || y.
using P256Point = std::array<uint8_t, 65>;

bool p256_is_on_curve(const P256Point& point);

enum class EcdsaOutcome : uint8_t { verified, refused, not_der };

// `digest` has 32 bytes; `signature` is X9.62 DER.
EcdsaOutcome p256_verify(const P256Point& key, ByteView digest, ByteView signature);

}  // namespace nearzone
