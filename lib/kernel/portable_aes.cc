// AES for any processor, without a table look-up or a branch that depends on data: eight blocks at
// a time, bit by bit. Plane i holds bit i of all 128 bytes: its byte p holds byte p of every block,
// one block a bit. Vectors of 128 bits are SSE2 on x86-64 and NEON on arm64.
#include "kernel/composed.h"
#include "kernel/portable.h"

namespace nearzone::kernel {
namespace portable {
namespace {

typedef uint64_t Plane __attribute__((vector_size(16)));
typedef uint32_t Columns __attribute__((vector_size(16)));
typedef uint8_t Bytes __attribute__((vector_size(16)));

// Rows and key words are moved as parts of little-endian numbers.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

constexpr size_t kBlocks = 8;
constexpr size_t kMaxRounds = 14;

inline Plane load(const uint8_t* p) {
  Plane plane;
  __builtin_memcpy(&plane, p, sizeof(plane));
  return plane;
}

inline void store(uint8_t* p, Plane plane) { __builtin_memcpy(p, &plane, sizeof(plane)); }

template <int kShift, uint64_t kMask>
inline void swap_bits(Plane& low, Plane& high) {
  const Plane mask = {kMask, kMask};
  const Plane moved = ((low >> kShift) ^ high) & mask;
  high ^= moved;
  low ^= moved << kShift;
}

// Turns eight blocks into eight planes, and back: an 8 x 8 transposition of bits in each byte.
inline void transpose(Plane (&x)[8]) {
  for (size_t i = 0; i < 8; i += 2) swap_bits<1, 0x5555555555555555>(x[i], x[i + 1]);
  for (size_t i = 0; i < 8; i += 4) {
    swap_bits<2, 0x3333333333333333>(x[i], x[i + 2]);
    swap_bits<2, 0x3333333333333333>(x[i + 1], x[i + 3]);
  }
  for (size_t i = 0; i < 4; ++i) swap_bits<4, 0x0f0f0f0f0f0f0f0f>(x[i], x[i + 4]);
}

// The S-box as a circuit of 115 gates.
// Source: Boyar and Peralta, "A new combinational logic minimization technique with applications to
// cryptology" (SEA 2010); their x0 and s0 are the highest bit.
inline void substitute(Plane (&p)[8]) {
  const Plane x0 = p[7], x1 = p[6], x2 = p[5], x3 = p[4];
  const Plane x4 = p[3], x5 = p[2], x6 = p[1], x7 = p[0];

  const Plane y14 = x3 ^ x5, y13 = x0 ^ x6, y9 = x0 ^ x3, y8 = x0 ^ x5;
  const Plane t0 = x1 ^ x2, y1 = t0 ^ x7, y4 = y1 ^ x3, y12 = y13 ^ y14;
  const Plane y2 = y1 ^ x0, y5 = y1 ^ x6, y3 = y5 ^ y8, t1 = x4 ^ y12;
  const Plane y15 = t1 ^ x5, y20 = t1 ^ x1, y6 = y15 ^ x7, y10 = y15 ^ t0;
  const Plane y11 = y20 ^ y9, y7 = x7 ^ y11, y17 = y10 ^ y11, y19 = y10 ^ y8;
  const Plane y16 = t0 ^ y11, y21 = y13 ^ y16, y18 = x0 ^ y16;

  const Plane t2 = y12 & y15, t3 = y3 & y6, t4 = t3 ^ t2, t5 = y4 & x7;
  const Plane t6 = t5 ^ t2, t7 = y13 & y16, t8 = y5 & y1, t9 = t8 ^ t7;
  const Plane t10 = y2 & y7, t11 = t10 ^ t7, t12 = y9 & y11, t13 = y14 & y17;
  const Plane t14 = t13 ^ t12, t15 = y8 & y10, t16 = t15 ^ t12;
  const Plane t21 = t4 ^ t14 ^ y20, t22 = t6 ^ t16 ^ y19;
  const Plane t23 = t9 ^ t14 ^ y21, t24 = t11 ^ t16 ^ y18;
  const Plane t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26, t28 = t25 & t27;
  const Plane t29 = t28 ^ t22, t30 = t23 ^ t24, t31 = t22 ^ t26, t32 = t31 & t30;
  const Plane t33 = t32 ^ t24, t34 = t23 ^ t33, t35 = t27 ^ t33, t36 = t24 & t35;
  const Plane t37 = t36 ^ t34, t38 = t27 ^ t36, t39 = t29 & t38, t40 = t25 ^ t39;
  const Plane t41 = t40 ^ t37, t42 = t29 ^ t33, t43 = t29 ^ t40, t44 = t33 ^ t37;
  const Plane t45 = t42 ^ t41;

  const Plane z0 = t44 & y15, z1 = t37 & y6, z2 = t33 & x7, z3 = t43 & y16;
  const Plane z4 = t40 & y1, z5 = t29 & y7, z6 = t42 & y11, z7 = t45 & y17;
  const Plane z8 = t41 & y10, z9 = t44 & y12, z10 = t37 & y3, z11 = t33 & y4;
  const Plane z12 = t43 & y13, z13 = t40 & y5, z14 = t29 & y2, z15 = t42 & y9;
  const Plane z16 = t45 & y14, z17 = t41 & y8;

  const Plane t46 = z15 ^ z16, t47 = z10 ^ z11, t48 = z5 ^ z13, t49 = z9 ^ z10;
  const Plane t50 = z2 ^ z12, t51 = z2 ^ z5, t52 = z7 ^ z8, t53 = z0 ^ z3;
  const Plane t54 = z6 ^ z7, t55 = z16 ^ z17, t56 = z12 ^ t48, t57 = t50 ^ t53;
  const Plane t58 = z4 ^ t46, t59 = z3 ^ t54, t60 = t46 ^ t57, t61 = z14 ^ t57;
  const Plane t62 = t52 ^ t58, t63 = t49 ^ t58, t64 = z4 ^ t59, t65 = t61 ^ t62;
  const Plane t66 = z1 ^ t63, t67 = t64 ^ t65;
  const Plane s3 = t53 ^ t66;
  p[7] = t59 ^ t63;
  p[6] = ~(t64 ^ s3);
  p[5] = ~(t55 ^ t67);
  p[4] = s3;
  p[3] = t51 ^ t66;
  p[2] = t47 ^ t65;
  p[1] = ~(t56 ^ t62);
  p[0] = ~(t48 ^ t60);
}

// Row r of the state moves r columns to the left; a column is four bytes of a plane.
inline void shift_rows(Plane (&x)[8]) {
  constexpr Columns kRow0 = {0x000000ff, 0x000000ff, 0x000000ff, 0x000000ff};
  for (Plane& plane : x) {
    const Columns c = reinterpret_cast<Columns>(plane);
    const Columns shifted = (c & kRow0) |
                            (__builtin_shufflevector(c, c, 1, 2, 3, 0) & (kRow0 << 8)) |
                            (__builtin_shufflevector(c, c, 2, 3, 0, 1) & (kRow0 << 16)) |
                            (__builtin_shufflevector(c, c, 3, 0, 1, 2) & (kRow0 << 24));
    plane = reinterpret_cast<Plane>(shifted);
  }
}

// The byte `kRows` rows further down the same column.
template <int kRows>
inline Plane below(Plane plane) {
  const Columns c = reinterpret_cast<Columns>(plane);
  return reinterpret_cast<Plane>((c >> (8 * kRows)) | (c << (32 - 8 * kRows)));
}

// b = 2 a + 3 a' + a'' + a''' = 2 (a + a') + a' + a'' + a''', primes being rows further down.
inline void mix_columns(Plane (&x)[8]) {
  Plane sum[8];   // a + a'
  Plane rest[8];  // a' + a'' + a'''
  for (size_t i = 0; i < 8; ++i) {
    const Plane next = below<1>(x[i]);
    sum[i] = x[i] ^ next;
    rest[i] = next ^ below<2>(sum[i]);
  }
  // Doubling in GF(2^8) moves each bit up and folds the highest into 0x1b.
  x[0] = rest[0] ^ sum[7];
  x[1] = rest[1] ^ sum[0] ^ sum[7];
  x[2] = rest[2] ^ sum[1];
  x[3] = rest[3] ^ sum[2] ^ sum[7];
  x[4] = rest[4] ^ sum[3] ^ sum[7];
  x[5] = rest[5] ^ sum[4];
  x[6] = rest[6] ^ sum[5];
  x[7] = rest[7] ^ sum[6];
}

// One round key for eight blocks: each key bit spread over the eight bits of its byte.
inline void spread_key(const uint8_t* round_key, Plane (&key)[8]) {
  const Bytes bytes = reinterpret_cast<Bytes>(load(round_key));
  const Bytes one = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  const Bytes zero = {};
  for (int bit = 0; bit < 8; ++bit)
    key[bit] = reinterpret_cast<Plane>(zero - ((bytes >> static_cast<uint8_t>(bit)) & one));
}

struct RoundKeys {
  uint8_t bytes[kMaxRounds + 1][16];
};

struct SpreadKeys {
  Plane planes[kMaxRounds + 1][8];
  size_t rounds;

  void spread(const RoundKeys& keys, size_t count) {
    rounds = count;
    for (size_t round = 0; round <= rounds; ++round) spread_key(keys.bytes[round], planes[round]);
  }
};

inline void add_key(Plane (&x)[8], const Plane (&key)[8]) {
  for (size_t i = 0; i < 8; ++i) x[i] ^= key[i];
}

// Encrypts up to eight blocks.
void encrypt_blocks(const SpreadKeys& keys, const uint8_t (*in)[16], uint8_t (*out)[16],
                    size_t count) {
  Plane x[8];
  for (size_t i = 0; i < kBlocks; ++i) x[i] = load(in[i < count ? i : 0]);
  transpose(x);
  add_key(x, keys.planes[0]);
  for (size_t round = 1; round < keys.rounds; ++round) {
    substitute(x);
    shift_rows(x);
    mix_columns(x);
    add_key(x, keys.planes[round]);
  }
  substitute(x);
  shift_rows(x);
  add_key(x, keys.planes[keys.rounds]);
  transpose(x);
  for (size_t i = 0; i < count; ++i) store(out[i], x[i]);
}

// The S-box of the four bytes of each of eight words.
void substitute_words(uint32_t (&words)[kBlocks]) {
  Plane x[8];
  for (size_t i = 0; i < kBlocks; ++i) x[i] = reinterpret_cast<Plane>(Columns{words[i], 0, 0, 0});
  transpose(x);
  substitute(x);
  transpose(x);
  for (size_t i = 0; i < kBlocks; ++i) words[i] = reinterpret_cast<Columns>(x[i])[0];
}

// FIPS 197, section 5.2, for up to eight keys side by side. kKeyWords is 4 or 8.
template <size_t kKeyWords>
void expand_keys(const uint8_t* keys, size_t count, RoundKeys* round_keys) {
  constexpr size_t kRounds = kKeyWords + 6;
  constexpr size_t kWords = 4 * (kRounds + 1);
  uint32_t words[kWords][kBlocks] = {};
  for (size_t k = 0; k < count; ++k)
    for (size_t i = 0; i < kKeyWords; ++i)
      __builtin_memcpy(&words[i][k], keys + k * 4 * kKeyWords + 4 * i, 4);
  uint32_t round_constant = 1;
  for (size_t i = kKeyWords; i < kWords; ++i) {
    uint32_t next[kBlocks];
    for (size_t k = 0; k < kBlocks; ++k) {
      const uint32_t last = words[i - 1][k];
      // Words are held little-endian, so rotating a byte to the left is a shift to the right.
      next[k] = i % kKeyWords == 0 ? last >> 8 | last << 24 : last;
    }
    if (i % kKeyWords == 0 || (kKeyWords == 8 && i % kKeyWords == 4)) substitute_words(next);
    for (size_t k = 0; k < kBlocks; ++k) {
      if (i % kKeyWords == 0) next[k] ^= round_constant;
      words[i][k] = words[i - kKeyWords][k] ^ next[k];
    }
    if (i % kKeyWords == 0)
      round_constant = ((round_constant << 1) ^ ((round_constant >> 7) * 0x11b)) & 0xff;
  }
  for (size_t k = 0; k < count; ++k)
    for (size_t i = 0; i < kWords; ++i)
      __builtin_memcpy(round_keys[k].bytes[i / 4] + 4 * (i % 4), &words[i][k], 4);
  clear(words, sizeof(words));
}

// Adds to a 128-bit big-endian counter.
void advance(uint8_t (&counter)[16]) {
  unsigned carry = 1;
  for (size_t i = 16; i-- > 0;) {
    carry += counter[i];
    counter[i] = static_cast<uint8_t>(carry);
    carry >>= 8;
  }
}

}  // namespace

void aes128_encrypt(const uint8_t (*key)[16], const uint8_t (*in)[16], uint8_t (*out)[16],
                    size_t keys, size_t blocks_per_key) {
  RoundKeys round_keys[kBlocks];
  SpreadKeys spread;
  for (size_t first = 0; first < keys; first += kBlocks) {
    const size_t group = keys - first < kBlocks ? keys - first : kBlocks;
    expand_keys<4>(key[first], group, round_keys);
    for (size_t k = 0; k < group; ++k) {
      spread.spread(round_keys[k], 10);
      for (size_t block = 0; block < blocks_per_key; block += kBlocks) {
        const size_t count = blocks_per_key - block < kBlocks ? blocks_per_key - block : kBlocks;
        encrypt_blocks(spread, in + block, out + block, count);
      }
      in += blocks_per_key;
      out += blocks_per_key;
    }
  }
  clear(round_keys, sizeof(round_keys));
  clear(&spread, sizeof(spread));
}

void aes256_ctr(const uint8_t key[32], const uint8_t counter[16], uint8_t* data, size_t size) {
  RoundKeys round_keys[1];
  expand_keys<8>(key, 1, round_keys);
  SpreadKeys spread;
  spread.spread(round_keys[0], 14);
  uint8_t next[16];
  __builtin_memcpy(next, counter, 16);
  uint8_t stream[kBlocks][16];
  for (size_t at = 0; at < size; at += sizeof(stream)) {
    for (uint8_t(&block)[16] : stream) {
      __builtin_memcpy(block, next, 16);
      advance(next);
    }
    encrypt_blocks(spread, stream, stream, kBlocks);
    for (size_t i = 0; i < sizeof(stream) && at + i < size; ++i)
      data[at + i] ^= stream[i / 16][i % 16];
  }
  clear(round_keys, sizeof(round_keys));
  clear(&spread, sizeof(spread));
  clear(stream, sizeof(stream));
}

void substitute_bytes(uint8_t bytes[128]) {
  Plane x[8];
  for (size_t i = 0; i < kBlocks; ++i) x[i] = load(bytes + 16 * i);
  transpose(x);
  substitute(x);
  transpose(x);
  for (size_t i = 0; i < kBlocks; ++i) store(bytes + 16 * i, x[i]);
}

}  // namespace portable

const KernelTable kPortable = {"portable",
                               0,
                               portable::sha256_compress,
                               portable::aes128_encrypt,
                               portable::aes256_ctr,
                               composed::sha256_stream<portable::sha256_compress>,
                               composed::sha256_chain<portable::sha256_compress>,
                               composed::hkdf_sha256<portable::sha256_compress>,
                               composed::aes128_number<portable::aes128_encrypt>,
                               composed::filter_find};

}  // namespace nearzone::kernel
