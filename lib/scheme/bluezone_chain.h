// Bluezone's two hash chains on the batch kernels: many independent chains step side by side.
// Source: docs/provenance.md, "Bluezone scheme". Every hash input is shorter than one SHA-256
// block.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernel/kernel.h"
#include "nearzone/bytes.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"

namespace nearzone::bluezone {

// Up to kLanes chains, each with one message block that the next step hashes. Own keys pass through
// here as well as published ones, so what is left is wiped.
class ChainLanes {
 public:
  static constexpr size_t kLanes = 16;

  ~ChainLanes() { wipe(this, sizeof(*this)); }

  // The next step of `lane` hashes the 32-byte key alone.
  void load_key(size_t lane, const uint8_t* key) { load(lane, key, nullptr, 0); }
  // The next step of `lane` hashes key || salt: the first sub-key of a day.
  void load_salted(size_t lane, const uint8_t* key) {
    // The spelling without the first "e" is real.
    static constexpr char kSalt[] = "bluzonesubkey";
    load(lane, key, kSalt, sizeof(kSalt) - 1);
  }

  // Hashes each of the first `lanes` blocks; the results become the next blocks.
  void step(const kernel::KernelTable& kernel, size_t lanes) {
    for (size_t lane = 0; lane < lanes; ++lane)
      for (size_t word = 0; word < 8; ++word) state_[lane][word] = kernel::kSha256Initial[word];
    kernel.sha256_compress(state_, block_, lanes);
    for (size_t lane = 0; lane < lanes; ++lane) {
      for (size_t word = 0; word < 8; ++word)
        store_be32(block_[lane] + 4 * word, state_[lane][word]);
      if (salted_[lane]) finish(lane, 32);
    }
  }

  // The 32 bytes that the last step gave.
  const uint8_t* digest(size_t lane) const { return block_[lane]; }

  // The broadcast identifier of the last step's sub-key.
  Identifier identifier(size_t lane) const {
    static constexpr std::array<uint8_t, 12> kPicked = {0,  4,  8,  12, 16, 18,
                                                        20, 22, 24, 26, 28, 30};
    Identifier identifier;
    for (size_t i = 0; i < kPicked.size(); ++i) identifier.bytes[i] = block_[lane][kPicked[i]];
    return identifier;
  }

 private:
  void load(size_t lane, const uint8_t* key, const char* salt, size_t salt_size) {
    for (size_t i = 0; i < 32; ++i) block_[lane][i] = key[i];
    for (size_t i = 0; i < salt_size; ++i) block_[lane][32 + i] = static_cast<uint8_t>(salt[i]);
    finish(lane, 32 + salt_size);
    salted_[lane] = salt_size != 0;
  }

  // SHA-256's padding behind a message of `size` bytes.
  void finish(size_t lane, size_t size) {
    block_[lane][size] = 0x80;
    for (size_t i = size + 1; i < 60; ++i) block_[lane][i] = 0;
    store_be32(block_[lane] + 60, static_cast<uint32_t>(size * 8));
    salted_[lane] = false;
  }

  uint32_t state_[kLanes][8] = {};
  uint8_t block_[kLanes][64] = {};
  bool salted_[kLanes] = {};
};

}  // namespace nearzone::bluezone
