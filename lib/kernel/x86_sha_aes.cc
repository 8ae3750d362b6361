// SHA-NI and AES-NI. Target attributes stand on functions, never on the file: see table.h.
#include "kernel/composed.h"
#include "kernel/table.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define NEARZONE_SHA __attribute__((target("sha,sse4.1,ssse3")))
#define NEARZONE_AES __attribute__((target("aes,sse4.1")))

namespace nearzone::kernel {
namespace {

inline const __m128i* vector_at(const void* p) { return static_cast<const __m128i*>(p); }
inline __m128i* vector_at(void* p) { return static_cast<__m128i*>(p); }

// One compression in each of kChains independent chains, interleaved: the latency of one chain's
// rounds hides behind the others.
template <size_t kChains>
NEARZONE_SHA inline void compress_chains(uint32_t (*state)[8], const uint8_t (*block)[64]) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i abef[kChains], cdgh[kChains], message[kChains][4];
  for (size_t c = 0; c < kChains; ++c) {
    const __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128(vector_at(&state[c][0])), 0xb1);
    const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(vector_at(&state[c][4])), 0x1b);
    abef[c] = _mm_alignr_epi8(cdab, efgh, 8);
    cdgh[c] = _mm_blend_epi16(efgh, cdab, 0xf0);
    for (size_t i = 0; i < 4; ++i)
      message[c][i] = _mm_shuffle_epi8(_mm_loadu_si128(vector_at(block[c] + 16 * i)), big_endian);
  }
#pragma GCC unroll 16
  for (size_t i = 0; i < 16; ++i) {
    const __m128i constants = _mm_load_si128(vector_at(&kSha256Round[4 * i]));
    for (size_t c = 0; c < kChains; ++c) {
      __m128i(&m)[4] = message[c];
      const __m128i sum = _mm_add_epi32(m[i & 3], constants);
      cdgh[c] = _mm_sha256rnds2_epu32(cdgh[c], abef[c], sum);
      abef[c] = _mm_sha256rnds2_epu32(abef[c], cdgh[c], _mm_shuffle_epi32(sum, 0x0e));
      if (i >= 3 && i < 15) {
        const __m128i middle = _mm_alignr_epi8(m[i & 3], m[(i + 3) & 3], 4);
        const __m128i partial =
            _mm_add_epi32(_mm_sha256msg1_epu32(m[(i + 1) & 3], m[(i + 2) & 3]), middle);
        m[(i + 1) & 3] = _mm_sha256msg2_epu32(partial, m[i & 3]);
      }
    }
  }
  for (size_t c = 0; c < kChains; ++c) {
    const __m128i feba = _mm_shuffle_epi32(abef[c], 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(cdgh[c], 0xb1);
    const __m128i abcd = _mm_blend_epi16(feba, dchg, 0xf0);
    const __m128i efgh = _mm_alignr_epi8(dchg, feba, 8);
    _mm_storeu_si128(vector_at(&state[c][0]),
                     _mm_add_epi32(abcd, _mm_loadu_si128(vector_at(&state[c][0]))));
    _mm_storeu_si128(vector_at(&state[c][4]),
                     _mm_add_epi32(efgh, _mm_loadu_si128(vector_at(&state[c][4]))));
  }
}

NEARZONE_SHA void sha256_compress(uint32_t (*state)[8], const uint8_t (*block)[64], size_t lanes) {
  size_t lane = 0;
  for (; lane + 4 <= lanes; lane += 4) compress_chains<4>(state + lane, block + lane);
  for (; lane + 2 <= lanes; lane += 2) compress_chains<2>(state + lane, block + lane);
  if (lane < lanes) compress_chains<1>(state + lane, block + lane);
}

// Folds the previous round key into the next: each word becomes the sum of the words up to it.
NEARZONE_AES inline __m128i fold(__m128i key) {
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  return _mm_xor_si128(key, _mm_slli_si128(key, 8));
}

template <int kRoundConstant>
NEARZONE_AES inline __m128i next_key128(__m128i key) {
  const __m128i assist = _mm_aeskeygenassist_si128(key, kRoundConstant);
  return _mm_xor_si128(fold(key), _mm_shuffle_epi32(assist, 0xff));
}

NEARZONE_AES inline void expand128(const uint8_t* key, __m128i (&round)[11]) {
  round[0] = _mm_loadu_si128(vector_at(key));
  round[1] = next_key128<0x01>(round[0]);
  round[2] = next_key128<0x02>(round[1]);
  round[3] = next_key128<0x04>(round[2]);
  round[4] = next_key128<0x08>(round[3]);
  round[5] = next_key128<0x10>(round[4]);
  round[6] = next_key128<0x20>(round[5]);
  round[7] = next_key128<0x40>(round[6]);
  round[8] = next_key128<0x80>(round[7]);
  round[9] = next_key128<0x1b>(round[8]);
  round[10] = next_key128<0x36>(round[9]);
}

// An even round key of AES-256 from the two before it, then the odd one that follows.
template <int kRoundConstant>
NEARZONE_AES inline void next_keys256(__m128i (&round)[15], size_t even) {
  const __m128i rotated = _mm_aeskeygenassist_si128(round[even - 1], kRoundConstant);
  round[even] = _mm_xor_si128(fold(round[even - 2]), _mm_shuffle_epi32(rotated, 0xff));
  if (even == 14) return;
  const __m128i plain = _mm_aeskeygenassist_si128(round[even], 0);
  round[even + 1] = _mm_xor_si128(fold(round[even - 1]), _mm_shuffle_epi32(plain, 0xaa));
}

NEARZONE_AES inline void expand256(const uint8_t* key, __m128i (&round)[15]) {
  round[0] = _mm_loadu_si128(vector_at(key));
  round[1] = _mm_loadu_si128(vector_at(key + 16));
  next_keys256<0x01>(round, 2);
  next_keys256<0x02>(round, 4);
  next_keys256<0x04>(round, 6);
  next_keys256<0x08>(round, 8);
  next_keys256<0x10>(round, 10);
  next_keys256<0x20>(round, 12);
  next_keys256<0x40>(round, 14);
}

// kCount blocks in flight.
template <size_t kCount, size_t kRounds>
NEARZONE_AES inline void encrypt_blocks(const __m128i (&round)[kRounds + 1],
                                        const uint8_t (*in)[16], uint8_t (*out)[16]) {
  __m128i x[kCount];
#pragma GCC unroll 8
  for (size_t i = 0; i < kCount; ++i)
    x[i] = _mm_xor_si128(_mm_loadu_si128(vector_at(in[i])), round[0]);
#pragma GCC unroll 14
  for (size_t r = 1; r < kRounds; ++r) {
#pragma GCC unroll 8
    for (size_t i = 0; i < kCount; ++i) x[i] = _mm_aesenc_si128(x[i], round[r]);
  }
#pragma GCC unroll 8
  for (size_t i = 0; i < kCount; ++i)
    _mm_storeu_si128(vector_at(out[i]), _mm_aesenclast_si128(x[i], round[kRounds]));
}

NEARZONE_AES void aes128_encrypt(const uint8_t (*key)[16], const uint8_t (*in)[16],
                                 uint8_t (*out)[16], size_t keys, size_t blocks_per_key) {
  __m128i round[11];
  for (size_t k = 0; k < keys; ++k) {
    expand128(key[k], round);
    size_t block = 0;
    for (; block + 8 <= blocks_per_key; block += 8)
      encrypt_blocks<8, 10>(round, in + block, out + block);
    for (; block < blocks_per_key; ++block) encrypt_blocks<1, 10>(round, in + block, out + block);
    in += blocks_per_key;
    out += blocks_per_key;
  }
  clear(round, sizeof(round));
}

// Adds one to a 128-bit big-endian counter.
inline void advance(uint8_t (&counter)[16]) {
  unsigned carry = 1;
  for (size_t i = 16; i-- > 0;) {
    carry += counter[i];
    counter[i] = static_cast<uint8_t>(carry);
    carry >>= 8;
  }
}

NEARZONE_AES void aes256_ctr(const uint8_t key[32], const uint8_t counter[16], uint8_t* data,
                             size_t size) {
  __m128i round[15];
  expand256(key, round);
  uint8_t next[16];
  __builtin_memcpy(next, counter, 16);
  uint8_t stream[8][16];
  for (size_t at = 0; at < size; at += sizeof(stream)) {
    for (uint8_t(&block)[16] : stream) {
      __builtin_memcpy(block, next, 16);
      advance(next);
    }
    encrypt_blocks<8, 14>(round, stream, stream);
    for (size_t i = 0; i < sizeof(stream) && at + i < size; ++i)
      data[at + i] ^= stream[i / 16][i % 16];
  }
  clear(round, sizeof(round));
  clear(stream, sizeof(stream));
}

}  // namespace

const KernelTable kX86ShaAes = {"x86-sha-aes",
                                kSsse3 | kSse41 | kAesNi | kShaNi,
                                sha256_compress,
                                aes128_encrypt,
                                aes256_ctr,
                                composed::sha256_stream<sha256_compress>,
                                composed::sha256_chain<sha256_compress>,
                                composed::hkdf_sha256<sha256_compress>,
                                composed::aes128_number<aes128_encrypt>};

}  // namespace nearzone::kernel

#endif
