// The portable level's functions, and the bitsliced S-box for its test.
#pragma once

#include "kernel/table.h"

namespace nearzone::kernel::portable {

void sha256_compress(uint32_t (*state)[8], const uint8_t (*block)[64], size_t lanes);
void aes128_encrypt(const uint8_t (*key)[16], const uint8_t (*in)[16], uint8_t (*out)[16],
                    size_t keys, size_t blocks_per_key);
void aes128_number(const uint8_t (*key)[16], const uint8_t prefix[12], const uint32_t* first,
                   const uint32_t* count, size_t keys, uint8_t (*out)[16]);
void aes256_ctr(const uint8_t key[32], const uint8_t counter[16], uint8_t* data, size_t size);

// AES's S-box of each of 128 bytes.
void substitute_bytes(uint8_t bytes[128]);

}  // namespace nearzone::kernel::portable
