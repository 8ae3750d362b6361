// Numbered blocks two in a vector, for processors with AVX2 and VAES that lack AVX-512. Target
// attributes stand on functions, never on the file: see table.h.
#include "kernel/composed.h"
#include "kernel/look_up.h"
#include "kernel/table.h"
#include "kernel/x86.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define NEARZONE_VAES __attribute__((target("avx2,bmi2,popcnt,vaes")))

namespace nearzone::kernel {
namespace vaes {
namespace {

constexpr size_t kRounds = 10;
constexpr size_t kKeys = 8;  // expanded together, two in a vector

// Vectors in flight: a ninth of a day's blocks; and fewer for what is left over.
constexpr size_t kMany = 8;
constexpr size_t kFew = 4;
constexpr size_t kGroup = 2 * kMany;

constexpr auto kNothing = [](size_t) {};

NEARZONE_VAES inline __m128i load_half(const void* p) {
  return _mm_loadu_si128(static_cast<const __m128i*>(p));
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
// holds; moves it on. Calls `beside` after each but the last round.
template <size_t kVectors, class Beside>
NEARZONE_VAES inline void encrypt_numbers(const Schedules& schedules, size_t key, __m256i base,
                                          __m256i& number, uint8_t (*out)[16], size_t blocks,
                                          const Beside& beside) {
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
    beside(r - 1);
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

// Look-ups are of what is written, one group behind; returns what they find.
template <class Finder>
NEARZONE_VAES inline size_t encrypt_all(const uint8_t (*key)[16], const uint8_t prefix[12],
                                        const uint32_t* first, const uint32_t* count, size_t keys,
                                        uint8_t (*out)[16], const FilterView& filter,
                                        uint32_t* found) {
  uint8_t start[16] = {};
  __builtin_memcpy(start, prefix, 12);
  Finder look_ups(filter, out, found);
  Schedules schedules;
  size_t written = 0;
  for (size_t k = 0; k < keys; ++k) {
    const size_t side = k % kKeys;
    if (side == 0) expand(key + k, keys - k, schedules);
    const __m256i base =
        _mm256_xor_si256(_mm256_broadcastsi128_si256(load_half(start)), schedules.twice(0, side));
    const int number_of_first = static_cast<int>(first[k]);
    __m256i number =
        _mm256_add_epi32(_mm256_set_epi32(number_of_first, 0, 0, 0, number_of_first, 0, 0, 0),
                         _mm256_set_epi32(1, 0, 0, 0, 0, 0, 0, 0));
    const size_t end = written + count[k];
    for (; written + kGroup <= end; written += kGroup) {
      if (look_ups.are_behind(written, kGroup)) {
        encrypt_numbers<kMany>(schedules, side, base, number, out + written, kGroup,
                               [&](size_t r)
                                   NEARZONE_VAES { look_ups.template beside<2>(r, kGroup); });
        look_ups.end_group(kGroup);
      } else {
        encrypt_numbers<kMany>(schedules, side, base, number, out + written, kGroup, kNothing);
      }
    }
    for (; written < end; written += 2 * kFew)
      encrypt_numbers<kFew>(schedules, side, base, number, out + written, end - written, kNothing);
    written = end;
  }
  clear(&schedules, sizeof(schedules));
  return look_ups.finish(written);
}

NEARZONE_VAES void aes128_number(const uint8_t (*key)[16], const uint8_t prefix[12],
                                 const uint32_t* first, const uint32_t* count, size_t keys,
                                 uint8_t (*out)[16]) {
  encrypt_all<NoLookUps>(key, prefix, first, count, keys, out, {}, nullptr);
}

NEARZONE_VAES size_t aes128_number_find(const uint8_t (*key)[16], const uint8_t prefix[12],
                                        const uint32_t* first, const uint32_t* count, size_t keys,
                                        const FilterView& filter, uint8_t (*out)[16],
                                        uint32_t* found) {
  return encrypt_all<LookUps>(key, prefix, first, count, keys, out, filter, found);
}

NEARZONE_VAES size_t filter_find(const FilterView& filter, const uint8_t (*identifier)[16],
                                 size_t count, uint32_t* found) {
  return LookUps(filter, identifier, found).finish(count);
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
                              vaes::filter_find,
                              vaes::aes128_number_find};

}  // namespace nearzone::kernel

#endif
