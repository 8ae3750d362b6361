#include "lists/golomb_set.h"

#include <algorithm>

namespace nearzone {
namespace {

uint64_t load_be64(const uint8_t* from) {
  return uint64_t{load_be32(from)} << 32 | load_be32(from + 4);
}

// The upper and the lower half of a product.
struct Product {
  uint64_t high;
  uint64_t low;
};

Product multiply(uint64_t a, uint64_t b) {
  const uint64_t a0 = a & 0xffffffff, a1 = a >> 32;
  const uint64_t b0 = b & 0xffffffff, b1 = b >> 32;
  const uint64_t low = a0 * b0;
  const uint64_t middle = a1 * b0 + (low >> 32);
  const uint64_t other = a0 * b1 + (middle & 0xffffffff);
  return {a1 * b1 + (middle >> 32) + (other >> 32), other << 32 | (low & 0xffffffff)};
}

class BitWriter {
 public:
  // The lowest `count` (at most 64) bits, the highest of them first.
  void bits(uint64_t value, unsigned count) {
    for (unsigned i = count; i > 0; --i) {
      if (used_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() =
          static_cast<uint8_t>(bytes_.back() | (value >> (i - 1) & 1) << (7 - used_ % 8));
      ++used_;
    }
  }
  std::vector<uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<uint8_t> bytes_;
  size_t used_ = 0;
};

}  // namespace

// The first sixteen bytes as a fraction of one, times the range: with so many the error is far
// below one value.
uint64_t golomb_value(const SetItem& item, uint64_t items, GolombRate rate) {
  const Product high = multiply(load_be64(item.bytes.data()), rate.range(items));
  const uint64_t carried = multiply(load_be64(item.bytes.data() + 8), rate.range(items)).high;
  return high.high + (high.low + carried < carried ? 1 : 0);
}

std::vector<uint8_t> golomb_encode(std::span<const uint64_t> values, GolombRate rate) {
  BitWriter writer;
  uint64_t before = 0;
  for (const uint64_t value : values) {
    const uint64_t gap = value - before;
    for (uint64_t i = gap >> rate.remainder_bits(); i > 0; --i) writer.bits(1, 1);
    writer.bits(0, 1);
    writer.bits(gap, rate.remainder_bits());
    before = value;
  }
  return writer.take();
}

bool GolombReader::bit() {
  const bool set = (code_[at_ / 8] >> (7 - at_ % 8) & 1) != 0;
  ++at_;
  return set;
}

bool GolombReader::damaged(const char* text) {
  damage_ = text;
  return false;
}

bool GolombReader::next(uint64_t& value) {
  if (left_ == 0 || damage_ != nullptr) return false;
  const uint64_t end = uint64_t{code_.size()} * 8;
  const unsigned remainder_bits = rate_.remainder_bits();
  uint64_t quotient = 0;
  while (at_ < end && bit()) ++quotient;
  if (end - at_ < remainder_bits) return damaged("the set ends too early");
  // Byte by byte: nearly all of a large set's time goes here.
  uint64_t remainder = 0;
  for (unsigned missing = remainder_bits; missing > 0;) {
    const auto in_byte = static_cast<unsigned>(8 - at_ % 8);
    const unsigned taken = std::min(missing, in_byte);
    const uint64_t rest = code_[at_ / 8] & (0xffu >> (8 - in_byte));
    remainder = remainder << taken | rest >> (in_byte - taken);
    at_ += taken;
    missing -= taken;
  }
  const uint64_t room = range_ - value_;
  if (quotient > room >> remainder_bits || (quotient << remainder_bits | remainder) >= room)
    return damaged("a value lies beyond the set's range");
  value_ += quotient << remainder_bits | remainder;
  --left_;
  value = value_;
  return true;
}

Status GolombReader::status() const {
  const auto at = [&](const char* text) {
    return Status(Code::corrupt, text, "coded").at_offset(at_ / 8);
  };
  if (damage_ != nullptr) return at(damage_);
  if (left_ != 0) return {};
  const uint64_t rest = uint64_t{code_.size()} * 8 - at_;
  const bool zero = rest == 0 || (rest < 8 && (code_.back() & ((1u << rest) - 1)) == 0);
  return zero ? Status() : at("there is more than the set's items");
}

}  // namespace nearzone
