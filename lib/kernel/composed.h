// The composite functions of the table, made of a level's own primitives. A level names those of
// its functions as template arguments and puts the result into its table.
#pragma once

#include "kernel/look_up.h"
#include "kernel/table.h"

namespace nearzone::kernel::composed {

using Compress = void (*)(uint32_t (*)[8], const uint8_t (*)[64], size_t);
using Encrypt = void (*)(const uint8_t (*)[16], const uint8_t (*)[16], uint8_t (*)[16], size_t,
                         size_t);

// Lanes that go through a composite together: more do not help any level, and they fit the stack.
inline constexpr size_t kLanes = 16;

inline void store_be(uint8_t* to, uint32_t word) {
  const uint32_t swapped = __builtin_bswap32(word);
  __builtin_memcpy(to, &swapped, 4);
}

inline void store_digest(const uint32_t state[8], uint8_t* to) {
  for (size_t word = 0; word < 8; ++word) store_be(to + 4 * word, state[word]);
}

// Ends a last block that holds `size` bytes of a message of `total`.
inline void pad(uint8_t block[64], size_t size, size_t total) {
  block[size] = 0x80;
  __builtin_memset(block + size + 1, 0, 64 - size - 1);
  store_be(block + 60, static_cast<uint32_t>(total * 8));
}

template <Compress kCompress>
void sha256_stream(uint32_t state[8], const uint8_t (*block)[64], size_t blocks) {
  uint32_t chain[1][8];
  __builtin_memcpy(chain[0], state, sizeof(chain[0]));
  for (size_t i = 0; i < blocks; ++i) kCompress(chain, block + i, 1);
  __builtin_memcpy(state, chain[0], sizeof(chain[0]));
  clear(chain, sizeof(chain));
}

template <Compress kCompress>
void sha256_chain(uint8_t (*block)[64], size_t lanes, size_t links, const uint8_t pick[16],
                  uint8_t (*out)[16]) {
  uint32_t state[kLanes][8];
  for (size_t first = 0; first < lanes; first += kLanes) {
    const size_t count = lanes - first < kLanes ? lanes - first : kLanes;
    for (size_t link = 0; link < links; ++link) {
      for (size_t lane = 0; lane < count; ++lane)
        __builtin_memcpy(state[lane], kSha256Initial, sizeof(state[lane]));
      kCompress(state, block + first, count);
      for (size_t lane = 0; lane < count; ++lane) {
        uint8_t(&message)[64] = block[first + lane];
        store_digest(state[lane], message);
        if (link == 0) pad(message, 32, 32);
        for (size_t i = 0; i < 16; ++i)
          out[link * lanes + first + lane][i] = pick[i] == kPickZero ? 0 : message[pick[i]];
      }
    }
  }
  clear(state, sizeof(state));
}

// Six compressions a key: those of the salt's padding blocks are known, and the message of the
// second half is the same for all keys.
template <Compress kCompress>
void hkdf_sha256(const uint8_t (*key)[16], const uint8_t info[7], uint8_t (*derived)[16],
                 size_t lanes) {
  struct {
    uint32_t state[kLanes][8];
    uint32_t inner[kLanes][8];
    uint32_t outer[kLanes][8];
    uint8_t block[kLanes][64];
  } work;
  for (size_t first = 0; first < lanes; first += kLanes) {
    const size_t count = lanes - first < kLanes ? lanes - first : kLanes;
    // Extract: PRK = HMAC(zeros, key).
    for (size_t lane = 0; lane < count; ++lane) {
      __builtin_memcpy(work.state[lane], kZeroKeyInner, 32);
      __builtin_memcpy(work.block[lane], key[first + lane], 16);
      pad(work.block[lane], 16, 64 + 16);
    }
    kCompress(work.state, work.block, count);
    for (size_t lane = 0; lane < count; ++lane) {
      store_digest(work.state[lane], work.block[lane]);
      pad(work.block[lane], 32, 64 + 32);
      __builtin_memcpy(work.state[lane], kZeroKeyOuter, 32);
    }
    kCompress(work.state, work.block, count);
    // Expand: HMAC(PRK, info || 1), the states after its padding blocks first.
    for (size_t lane = 0; lane < count; ++lane) {
      store_digest(work.state[lane], work.block[lane]);
      for (size_t i = 0; i < 32; ++i) work.block[lane][i] ^= 0x36;
      __builtin_memset(work.block[lane] + 32, 0x36, 32);
      __builtin_memcpy(work.inner[lane], kSha256Initial, 32);
      __builtin_memcpy(work.outer[lane], kSha256Initial, 32);
    }
    kCompress(work.inner, work.block, count);
    for (size_t lane = 0; lane < count; ++lane)
      for (size_t i = 0; i < 64; ++i) work.block[lane][i] ^= 0x36 ^ 0x5c;
    kCompress(work.outer, work.block, count);
    for (size_t lane = 0; lane < count; ++lane) {
      __builtin_memcpy(work.block[lane], info, 7);
      work.block[lane][7] = 1;
      pad(work.block[lane], 8, 64 + 8);
    }
    kCompress(work.inner, work.block, count);
    for (size_t lane = 0; lane < count; ++lane) {
      store_digest(work.inner[lane], work.block[lane]);
      pad(work.block[lane], 32, 64 + 32);
    }
    kCompress(work.outer, work.block, count);
    for (size_t lane = 0; lane < count; ++lane)
      for (size_t word = 0; word < 4; ++word)
        store_be(derived[first + lane] + 4 * word, work.outer[lane][word]);
  }
  clear(&work, sizeof(work));
}

template <Encrypt kEncrypt>
void aes128_number(const uint8_t (*key)[16], const uint8_t prefix[12], const uint32_t* first,
                   const uint32_t* count, size_t keys, uint8_t (*out)[16]) {
  for (size_t k = 0; k < keys; ++k) {
    for (uint32_t i = 0; i < count[k]; ++i) {
      const uint32_t number = first[k] + i;
      __builtin_memcpy(out[i], prefix, 12);
      for (size_t byte = 0; byte < 4; ++byte)
        out[i][12 + byte] = static_cast<uint8_t>(number >> 8 * byte);
    }
    kEncrypt(key + k, out, out, 1, count[k]);
    out += count[k];
  }
}

inline size_t filter_find(const FilterView& filter, const uint8_t (*identifier)[16], size_t count,
                          uint32_t* found) {
  return LookUps(filter, identifier, found).finish(count);
}

template <auto kNumber, auto kFind>
size_t aes128_number_find(const uint8_t (*key)[16], const uint8_t prefix[12], const uint32_t* first,
                          const uint32_t* count, size_t keys, const FilterView& filter,
                          uint8_t (*out)[16], uint32_t* found) {
  kNumber(key, prefix, first, count, keys, out);
  size_t blocks = 0;
  for (size_t k = 0; k < keys; ++k) blocks += count[k];
  return kFind(filter, out, blocks, found);
}

}  // namespace nearzone::kernel::composed
