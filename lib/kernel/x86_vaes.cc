// Numbered blocks two in a vector, and filter look-ups eight at a time, for processors with AVX2
// and VAES that lack AVX-512. Target attributes stand on functions, never on the file: see table.h.
#include "kernel/composed.h"
#include "kernel/table.h"
#include "kernel/x86.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define NEARZONE_VAES __attribute__((target("avx2,vaes")))

namespace nearzone::kernel {
namespace vaes {
namespace {

constexpr size_t kRounds = 10;
constexpr size_t kKeys = 8;  // expanded together, two in a vector

// Vectors in flight: an eighth of a day's blocks; and fewer for what is left over.
constexpr size_t kMany = 9;
constexpr size_t kFew = 3;

NEARZONE_VAES inline __m128i load_half(const void* p) {
  return _mm_loadu_si128(static_cast<const __m128i*>(p));
}

NEARZONE_VAES inline __m256i load(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

// By round, the keys side by side.
struct Schedules {
  __m256i round[kRounds + 1][kKeys / 2];

  NEARZONE_VAES __m256i twice(size_t r, size_t key) const {
    const void* at = round[r];
    return _mm256_broadcastsi128_si256(static_cast<const __m128i*>(at)[key]);
  }
};

// FIPS 197, section 5.2, for up to kKeys keys; those that are not there repeat the first. A key's
// last word stands in all columns, where the last round's shift of rows changes nothing and its
// substitution is the schedule's.
NEARZONE_VAES inline void expand(const uint8_t (*key)[16], size_t keys, Schedules& schedules) {
  const __m256i rotated = _mm256_set1_epi32(0x0c0f0e0d);
  __m256i last[kKeys / 2];
  for (size_t i = 0; i < kKeys / 2; ++i)
    last[i] = schedules.round[0][i] = _mm256_set_m128i(
        load_half(key[2 * i + 1 < keys ? 2 * i + 1 : 0]), load_half(key[2 * i < keys ? 2 * i : 0]));
  int constant = 1;
  for (size_t r = 1; r <= kRounds; ++r) {
    for (size_t i = 0; i < kKeys / 2; ++i) {
      const __m256i substituted = _mm256_aesenclast_epi128(_mm256_shuffle_epi8(last[i], rotated),
                                                           _mm256_set1_epi32(constant));
      __m256i folded = _mm256_xor_si256(last[i], _mm256_bslli_epi128(last[i], 4));
      folded = _mm256_xor_si256(folded, _mm256_bslli_epi128(folded, 8));
      last[i] = schedules.round[r][i] = _mm256_xor_si256(folded, substituted);
    }
    constant = r == 8 ? 0x1b : constant << 1;
  }
}

// Up to 2 kVectors blocks, whose number, added to the prefix and the first round key, `number`
// holds; moves it on.
template <size_t kVectors>
NEARZONE_VAES inline void encrypt_numbers(const Schedules& schedules, size_t key, __m256i base,
                                          __m256i& number, uint8_t (*out)[16], size_t blocks) {
  const __m256i two = _mm256_set_epi32(2, 0, 0, 0, 2, 0, 0, 0);
  __m256i x[kVectors];
#pragma GCC unroll 16
  for (__m256i& each : x) {
    each = _mm256_xor_si256(base, number);
    number = _mm256_add_epi32(number, two);
  }
#pragma GCC unroll 16
  for (size_t r = 1; r < kRounds; ++r) {
    const __m256i round_key = schedules.twice(r, key);
#pragma GCC unroll 16
    for (__m256i& each : x) each = _mm256_aesenc_epi128(each, round_key);
  }
  const __m256i last_key = schedules.twice(kRounds, key);
#pragma GCC unroll 16
  for (size_t i = 0; i < kVectors; ++i) {
    x[i] = _mm256_aesenclast_epi128(x[i], last_key);
    void* const at = out + 2 * i;
    if (2 * i + 1 < blocks)
      _mm256_storeu_si256(static_cast<__m256i*>(at), x[i]);
    else if (2 * i < blocks)
      _mm_storeu_si128(static_cast<__m128i*>(at), _mm256_castsi256_si128(x[i]));
  }
}

NEARZONE_VAES void aes128_number(const uint8_t (*key)[16], const uint8_t prefix[12],
                                 const uint32_t* first, const uint32_t* count, size_t keys,
                                 uint8_t (*out)[16]) {
  uint8_t start[16] = {};
  __builtin_memcpy(start, prefix, 12);
  Schedules schedules;
  for (size_t k = 0; k < keys; ++k) {
    if (k % kKeys == 0) expand(key + k, keys - k, schedules);
    const __m256i base = _mm256_xor_si256(_mm256_broadcastsi128_si256(load_half(start)),
                                          schedules.twice(0, k % kKeys));
    const int number_of_first = static_cast<int>(first[k]);
    __m256i number =
        _mm256_add_epi32(_mm256_set_epi32(number_of_first, 0, 0, 0, number_of_first, 0, 0, 0),
                         _mm256_set_epi32(1, 0, 0, 0, 0, 0, 0, 0));
    size_t block = 0;
    for (; block + 2 * kMany <= count[k]; block += 2 * kMany)
      encrypt_numbers<kMany>(schedules, k % kKeys, base, number, out + block, 2 * kMany);
    for (; block < count[k]; block += 2 * kFew)
      encrypt_numbers<kFew>(schedules, k % kKeys, base, number, out + block, count[k] - block);
    out += count[k];
  }
  clear(&schedules, sizeof(schedules));
}

// For each of eight identifiers whether all three of its bits are set, in the lowest bit. In
// another order than theirs.
NEARZONE_VAES inline __m256i look_up(const FilterView& filter, const uint8_t (*identifier)[16]) {
  const auto two = [&](size_t i)
                       NEARZONE_VAES { return _mm256_castsi256_ps(load(identifier + i)); };
  const __m256 low_words = _mm256_shuffle_ps(_mm256_shuffle_ps(two(0), two(2), 0),
                                             _mm256_shuffle_ps(two(4), two(6), 0), 0x88);
  const __m256i hash = _mm256_mullo_epi32(_mm256_castps_si256(low_words),
                                          _mm256_set1_epi32(static_cast<int>(filter.multiplier)));
  const __m256i index = _mm256_srl_epi32(hash, _mm_cvtsi32_si128(static_cast<int>(filter.shift)));
  const void* const words = filter.words;
  const __m256i word = _mm256_i32gather_epi32(static_cast<const int*>(words), index, 4);
  const __m256i five_digits = _mm256_set1_epi32(31);
  const __m256i first = _mm256_srlv_epi32(
      word, _mm256_and_si256(_mm256_srli_epi32(hash, kFirstFilterBit), five_digits));
  const __m256i second = _mm256_srlv_epi32(
      word, _mm256_and_si256(_mm256_srli_epi32(hash, kSecondFilterBit), five_digits));
  const __m256i third = _mm256_srlv_epi32(word, _mm256_and_si256(hash, five_digits));
  return _mm256_and_si256(_mm256_and_si256(first, second), third);
}

// Few pass, so one branch for some look-ups pays.
NEARZONE_VAES size_t filter_find(const FilterView& filter, const uint8_t (*identifier)[16],
                                 size_t count, uint32_t* found) {
  constexpr size_t kGroup = 24;
  size_t hits = 0;
  size_t first = 0;
  for (; first + kGroup <= count; first += kGroup) {
    const __m256i any = _mm256_or_si256(look_up(filter, identifier + first),
                                        _mm256_or_si256(look_up(filter, identifier + first + 8),
                                                        look_up(filter, identifier + first + 16)));
    if (_mm256_testz_si256(any, _mm256_set1_epi32(1)) != 0) continue;
    for (size_t i = first; i < first + kGroup; ++i)
      if ((composed::filter_look_up(filter, identifier[i]) & 1) != 0)
        found[hits++] = static_cast<uint32_t>(i);
  }
  for (; first < count; ++first)
    if ((composed::filter_look_up(filter, identifier[first]) & 1) != 0)
      found[hits++] = static_cast<uint32_t>(first);
  return hits;
}

}  // namespace
}  // namespace vaes

const KernelTable kX86Vaes = {"x86-vaes",
                              kSsse3 | kSse41 | kAesNi | kShaNi | kAvx2 | kVaes,
                              sha_ni::sha256_compress,
                              aes_ni::aes128_encrypt,
                              aes_ni::aes256_ctr,
                              sha_ni::sha256_stream,
                              sha_ni::sha256_chain,
                              sha_ni::hkdf_sha256,
                              vaes::aes128_number,
                              vaes::filter_find};

}  // namespace nearzone::kernel

#endif
