// Bits in a row, the lowest of a byte first, and Rice codes of numbers in them: what segments are
// written in. docs/formats/encounter-log.md has the rules.
#pragma once

#include <bit>
#include <cstdint>

#include "nearzone/bytes.h"
#include "nearzone/secret.h"

namespace nearzone::encounter_log {

// A number v is v >> k ones, a zero, and the low k bits of v; or, where that would take 24 ones or
// more, 24 ones and 64 bits. k is at most 32, so that one load of 57 bits holds all but the latter.
inline constexpr unsigned kRiceEscape = 24;
inline constexpr unsigned kLargestRice = 32;

inline size_t rice_length(uint64_t value, unsigned k) {
  const uint64_t ones = value >> k;
  return ones < kRiceEscape ? static_cast<size_t>(ones) + 1 + k : kRiceEscape + 64;
}

// 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
inline uint64_t zigzag(int64_t value) {
  return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
}
inline int64_t unzigzag(uint64_t value) {
  return static_cast<int64_t>(value >> 1 ^ (~(value & 1) + 1));
}

class BitWriter {
 public:
  // `size` bits in all, and 64 more that stay zero, so that a reader may load eight bytes anywhere.
  explicit BitWriter(size_t size) : bytes_((size + 7) / 8 + 8) {}

  void bits(uint64_t value, unsigned count) {
    for (; count > 0; ++at_, --count, value >>= 1)
      bytes_.replace()[at_ >> 3] |= static_cast<uint8_t>((value & 1) << (at_ & 7));
  }
  void rice(uint64_t value, unsigned k) {
    const uint64_t ones = value >> k;
    if (ones >= kRiceEscape) {
      bits((uint64_t{1} << kRiceEscape) - 1, kRiceEscape);
      bits(value, 64);
      return;
    }
    bits((uint64_t{1} << ones) - 1, static_cast<unsigned>(ones) + 1);
    bits(value, k);
  }
  SecretBytes take() { return std::move(bytes_); }

 private:
  SecretBytes bytes_;
  size_t at_ = 0;
};

// Reading beyond the end gives zeros and is remembered.
class BitReader {
 public:
  explicit BitReader(ByteView bytes) : bytes_(bytes) {}

  // At most 57.
  uint64_t bits(unsigned count) {
    const uint64_t value = peek() & ((uint64_t{1} << count) - 1);
    at_ += count;
    return value;
  }
  uint64_t bits64() {
    const uint64_t low = bits(32);
    return low | bits(32) << 32;
  }
  uint64_t rice(unsigned k) {
    const uint64_t next = peek();
    const auto ones = static_cast<unsigned>(std::countr_one(next));
    if (ones >= kRiceEscape) {
      at_ += kRiceEscape;
      return bits64();
    }
    at_ += ones + 1 + k;
    return uint64_t{ones} << k | (next >> (ones + 1) & ((uint64_t{1} << k) - 1));
  }
  bool failed() const { return failed_; }
  // Whether only the zeros behind what was written are left.
  bool at_end() const { return !failed_ && (at_ + 7) / 8 + 8 == bytes_.size(); }

 private:
  uint64_t peek() {
    const size_t byte = at_ >> 3;
    if (byte + 8 > bytes_.size()) {
      failed_ = true;
      return 0;
    }
    return load_le64(bytes_.data() + byte) >> (at_ & 7);
  }

  ByteView bytes_;
  size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace nearzone::encounter_log
