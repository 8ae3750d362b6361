// AES with ARMv8's instructions for it. Target attributes stand on functions, never on the
// file: see table.h.
#include "kernel/arm64.h"
#include "kernel/composed.h"
#include "kernel/look_up.h"
#include "kernel/table.h"

#if defined(__aarch64__)

#include <arm_neon.h>

namespace nearzone::kernel {
namespace arm64 {
namespace {

// Numbers are reinterpreted as bytes.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

constexpr size_t kBlocks = 8;  // in flight
constexpr size_t kKeys = 4;    // expanded side by side

template <size_t kRounds>
struct RoundKeys {
  uint8x16_t round[kRounds + 1];
};

// Adds to each word of a round key the words before it.
NEARZONE_CRYPTO inline uint8x16_t fold(uint8x16_t key) {
  const uint8x16_t zero = vdupq_n_u8(0);
  key = veorq_u8(key, vextq_u8(zero, key, 12));
  return veorq_u8(key, vextq_u8(zero, key, 8));
}

// The round key that follows `before`, by FIPS 197, section 5.2. The last word of `last` stands in
// all columns, where the round's shift of rows changes nothing and its substitution is the
// schedule's.
template <bool kRotate>
NEARZONE_CRYPTO inline uint8x16_t next_key(uint8x16_t before, uint8x16_t last,
                                           uint32_t round_constant) {
  const uint8x16_t word = vreinterpretq_u8_u32(vdupq_n_u32(kRotate ? 0x0c0f0e0d : 0x0f0e0d0c));
  const uint8x16_t substituted = vaeseq_u8(vqtbl1q_u8(last, word), vdupq_n_u8(0));
  const uint8x16_t constant = vreinterpretq_u8_u32(vdupq_n_u32(round_constant));
  return veorq_u8(veorq_u8(fold(before), constant), substituted);
}

// Side by side, since one key's schedule is a single chain. Keys that are not there repeat the
// first.
NEARZONE_CRYPTO inline void expand128(const uint8_t (*key)[16], size_t count,
                                      RoundKeys<10> (&keys)[kKeys]) {
  uint8x16_t last[kKeys];
#pragma GCC unroll 4
  for (size_t k = 0; k < kKeys; ++k) keys[k].round[0] = last[k] = vld1q_u8(key[k < count ? k : 0]);
  uint32_t constant = 1;
#pragma GCC unroll 1
  for (size_t r = 1; r <= 10; ++r) {
#pragma GCC unroll 4
    for (size_t k = 0; k < kKeys; ++k)
      keys[k].round[r] = last[k] = next_key<true>(last[k], last[k], constant);
    constant = r == 8 ? 0x1b : constant << 1;
  }
}

NEARZONE_CRYPTO inline void expand256(const uint8_t key[32], RoundKeys<14>& keys) {
  uint8x16_t(&round)[15] = keys.round;
  round[0] = vld1q_u8(key);
  round[1] = vld1q_u8(key + 16);
  for (size_t r = 2; r <= 14; r += 2) {
    round[r] = next_key<true>(round[r - 2], round[r - 1], 1u << (r / 2 - 1));
    if (r < 14) round[r + 1] = next_key<false>(round[r - 1], round[r], 0);
  }
}

// Each of the blocks under one key. The instructions add the key first; the second of each pair
// follows the first, as processors fuse them. Calls `beside` after each but the last round.
template <size_t kRounds, class Beside>
NEARZONE_CRYPTO inline void encrypt(const RoundKeys<kRounds>& keys, uint8x16_t (&x)[kBlocks],
                                    const Beside& beside) {
#pragma GCC unroll 14
  for (size_t r = 0; r + 1 < kRounds; ++r) {
#pragma GCC unroll 8
    for (uint8x16_t& block : x) block = vaesmcq_u8(vaeseq_u8(block, keys.round[r]));
    beside(r);
  }
#pragma GCC unroll 8
  for (uint8x16_t& block : x)
    block = veorq_u8(vaeseq_u8(block, keys.round[kRounds - 1]), keys.round[kRounds]);
}

constexpr auto kNothing = [](size_t) {};

// Up to kBlocks of them.
NEARZONE_CRYPTO inline void store(const uint8x16_t (&x)[kBlocks], size_t blocks,
                                  uint8_t (*out)[16]) {
  if (blocks >= kBlocks) {
#pragma GCC unroll 8
    for (size_t i = 0; i < kBlocks; ++i) vst1q_u8(out[i], x[i]);
  } else {
#pragma GCC unroll 8
    for (size_t i = 0; i < kBlocks; ++i)
      if (i < blocks) vst1q_u8(out[i], x[i]);
  }
}

NEARZONE_CRYPTO void aes128_encrypt(const uint8_t (*key)[16], const uint8_t (*in)[16],
                                    uint8_t (*out)[16], size_t keys, size_t blocks_per_key) {
  RoundKeys<10> expanded[kKeys];
  for (size_t k = 0; k < keys; ++k) {
    if (k % kKeys == 0) expand128(key + k, keys - k, expanded);
    for (size_t block = 0; block < blocks_per_key; block += kBlocks) {
      const size_t blocks = blocks_per_key - block;
      uint8x16_t x[kBlocks];
#pragma GCC unroll 8
      for (size_t i = 0; i < kBlocks; ++i) x[i] = vld1q_u8(in[block + (i < blocks ? i : 0)]);
      encrypt(expanded[k % kKeys], x, kNothing);
      store(x, blocks, out + block);
    }
    in += blocks_per_key;
    out += blocks_per_key;
  }
  clear(expanded, sizeof(expanded));
}

// Up to kBlocks blocks, the first of which is `next`; moves it on.
template <class Beside>
NEARZONE_CRYPTO inline void encrypt_numbers(const RoundKeys<10>& keys, uint32x4_t& next,
                                            uint8_t (*out)[16], size_t blocks,
                                            const Beside& beside) {
  const uint32x4_t one = vsetq_lane_u32(1, vdupq_n_u32(0), 3);
  uint8x16_t x[kBlocks];
#pragma GCC unroll 8
  for (uint8x16_t& each : x) {
    each = vreinterpretq_u8_u32(next);
    next = vaddq_u32(next, one);
  }
  encrypt(keys, x, beside);
  store(x, blocks, out);
}

// Look-ups are of what is written, one group behind; returns what they find.
template <class Finder>
NEARZONE_CRYPTO inline size_t encrypt_all(const uint8_t (*key)[16], const uint8_t prefix[12],
                                          const uint32_t* first, const uint32_t* count, size_t keys,
                                          uint8_t (*out)[16], const FilterView& filter,
                                          uint32_t* found) {
  uint8_t start[16] = {};
  __builtin_memcpy(start, prefix, 12);
  Finder look_ups(filter, out, found);
  const uint32x4_t base = vreinterpretq_u32_u8(vld1q_u8(start));
  RoundKeys<10> expanded[kKeys];
  size_t written = 0;
  for (size_t k = 0; k < keys; ++k) {
    if (k % kKeys == 0) expand128(key + k, keys - k, expanded);
    const RoundKeys<10>& round_keys = expanded[k % kKeys];
    uint32x4_t next = vsetq_lane_u32(first[k], base, 3);
    const size_t end = written + count[k];
    for (; written + kBlocks <= end; written += kBlocks) {
      if (look_ups.are_behind(written, kBlocks)) {
        encrypt_numbers(round_keys, next, out + written, kBlocks,
                        [&](size_t r) NEARZONE_CRYPTO { look_ups.template beside<1>(r, kBlocks); });
        look_ups.end_group(kBlocks);
      } else {
        encrypt_numbers(round_keys, next, out + written, kBlocks, kNothing);
      }
    }
    if (written < end) encrypt_numbers(round_keys, next, out + written, end - written, kNothing);
    written = end;
  }
  clear(expanded, sizeof(expanded));
  return look_ups.finish(written);
}

NEARZONE_CRYPTO void aes128_number(const uint8_t (*key)[16], const uint8_t prefix[12],
                                   const uint32_t* first, const uint32_t* count, size_t keys,
                                   uint8_t (*out)[16]) {
  encrypt_all<NoLookUps>(key, prefix, first, count, keys, out, {}, nullptr);
}

NEARZONE_CRYPTO size_t aes128_number_find(const uint8_t (*key)[16], const uint8_t prefix[12],
                                          const uint32_t* first, const uint32_t* count, size_t keys,
                                          const FilterView& filter, uint8_t (*out)[16],
                                          uint32_t* found) {
  return encrypt_all<LookUps>(key, prefix, first, count, keys, out, filter, found);
}

// A 128-bit counter.
struct Counter {
  uint64_t high;
  uint64_t low;
};

NEARZONE_CRYPTO void aes256_ctr(const uint8_t key[32], const uint8_t counter[16], uint8_t* data,
                                size_t size) {
  RoundKeys<14> keys;
  expand256(key, keys);
  Counter next;
  __builtin_memcpy(&next, counter, sizeof(next));
  next = {__builtin_bswap64(next.high), __builtin_bswap64(next.low)};
  uint8_t stream[kBlocks][16];
  for (size_t at = 0; at < size; at += sizeof(stream)) {
    uint8x16_t x[kBlocks];
#pragma GCC unroll 8
    for (uint8x16_t& each : x) {
      const uint64x2_t halves = vcombine_u64(vcreate_u64(next.high), vcreate_u64(next.low));
      each = vrev64q_u8(vreinterpretq_u8_u64(halves));
      if (++next.low == 0) ++next.high;
    }
    encrypt(keys, x, kNothing);
    if (size - at >= sizeof(stream)) {
#pragma GCC unroll 8
      for (size_t i = 0; i < kBlocks; ++i) {
        uint8_t* const to = data + at + 16 * i;
        vst1q_u8(to, veorq_u8(vld1q_u8(to), x[i]));
      }
    } else {
      store(x, kBlocks, stream);
      for (size_t i = 0; at + i < size; ++i) data[at + i] ^= stream[i / 16][i % 16];
    }
  }
  clear(&keys, sizeof(keys));
  clear(stream, sizeof(stream));
}

}  // namespace
}  // namespace arm64

const KernelTable kArm64Crypto = {
    "arm64-crypto",       kArmSha2 | kArmAes,    arm64::sha256_compress,   arm64::aes128_encrypt,
    arm64::aes256_ctr,    arm64::sha256_stream,  arm64::sha256_chain,      arm64::hkdf_sha256,
    arm64::aes128_number, composed::filter_find, arm64::aes128_number_find};

}  // namespace nearzone::kernel

#endif
