// AES for any processor, without a table look-up or a branch that depends on data: 32 blocks at a
// time, bit by bit. A vector holds one bit of one row of the state: a word for each column, in it a
// bit for each block. So substituting a row takes its eight vectors, shifting it is one shuffle,
// and mixing rows a matter of which vectors are added. Vectors of 128 bits are SSE2 on x86-64 and
// NEON on arm64.
#include "kernel/composed.h"
#include "kernel/portable.h"

namespace nearzone::kernel {
namespace portable {
namespace {

typedef uint32_t Words __attribute__((vector_size(16)));
typedef int32_t SignedWords __attribute__((vector_size(16)));

// Columns are loaded as little-endian words.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

constexpr uint32_t kBlocks = 32;
constexpr size_t kRounds128 = 10;
constexpr size_t kRounds256 = 14;

// 32 blocks, or a round key for each of them: bit b of row r stands in bit[8 * r + b].
struct Planes {
  Words bit[32];
};

template <int kHalf>
inline void swap_halves(Words (&v)[32], uint32_t low_halves) {
  for (size_t start = 0; start < 32; start += 2 * kHalf) {
    for (size_t i = start; i < start + kHalf; ++i) {
      const Words moved = ((v[i] >> kHalf) ^ v[i + kHalf]) & low_halves;
      v[i + kHalf] ^= moved;
      v[i] ^= moved << kHalf;
    }
  }
}

// Turns 32 blocks into their planes, and back: a 32 x 32 transposition of the bits of each column.
void transpose(Words (&v)[32]) {
  swap_halves<16>(v, 0x0000ffff);
  swap_halves<8>(v, 0x00ff00ff);
  swap_halves<4>(v, 0x0f0f0f0f);
  swap_halves<2>(v, 0x33333333);
  swap_halves<1>(v, 0x55555555);
}

// Blocks that are not there repeat the first.
void load(const uint8_t (*block)[16], size_t count, Planes& planes) {
  for (size_t i = 0; i < kBlocks; ++i)
    __builtin_memcpy(&planes.bit[i], block[i < count ? i : 0], sizeof(Words));
  transpose(planes.bit);
}

// Spends the planes.
void store(Planes& planes, size_t count, uint8_t (*block)[16]) {
  transpose(planes.bit);
  for (size_t i = 0; i < count; ++i) __builtin_memcpy(block[i], &planes.bit[i], sizeof(Words));
}

// The S-box as a circuit of 115 gates.
// Source: Boyar and Peralta, "A new combinational logic minimization technique with applications to
// cryptology" (SEA 2010); their x0 and s0 are the highest bit.
inline void substitute(Words (&p)[8]) {
  const Words x0 = p[7], x1 = p[6], x2 = p[5], x3 = p[4];
  const Words x4 = p[3], x5 = p[2], x6 = p[1], x7 = p[0];

  const Words y14 = x3 ^ x5, y13 = x0 ^ x6, y9 = x0 ^ x3, y8 = x0 ^ x5;
  const Words t0 = x1 ^ x2, y1 = t0 ^ x7, y4 = y1 ^ x3, y12 = y13 ^ y14;
  const Words y2 = y1 ^ x0, y5 = y1 ^ x6, y3 = y5 ^ y8, t1 = x4 ^ y12;
  const Words y15 = t1 ^ x5, y20 = t1 ^ x1, y6 = y15 ^ x7, y10 = y15 ^ t0;
  const Words y11 = y20 ^ y9, y7 = x7 ^ y11, y17 = y10 ^ y11, y19 = y10 ^ y8;
  const Words y16 = t0 ^ y11, y21 = y13 ^ y16, y18 = x0 ^ y16;

  const Words t2 = y12 & y15, t3 = y3 & y6, t4 = t3 ^ t2, t5 = y4 & x7;
  const Words t6 = t5 ^ t2, t7 = y13 & y16, t8 = y5 & y1, t9 = t8 ^ t7;
  const Words t10 = y2 & y7, t11 = t10 ^ t7, t12 = y9 & y11, t13 = y14 & y17;
  const Words t14 = t13 ^ t12, t15 = y8 & y10, t16 = t15 ^ t12;
  const Words t21 = t4 ^ t14 ^ y20, t22 = t6 ^ t16 ^ y19;
  const Words t23 = t9 ^ t14 ^ y21, t24 = t11 ^ t16 ^ y18;
  const Words t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26, t28 = t25 & t27;
  const Words t29 = t28 ^ t22, t30 = t23 ^ t24, t31 = t22 ^ t26, t32 = t31 & t30;
  const Words t33 = t32 ^ t24, t34 = t23 ^ t33, t35 = t27 ^ t33, t36 = t24 & t35;
  const Words t37 = t36 ^ t34, t38 = t27 ^ t36, t39 = t29 & t38, t40 = t25 ^ t39;
  const Words t41 = t40 ^ t37, t42 = t29 ^ t33, t43 = t29 ^ t40, t44 = t33 ^ t37;
  const Words t45 = t42 ^ t41;

  const Words z0 = t44 & y15, z1 = t37 & y6, z2 = t33 & x7, z3 = t43 & y16;
  const Words z4 = t40 & y1, z5 = t29 & y7, z6 = t42 & y11, z7 = t45 & y17;
  const Words z8 = t41 & y10, z9 = t44 & y12, z10 = t37 & y3, z11 = t33 & y4;
  const Words z12 = t43 & y13, z13 = t40 & y5, z14 = t29 & y2, z15 = t42 & y9;
  const Words z16 = t45 & y14, z17 = t41 & y8;

  const Words t46 = z15 ^ z16, t47 = z10 ^ z11, t48 = z5 ^ z13, t49 = z9 ^ z10;
  const Words t50 = z2 ^ z12, t51 = z2 ^ z5, t52 = z7 ^ z8, t53 = z0 ^ z3;
  const Words t54 = z6 ^ z7, t55 = z16 ^ z17, t56 = z12 ^ t48, t57 = t50 ^ t53;
  const Words t58 = z4 ^ t46, t59 = z3 ^ t54, t60 = t46 ^ t57, t61 = z14 ^ t57;
  const Words t62 = t52 ^ t58, t63 = t49 ^ t58, t64 = z4 ^ t59, t65 = t61 ^ t62;
  const Words t66 = z1 ^ t63, t67 = t64 ^ t65;
  const Words s3 = t53 ^ t66;
  p[7] = t59 ^ t63;
  p[6] = ~(t64 ^ s3);
  p[5] = ~(t55 ^ t67);
  p[4] = s3;
  p[3] = t51 ^ t66;
  p[2] = t47 ^ t65;
  p[1] = ~(t56 ^ t62);
  p[0] = ~(t48 ^ t60);
}

template <size_t kRow>
inline void substitute_and_shift_row(const Planes& in, Planes& out) {
  Words row[8];
  for (size_t b = 0; b < 8; ++b) row[b] = in.bit[8 * kRow + b];
  substitute(row);
  for (size_t b = 0; b < 8; ++b)
    out.bit[8 * kRow + b] = __builtin_shufflevector(row[b], row[b], kRow, (kRow + 1) % 4,
                                                    (kRow + 2) % 4, (kRow + 3) % 4);
}

inline void substitute_and_shift(const Planes& in, Planes& out) {
  substitute_and_shift_row<0>(in, out);
  substitute_and_shift_row<1>(in, out);
  substitute_and_shift_row<2>(in, out);
  substitute_and_shift_row<3>(in, out);
}

// b = 2 a + 3 a' + a'' + a''' = 2 (a + a') + a' + (a'' + a'''), primes being rows further down, and
// the round key. Doubling in GF(2^8) moves each bit up and folds the highest into 0x1b.
inline void mix_columns_and_add(const Planes& in, const Planes& round_key, Planes& out) {
  Words highest[4], below[4];
  for (size_t r = 0; r < 4; ++r)
    highest[r] = below[r] = in.bit[8 * r + 7] ^ in.bit[8 * ((r + 1) % 4) + 7];
  for (size_t b = 0; b < 8; ++b) {
    const bool folds = b == 1 || b == 3 || b == 4;
    Words sum[4];
    for (size_t r = 0; r < 4; ++r) sum[r] = in.bit[8 * r + b] ^ in.bit[8 * ((r + 1) % 4) + b];
    for (size_t r = 0; r < 4; ++r) {
      const Words doubled = folds ? below[r] ^ highest[r] : below[r];
      out.bit[8 * r + b] =
          doubled ^ in.bit[8 * ((r + 1) % 4) + b] ^ sum[(r + 2) % 4] ^ round_key.bit[8 * r + b];
    }
    for (size_t r = 0; r < 4; ++r) below[r] = sum[r];
  }
}

inline void add_key(const Planes& in, const Planes& round_key, Planes& out) {
  for (size_t i = 0; i < 32; ++i) out.bit[i] = in.bit[i] ^ round_key.bit[i];
}

// Up to 32 blocks.
void encrypt(const Planes* round_key, size_t rounds, const uint8_t (*in)[16], uint8_t (*out)[16],
             size_t count) {
  Planes state, shifted;
  load(in, count, state);
  add_key(state, round_key[0], state);
  for (size_t round = 1; round < rounds; ++round) {
    substitute_and_shift(state, shifted);
    mix_columns_and_add(shifted, round_key[round], state);
  }
  substitute_and_shift(state, shifted);
  add_key(shifted, round_key[rounds], state);
  store(state, count, out);
}

// FIPS 197, section 5.2: the round key that follows `before`, by the last word of `last`, which all
// steps but every other one of AES-256 rotate.
void next_key(const Planes& before, const Planes& last, bool rotate, uint32_t round_constant,
              Planes& next) {
  // The word's four bytes side by side.
  Words word[8];
  const size_t first = rotate ? 1 : 0;
  for (size_t b = 0; b < 8; ++b)
    for (size_t r = 0; r < 4; ++r) word[b][r] = last.bit[8 * ((first + r) % 4) + b][3];
  substitute(word);
  for (size_t b = 0; b < 8; ++b) {
    word[b] ^= Words{0 - (round_constant >> b & 1), 0, 0, 0};
    for (size_t r = 0; r < 4; ++r) {
      // Each word is the sum of the words up to it.
      Words sum = before.bit[8 * r + b];
      sum ^= __builtin_shufflevector(Words{}, sum, 0, 4, 5, 6);
      sum ^= __builtin_shufflevector(Words{}, sum, 0, 1, 4, 5);
      next.bit[8 * r + b] = sum ^ word[b][r];
    }
  }
}

// Bit `index` of each word, spread over the whole word.
inline Words spread_bit(Words words, size_t index) {
  const Words at_top = words << static_cast<uint32_t>(31 - index);
  return reinterpret_cast<Words>(reinterpret_cast<SignedWords>(at_top) >> 31);
}

struct Schedule {
  Planes round[kRounds128 + 1];
};

// The schedules of up to 32 keys side by side.
void expand(const uint8_t (*key)[16], size_t keys, Schedule& schedules) {
  load(key, keys, schedules.round[0]);
  uint32_t constant = 1;
  for (size_t r = 1; r <= kRounds128; ++r) {
    next_key(schedules.round[r - 1], schedules.round[r - 1], true, constant, schedules.round[r]);
    constant = r == 8 ? 0x1b : constant << 1;
  }
}

// Gives the blocks of the mask key number `key`.
void assign(const Schedule& schedules, size_t key, uint32_t blocks, Schedule& assigned) {
  for (size_t r = 0; r <= kRounds128; ++r) {
    for (size_t i = 0; i < 32; ++i) {
      const Words bits = spread_bit(schedules.round[r].bit[i], key);
      Words& mixed = assigned.round[r].bit[i];
      mixed = (mixed & ~blocks) | (bits & blocks);
    }
  }
}

// AES-128 of count[k] blocks under key k of up to 32, batches of 32 blocks whosever they are.
void encrypt_keys(const uint8_t (*key)[16], const uint32_t* count, size_t keys,
                  const uint8_t (*in)[16], uint8_t (*out)[16]) {
  Schedule schedules;
  Schedule assigned = {};
  expand(key, keys, schedules);
  size_t sole = keys;  // the key that all of `assigned` is of, if it is of one
  size_t k = 0;
  uint32_t done = 0;  // of key k's blocks
  while (k < keys) {
    uint32_t filled = 0;
    while (filled < kBlocks && k < keys) {
      const uint32_t left = count[k] - done;
      const uint32_t taken = left < kBlocks - filled ? left : kBlocks - filled;
      if (taken != 0 && sole != k) {
        assign(schedules, k, ~uint32_t{0} >> (kBlocks - taken) << filled, assigned);
        sole = taken == kBlocks ? k : keys;
      }
      filled += taken;
      done = taken == left ? 0 : done + taken;
      if (taken == left) ++k;
    }
    if (filled != 0) encrypt(assigned.round, kRounds128, in, out, filled);
    in += filled;
    out += filled;
  }
  clear(&schedules, sizeof(schedules));
  clear(&assigned, sizeof(assigned));
}

void expand256(const uint8_t key[32], Planes (&round)[kRounds256 + 1]) {
  for (size_t half = 0; half < 2; ++half) {
    Words words;
    __builtin_memcpy(&words, key + 16 * half, sizeof(words));
    for (size_t i = 0; i < 32; ++i) round[half].bit[i] = spread_bit(words, i);
  }
  for (size_t r = 2; r <= kRounds256; ++r) {
    const bool even = r % 2 == 0;
    next_key(round[r - 2], round[r - 1], even, even ? 1u << (r / 2 - 1) : 0, round[r]);
  }
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
  uint32_t count[kBlocks];
  for (uint32_t& each : count) each = static_cast<uint32_t>(blocks_per_key);
  for (size_t k = 0; k < keys; k += kBlocks) {
    const size_t some = keys - k < kBlocks ? keys - k : kBlocks;
    encrypt_keys(key + k, count, some, in, out);
    in += some * blocks_per_key;
    out += some * blocks_per_key;
  }
}

void aes128_number(const uint8_t (*key)[16], const uint8_t prefix[12], const uint32_t* first,
                   const uint32_t* count, size_t keys, uint8_t (*out)[16]) {
  for (size_t k = 0; k < keys; k += kBlocks) {
    const size_t some = keys - k < kBlocks ? keys - k : kBlocks;
    uint8_t(*const begin)[16] = out;
    for (size_t i = k; i < k + some; ++i) {
      for (uint32_t n = 0; n < count[i]; ++n, ++out) {
        const uint32_t number = first[i] + n;
        __builtin_memcpy(*out, prefix, 12);
        __builtin_memcpy(*out + 12, &number, 4);
      }
    }
    encrypt_keys(key + k, count + k, some, begin, begin);
  }
}

void aes256_ctr(const uint8_t key[32], const uint8_t counter[16], uint8_t* data, size_t size) {
  Planes round_keys[kRounds256 + 1];
  expand256(key, round_keys);
  uint8_t next[16];
  __builtin_memcpy(next, counter, 16);
  uint8_t stream[kBlocks][16];
  for (size_t at = 0; at < size; at += sizeof(stream)) {
    for (uint8_t(&block)[16] : stream) {
      __builtin_memcpy(block, next, 16);
      advance(next);
    }
    encrypt(round_keys, kRounds256, stream, stream, kBlocks);
    for (size_t i = 0; i < sizeof(stream) && at + i < size; ++i)
      data[at + i] ^= stream[i / 16][i % 16];
  }
  clear(round_keys, sizeof(round_keys));
  clear(stream, sizeof(stream));
}

void substitute_bytes(uint8_t bytes[128]) {
  uint8_t blocks[8][16];
  __builtin_memcpy(blocks, bytes, sizeof(blocks));
  Planes planes;
  load(blocks, 8, planes);
  for (size_t r = 0; r < 4; ++r) {
    Words row[8];
    __builtin_memcpy(row, &planes.bit[8 * r], sizeof(row));
    substitute(row);
    __builtin_memcpy(&planes.bit[8 * r], row, sizeof(row));
  }
  store(planes, 8, blocks);
  __builtin_memcpy(bytes, blocks, sizeof(blocks));
}

}  // namespace portable

const KernelTable kPortable = {
    "portable",
    0,
    portable::sha256_compress,
    portable::aes128_encrypt,
    portable::aes256_ctr,
    composed::sha256_stream<portable::sha256_compress>,
    composed::sha256_chain<portable::sha256_compress>,
    composed::hkdf_sha256<portable::sha256_compress>,
    portable::aes128_number,
    composed::filter_find,
    composed::aes128_number_find<portable::aes128_number, composed::filter_find>};

}  // namespace nearzone::kernel
