// Chains of SHA-256 on the batch kernels: many independent ones step side by side. Day keys of
// Bluezone and of DP-3T are such chains, and Bluezone's sub-keys. Every hash input is shorter than
// one SHA-256 block.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kernel/kernel.h"
#include "nearzone/bytes.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"

namespace nearzone {

// What a Bluezone day key is hashed with to become the first sub-key. The spelling without the
// first "e" is real.
inline constexpr std::string_view kBluezoneSubKeySalt = "bluzonesubkey";

// Up to kLanes chains. Own keys pass through here as well as published ones, so what is left is
// wiped.
class ChainLanes {
 public:
  static constexpr size_t kLanes = 32;

  ~ChainLanes() { wipe(this, sizeof(*this)); }

  // The next link of `lane` is the hash of the 32-byte key and the salt, if there is one.
  void load(size_t lane, const uint8_t* key, std::string_view salt = {}) {
    uint8_t(&block)[64] = block_[lane];
    const size_t size = 32 + salt.size();
    std::copy_n(key, 32, block);
    std::copy(salt.begin(), salt.end(), block + 32);
    // SHA-256's padding.
    block[size] = 0x80;
    std::fill(block + size + 1, block + 60, uint8_t{0});
    store_be32(block + 60, static_cast<uint32_t>(size * 8));
  }

  // The next `links` links of each of the first `lanes` chains: out[link * lanes + lane] becomes
  // the identifier that a Bluezone sub-key has.
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
  uint8_t block_[kLanes][64] = {};
};

// SHA-256 applied `days` times to a day's key: that of a later day.
inline Secret<32> later_day_key(const Secret<32>& key, uint32_t days) {
  ChainLanes chain;
  chain.load(0, key.expose(ForDerivation{}).data());
  Identifier unused;
  for (uint32_t i = 0; i < days; ++i) chain.advance(1, 1, &unused);
  return Secret<32>(std::span<const uint8_t, 32>(chain.digest(0), 32));
}

}  // namespace nearzone
