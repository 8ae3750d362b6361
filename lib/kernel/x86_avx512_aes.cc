// AES with VAES: four blocks in a vector, and four keys' schedules beside each other. Target
// attributes stand on functions, never on the file: see table.h.
#include "kernel/composed.h"
#include "kernel/table.h"
#include "kernel/x86.h"

#if defined(__x86_64__)

// GCC's own intrinsics start from a vector that they leave undefined on purpose.
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#define NEARZONE_VAES __attribute__((target("avx512f,avx512bw,avx512vl,vaes")))

namespace nearzone::kernel {
namespace avx512 {
namespace {

constexpr size_t kRounds = 10;
constexpr size_t kKeys = 16;  // expanded together, four in a vector

// Vectors in flight: as many as the registers hold beside the round keys, a third of a day's
// blocks; and fewer for what is left over.
constexpr size_t kMany = 12;
constexpr size_t kFew = 4;

// Up to four blocks.
NEARZONE_VAES inline __mmask8 halves_of(size_t blocks) {
  return static_cast<__mmask8>(blocks < 4 ? (1u << 2 * blocks) - 1 : 0xff);
}

// Vector `i` of `blocks` consecutive ones, zeros where there are none.
NEARZONE_VAES inline __m512i load(const uint8_t (*in)[16], size_t blocks, size_t i) {
  if (blocks <= 4 * i) return _mm512_setzero_si512();
  return _mm512_maskz_loadu_epi64(halves_of(blocks - 4 * i), in[4 * i]);
}

struct Schedules {
  __m512i round[kRounds + 1][kKeys / 4];
};

// FIPS 197, section 5.2, for up to kKeys keys. A key's last word stands in all columns, where the
// last round's shift of rows changes nothing and its substitution is the schedule's.
NEARZONE_VAES inline void expand(const uint8_t (*key)[16], size_t keys, Schedules& schedules) {
  const __m512i rotated = _mm512_set1_epi32(0x0c0f0e0d);
  __m512i last[kKeys / 4];
  for (size_t i = 0; i < kKeys / 4; ++i) last[i] = schedules.round[0][i] = load(key, keys, i);
  int constant = 1;
  for (size_t r = 1; r <= kRounds; ++r) {
    for (size_t i = 0; i < kKeys / 4; ++i) {
      const __m512i substituted = _mm512_aesenclast_epi128(_mm512_shuffle_epi8(last[i], rotated),
                                                           _mm512_set1_epi32(constant));
      __m512i folded = _mm512_xor_si512(last[i], _mm512_bslli_epi128(last[i], 4));
      folded = _mm512_xor_si512(folded, _mm512_bslli_epi128(folded, 8));
      last[i] = schedules.round[r][i] = _mm512_xor_si512(folded, substituted);
    }
    constant = r == 8 ? 0x1b : constant << 1;
  }
}

struct RoundKeys {
  __m512i round[kRounds + 1];
};

// One key's schedule four times over.
NEARZONE_VAES inline void broadcast(const Schedules& schedules, size_t key, RoundKeys& keys) {
  for (size_t r = 0; r <= kRounds; ++r) {
    const void* at = schedules.round[r];
    keys.round[r] = _mm512_broadcast_i32x4(static_cast<const __m128i*>(at)[key]);
  }
}

// The rounds after the first key has been added.
template <size_t kVectors>
NEARZONE_VAES inline void run_rounds(const RoundKeys& keys, __m512i (&x)[kVectors]) {
#pragma GCC unroll 16
  for (size_t r = 1; r < kRounds; ++r) {
#pragma GCC unroll 16
    for (__m512i& blocks : x) blocks = _mm512_aesenc_epi128(blocks, keys.round[r]);
  }
#pragma GCC unroll 16
  for (__m512i& blocks : x) blocks = _mm512_aesenclast_epi128(blocks, keys.round[kRounds]);
}

template <size_t kVectors>
NEARZONE_VAES inline void store(const __m512i (&x)[kVectors], size_t blocks, uint8_t (*out)[16]) {
#pragma GCC unroll 16
  for (size_t i = 0; i < kVectors; ++i)
    if (4 * i < blocks) _mm512_mask_storeu_epi64(out[4 * i], halves_of(blocks - 4 * i), x[i]);
}

template <size_t kVectors>
NEARZONE_VAES inline void encrypt(const RoundKeys& keys, const uint8_t (*in)[16],
                                  uint8_t (*out)[16], size_t blocks) {
  __m512i x[kVectors];
#pragma GCC unroll 16
  for (size_t i = 0; i < kVectors; ++i) x[i] = _mm512_xor_si512(load(in, blocks, i), keys.round[0]);
  run_rounds(keys, x);
  store(x, blocks, out);
}

NEARZONE_VAES void aes128_encrypt(const uint8_t (*key)[16], const uint8_t (*in)[16],
                                  uint8_t (*out)[16], size_t keys, size_t blocks_per_key) {
  Schedules schedules;
  RoundKeys round_keys;
  for (size_t k = 0; k < keys; ++k) {
    if (k % kKeys == 0) expand(key + k, keys - k, schedules);
    broadcast(schedules, k % kKeys, round_keys);
    size_t block = 0;
    for (; block + 4 * kMany <= blocks_per_key; block += 4 * kMany)
      encrypt<kMany>(round_keys, in + block, out + block, 4 * kMany);
    for (; block < blocks_per_key; block += 4 * kFew)
      encrypt<kFew>(round_keys, in + block, out + block, blocks_per_key - block);
    in += blocks_per_key;
    out += blocks_per_key;
  }
  clear(&schedules, sizeof(schedules));
  clear(&round_keys, sizeof(round_keys));
}

// Blocks whose number, added to the prefix and the first round key, `number` holds; moves it on.
template <size_t kVectors>
NEARZONE_VAES inline void encrypt_numbers(const RoundKeys& keys, __m512i base, __m512i& number,
                                          uint8_t (*out)[16], size_t blocks) {
  const __m512i four = _mm512_broadcast_i32x4(_mm_set_epi32(4, 0, 0, 0));
  __m512i x[kVectors];
#pragma GCC unroll 16
  for (__m512i& each : x) {
    each = _mm512_xor_si512(base, number);
    number = _mm512_add_epi32(number, four);
  }
  run_rounds(keys, x);
  store(x, blocks, out);
}

NEARZONE_VAES void aes128_number(const uint8_t (*key)[16], const uint8_t prefix[12],
                                 const uint32_t* first, const uint32_t* count, size_t keys,
                                 uint8_t (*out)[16]) {
  const __m512i start = _mm512_broadcast_i32x4(_mm_maskz_loadu_epi32(0x7, prefix));
  const __m512i places = _mm512_set_epi32(3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
  Schedules schedules;
  RoundKeys round_keys;
  for (size_t k = 0; k < keys; ++k) {
    if (k % kKeys == 0) expand(key + k, keys - k, schedules);
    broadcast(schedules, k % kKeys, round_keys);
    const __m512i base = _mm512_xor_si512(start, round_keys.round[0]);
    __m512i number =
        _mm512_add_epi32(_mm512_maskz_set1_epi32(0x8888, static_cast<int>(first[k])), places);
    size_t block = 0;
    for (; block + 4 * kMany <= count[k]; block += 4 * kMany)
      encrypt_numbers<kMany>(round_keys, base, number, out + block, 4 * kMany);
    for (; block < count[k]; block += 4 * kFew)
      encrypt_numbers<kFew>(round_keys, base, number, out + block, count[k] - block);
    out += count[k];
  }
  clear(&schedules, sizeof(schedules));
  clear(&round_keys, sizeof(round_keys));
}

}  // namespace
}  // namespace avx512

const KernelTable kX86Avx512 = {
    "x86-avx512",
    kSsse3 | kSse41 | kAesNi | kShaNi | kAvx512 | kVaes,
    avx512::sha256_compress,
    avx512::aes128_encrypt,
    aes_ni::aes256_ctr,
    sha_ni::sha256_stream,
    avx512::sha256_chain,
    avx512::hkdf_sha256,
    avx512::aes128_number,
    avx512::filter_find,
    composed::aes128_number_find<avx512::aes128_number, avx512::filter_find>};

}  // namespace nearzone::kernel

#endif
