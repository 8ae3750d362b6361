// A set of hashes in little more room than it takes to tell them apart: the sorted values' gaps in
// a Golomb code. Source: docs/formats/nearzone-set.md
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/keys.h"
#include "nearzone/status.h"

namespace nearzone {

// A set of n items errs for 2^-rate_bits of what is not in it: values are uniform in
// [0, n << rate_bits), so that this is the part of the range that the set takes.
struct GolombRate {
  unsigned bits = 42;

  // Of a gap, written as they are. Gaps are 2^bits in the mean, so that this code needs
  // bits + 1 / (sqrt(e) - 1) = bits + 1.54 bits a gap, 0.10 more than any code must.
  unsigned remainder_bits() const { return bits - 1; }
  uint64_t range(uint64_t items) const { return items << bits; }
};

// So many that their range fits 64 bits.
inline constexpr uint64_t kMostSetItems = (uint64_t{1} << 22) - 1;

// Where an item lies in the range of a set of so many.
uint64_t golomb_value(const SetItem& item, uint64_t items, GolombRate rate);

// Ascending values, possibly equal ones. The last byte is filled up with zeros.
std::vector<uint8_t> golomb_encode(std::span<const uint64_t> values, GolombRate rate);

// The values of a code, one by one.
class GolombReader {
 public:
  GolombReader(ByteView code, uint64_t items, GolombRate rate)
      : code_(code), left_(items), range_(rate.range(items)), rate_(rate) {}

  // False at the end, and at damage, which status() then tells.
  bool next(uint64_t& value);
  // Fails with corrupt, at the offset of its byte, also where there is more than the items' code.
  Status status() const;

 private:
  bool bit();
  bool damaged(const char* text);

  ByteView code_;
  uint64_t left_;
  uint64_t range_;
  GolombRate rate_;
  uint64_t at_ = 0;  // bits
  uint64_t value_ = 0;
  const char* damage_ = nullptr;
};

}  // namespace nearzone
