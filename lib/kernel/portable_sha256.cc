// SHA-256 for any processor: four lanes in one 128-bit vector, which the compilers map to SSE2 on
// x86-64 and to NEON on arm64, both part of the base instruction set.
#include "kernel/portable.h"

namespace nearzone::kernel::portable {
namespace {

constexpr size_t kLanes = 4;
typedef uint32_t Words __attribute__((vector_size(16)));

template <int kBits>
inline Words rotate_right(Words x) {
  return (x >> kBits) | (x << (32 - kBits));
}

inline uint32_t load_be(const uint8_t* p) {
  return uint32_t{p[0]} << 24 | uint32_t{p[1]} << 16 | uint32_t{p[2]} << 8 | p[3];
}

inline Words next_schedule_word(const Words (&w)[16], size_t t) {
  const Words w15 = w[(t + 1) & 15];
  const Words w2 = w[(t + 14) & 15];
  const Words s0 = rotate_right<7>(w15) ^ rotate_right<18>(w15) ^ (w15 >> 3);
  const Words s1 = rotate_right<17>(w2) ^ rotate_right<19>(w2) ^ (w2 >> 10);
  return w[t & 15] + s0 + w[(t + 9) & 15] + s1;
}

void compress_four(Words (&state)[8], Words (&w)[16]) {
  Words a = state[0], b = state[1], c = state[2], d = state[3];
  Words e = state[4], f = state[5], g = state[6], h = state[7];
  for (size_t t = 0; t < 64; ++t) {
    if (t >= 16) w[t & 15] = next_schedule_word(w, t);
    const Words sum1 = rotate_right<6>(e) ^ rotate_right<11>(e) ^ rotate_right<25>(e);
    const Words choice = g ^ (e & (f ^ g));
    const Words t1 = h + sum1 + choice + kSha256Round[t] + w[t & 15];
    const Words sum0 = rotate_right<2>(a) ^ rotate_right<13>(a) ^ rotate_right<22>(a);
    const Words majority = (a & b) | (c & (a | b));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + sum0 + majority;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

}  // namespace

void sha256_compress(uint32_t (*state)[8], const uint8_t (*block)[64], size_t lanes) {
  for (size_t first = 0; first < lanes; first += kLanes) {
    // A last group that is not full works on copies of its own last lane.
    size_t lane_of[kLanes];
    for (size_t i = 0; i < kLanes; ++i) lane_of[i] = first + i < lanes ? first + i : lanes - 1;
    Words s[8];
    Words w[16];
    for (size_t i = 0; i < kLanes; ++i) {
      for (size_t word = 0; word < 8; ++word) s[word][i] = state[lane_of[i]][word];
      for (size_t word = 0; word < 16; ++word) w[word][i] = load_be(block[lane_of[i]] + 4 * word);
    }
    compress_four(s, w);
    for (size_t i = 0; i < kLanes && first + i < lanes; ++i)
      for (size_t word = 0; word < 8; ++word) state[first + i][word] = s[word][i];
  }
}

}  // namespace nearzone::kernel::portable
