// SHA-256 with ARMv8's instructions for it. Target attributes stand on functions, never on the
// file: see table.h.
#include "kernel/arm64.h"
#include "kernel/table.h"

#if defined(__aarch64__)

#include <arm_neon.h>

namespace nearzone::kernel::arm64 {
namespace {

// Bytes are reinterpreted as words.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

// Chains that go side by side: the latency of one chain's rounds hides behind the others. More than
// three do not fit the registers.
constexpr size_t kTogether = 3;

// How many of the lanes that are left go next: none goes alone if it can be helped.
inline size_t next_together(size_t left) {
  if (left == kTogether + 1) return 2;
  return left < kTogether ? left : kTogether;
}

struct State {
  uint32x4_t abcd;
  uint32x4_t efgh;
};

struct Message {
  uint32x4_t part[4];
};

NEARZONE_CRYPTO inline State load_state(const uint32_t* state) {
  return {vld1q_u32(state), vld1q_u32(state + 4)};
}

NEARZONE_CRYPTO inline void store_state(const State& from, uint32_t* state) {
  vst1q_u32(state, from.abcd);
  vst1q_u32(state + 4, from.efgh);
}

NEARZONE_CRYPTO inline uint32x4_t load_words(const uint8_t* bytes) {
  return vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(bytes)));
}

NEARZONE_CRYPTO inline void store_words(uint32x4_t words, uint8_t* bytes) {
  vst1q_u8(bytes, vrev32q_u8(vreinterpretq_u8_u32(words)));
}

NEARZONE_CRYPTO inline Message load_block(const uint8_t* block) {
  return {
      {load_words(block), load_words(block + 16), load_words(block + 32), load_words(block + 48)}};
}

// The last words of a message of `total` bytes that is padded with zeros but for this and the first
// bit.
NEARZONE_CRYPTO inline uint32x4_t length_of(uint32_t total) {
  return vsetq_lane_u32(8 * total, vdupq_n_u32(0), 3);
}

NEARZONE_CRYPTO inline uint32x4_t first_bit() {
  return vsetq_lane_u32(0x80000000, vdupq_n_u32(0), 0);
}

// The message that is a digest and the padding of `total` bytes that end with it.
NEARZONE_CRYPTO inline Message message_of(const State& digest, uint32_t total) {
  return {{digest.abcd, digest.efgh, first_bit(), length_of(total)}};
}

NEARZONE_CRYPTO inline void run_four_rounds(State& s, uint32x4_t sum) {
  const uint32x4_t abcd = s.abcd;
  s.abcd = vsha256hq_u32(abcd, s.efgh, sum);
  s.efgh = vsha256h2q_u32(s.efgh, abcd, sum);
}

// Sixteen rounds in each chain; afterwards the messages are the schedules' next sixteen words, if
// there are any.
template <size_t kChains, bool kLast>
NEARZONE_CRYPTO inline void run_sixteen_rounds(State (&s)[kChains], Message (&m)[kChains],
                                               const uint32_t* constant) {
#pragma GCC unroll 4
  for (size_t i = 0; i < 4; ++i) {
    const uint32x4_t constants = vld1q_u32(constant + 4 * i);
#pragma GCC unroll 3
    for (size_t c = 0; c < kChains; ++c) {
      uint32x4_t(&w)[4] = m[c].part;
      run_four_rounds(s[c], vaddq_u32(w[i], constants));
      if (!kLast)
        w[i] =
            vsha256su1q_u32(vsha256su0q_u32(w[i], w[(i + 1) & 3]), w[(i + 2) & 3], w[(i + 3) & 3]);
    }
  }
}

template <size_t kChains>
NEARZONE_CRYPTO inline void add(const State (&from)[kChains], State (&to)[kChains]) {
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) {
    to[c].abcd = vaddq_u32(to[c].abcd, from[c].abcd);
    to[c].efgh = vaddq_u32(to[c].efgh, from[c].efgh);
  }
}

// One compression in each of the chains. Spends the messages.
template <size_t kChains>
NEARZONE_CRYPTO inline void compress(State (&s)[kChains], Message (&m)[kChains]) {
  State start[kChains];
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) start[c] = s[c];
#pragma GCC unroll 1
  for (size_t round = 0; round < 48; round += 16)
    run_sixteen_rounds<kChains, false>(s, m, kSha256Round + round);
  run_sixteen_rounds<kChains, true>(s, m, kSha256Round + 48);
  add(start, s);
}

// The same message in all chains, given as its schedule with the round constants added.
template <size_t kChains>
NEARZONE_CRYPTO inline void compress_known(State (&s)[kChains], const uint32_t (&known)[64]) {
  State start[kChains];
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) start[c] = s[c];
#pragma GCC unroll 4
  for (size_t round = 0; round < 64; round += 4) {
    const uint32x4_t sum = vld1q_u32(known + round);
#pragma GCC unroll 3
    for (size_t c = 0; c < kChains; ++c) run_four_rounds(s[c], sum);
  }
  add(start, s);
}

template <size_t kChains>
NEARZONE_CRYPTO void compress_lanes(uint32_t (*state)[8], const uint8_t (*block)[64]) {
  State s[kChains];
  Message m[kChains];
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) {
    s[c] = load_state(state[c]);
    m[c] = load_block(block[c]);
  }
  compress(s, m);
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) store_state(s[c], state[c]);
}

// Puts out every `lanes`th entry of `out` for each of the lanes here. `picks` names bytes of
// little-endian words.
template <size_t kChains>
NEARZONE_CRYPTO void chain_lanes(uint8_t (*block)[64], size_t lanes, size_t links, uint8x16_t picks,
                                 uint8_t (*out)[16]) {
  State s[kChains];
  Message m[kChains];
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) m[c] = load_block(block[c]);
  for (size_t link = 0; link < links; ++link) {
#pragma GCC unroll 3
    for (size_t c = 0; c < kChains; ++c) s[c] = load_state(kSha256Initial);
    compress(s, m);
#pragma GCC unroll 3
    for (size_t c = 0; c < kChains; ++c) {
      m[c] = message_of(s[c], 32);
      const uint8x16x2_t digest = {
          {vreinterpretq_u8_u32(s[c].abcd), vreinterpretq_u8_u32(s[c].efgh)}};
      vst1q_u8(out[link * lanes + c], vqtbl2q_u8(digest, picks));
    }
  }
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c)
    for (size_t i = 0; i < 4; ++i) store_words(m[c].part[i], block[c] + 16 * i);
}

// The message that is 32 bytes and as many zeros, all XORed with one byte.
NEARZONE_CRYPTO inline Message padded_key(const State& key, uint32_t pad) {
  const uint32x4_t all = vdupq_n_u32(pad);
  return {{veorq_u32(key.abcd, all), veorq_u32(key.efgh, all), all, all}};
}

// HKDF as in composed.h, all of it in registers.
template <size_t kChains>
NEARZONE_CRYPTO void hkdf_lanes(const uint8_t (*key)[16], const uint32_t (&info)[64],
                                uint8_t (*derived)[16]) {
  State prk[kChains], inner[kChains], outer[kChains];
  Message m[kChains];
  // Extract.
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) {
    m[c] = {{load_words(key[c]), first_bit(), vdupq_n_u32(0), length_of(64 + 16)}};
    prk[c] = load_state(kZeroKeyInner);
  }
  compress(prk, m);
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) {
    m[c] = message_of(prk[c], 64 + 32);
    prk[c] = load_state(kZeroKeyOuter);
  }
  compress(prk, m);
  // Expand.
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) {
    m[c] = padded_key(prk[c], 0x5c5c5c5c);
    outer[c] = load_state(kSha256Initial);
  }
  compress(outer, m);
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) {
    m[c] = padded_key(prk[c], 0x36363636);
    inner[c] = load_state(kSha256Initial);
  }
  compress(inner, m);
  compress_known(inner, info);
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) m[c] = message_of(inner[c], 64 + 32);
  compress(outer, m);
#pragma GCC unroll 3
  for (size_t c = 0; c < kChains; ++c) store_words(outer[c].abcd, derived[c]);
}

// The schedule, round constants added, of HKDF's last inner block, which is the same for all keys:
// info || 1, after 64 bytes.
NEARZONE_CRYPTO void expand_info(const uint8_t info[7], uint32_t (&known)[64]) {
  uint8_t begin[16] = {};
  __builtin_memcpy(begin, info, 7);
  begin[7] = 1;
  begin[8] = 0x80;
  uint32x4_t w[4] = {load_words(begin), vdupq_n_u32(0), vdupq_n_u32(0), length_of(64 + 8)};
  for (size_t i = 0; i < 16; ++i) {
    vst1q_u32(known + 4 * i, vaddq_u32(w[i & 3], vld1q_u32(kSha256Round + 4 * i)));
    w[i & 3] =
        vsha256su1q_u32(vsha256su0q_u32(w[i & 3], w[(i + 1) & 3]), w[(i + 2) & 3], w[(i + 3) & 3]);
  }
}

}  // namespace

void sha256_compress(uint32_t (*state)[8], const uint8_t (*block)[64], size_t lanes) {
  for (size_t lane = 0, some; lane < lanes; lane += some) {
    some = next_together(lanes - lane);
    if (some == 3) compress_lanes<3>(state + lane, block + lane);
    if (some == 2) compress_lanes<2>(state + lane, block + lane);
    if (some == 1) compress_lanes<1>(state + lane, block + lane);
  }
}

NEARZONE_CRYPTO void sha256_stream(uint32_t state[8], const uint8_t (*block)[64], size_t blocks) {
  State s[1] = {load_state(state)};
  for (size_t i = 0; i < blocks; ++i) {
    Message m[1] = {load_block(block[i])};
    compress(s, m);
  }
  store_state(s[0], state);
}

NEARZONE_CRYPTO void sha256_chain(uint8_t (*block)[64], size_t lanes, size_t links,
                                  const uint8_t pick[16], uint8_t (*out)[16]) {
  if (links == 0) return;
  // kPickZero stays out of range, which gives zero.
  const uint8x16_t picks = veorq_u8(vld1q_u8(pick), vdupq_n_u8(3));
  for (size_t lane = 0, some; lane < lanes; lane += some) {
    some = next_together(lanes - lane);
    if (some == 3) chain_lanes<3>(block + lane, lanes, links, picks, out + lane);
    if (some == 2) chain_lanes<2>(block + lane, lanes, links, picks, out + lane);
    if (some == 1) chain_lanes<1>(block + lane, lanes, links, picks, out + lane);
  }
}

void hkdf_sha256(const uint8_t (*key)[16], const uint8_t info[7], uint8_t (*derived)[16],
                 size_t lanes) {
  uint32_t known[64];
  expand_info(info, known);
  for (size_t lane = 0, some; lane < lanes; lane += some) {
    some = next_together(lanes - lane);
    if (some == 3) hkdf_lanes<3>(key + lane, known, derived + lane);
    if (some == 2) hkdf_lanes<2>(key + lane, known, derived + lane);
    if (some == 1) hkdf_lanes<1>(key + lane, known, derived + lane);
  }
}

}  // namespace nearzone::kernel::arm64

#endif
