// The rounds of SHA-256 with AVX-512: sixteen lanes in a vector, one word of each, and two such
// groups interleaved where there are lanes for them, since a round's latency leaves half of the
// units idle.
#pragma once

#include "kernel/table.h"

#if defined(__x86_64__)

// GCC's own intrinsics start from a vector that they leave undefined on purpose.
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#define NEARZONE_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl")))

// GCC would otherwise copy the rounds for each way of calling them, and overfill the instruction
// cache.
#if defined(__clang__)
#define NEARZONE_ONE_COPY __attribute__((noinline))
#else
#define NEARZONE_ONE_COPY __attribute__((noinline, noclone))
#endif

namespace nearzone::kernel::avx512 {

using Words = __m512i;

template <int kBits>
NEARZONE_AVX512 inline Words rotate_right(Words x) {
  return _mm512_ror_epi32(x, kBits);
}

NEARZONE_AVX512 inline Words exclusive_or(Words a, Words b, Words c) {
  return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}

// A sum that the compiler keeps as it is written: the order decides how long the chain from one
// round to the next is, and compilers would change it.
NEARZONE_AVX512 inline Words add(Words a, Words b) {
  Words sum = _mm512_add_epi32(a, b);
  __asm__("" : "+v"(sum));
  return sum;
}

NEARZONE_AVX512 inline Words spread(uint32_t word) {
  return _mm512_set1_epi32(static_cast<int>(word));
}

// A group's messages: vector i holds word i of sixteen lanes. A compression leaves its result in
// the first eight words, since that is where the next message has it.
struct Message {
  Words word[16];
};

// Makes word i of the half of a schedule whose turn it is the one sixteen later; the words before
// it are already.
NEARZONE_AVX512 inline void advance_schedule(Words* turn, const Words* other, size_t i) {
  const Words w1 = i < 7 ? turn[i + 1] : other[0];
  const Words w9 = i < 7 ? other[i + 1] : turn[0];
  const Words w14 = i < 2 ? other[i + 6] : turn[i - 2];
  const Words s0 =
      exclusive_or(rotate_right<7>(w1), rotate_right<18>(w1), _mm512_srli_epi32(w1, 3));
  const Words s1 =
      exclusive_or(rotate_right<17>(w14), rotate_right<19>(w14), _mm512_srli_epi32(w14, 10));
  turn[i] = add(add(turn[i], s0), add(w9, s1));
}

enum class Schedule { advanced, used_up, added_to_constants };

// Eight rounds in kGroups groups side by side, with the messages' words from `turn` on, 0 or 8.
// More at a time would not fit what the processor keeps of decoded instructions. Called, and not
// inlined, they would pass the states through memory.
template <size_t kGroups, Schedule kSchedule>
NEARZONE_AVX512 __attribute__((always_inline)) inline void eight_rounds(Words (&state)[kGroups][8],
                                                                        Message* message,
                                                                        size_t turn,
                                                                        const uint32_t* constant) {
#pragma GCC unroll 8
  for (size_t i = 0; i < 8; ++i) {
#pragma GCC unroll 2
    for (size_t group = 0; group < kGroups; ++group) {
      Words(&v)[8] = state[group];
      const Words a = v[(0 - i) & 7], b = v[(1 - i) & 7], c = v[(2 - i) & 7];
      const Words e = v[(4 - i) & 7], f = v[(5 - i) & 7], g = v[(6 - i) & 7];
      Words& d = v[(3 - i) & 7];
      Words& h = v[(7 - i) & 7];
      Words early = spread(constant[i]);
      if constexpr (kSchedule != Schedule::added_to_constants)
        early = add(early, message[group].word[turn + i]);
      early = add(add(h, early), _mm512_ternarylogic_epi32(e, f, g, 0xca));
      const Words sum1 = exclusive_or(rotate_right<6>(e), rotate_right<11>(e), rotate_right<25>(e));
      const Words sum0 = exclusive_or(rotate_right<2>(a), rotate_right<13>(a), rotate_right<22>(a));
      d = add(add(d, early), sum1);
      h = add(add(add(early, sum1), _mm512_ternarylogic_epi32(a, b, c, 0xe8)), sum0);
      if constexpr (kSchedule == Schedule::advanced)
        advance_schedule(message[group].word + turn, message[group].word + (turn ^ 8), i);
    }
  }
}

// Where a compression's states come from: one for all groups, or groups `stride` vectors apart.
struct Start {
  const Words* state;
  size_t stride;
};

template <size_t kGroups>
NEARZONE_AVX512 inline void load_start(const Start& start, Words (&state)[kGroups][8]) {
#pragma GCC unroll 2
  for (size_t group = 0; group < kGroups; ++group) {
#pragma GCC unroll 8
    for (size_t i = 0; i < 8; ++i) state[group][i] = start.state[start.stride * group + i];
  }
}

template <size_t kGroups>
NEARZONE_AVX512 inline void finish(const Words (&state)[kGroups][8], const Start& start,
                                   Message* message) {
#pragma GCC unroll 2
  for (size_t group = 0; group < kGroups; ++group) {
#pragma GCC unroll 8
    for (size_t i = 0; i < 8; ++i)
      message[group].word[i] =
          _mm512_add_epi32(state[group][i], start.state[start.stride * group + i]);
  }
}

// One compression in each of kGroups groups. Spends the messages.
template <size_t kGroups>
NEARZONE_AVX512 NEARZONE_ONE_COPY void compress(Start start, Message* message) {
  Words state[kGroups][8];
  load_start(start, state);
#pragma GCC unroll 1
  for (size_t round = 0; round < 48; round += 8)
    eight_rounds<kGroups, Schedule::advanced>(state, message, round & 8, kSha256Round + round);
#pragma GCC unroll 1
  for (size_t round = 48; round < 64; round += 8)
    eight_rounds<kGroups, Schedule::used_up>(state, message, round & 8, kSha256Round + round);
  finish(state, start, message);
}

// The same where all lanes have one message, by its schedule with the round constants added.
template <size_t kGroups>
NEARZONE_AVX512 NEARZONE_ONE_COPY void compress_known(Start start, Message* result,
                                                      const uint32_t (&known)[64]) {
  Words state[kGroups][8];
  load_start(start, state);
#pragma GCC unroll 1
  for (size_t round = 0; round < 64; round += 8)
    eight_rounds<kGroups, Schedule::added_to_constants>(state, nullptr, 0, known + round);
  finish(state, start, result);
}

}  // namespace nearzone::kernel::avx512

#endif
