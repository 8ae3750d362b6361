// The functions that the parts of the arm64 level share.
#pragma once

#include "kernel/table.h"

#if defined(__aarch64__)

// Compilers spell it differently. Where the instructions are part of what is compiled for anyway,
// as on Apple's processors, it changes nothing.
#if defined(__clang__)
#define NEARZONE_CRYPTO __attribute__((target("aes,sha2")))
#else
#define NEARZONE_CRYPTO __attribute__((target("+crypto")))
#endif

namespace nearzone::kernel::arm64 {

void sha256_compress(uint32_t (*state)[8], const uint8_t (*block)[64], size_t lanes);
void sha256_stream(uint32_t state[8], const uint8_t (*block)[64], size_t blocks);
void sha256_chain(uint8_t (*block)[64], size_t lanes, size_t links, const uint8_t pick[16],
                  uint8_t (*out)[16]);
void hkdf_sha256(const uint8_t (*key)[16], const uint8_t info[7], uint8_t (*derived)[16],
                 size_t lanes);

}  // namespace nearzone::kernel::arm64

#endif
