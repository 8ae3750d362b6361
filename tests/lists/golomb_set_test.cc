#include "lists/golomb_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lists/support.h"

namespace nearzone::testing {
namespace {

std::vector<uint64_t> values_of(std::span<const SetItem> items, GolombRate rate) {
  std::vector<uint64_t> values;
  for (const SetItem& item : items) values.push_back(golomb_value(item, items.size(), rate));
  std::ranges::sort(values);
  return values;
}

Result<std::vector<uint64_t>> decoded(ByteView code, uint64_t items, GolombRate rate) {
  GolombReader reader(code, items, rate);
  std::vector<uint64_t> values;
  uint64_t value = 0;
  while (reader.next(value)) values.push_back(value);
  if (!reader.status().ok()) return reader.status();
  return values;
}

TEST(GolombSet, ReadsBackWhatWasWritten) {
  SeededRandom random(1);
  for (const size_t count : {0u, 1u, 2u, 7u, 480u, 5000u}) {
    for (const unsigned bits : {8u, 20u, 42u}) {
      const auto items = sample_items(count, random);
      const auto values = values_of(items, {bits});
      const auto read = decoded(golomb_encode(values, {bits}), count, {bits});
      ASSERT_TRUE(read.ok()) << read.status().text();
      EXPECT_EQ(*read, values);
    }
  }
}

TEST(GolombSet, KeepsEqualAndExtremeValues) {
  const GolombRate rate{8};
  const std::vector<uint64_t> values = {0, 0, 0, 1023, 1023, rate.range(6) - 1};
  EXPECT_EQ(*decoded(golomb_encode(values, rate), 6, rate), values);
}

// 128 bits of the hash as a fraction of one, times the range.
TEST(GolombSet, MapsHashesToTheWholeRangeInOrder) {
  const GolombRate rate;
  SetItem zero, most, half;
  std::ranges::fill(most.bytes, uint8_t{0xff});
  half.bytes[0] = 0x80;
  for (const uint64_t items : {uint64_t{1}, uint64_t{480}, kMostSetItems}) {
    EXPECT_EQ(golomb_value(zero, items, rate), 0u);
    EXPECT_EQ(golomb_value(most, items, rate), rate.range(items) - 1);
    EXPECT_EQ(golomb_value(half, items, rate), rate.range(items) / 2);
  }
  // (2^64 + 3) / 2^128 of 2^64 - 2^42 is just below 1, twice as much just below 2.
  SetItem low;
  low.bytes[7] = 1;
  low.bytes[15] = 3;
  EXPECT_EQ(golomb_value(low, kMostSetItems, rate), 0u);
  low.bytes[7] = 2;
  EXPECT_EQ(golomb_value(low, kMostSetItems, rate), 1u);
}

// The code needs what it is said to: the rate's bits and 1.54 more.
TEST(GolombSet, TakesNoMoreThanFortyFourBitsAnItem) {
  SeededRandom random(2);
  for (const size_t count : {480u, 1000u, 10000u, 100000u}) {
    const GolombRate rate;
    const auto code = golomb_encode(values_of(sample_items(count, random), rate), rate);
    const double bits = 8.0 * static_cast<double>(code.size()) / static_cast<double>(count);
    EXPECT_LE(bits, 44.0) << count;
    EXPECT_NEAR(bits, 42 + 1 / (std::exp(0.5) - 1), count < 5000 ? 0.2 : 0.02) << count;
  }
}

// What is not in the set is taken to be in it for 2^-bits: exactly so, since the set takes this
// part of the range that hashes are uniform in. At 2^-42 nothing can be counted; at 2^-10 it can.
TEST(GolombSet, ErrsAsOftenAsItIsSaidTo) {
  SeededRandom random(3);
  const GolombRate rate{10};
  const auto items = sample_items(2000, random);
  const auto values = values_of(items, rate);
  auto distinct = values;
  distinct.erase(std::ranges::unique(distinct).begin(), distinct.end());
  const double expected =
      static_cast<double>(distinct.size()) / static_cast<double>(rate.range(items.size()));
  EXPECT_LE(expected, std::ldexp(1.0, -10));
  EXPECT_GE(expected, 0.999 * std::ldexp(1.0, -10));
  constexpr size_t kProbes = 2'000'000;
  size_t wrong = 0;
  SetItem probe;
  for (size_t i = 0; i < kProbes; ++i) {
    random.fill(std::span(probe.bytes).first(16));
    if (std::ranges::binary_search(values, golomb_value(probe, items.size(), rate))) ++wrong;
  }
  // Five standard deviations of a count of 1953 in the mean.
  EXPECT_NEAR(static_cast<double>(wrong), expected * kProbes, 5 * std::sqrt(expected * kProbes));
}

TEST(GolombSet, RefusesDamage) {
  SeededRandom random(4);
  const GolombRate rate;
  const auto items = sample_items(100, random);
  const auto code = golomb_encode(values_of(items, rate), rate);
  for (size_t size = 0; size < code.size(); ++size)
    EXPECT_EQ(decoded(ByteView(code).first(size), 100, rate).status().code(), Code::corrupt);
  EXPECT_FALSE(decoded(code, 99, rate).ok());
  EXPECT_FALSE(decoded(code, 101, rate).ok());
  auto longer = code;
  longer.push_back(0);
  EXPECT_FALSE(decoded(longer, 100, rate).ok());
  const std::vector<uint8_t> ones(100, 0xff);
  EXPECT_FALSE(decoded(ones, 1, rate).ok());
  EXPECT_TRUE(decoded({}, 0, rate).ok());
}

}  // namespace
}  // namespace nearzone::testing
