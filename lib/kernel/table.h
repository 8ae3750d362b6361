// The table of batch primitives that each processor level fills. Nothing here knows a scheme.
// A level's file includes this header, intrinsics and nothing else: code of the standard library
// compiled there could be the copy that the linker keeps, with instructions older processors lack.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace nearzone::kernel {

// Instruction sets that levels need, as bits.
enum CpuFeature : uint32_t {
  kSsse3 = 1u << 0,
  kSse41 = 1u << 1,  // and POPCNT
  kAesNi = 1u << 2,
  kShaNi = 1u << 3,
  kAvx2 = 1u << 4,    // and BMI2
  kAvx512 = 1u << 5,  // F, BW and VL
  kVaes = 1u << 6,    // of the widest vectors that are there
  kArmSha2 = 1u << 7,
  kArmAes = 1u << 8,
};

// A set as a power of two of 32-bit words. An identifier's hash is its first four bytes as a
// little-endian number, times an odd multiplier; hash >> shift chooses the word.
struct FilterView {
  const uint32_t* words;
  uint32_t multiplier;
  uint32_t shift;
};

// Where in a hash the numbers of an identifier's three bits in its word begin; the third is the
// hash's lowest digits.
inline constexpr uint32_t kFirstFilterBit = 10;
inline constexpr uint32_t kSecondFilterBit = 5;

inline uint32_t filter_bits(uint32_t hash) {
  const auto bit = [](uint32_t number) { return uint32_t{1} << (number & 31); };
  return bit(hash >> kFirstFilterBit) | bit(hash >> kSecondFilterBit) | bit(hash);
}

struct KernelTable {
  const char* name;
  uint32_t needs;  // bits of CpuFeature that must all be present

  // One SHA-256 compression in each of `lanes` independent states, of that lane's own block.
  // States are eight native words; blocks are message bytes.
  void (*sha256_compress)(uint32_t (*state)[8], const uint8_t (*block)[64], size_t lanes);

  // AES-128 of `blocks_per_key` blocks under each of `keys` keys; in and out hold
  // keys * blocks_per_key blocks, key by key, and may be the same memory.
  void (*aes128_encrypt)(const uint8_t (*key)[16], const uint8_t (*in)[16], uint8_t (*out)[16],
                         size_t keys, size_t blocks_per_key);

  // XORs the AES-256-CTR keystream (128-bit big-endian counter starting at `counter`) into data.
  void (*aes256_ctr)(const uint8_t key[32], const uint8_t counter[16], uint8_t* data, size_t size);

  // Composites of the above, which a level fuses where that saves work; composed.h has them for
  // levels that do not.

  // The compressions of consecutive blocks of one message.
  void (*sha256_stream)(uint32_t state[8], const uint8_t (*block)[64], size_t blocks);

  // Hash chains side by side. A lane's block is a whole padded message; link 0 is its SHA-256, each
  // later link the SHA-256 of the 32 bytes before it. out[link * lanes + lane] receives the sixteen
  // bytes of the link that `pick` names by index, zero for kPickZero. Leaves in `block` the padded
  // message whose SHA-256 is the next link.
  void (*sha256_chain)(uint8_t (*block)[64], size_t lanes, size_t links, const uint8_t pick[16],
                       uint8_t (*out)[16]);

  // HKDF-SHA256 (RFC 5869) without salt: 16 bytes from each 16-byte key. May work in place.
  void (*hkdf_sha256)(const uint8_t (*key)[16], const uint8_t info[7], uint8_t (*derived)[16],
                      size_t lanes);

  // AES-128 of numbered blocks, each `prefix` and a little-endian number: first[k] and the
  // count[k] - 1 after it under key[k]. Writes the blocks key by key.
  void (*aes128_number)(const uint8_t (*key)[16], const uint8_t prefix[12], const uint32_t* first,
                        const uint32_t* count, size_t keys, uint8_t (*out)[16]);

  // Looks identifiers up in a filter. `found`, with room for all of them, receives the ascending
  // positions of those all of whose bits are set; returns how many. Identifiers are data that
  // lists make public: they may choose addresses.
  size_t (*filter_find)(const FilterView& filter, const uint8_t (*identifier)[16], size_t count,
                        uint32_t* found);

  // aes128_number(), and filter_find() of what it writes.
  size_t (*aes128_number_find)(const uint8_t (*key)[16], const uint8_t prefix[12],
                               const uint32_t* first, const uint32_t* count, size_t keys,
                               const FilterView& filter, uint8_t (*out)[16], uint32_t* found);
};

inline constexpr uint8_t kPickZero = 0xff;

// FIPS 180-4, section 5.3.3.
inline constexpr uint32_t kSha256Initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// FIPS 180-4, section 4.2.2.
alignas(64) inline constexpr uint32_t kSha256Round[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// SHA-256 states after HMAC's two padding blocks under a key of zeros, HKDF's salt if none is
// given.
inline constexpr uint32_t kZeroKeyInner[8] = {0xf454dead, 0x9725214f, 0x90daf2a0, 0xdf1228ea,
                                              0x64e5750f, 0xa3924181, 0x824a932b, 0xf8e04e32};
inline constexpr uint32_t kZeroKeyOuter[8] = {0xd385480f, 0x7abb6477, 0x37c9c538, 0x5dd82467,
                                              0x8e043a72, 0x753434b0, 0xdeb82818, 0x361d45a6};

// Overwrites round keys and the like before they are left on the stack. The empty assembly makes
// the compiler believe that the zeros are read.
inline void clear(void* memory, size_t size) {
  __builtin_memset(memory, 0, size);
  __asm__ volatile("" : : "r"(memory) : "memory");
}

extern const KernelTable kPortable;
#if defined(__x86_64__)
extern const KernelTable kX86ShaAes;
extern const KernelTable kX86Vaes;
extern const KernelTable kX86Avx512;
#elif defined(__aarch64__)
extern const KernelTable kArm64Crypto;
#endif

}  // namespace nearzone::kernel
