// The functions of the x86 levels, so that a wider level can leave small work to a narrower one.
#pragma once

#include "kernel/table.h"

#if defined(__x86_64__)

namespace nearzone::kernel {

namespace sha_ni {

void sha256_compress(uint32_t (*state)[8], const uint8_t (*block)[64], size_t lanes);
void sha256_stream(uint32_t state[8], const uint8_t (*block)[64], size_t blocks);
void sha256_chain(uint8_t (*block)[64], size_t lanes, size_t links, const uint8_t pick[16],
                  uint8_t (*out)[16]);
void hkdf_sha256(const uint8_t (*key)[16], const uint8_t info[7], uint8_t (*derived)[16],
                 size_t lanes);

// The schedule, round constants added, of HKDF's last inner block, which is the same for all keys:
// info || 1, after 64 bytes. `known` is aligned to 16 bytes.
void expand_info(const uint8_t info[7], uint32_t (&known)[64]);

}  // namespace sha_ni

namespace aes_ni {

void aes128_encrypt(const uint8_t (*key)[16], const uint8_t (*in)[16], uint8_t (*out)[16],
                    size_t keys, size_t blocks_per_key);
void aes256_ctr(const uint8_t key[32], const uint8_t counter[16], uint8_t* data, size_t size);

}  // namespace aes_ni

namespace avx512 {

void sha256_compress(uint32_t (*state)[8], const uint8_t (*block)[64], size_t lanes);
void sha256_chain(uint8_t (*block)[64], size_t lanes, size_t links, const uint8_t pick[16],
                  uint8_t (*out)[16]);
void hkdf_sha256(const uint8_t (*key)[16], const uint8_t info[7], uint8_t (*derived)[16],
                 size_t lanes);
size_t filter_find(const FilterView& filter, const uint8_t (*identifier)[16], size_t count,
                   uint32_t* found);

}  // namespace avx512

}  // namespace nearzone::kernel

#endif
