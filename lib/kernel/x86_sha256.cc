// SHA-256 with SHA-NI. Target attributes stand on functions, never on the file: see table.h.
#include "kernel/composed.h"
#include "kernel/table.h"
#include "kernel/x86.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define NEARZONE_SHA __attribute__((target("sha,sse4.1,ssse3")))

namespace nearzone::kernel::sha_ni {
namespace {

// Chains that go side by side: the latency of one chain's rounds hides behind the others.
constexpr size_t kTogether = 4;

inline const __m128i* vector_at(const void* p) { return static_cast<const __m128i*>(p); }
inline __m128i* vector_at(void* p) { return static_cast<__m128i*>(p); }

// The eight words in the order of the instructions.
struct State {
  __m128i abef;
  __m128i cdgh;
};

struct Message {
  __m128i part[4];
};

// Four words of a schedule from the sixteen before them.
NEARZONE_SHA inline __m128i next_part(__m128i w0, __m128i w4, __m128i w8, __m128i w12) {
  const __m128i partial = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w4), _mm_alignr_epi8(w12, w8, 4));
  return _mm_sha256msg2_epu32(partial, w12);
}

// One compression in each of kChains independent chains. Where all have the same message,
// `constant` is its schedule with the round constants added and `message` is not read.
template <size_t kChains, bool kKnown>
NEARZONE_SHA __attribute__((always_inline)) inline void run_rounds(State (&s)[kChains],
                                                                   const Message* message,
                                                                   const uint32_t* constant) {
  __m128i m[kChains][4];
  State start[kChains];
#pragma GCC unroll 4
  for (size_t c = 0; c < kChains; ++c) {
    start[c] = s[c];
#pragma GCC unroll 4
    for (size_t i = 0; i < 4; ++i) m[c][i] = kKnown ? _mm_setzero_si128() : message[c].part[i];
  }
#pragma GCC unroll 16
  for (size_t i = 0; i < 16; ++i) {
    const __m128i constants = _mm_load_si128(vector_at(constant + 4 * i));
#pragma GCC unroll 4
    for (size_t c = 0; c < kChains; ++c) {
      __m128i(&w)[4] = m[c];
      const __m128i sum = kKnown ? constants : _mm_add_epi32(w[i & 3], constants);
      s[c].cdgh = _mm_sha256rnds2_epu32(s[c].cdgh, s[c].abef, sum);
      s[c].abef = _mm_sha256rnds2_epu32(s[c].abef, s[c].cdgh, _mm_shuffle_epi32(sum, 0x0e));
      if (!kKnown && i >= 3 && i < 15)
        w[(i + 1) & 3] = next_part(w[(i + 1) & 3], w[(i + 2) & 3], w[(i + 3) & 3], w[i & 3]);
    }
  }
#pragma GCC unroll 4
  for (size_t c = 0; c < kChains; ++c) {
    s[c].abef = _mm_add_epi32(s[c].abef, start[c].abef);
    s[c].cdgh = _mm_add_epi32(s[c].cdgh, start[c].cdgh);
  }
}

template <size_t kChains, bool kKnown = false>
NEARZONE_SHA __attribute__((noinline)) void compress(State* state, const Message* message,
                                                     const uint32_t* constant = kSha256Round) {
  State s[kChains];
#pragma GCC unroll 4
  for (size_t c = 0; c < kChains; ++c) s[c] = state[c];
  run_rounds<kChains, kKnown>(s, message, constant);
#pragma GCC unroll 4
  for (size_t c = 0; c < kChains; ++c) state[c] = s[c];
}

NEARZONE_SHA inline State load_state(const uint32_t state[8]) {
  const __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128(vector_at(state)), 0xb1);
  const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(vector_at(state + 4)), 0x1b);
  return {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0)};
}

// A digest's first and last four words, in order.
struct Digest {
  __m128i abcd;
  __m128i efgh;
};

NEARZONE_SHA inline Digest digest_of(const State& state) {
  const __m128i feba = _mm_shuffle_epi32(state.abef, 0x1b);
  const __m128i dchg = _mm_shuffle_epi32(state.cdgh, 0xb1);
  return {_mm_blend_epi16(feba, dchg, 0xf0), _mm_alignr_epi8(dchg, feba, 8)};
}

NEARZONE_SHA inline __m128i swap_bytes(__m128i words) {
  return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

NEARZONE_SHA inline Message load_block(const uint8_t (&block)[64]) {
  Message message;
  for (size_t i = 0; i < 4; ++i)
    message.part[i] = swap_bytes(_mm_loadu_si128(vector_at(block + 16 * i)));
  return message;
}

// The message that is a digest and the padding of `total` bytes that end with it.
NEARZONE_SHA inline Message message_of(const Digest& digest, int total) {
  return {{digest.abcd, digest.efgh, _mm_set_epi32(0, 0, 0, INT32_MIN),
           _mm_set_epi32(8 * total, 0, 0, 0)}};
}

template <size_t kChains>
NEARZONE_SHA void compress_lanes(uint32_t (*state)[8], const uint8_t (*block)[64]) {
  struct {
    State state[kChains];
    Message message[kChains];
  } work;
  for (size_t c = 0; c < kChains; ++c) {
    work.state[c] = load_state(state[c]);
    work.message[c] = load_block(block[c]);
  }
  compress<kChains>(work.state, work.message);
  for (size_t c = 0; c < kChains; ++c) {
    const Digest words = digest_of(work.state[c]);
    _mm_storeu_si128(vector_at(&state[c][0]), words.abcd);
    _mm_storeu_si128(vector_at(&state[c][4]), words.efgh);
  }
  clear(&work, sizeof(work));
}

// Which bytes of a digest's halves a link puts out. The words there are little-endian.
struct Picks {
  __m128i half[2];
};

NEARZONE_SHA inline Picks shuffles_of(const uint8_t pick[16]) {
  uint8_t index[2][16];
  for (size_t i = 0; i < 16; ++i) {
    index[0][i] = pick[i] < 16 ? pick[i] ^ 3 : kPickZero;
    index[1][i] = pick[i] >= 16 && pick[i] < 32 ? (pick[i] - 16) ^ 3 : kPickZero;
  }
  return {{_mm_loadu_si128(vector_at(index[0])), _mm_loadu_si128(vector_at(index[1]))}};
}

// Puts out every `lanes`th entry of `out` for each of the lanes here.
template <size_t kChains>
NEARZONE_SHA void chain_lanes(uint8_t (*block)[64], size_t lanes, size_t links, const Picks& picks,
                              uint8_t (*out)[16]) {
  struct {
    State state[kChains];
    Message message[kChains];
  } work;
  const State initial = load_state(kSha256Initial);
  for (size_t c = 0; c < kChains; ++c) work.message[c] = load_block(block[c]);
  for (size_t link = 0; link < links; ++link) {
    for (State& state : work.state) state = initial;
    compress<kChains>(work.state, work.message);
    for (size_t c = 0; c < kChains; ++c) {
      const Digest digest = digest_of(work.state[c]);
      work.message[c] = message_of(digest, 32);
      const __m128i picked = _mm_or_si128(_mm_shuffle_epi8(digest.abcd, picks.half[0]),
                                          _mm_shuffle_epi8(digest.efgh, picks.half[1]));
      _mm_storeu_si128(vector_at(out[link * lanes + c]), picked);
    }
  }
  for (size_t c = 0; c < kChains; ++c)
    for (size_t i = 0; i < 4; ++i)
      _mm_storeu_si128(vector_at(block[c] + 16 * i), swap_bytes(work.message[c].part[i]));
  clear(&work, sizeof(work));
}

// HKDF as in composed.h, of which the words never leave the registers' layout.
template <size_t kChains>
NEARZONE_SHA void hkdf_lanes(const uint8_t (*key)[16], const uint32_t (&info)[64],
                             uint8_t (*derived)[16]) {
  struct {
    State extract[kChains];
    State expand[2 * kChains];  // inner and outer
    Message message[2 * kChains];
  } work;
  State* const inner = work.expand;
  State* const outer = work.expand + kChains;
  for (size_t c = 0; c < kChains; ++c) {
    work.message[c] = {{swap_bytes(_mm_loadu_si128(vector_at(key[c]))),
                        _mm_set_epi32(0, 0, 0, INT32_MIN), _mm_setzero_si128(),
                        _mm_set_epi32(8 * (64 + 16), 0, 0, 0)}};
    work.extract[c] = load_state(kZeroKeyInner);
  }
  compress<kChains>(work.extract, work.message);
  for (size_t c = 0; c < kChains; ++c) {
    work.message[c] = message_of(digest_of(work.extract[c]), 64 + 32);
    work.extract[c] = load_state(kZeroKeyOuter);
  }
  compress<kChains>(work.extract, work.message);
  for (size_t c = 0; c < kChains; ++c) {
    const Digest prk = digest_of(work.extract[c]);
    const __m128i ipad = _mm_set1_epi8(0x36), opad = _mm_set1_epi8(0x5c);
    work.message[c] = {{_mm_xor_si128(prk.abcd, ipad), _mm_xor_si128(prk.efgh, ipad), ipad, ipad}};
    work.message[kChains + c] = {
        {_mm_xor_si128(prk.abcd, opad), _mm_xor_si128(prk.efgh, opad), opad, opad}};
    inner[c] = outer[c] = load_state(kSha256Initial);
  }
  constexpr size_t kBoth = 2 * kChains < kTogether ? 2 * kChains : kTogether;
  for (size_t c = 0; c < 2 * kChains; c += kBoth)
    compress<kBoth>(work.expand + c, work.message + c);
  compress<kChains, true>(inner, nullptr, info);
  for (size_t c = 0; c < kChains; ++c) work.message[c] = message_of(digest_of(inner[c]), 64 + 32);
  compress<kChains>(outer, work.message);
  for (size_t c = 0; c < kChains; ++c)
    _mm_storeu_si128(vector_at(derived[c]), swap_bytes(digest_of(outer[c]).abcd));
  clear(&work, sizeof(work));
}

}  // namespace

void sha256_compress(uint32_t (*state)[8], const uint8_t (*block)[64], size_t lanes) {
  size_t lane = 0;
  for (; lane + 4 <= lanes; lane += 4) compress_lanes<4>(state + lane, block + lane);
  for (; lane + 2 <= lanes; lane += 2) compress_lanes<2>(state + lane, block + lane);
  if (lane < lanes) compress_lanes<1>(state + lane, block + lane);
}

NEARZONE_SHA void sha256_stream(uint32_t state[8], const uint8_t (*block)[64], size_t blocks) {
  State s[1] = {load_state(state)};
  for (size_t i = 0; i < blocks; ++i) {
    const Message message = load_block(block[i]);
    run_rounds<1, false>(s, &message, kSha256Round);
  }
  const Digest words = digest_of(s[0]);
  _mm_storeu_si128(vector_at(state), words.abcd);
  _mm_storeu_si128(vector_at(state + 4), words.efgh);
}

NEARZONE_SHA void sha256_chain(uint8_t (*block)[64], size_t lanes, size_t links,
                               const uint8_t pick[16], uint8_t (*out)[16]) {
  if (links == 0) return;
  const Picks picks = shuffles_of(pick);
  size_t lane = 0;
  for (; lane + 4 <= lanes; lane += 4)
    chain_lanes<4>(block + lane, lanes, links, picks, out + lane);
  for (; lane + 2 <= lanes; lane += 2)
    chain_lanes<2>(block + lane, lanes, links, picks, out + lane);
  if (lane < lanes) chain_lanes<1>(block + lane, lanes, links, picks, out + lane);
}

NEARZONE_SHA void expand_info(const uint8_t info[7], uint32_t (&known)[64]) {
  uint8_t begin[16] = {};
  __builtin_memcpy(begin, info, 7);
  begin[7] = 1;
  begin[8] = 0x80;
  __m128i w[4] = {swap_bytes(_mm_loadu_si128(vector_at(begin))), _mm_setzero_si128(),
                  _mm_setzero_si128(), _mm_set_epi32(8 * (64 + 8), 0, 0, 0)};
  for (size_t i = 0; i < 16; ++i) {
    const __m128i constants = _mm_load_si128(vector_at(&kSha256Round[4 * i]));
    _mm_store_si128(vector_at(&known[4 * i]), _mm_add_epi32(w[i & 3], constants));
    w[i & 3] = next_part(w[i & 3], w[(i + 1) & 3], w[(i + 2) & 3], w[(i + 3) & 3]);
  }
}

void hkdf_sha256(const uint8_t (*key)[16], const uint8_t info[7], uint8_t (*derived)[16],
                 size_t lanes) {
  alignas(16) uint32_t known[64];
  expand_info(info, known);
  size_t lane = 0;
  for (; lane + 4 <= lanes; lane += 4) hkdf_lanes<4>(key + lane, known, derived + lane);
  for (; lane + 2 <= lanes; lane += 2) hkdf_lanes<2>(key + lane, known, derived + lane);
  if (lane < lanes) hkdf_lanes<1>(key + lane, known, derived + lane);
}

}  // namespace nearzone::kernel::sha_ni

#endif
