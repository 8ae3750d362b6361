#include "nearzone/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "nearzone/bytes.h"

namespace nearzone {
namespace {

// Gives the 64-bit values it was made of, little-endian.
class ScriptedRandom final : public Random {
 public:
  explicit ScriptedRandom(std::vector<uint64_t> values) : values_(std::move(values)) {}
  void fill(std::span<uint8_t> out) override {
    ASSERT_EQ(out.size(), 8u);
    ASSERT_LT(used_, values_.size());
    store_le64(out.data(), values_[used_++]);
  }
  size_t used() const { return used_; }

 private:
  std::vector<uint64_t> values_;
  size_t used_ = 0;
};

// The keystream of the all-zero key: ChaCha20's oldest test vector.
TEST(SeededRandom, SeedZeroIsTheChaCha20KeystreamOfTheZeroKey) {
  SeededRandom random(0);
  std::array<uint8_t, 64> out;
  random.fill(out);
  EXPECT_EQ(to_hex(out),
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
            "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
}

TEST(SeededRandom, GivesTheSameStreamInWhateverPiecesItIsRead) {
  std::vector<uint8_t> whole(5000);
  SeededRandom(42).fill(whole);

  SeededRandom pieces(42);
  std::vector<uint8_t> joined;
  for (size_t size = 0; joined.size() < whole.size(); size = size % 97 + 1) {
    std::vector<uint8_t> piece(std::min(size, whole.size() - joined.size()));
    pieces.fill(piece);
    joined.insert(joined.end(), piece.begin(), piece.end());
  }
  EXPECT_EQ(joined, whole);
}

TEST(SeededRandom, DoesNotRepeatItsBlocks) {
  std::vector<uint8_t> bytes(size_t{64} * 100);
  SeededRandom(7).fill(bytes);
  std::set<std::string> blocks;
  for (size_t at = 0; at < bytes.size(); at += 64)
    blocks.insert(to_hex(ByteView(bytes).subspan(at, 64)));
  EXPECT_EQ(blocks.size(), 100u);
}

TEST(SeededRandom, AnotherSeedIsAnotherStream) {
  std::array<uint8_t, 32> a;
  std::array<uint8_t, 32> b;
  SeededRandom(1).fill(a);
  SeededRandom(uint64_t{1} << 32).fill(b);
  EXPECT_NE(a, b);
}

TEST(SystemRandom, FillsWithWhatDiffers) {
  SystemRandom random;
  std::array<uint8_t, 32> a{};
  std::array<uint8_t, 32> b{};
  random.fill(a);
  random.fill(b);
  EXPECT_NE(a, b);
  random.fill({});
}

TEST(Below, DrawsNothingWhereThereIsNoChoice) {
  ScriptedRandom none({});
  EXPECT_EQ(none.below(0), 0u);
  EXPECT_EQ(none.below(1), 0u);
  EXPECT_EQ(none.used(), 0u);
}

// 2^64 mod 3 = 1, so exactly one of the values must be drawn again for the rest to fall evenly.
TEST(Below, DrawsAgainWhatWouldBeBias) {
  ScriptedRandom of_three({0, 1});
  EXPECT_EQ(of_three.below(3), 1u);
  EXPECT_EQ(of_three.used(), 2u);

  ScriptedRandom of_four({0});
  EXPECT_EQ(of_four.below(4), 0u) << "a power of two divides evenly";

  // 2^64 mod (2^63 + 1) = 2^63 - 1.
  const uint64_t half = uint64_t{1} << 63;
  ScriptedRandom large({half - 2, half - 1});
  EXPECT_EQ(large.below(half + 1), half - 1);
  EXPECT_EQ(large.used(), 2u);
}

TEST(Below, StaysBelowAndReachesEveryValueEvenly) {
  SeededRandom random(3);
  std::array<int, 6> count{};
  for (int i = 0; i < 60000; ++i) {
    uint64_t value = random.below(6);
    ASSERT_LT(value, 6u);
    ++count[value];
  }
  // Five standard deviations of a binomial with n = 60000 and p = 1/6.
  for (int c : count) EXPECT_NEAR(c, 10000, 460);
}

TEST(Unit, SpansZeroToJustBelowOne) {
  ScriptedRandom ends({0, ~uint64_t{0}, uint64_t{1} << 63});
  EXPECT_EQ(ends.unit(), 0.0);
  EXPECT_EQ(ends.unit(), 1.0 - 0x1.0p-53);
  EXPECT_EQ(ends.unit(), 0.5);
}

}  // namespace
}  // namespace nearzone
