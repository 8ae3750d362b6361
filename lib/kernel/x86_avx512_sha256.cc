// SHA-256 with AVX-512: lanes into vectors, chains and HKDF, and out again. Target attributes stand
// on functions, never on the file: see table.h.
#include "kernel/table.h"
#include "kernel/x86.h"
#include "kernel/x86_avx512_rounds.h"

#if defined(__x86_64__)

namespace nearzone::kernel::avx512 {
namespace {

constexpr size_t kGroup = 16;
// Up to here SHA-NI is the faster one.
constexpr size_t kFewLanes = 4;

// In each 128 bits, turns four vectors of one lane's four words into four of one word each, and
// back. Vector q holds lanes 4 q to 4 q + 3, so that the lanes' order inside a Words is another
// one.
NEARZONE_AVX512 inline void transpose(Words* x) {
  const Words low01 = _mm512_unpacklo_epi32(x[0], x[1]);
  const Words high01 = _mm512_unpackhi_epi32(x[0], x[1]);
  const Words low23 = _mm512_unpacklo_epi32(x[2], x[3]);
  const Words high23 = _mm512_unpackhi_epi32(x[2], x[3]);
  x[0] = _mm512_unpacklo_epi64(low01, low23);
  x[1] = _mm512_unpackhi_epi64(low01, low23);
  x[2] = _mm512_unpacklo_epi64(high01, high23);
  x[3] = _mm512_unpackhi_epi64(high01, high23);
}

NEARZONE_AVX512 inline Words swap_bytes(Words x) {
  return _mm512_shuffle_epi8(
      x, _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203)));
}

inline uint8_t* bytes_of(uint32_t* words) {
  return static_cast<uint8_t*>(static_cast<void*>(words));
}

NEARZONE_AVX512 inline __m128i load_part(const uint8_t* p) {
  return _mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(p)));
}

NEARZONE_AVX512 inline void store_part(uint8_t* p, __m128i part) {
  _mm_storeu_si128(static_cast<__m128i*>(static_cast<void*>(p)), part);
}

// Four words of each lane of a group, lanes `stride` bytes apart. Lanes that are not there repeat
// the last.
NEARZONE_AVX512 inline void load(const uint8_t* at, size_t stride, size_t lanes, Words* x) {
  for (size_t q = 0; q < 4; ++q) {
    const uint8_t* part[4];
    for (size_t i = 0; i < 4; ++i)
      part[i] = at + stride * (4 * q + i < lanes ? 4 * q + i : lanes - 1);
    x[q] = _mm512_castsi128_si512(load_part(part[0]));
    x[q] = _mm512_inserti32x4(x[q], load_part(part[1]), 1);
    x[q] = _mm512_inserti32x4(x[q], load_part(part[2]), 2);
    x[q] = _mm512_inserti32x4(x[q], load_part(part[3]), 3);
  }
  transpose(x);
}

NEARZONE_AVX512 inline void store(uint8_t* at, size_t stride, size_t lanes, Words* x) {
  transpose(x);
  for (size_t q = 0; q < 4; ++q) {
    const size_t lane = 4 * q;
    if (lane < lanes) store_part(at + stride * lane, _mm512_castsi512_si128(x[q]));
    if (lane + 1 < lanes) store_part(at + stride * (lane + 1), _mm512_extracti32x4_epi32(x[q], 1));
    if (lane + 2 < lanes) store_part(at + stride * (lane + 2), _mm512_extracti32x4_epi32(x[q], 2));
    if (lane + 3 < lanes) store_part(at + stride * (lane + 3), _mm512_extracti32x4_epi32(x[q], 3));
  }
}

NEARZONE_AVX512 inline void load_block(const uint8_t (*block)[64], size_t lanes, Message& message) {
  for (size_t part = 0; part < 4; ++part)
    load(block[0] + 16 * part, 64, lanes, message.word + 4 * part);
  for (Words& word : message.word) word = swap_bytes(word);
}

NEARZONE_AVX512 inline void store_block(Message& message, size_t lanes, uint8_t (*block)[64]) {
  for (Words& word : message.word) word = swap_bytes(word);
  for (size_t part = 0; part < 4; ++part)
    store(block[0] + 16 * part, 64, lanes, message.word + 4 * part);
}

// The lanes of group `group` when `lanes` of them fill groups in turn, at least one.
inline size_t lanes_of(size_t group, size_t lanes) {
  return lanes - kGroup * group < kGroup ? lanes - kGroup * group : kGroup;
}

// Completes messages whose first `words` words are there, and end `total` bytes.
NEARZONE_AVX512 inline void pad(Words (&w)[16], size_t words, uint32_t total) {
  w[words] = spread(0x80000000);
  for (size_t i = words + 1; i < 15; ++i) w[i] = _mm512_setzero_si512();
  w[15] = spread(8 * total);
}

// One state for all lanes.
NEARZONE_AVX512 inline void spread_state(const uint32_t (&from)[8], Words (&state)[8]) {
  for (size_t i = 0; i < 8; ++i) state[i] = spread(from[i]);
}

template <size_t kGroups>
NEARZONE_AVX512 void compress_groups(uint32_t (*state)[8], const uint8_t (*block)[64],
                                     size_t lanes) {
  struct {
    Words start[kGroups][8];
    Message message[kGroups];
  } work;
  for (size_t group = 0; group < kGroups; ++group) {
    const size_t first = kGroup * group, count = lanes_of(group, lanes);
    load_block(block + first, count, work.message[group]);
    load(bytes_of(state[first]), 32, count, work.start[group]);
    load(bytes_of(state[first] + 4), 32, count, work.start[group] + 4);
  }
  compress<kGroups>({work.start[0], 8}, work.message);
  for (size_t group = 0; group < kGroups; ++group) {
    const size_t first = kGroup * group, count = lanes_of(group, lanes);
    store(bytes_of(state[first]), 32, count, work.message[group].word);
    store(bytes_of(state[first] + 4), 32, count, work.message[group].word + 4);
  }
  clear(&work, sizeof(work));
}

// Which bytes of a state's halves a link puts out, for the shuffle of bytes in each 128 bits. The
// words there are little-endian.
struct Picks {
  Words half[2];
};

NEARZONE_AVX512 inline Picks shuffles_of(const uint8_t pick[16]) {
  uint8_t index[2][16];
  for (size_t i = 0; i < 16; ++i) {
    index[0][i] = pick[i] < 16 ? pick[i] ^ 3 : kPickZero;
    index[1][i] = pick[i] >= 16 && pick[i] < 32 ? (pick[i] - 16) ^ 3 : kPickZero;
  }
  return {
      {_mm512_broadcast_i32x4(load_part(index[0])), _mm512_broadcast_i32x4(load_part(index[1]))}};
}

NEARZONE_AVX512 inline void put_out(const Message& digest, const Picks& picks, size_t lanes,
                                    uint8_t (*out)[16]) {
  const Words* word = digest.word;
  Words low[4] = {word[0], word[1], word[2], word[3]};
  Words high[4] = {word[4], word[5], word[6], word[7]};
  transpose(low);
  transpose(high);
  for (size_t q = 0; q < 4 && 4 * q < lanes; ++q) {
    const Words bytes = _mm512_or_si512(_mm512_shuffle_epi8(low[q], picks.half[0]),
                                        _mm512_shuffle_epi8(high[q], picks.half[1]));
    const size_t left = lanes - 4 * q;
    const __mmask8 present = static_cast<__mmask8>(left < 4 ? (1u << 2 * left) - 1 : 0xff);
    _mm512_mask_storeu_epi64(out[4 * q], present, bytes);
  }
}

template <size_t kGroups>
NEARZONE_AVX512 void chain_groups(uint8_t (*block)[64], size_t lanes, size_t links,
                                  const Picks& picks, uint8_t (*out)[16], size_t all_lanes) {
  Words initial[8];
  spread_state(kSha256Initial, initial);
  Message message[kGroups];
  for (size_t group = 0; group < kGroups; ++group)
    load_block(block + kGroup * group, lanes_of(group, lanes), message[group]);
  for (size_t link = 0; link < links; ++link) {
    compress<kGroups>({initial, 0}, message);
    for (size_t group = 0; group < kGroups; ++group) {
      pad(message[group].word, 8, 32);
      put_out(message[group], picks, lanes_of(group, lanes),
              out + link * all_lanes + kGroup * group);
    }
  }
  for (size_t group = 0; group < kGroups; ++group)
    store_block(message[group], lanes_of(group, lanes), block + kGroup * group);
  clear(message, sizeof(message));
}

// HKDF as in composed.h, of which the words never leave their lanes.
template <size_t kGroups>
NEARZONE_AVX512 void hkdf_groups(const uint8_t (*key)[16], const uint32_t (&info)[64],
                                 uint8_t (*derived)[16], size_t lanes) {
  Words start[8];
  Message message[2 * kGroups];
  Message* const inner = message;
  Message* const outer = message + kGroups;
  // Extract.
  for (size_t group = 0; group < kGroups; ++group) {
    Words(&w)[16] = message[group].word;
    load(key[kGroup * group], 16, lanes_of(group, lanes), w);
    for (size_t i = 0; i < 4; ++i) w[i] = swap_bytes(w[i]);
    pad(w, 4, 64 + 16);
  }
  spread_state(kZeroKeyInner, start);
  compress<kGroups>({start, 0}, message);
  for (size_t group = 0; group < kGroups; ++group) pad(message[group].word, 8, 64 + 32);
  spread_state(kZeroKeyOuter, start);
  compress<kGroups>({start, 0}, message);
  // Expand.
  for (size_t group = 0; group < kGroups; ++group) {
    for (size_t i = 0; i < 16; ++i) {
      const Words word = i < 8 ? message[group].word[i] : _mm512_setzero_si512();
      inner[group].word[i] = _mm512_xor_si512(word, spread(0x36363636));
      outer[group].word[i] = _mm512_xor_si512(word, spread(0x5c5c5c5c));
    }
  }
  spread_state(kSha256Initial, start);
  compress<kGroups>({start, 0}, inner);
  compress<kGroups>({start, 0}, outer);
  compress_known<kGroups>({inner[0].word, 16}, inner, info);
  for (size_t group = 0; group < kGroups; ++group) pad(inner[group].word, 8, 64 + 32);
  compress<kGroups>({outer[0].word, 16}, inner);
  for (size_t group = 0; group < kGroups; ++group) {
    for (size_t i = 0; i < 4; ++i) inner[group].word[i] = swap_bytes(inner[group].word[i]);
    store(derived[kGroup * group], 16, lanes_of(group, lanes), inner[group].word);
  }
  clear(message, sizeof(message));
}

}  // namespace

void sha256_compress(uint32_t (*state)[8], const uint8_t (*block)[64], size_t lanes) {
  if (lanes <= kFewLanes) return sha_ni::sha256_compress(state, block, lanes);
  for (size_t first = 0; first < lanes; first += 2 * kGroup) {
    const size_t left = lanes - first;
    if (left > kGroup)
      compress_groups<2>(state + first, block + first, left);
    else
      compress_groups<1>(state + first, block + first, left);
  }
}

NEARZONE_AVX512 void sha256_chain(uint8_t (*block)[64], size_t lanes, size_t links,
                                  const uint8_t pick[16], uint8_t (*out)[16]) {
  if (lanes <= kFewLanes) return sha_ni::sha256_chain(block, lanes, links, pick, out);
  if (links == 0) return;
  const Picks picks = shuffles_of(pick);
  for (size_t first = 0; first < lanes; first += 2 * kGroup) {
    const size_t left = lanes - first;
    if (left > kGroup)
      chain_groups<2>(block + first, left, links, picks, out + first, lanes);
    else
      chain_groups<1>(block + first, left, links, picks, out + first, lanes);
  }
}

void hkdf_sha256(const uint8_t (*key)[16], const uint8_t info[7], uint8_t (*derived)[16],
                 size_t lanes) {
  if (lanes <= kFewLanes) return sha_ni::hkdf_sha256(key, info, derived, lanes);
  alignas(16) uint32_t known[64];
  sha_ni::expand_info(info, known);
  for (size_t first = 0; first < lanes; first += 2 * kGroup) {
    const size_t left = lanes - first;
    if (left > kGroup)
      hkdf_groups<2>(key + first, known, derived + first, left);
    else
      hkdf_groups<1>(key + first, known, derived + first, left);
  }
}

}  // namespace nearzone::kernel::avx512

#endif
