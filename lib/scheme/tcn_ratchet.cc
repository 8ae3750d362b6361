#include "scheme/tcn_ratchet.h"

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
  set_contact_key(lane, contact_key);
  index_[lane] = index;
}

void RatchetLanes::set_contact_key(size_t lane, const uint8_t* key) {
  std::memcpy(key_block_[lane] + kBeforeKey, key, kInFirstBlock);
  std::memcpy(key_end_[lane], key + kInFirstBlock, kInSecondBlock);
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
    uint8_t key[32];
    for (size_t word = 0; word < 8; ++word) store_be32(key + 4 * word, state_[lane][word]);
    set_contact_key(lane, key);
    ++index_[lane];
    number_block_[lane][kTag] = static_cast<uint8_t>(index_[lane]);
    number_block_[lane][kTag + 1] = static_cast<uint8_t>(index_[lane] >> 8);
  }
  begin();
  kernels.sha256_compress(state_, number_block_, lanes);
  for (size_t lane = 0; lane < lanes; ++lane)
    for (size_t word = 0; word < 4; ++word)
      store_be32(out[lane].bytes.data() + 4 * word, state_[lane][word]);
}

}  // namespace nearzone::tcn
