// AES with AES-NI. Target attributes stand on functions, never on the file: see table.h.
#include "kernel/composed.h"
#include "kernel/look_up.h"
#include "kernel/table.h"
#include "kernel/x86.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define NEARZONE_AES __attribute__((target("aes,popcnt,sse4.1,ssse3")))

namespace nearzone::kernel {
namespace aes_ni {
namespace {

constexpr size_t kBlocks = 8;  // in flight
constexpr size_t kKeys = 4;    // expanded side by side

inline const __m128i* vector_at(const void* p) { return static_cast<const __m128i*>(p); }
inline __m128i* vector_at(void* p) { return static_cast<__m128i*>(p); }

template <size_t kRounds>
struct RoundKeys {
  __m128i round[kRounds + 1];
};

// Adds to each word of a round key the words before it.
NEARZONE_AES inline __m128i fold(__m128i key) {
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  return _mm_xor_si128(key, _mm_slli_si128(key, 8));
}

// The round key that follows `before`, by FIPS 197, section 5.2. The last word of `last` stands in
// all columns, where the last round's shift of rows changes nothing and its substitution is the
// schedule's.
template <bool kRotate>
NEARZONE_AES inline __m128i next_key(__m128i before, __m128i last, int round_constant) {
  const __m128i word = _mm_set1_epi32(kRotate ? 0x0c0f0e0d : 0x0f0e0d0c);
  const __m128i substituted =
      _mm_aesenclast_si128(_mm_shuffle_epi8(last, word), _mm_set1_epi32(round_constant));
  return _mm_xor_si128(fold(before), substituted);
}

// Side by side, since one key's schedule is a single chain. Keys that are not there repeat the
// first.
NEARZONE_AES inline void expand128(const uint8_t (*key)[16], size_t count,
                                   RoundKeys<10> (&keys)[kKeys]) {
  for (size_t k = 0; k < kKeys; ++k)
    keys[k].round[0] = _mm_loadu_si128(vector_at(key[k < count ? k : 0]));
  int constant = 1;
  for (size_t r = 1; r <= 10; ++r) {
    for (RoundKeys<10>& each : keys)
      each.round[r] = next_key<true>(each.round[r - 1], each.round[r - 1], constant);
    constant = r == 8 ? 0x1b : constant << 1;
  }
}

NEARZONE_AES inline void expand256(const uint8_t key[32], RoundKeys<14>& keys) {
  __m128i(&round)[15] = keys.round;
  round[0] = _mm_loadu_si128(vector_at(key));
  round[1] = _mm_loadu_si128(vector_at(key + 16));
  for (size_t r = 2; r <= 14; r += 2) {
    round[r] = next_key<true>(round[r - 2], round[r - 1], 1 << (r / 2 - 1));
    if (r < 14) round[r + 1] = next_key<false>(round[r - 1], round[r], 0);
  }
}

// The rounds after the first key has been added. Calls `beside` after each but the last.
template <size_t kRounds, class Beside>
NEARZONE_AES inline void run_rounds(const RoundKeys<kRounds>& keys, __m128i (&x)[kBlocks],
                                    const Beside& beside) {
#pragma GCC unroll 14
  for (size_t r = 1; r < kRounds; ++r) {
#pragma GCC unroll 8
    for (__m128i& block : x) block = _mm_aesenc_si128(block, keys.round[r]);
    beside(r - 1);
  }
#pragma GCC unroll 8
  for (__m128i& block : x) block = _mm_aesenclast_si128(block, keys.round[kRounds]);
}

constexpr auto kNothing = [](size_t) {};

// Up to kBlocks of them.
NEARZONE_AES inline void store(const __m128i (&x)[kBlocks], size_t blocks, uint8_t (*out)[16]) {
  if (blocks >= kBlocks) {
#pragma GCC unroll 8
    for (size_t i = 0; i < kBlocks; ++i) _mm_storeu_si128(vector_at(out[i]), x[i]);
  } else {
#pragma GCC unroll 8
    for (size_t i = 0; i < kBlocks; ++i)
      if (i < blocks) _mm_storeu_si128(vector_at(out[i]), x[i]);
  }
}

template <size_t kRounds>
NEARZONE_AES inline void encrypt(const RoundKeys<kRounds>& keys, const uint8_t (*in)[16],
                                 uint8_t (*out)[16], size_t blocks) {
  __m128i x[kBlocks];
#pragma GCC unroll 8
  for (size_t i = 0; i < kBlocks; ++i)
    x[i] = _mm_xor_si128(_mm_loadu_si128(vector_at(in[i < blocks ? i : 0])), keys.round[0]);
  run_rounds(keys, x, kNothing);
  store(x, blocks, out);
}

// Up to kBlocks blocks, whose number, added to the prefix and the first round key, `number` holds;
// moves it on.
template <class Beside>
NEARZONE_AES inline void encrypt_numbers(const RoundKeys<10>& keys, __m128i base, __m128i& number,
                                         uint8_t (*out)[16], size_t blocks, const Beside& beside) {
  const __m128i one = _mm_set_epi32(1, 0, 0, 0);
  __m128i x[kBlocks];
#pragma GCC unroll 8
  for (__m128i& each : x) {
    each = _mm_xor_si128(base, number);
    number = _mm_add_epi32(number, one);
  }
  run_rounds(keys, x, beside);
  store(x, blocks, out);
}

// Look-ups are of what is written, one group behind; returns what they find.
template <class Finder>
NEARZONE_AES inline size_t encrypt_all(const uint8_t (*key)[16], const uint8_t prefix[12],
                                       const uint32_t* first, const uint32_t* count, size_t keys,
                                       uint8_t (*out)[16], const FilterView& filter,
                                       uint32_t* found) {
  uint8_t start[16] = {};
  __builtin_memcpy(start, prefix, 12);
  Finder look_ups(filter, out, found);
  RoundKeys<10> expanded[kKeys];
  size_t written = 0;
  for (size_t k = 0; k < keys; ++k) {
    if (k % kKeys == 0) expand128(key + k, keys - k, expanded);
    const RoundKeys<10>& round_keys = expanded[k % kKeys];
    const __m128i base = _mm_xor_si128(_mm_loadu_si128(vector_at(start)), round_keys.round[0]);
    __m128i number = _mm_set_epi32(static_cast<int>(first[k]), 0, 0, 0);
    const size_t end = written + count[k];
    for (; written + kBlocks <= end; written += kBlocks) {
      if (look_ups.are_behind(written, kBlocks)) {
        encrypt_numbers(round_keys, base, number, out + written, kBlocks,
                        [&](size_t r) NEARZONE_AES { look_ups.template beside<1>(r, kBlocks); });
        look_ups.end_group(kBlocks);
      } else {
        encrypt_numbers(round_keys, base, number, out + written, kBlocks, kNothing);
      }
    }
    if (written < end)
      encrypt_numbers(round_keys, base, number, out + written, end - written, kNothing);
    written = end;
  }
  clear(expanded, sizeof(expanded));
  return look_ups.finish(written);
}

NEARZONE_AES void aes128_number(const uint8_t (*key)[16], const uint8_t prefix[12],
                                const uint32_t* first, const uint32_t* count, size_t keys,
                                uint8_t (*out)[16]) {
  encrypt_all<NoLookUps>(key, prefix, first, count, keys, out, {}, nullptr);
}

NEARZONE_AES size_t aes128_number_find(const uint8_t (*key)[16], const uint8_t prefix[12],
                                       const uint32_t* first, const uint32_t* count, size_t keys,
                                       const FilterView& filter, uint8_t (*out)[16],
                                       uint32_t* found) {
  return encrypt_all<LookUps>(key, prefix, first, count, keys, out, filter, found);
}

NEARZONE_AES size_t filter_find(const FilterView& filter, const uint8_t (*identifier)[16],
                                size_t count, uint32_t* found) {
  return LookUps(filter, identifier, found).finish(count);
}

// A 128-bit counter.
struct Counter {
  uint64_t high;
  uint64_t low;
};

}  // namespace

NEARZONE_AES void aes128_encrypt(const uint8_t (*key)[16], const uint8_t (*in)[16],
                                 uint8_t (*out)[16], size_t keys, size_t blocks_per_key) {
  RoundKeys<10> expanded[kKeys];
  for (size_t k = 0; k < keys; ++k) {
    if (k % kKeys == 0) expand128(key + k, keys - k, expanded);
    for (size_t block = 0; block < blocks_per_key; block += kBlocks)
      encrypt(expanded[k % kKeys], in + block, out + block, blocks_per_key - block);
    in += blocks_per_key;
    out += blocks_per_key;
  }
  clear(expanded, sizeof(expanded));
}

NEARZONE_AES void aes256_ctr(const uint8_t key[32], const uint8_t counter[16], uint8_t* data,
                             size_t size) {
  RoundKeys<14> keys;
  expand256(key, keys);
  Counter next;
  __builtin_memcpy(&next, counter, sizeof(next));
  next = {__builtin_bswap64(next.high), __builtin_bswap64(next.low)};
  uint8_t stream[kBlocks][16];
  for (size_t at = 0; at < size; at += sizeof(stream)) {
    __m128i x[kBlocks];
#pragma GCC unroll 8
    for (__m128i& each : x) {
      each = _mm_xor_si128(_mm_set_epi64x(static_cast<long long>(__builtin_bswap64(next.low)),
                                          static_cast<long long>(__builtin_bswap64(next.high))),
                           keys.round[0]);
      if (++next.low == 0) ++next.high;
    }
    run_rounds(keys, x, kNothing);
    if (size - at >= sizeof(stream)) {
      __m128i* const to = vector_at(data + at);
#pragma GCC unroll 8
      for (size_t i = 0; i < kBlocks; ++i)
        _mm_storeu_si128(to + i, _mm_xor_si128(_mm_loadu_si128(to + i), x[i]));
    } else {
      store(x, kBlocks, stream);
      for (size_t i = 0; at + i < size; ++i) data[at + i] ^= stream[i / 16][i % 16];
    }
  }
  clear(&keys, sizeof(keys));
  clear(stream, sizeof(stream));
}

}  // namespace aes_ni

const KernelTable kX86ShaAes = {"x86-sha-aes",
                                kSsse3 | kSse41 | kAesNi | kShaNi,
                                sha_ni::sha256_compress,
                                aes_ni::aes128_encrypt,
                                aes_ni::aes256_ctr,
                                sha_ni::sha256_stream,
                                sha_ni::sha256_chain,
                                sha_ni::hkdf_sha256,
                                aes_ni::aes128_number,
                                aes_ni::filter_find,
                                aes_ni::aes128_number_find};

}  // namespace nearzone::kernel

#endif
