#include "nearzone/bytes.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

namespace nearzone {
namespace {

TEST(Hex, WritesEveryByteInLowerCase) {
  std::array<uint8_t, 256> all;
  std::iota(all.begin(), all.end(), uint8_t{0});
  std::string text = to_hex(all);
  ASSERT_EQ(text.size(), 512u);
  for (size_t i = 0; i < 256; ++i) {
    std::array<char, 3> expected;
    std::snprintf(expected.data(), expected.size(), "%02x", static_cast<unsigned>(i));
    EXPECT_EQ(text.substr(2 * i, 2), expected.data());
  }
  EXPECT_EQ(to_hex({}), "");
}

TEST(Hex, ReadsBackWhatItWroteInEitherCase) {
  std::array<uint8_t, 256> all;
  std::iota(all.begin(), all.end(), uint8_t{0});
  std::string lower = to_hex(all);
  std::string upper = lower;
  for (char& c : upper)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  for (const std::string& text : {lower, upper}) {
    std::array<uint8_t, 256> read{};
    ASSERT_TRUE(from_hex(text, read).ok());
    EXPECT_EQ(read, all);
  }
}

TEST(Hex, AcceptsExactlyTheTwentyTwoDigits) {
  const std::string digits = "0123456789abcdefABCDEF";
  for (int c = 0; c < 256; ++c) {
    const char character = static_cast<char>(c);
    const bool is_digit = digits.find(character) != std::string::npos;
    uint8_t out = 0;
    EXPECT_EQ(from_hex(std::string{character, '0'}, {&out, 1}).ok(), is_digit) << c;
    EXPECT_EQ(from_hex(std::string{'0', character}, {&out, 1}).ok(), is_digit) << c;
  }
}

TEST(Hex, NamesTheOffsetOfAForeignCharacter) {
  std::array<uint8_t, 3> out;
  Status high = from_hex("00g000", out);
  EXPECT_EQ(high.code(), Code::invalid_argument);
  EXPECT_EQ(high.offset(), 2);
  Status low = from_hex("00000 ", out);
  EXPECT_EQ(low.code(), Code::invalid_argument);
  EXPECT_EQ(low.offset(), 5);
}

TEST(Hex, RefusesOddLength) {
  std::array<uint8_t, 2> out;
  Status status = from_hex("abc", out);
  EXPECT_EQ(status.code(), Code::invalid_argument);
  EXPECT_STREQ(status.text(), "hexadecimal text has an odd length");
}

TEST(Hex, RefusesAnotherLength) {
  std::array<uint8_t, 2> out;
  for (const char* text : {"", "ab", "abcdef"}) {
    Status status = from_hex(text, out);
    EXPECT_EQ(status.code(), Code::invalid_argument) << text;
    EXPECT_STREQ(status.text(), "hexadecimal text has the wrong length");
  }
  EXPECT_TRUE(from_hex("", {}).ok());
}

TEST(ConstantTimeEquality, ComparesLengthAndEveryBit) {
  std::array<uint8_t, 32> a{};
  EXPECT_TRUE(equal_in_constant_time(a, a));
  EXPECT_TRUE(equal_in_constant_time({}, {}));
  EXPECT_FALSE(equal_in_constant_time(a, ByteView(a).first(31)));
  for (size_t bit = 0; bit < 256; ++bit) {
    std::array<uint8_t, 32> b = a;
    b[bit / 8] = static_cast<uint8_t>(b[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(equal_in_constant_time(a, b)) << bit;
  }
}

TEST(ByteOrder, IsFixed) {
  const std::array<uint8_t, 8> bytes = {0x01, 0x82, 0x03, 0x84, 0x05, 0x86, 0x07, 0x88};
  EXPECT_EQ(load_be32(bytes.data()), 0x01820384u);
  EXPECT_EQ(load_le32(bytes.data()), 0x84038201u);
  EXPECT_EQ(load_le64(bytes.data()), 0x8807860584038201u);
}

TEST(ByteOrder, StoresWhatItLoads) {
  const uint64_t value = 0xfedcba9876543210u;
  std::array<uint8_t, 8> bytes;
  store_le64(bytes.data(), value);
  EXPECT_EQ(to_hex(bytes), "1032547698badcfe");
  EXPECT_EQ(load_le64(bytes.data()), value);
  store_le32(bytes.data(), 0x89abcdefu);
  EXPECT_EQ(to_hex({bytes.data(), 4}), "efcdab89");
  store_be32(bytes.data(), 0x89abcdefu);
  EXPECT_EQ(to_hex({bytes.data(), 4}), "89abcdef");
  EXPECT_EQ(load_be32(bytes.data()), 0x89abcdefu);
}

TEST(ByteViews, SeeTheBytesOfAText) {
  const std::string text("a\0\xff", 3);
  EXPECT_EQ(to_hex(as_bytes(text)), "6100ff");
}

}  // namespace
}  // namespace nearzone
