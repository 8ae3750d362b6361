// TCN's ratchet on the batch kernels: those of many reports step side by side.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nearzone/sighting.h"

namespace nearzone::tcn {

// Up to kLanes ratchets. Own keys pass through here as well as published ones, so what is left is
// wiped.
class RatchetLanes {
 public:
  static constexpr size_t kLanes = 32;

  RatchetLanes();
  ~RatchetLanes();

  // A ratchet that stands at tck_index, both keys of 32 bytes.
  void load(size_t lane, const uint8_t* verification_key, const uint8_t* contact_key,
            uint16_t index);
  // Steps the first `lanes` ratchets; out[lane] becomes the number of each one's new key.
  void advance(size_t lanes, Identifier* out);
  // The new contact key.
  const uint8_t* contact_key(size_t lane) const { return number_block_[lane] + kNumberPrefix; }

 private:
  static constexpr size_t kNumberPrefix = 5 + 2;

  void set_contact_key(size_t lane, const uint64_t (&key)[4]);

  // "H_TCK" || rvk || tck takes two blocks, "H_TCN" || index || tck one.
  uint8_t key_block_[kLanes][64];
  uint8_t key_end_[kLanes][64];
  uint8_t number_block_[kLanes][64];
  uint32_t state_[kLanes][8];
  uint16_t index_[kLanes];
};

}  // namespace nearzone::tcn
