// Filter look-ups sixteen at a time. Target attributes stand on functions, never on the file: see
// table.h.
#include "kernel/table.h"
#include "kernel/x86.h"

#if defined(__x86_64__)

// GCC's own intrinsics start from a vector that they leave undefined on purpose and, where nothing
// is inlined, are macros that change signs.
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#define NEARZONE_AVX512 __attribute__((target("avx512f")))

namespace nearzone::kernel::avx512 {
namespace {

constexpr size_t kLanes = 16;

// The first words of eight identifiers, in either half of the vector.
NEARZONE_AVX512 inline __m512i low_words(const uint8_t (*identifier)[16]) {
  const __m512i first_words =
      _mm512_set_epi32(28, 24, 20, 16, 12, 8, 4, 0, 28, 24, 20, 16, 12, 8, 4, 0);
  return _mm512_permutex2var_epi32(_mm512_loadu_si512(identifier), first_words,
                                   _mm512_loadu_si512(identifier + 4));
}

// A bit for each of sixteen identifiers.
NEARZONE_AVX512 inline uint32_t look_up(const FilterView& filter, const uint8_t (*identifier)[16]) {
  const __m512i low =
      _mm512_mask_blend_epi32(0xff00, low_words(identifier), low_words(identifier + 8));
  const __m512i hash =
      _mm512_mullo_epi32(low, _mm512_set1_epi32(static_cast<int>(filter.multiplier)));
  const __m512i index = _mm512_srl_epi32(hash, _mm_cvtsi32_si128(static_cast<int>(filter.shift)));
  const __m512i word = _mm512_i32gather_epi32(index, filter.words, 4);
  const __m512i first = _mm512_rorv_epi32(word, _mm512_srli_epi32(hash, kFirstFilterBit));
  const __m512i second = _mm512_rorv_epi32(word, _mm512_srli_epi32(hash, kSecondFilterBit));
  const __m512i third = _mm512_rorv_epi32(word, hash);
  constexpr int kAll = 0x80;  // the truth table of "and"
  return _mm512_test_epi32_mask(_mm512_ternarylogic_epi32(first, second, third, kAll),
                                _mm512_set1_epi32(1));
}

// Appends the positions of the bits.
inline size_t append(uint64_t passed, size_t first, uint32_t* found, size_t hits) {
  for (; passed != 0; passed &= passed - 1)
    found[hits++] = static_cast<uint32_t>(first) + static_cast<uint32_t>(__builtin_ctzll(passed));
  return hits;
}

}  // namespace

NEARZONE_AVX512 size_t filter_find(const FilterView& filter, const uint8_t (*identifier)[16],
                                   size_t count, uint32_t* found) {
  size_t hits = 0;
  size_t first = 0;
  for (; first + 3 * kLanes <= count; first += 3 * kLanes) {
    const uint64_t passed = uint64_t{look_up(filter, identifier + first)} |
                            uint64_t{look_up(filter, identifier + first + kLanes)} << kLanes |
                            uint64_t{look_up(filter, identifier + first + 2 * kLanes)}
                                << 2 * kLanes;
    hits = append(passed, first, found, hits);
  }
  for (; first + kLanes <= count; first += kLanes)
    hits = append(look_up(filter, identifier + first), first, found, hits);
  if (first == count) return hits;
  // Nothing is read beyond the last identifier.
  uint8_t rest[kLanes][16] = {};
  __builtin_memcpy(rest, identifier + first, 16 * (count - first));
  const uint32_t passed = look_up(filter, rest) & ((1u << (count - first)) - 1);
  return append(passed, first, found, hits);
}

}  // namespace nearzone::kernel::avx512

#endif
