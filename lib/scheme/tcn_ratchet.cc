#include "scheme/tcn_ratchet.h"

#include <bit>
#include <cstring>

#include "kernel/kernel.h"
#include "nearzone/bytes.h"
#include "nearzone/secret.h"

namespace nearzone::tcn {
namespace {

constexpr char kKeyTag[] = "H_TCK";
constexpr char kNumberTag[] = "H_TCN";
constexpr size_t kTag = 5;
constexpr size_t kBeforeKey = kTag + 32;           // of tck in its message
constexpr size_t kInFirstBlock = 64 - kBeforeKey;  // bytes of tck
constexpr size_t kInSecondBlock = 32 - kInFirstBlock;

// Ends a message of `total` bytes whose last block is this one.
void end_message(uint8_t (&block)[64], size_t size, size_t total) {
  std::memset(block + size, 0, 64 - size);
  block[size] = 0x80;
  store_be32(block + 60, static_cast<uint32_t>(total * 8));
}

// Two words of a hash as they stand in memory when it is text.
uint64_t hash_words(const uint32_t* words) {
  static_assert(std::endian::native == std::endian::little);
  return __builtin_bswap64(uint64_t{words[0]} << 32 | words[1]);
}

}  // namespace

RatchetLanes::RatchetLanes() {
  for (size_t lane = 0; lane < kLanes; ++lane) {
    std::memcpy(key_block_[lane], kKeyTag, kTag);
    end_message(key_end_[lane], kInSecondBlock, kBeforeKey + 32);
    std::memcpy(number_block_[lane], kNumberTag, kTag);
    end_message(number_block_[lane], kNumberPrefix + 32, kNumberPrefix + 32);
  }
}

RatchetLanes::~RatchetLanes() { wipe(this, sizeof(*this)); }

void RatchetLanes::load(size_t lane, const uint8_t* verification_key, const uint8_t* contact_key,
                        uint16_t index) {
  std::memcpy(key_block_[lane] + kTag, verification_key, 32);
  uint64_t key[4];
  std::memcpy(key, contact_key, sizeof(key));
  set_contact_key(lane, key);
  index_[lane] = index;
}

// Eight bytes at a time, which is what the words of a hash are stored as: what was stored in
// smaller pieces takes long to be read in larger ones.
void RatchetLanes::set_contact_key(size_t lane, const uint64_t (&key)[4]) {
  static_assert(kInFirstBlock == 3 * sizeof(uint64_t) + 3);
  uint8_t* const begin = key_block_[lane] + kBeforeKey;
  std::memcpy(begin, key, 3 * sizeof(uint64_t));
  const auto* const last = reinterpret_cast<const uint8_t*>(&key[3]);
  std::memcpy(begin + 3 * sizeof(uint64_t), last, 3);
  std::memcpy(key_end_[lane], last + 3, kInSecondBlock);
  std::memcpy(number_block_[lane] + kNumberPrefix, key, 32);
}

void RatchetLanes::advance(size_t lanes, Identifier* out) {
  const kernel::KernelTable& kernels = kernel::active();
  const auto begin = [&] {
    for (size_t lane = 0; lane < lanes; ++lane)
      std::memcpy(state_[lane], kernel::kSha256Initial, sizeof(state_[lane]));
  };
  begin();
  kernels.sha256_compress(state_, key_block_, lanes);
  kernels.sha256_compress(state_, key_end_, lanes);
  for (size_t lane = 0; lane < lanes; ++lane) {
    uint64_t key[4];
    for (size_t i = 0; i < 4; ++i) key[i] = hash_words(state_[lane] + 2 * i);
    set_contact_key(lane, key);
    ++index_[lane];
    number_block_[lane][kTag] = static_cast<uint8_t>(index_[lane]);
    number_block_[lane][kTag + 1] = static_cast<uint8_t>(index_[lane] >> 8);
  }
  begin();
  kernels.sha256_compress(state_, number_block_, lanes);
  for (size_t lane = 0; lane < lanes; ++lane) {
    const uint64_t number[2] = {hash_words(state_[lane]), hash_words(state_[lane] + 2)};
    std::memcpy(out[lane].bytes.data(), number, sizeof(number));
  }
}

}  // namespace nearzone::tcn
