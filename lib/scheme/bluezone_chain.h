// Bluezone's two hash chains on the batch kernels: many independent chains step side by side.
// Source: docs/provenance.md, "Bluezone scheme". Every hash input is shorter than one SHA-256
// block.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kernel/kernel.h"
#include "nearzone/bytes.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"

namespace nearzone::bluezone {

// Up to kLanes chains. Own keys pass through here as well as published ones, so what is left is
// wiped.
class ChainLanes {
 public:
  static constexpr size_t kLanes = 32;

  ~ChainLanes() { wipe(this, sizeof(*this)); }

  // The next link of `lane` is the hash of the 32-byte key alone.
  void load_key(size_t lane, const uint8_t* key) { load(lane, key, {}); }
  // The next link of `lane` is the hash of key || salt: the first sub-key of a day.
  void load_salted(size_t lane, const uint8_t* key) {
    // The spelling without the first "e" is real.
    load(lane, key, "bluzonesubkey");
  }

  // The next `links` links of each of the first `lanes` chains: out[link * lanes + lane] becomes
  // the broadcast identifier that such a sub-key has.
  void advance(size_t lanes, size_t links, Identifier* out) {
    static constexpr uint8_t kPicked[16] = {0,
                                            4,
                                            8,
                                            12,
                                            16,
                                            18,
                                            20,
                                            22,
                                            24,
                                            26,
                                            28,
                                            30,
                                            kernel::kPickZero,
                                            kernel::kPickZero,
                                            kernel::kPickZero,
                                            kernel::kPickZero};
    static_assert(sizeof(Identifier) == 16);
    kernel::active().sha256_chain(block_, lanes, links, kPicked,
                                  reinterpret_cast<uint8_t(*)[16]>(out));
  }

  // The 32 bytes of the last link.
  const uint8_t* digest(size_t lane) const { return block_[lane]; }

 private:
  void load(size_t lane, const uint8_t* key, std::string_view salt) {
    uint8_t(&block)[64] = block_[lane];
    const size_t size = 32 + salt.size();
    std::copy_n(key, 32, block);
    std::copy(salt.begin(), salt.end(), block + 32);
    // SHA-256's padding.
    block[size] = 0x80;
    std::fill(block + size + 1, block + 60, uint8_t{0});
    store_be32(block + 60, static_cast<uint32_t>(size * 8));
  }

  uint8_t block_[kLanes][64] = {};
};

}  // namespace nearzone::bluezone
