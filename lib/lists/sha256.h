// SHA-256 of what lists hold, at the processor's own speed: millions of bytes go through here
// before a signature is believed.
#pragma once

#include <array>
#include <cstdint>

#include "core/crypto.h"
#include "nearzone/bytes.h"

namespace nearzone {

class ListHash {
 public:
  ListHash();
  void update(ByteView piece);
  // Ends the message; nothing may follow.
  Digest finish();

 private:
  static constexpr size_t kBlock = 64;

  std::array<uint32_t, 8> state_;
  std::array<uint8_t, kBlock> block_{};
  size_t filled_ = 0;  // of block_
  uint64_t size_ = 0;
};

}  // namespace nearzone
