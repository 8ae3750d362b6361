#include "kernel/portable.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace nearzone::kernel {
namespace {

uint8_t multiply(uint8_t a, uint8_t b) {
  unsigned product = 0;
  for (unsigned bit = 0; bit < 8; ++bit)
    if ((b >> bit & 1) != 0) product ^= static_cast<unsigned>(a) << bit;
  for (unsigned bit = 15; bit >= 8; --bit)
    if ((product >> bit & 1) != 0) product ^= 0x11bu << (bit - 8);
  return static_cast<uint8_t>(product);
}

// FIPS 197, section 5.1.1: the inverse in GF(2^8), by trying all, then the affine map.
uint8_t s_box(uint8_t value) {
  unsigned inverse = 0;
  for (unsigned candidate = 1; candidate < 256; ++candidate)
    if (multiply(value, static_cast<uint8_t>(candidate)) == 1) inverse = candidate;
  unsigned result = 0x63;
  for (unsigned turn = 0; turn < 5; ++turn)
    result ^= (inverse << turn | inverse >> (8 - turn)) & 0xffu;
  return static_cast<uint8_t>(result);
}

TEST(PortableAes, SubstitutesEveryByteAsDefined) {
  for (unsigned half = 0; half < 2; ++half) {
    std::array<uint8_t, 128> bytes;
    for (unsigned i = 0; i < 128; ++i) bytes[i] = static_cast<uint8_t>(128 * half + i);
    portable::substitute_bytes(bytes.data());
    for (unsigned i = 0; i < 128; ++i)
      EXPECT_EQ(bytes[i], s_box(static_cast<uint8_t>(128 * half + i))) << 128 * half + i;
  }
}

}  // namespace
}  // namespace nearzone::kernel
