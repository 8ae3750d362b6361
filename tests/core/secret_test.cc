#include "nearzone/secret.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <new>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nearzone {
namespace {

template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };
template <typename T>
concept ComparableByOperator = requires(const T& a, const T& b) { a == b; };
template <typename T>
concept ExposedWithoutReason = requires(const T& secret) { secret.expose(); };
template <typename T>
concept ExposedWithReason = requires(const T& secret) { secret.expose(ForDerivation{}); };

template <typename T>
constexpr bool kKeepsItsSecret =
    !std::copy_constructible<T> && !std::is_copy_assignable_v<T> && !Streamable<T> &&
    !ComparableByOperator<T> && !ExposedWithoutReason<T> && ExposedWithReason<T> &&
    !std::convertible_to<T, ByteView> && !std::convertible_to<T, std::string> &&
    !std::convertible_to<T, std::string_view> && std::is_nothrow_move_constructible_v<T> &&
    std::is_nothrow_move_assignable_v<T>;

// Misuse does not compile.
static_assert(kKeepsItsSecret<Secret<32>>);
static_assert(kKeepsItsSecret<Secret<16>>);
static_assert(kKeepsItsSecret<SecretBytes>);
static_assert(!std::convertible_to<std::span<const uint8_t, 32>, Secret<32>>);
static_assert(!std::constructible_from<Secret<32>, std::span<const uint8_t, 16>>);

constexpr std::string_view kHex =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

Secret<32> sample() { return *Secret<32>::from_hex_text(kHex); }

std::string hex_of(const Secret<32>& secret) { return to_hex(secret.expose(ForDerivation{})); }

template <typename Bytes>
bool all_zero(const Bytes& bytes) {
  return std::ranges::all_of(bytes, [](uint8_t byte) { return byte == 0; });
}

TEST(Secret, IsZeroUntilFilled) {
  Secret<32> secret;
  EXPECT_TRUE(all_zero(secret.expose(ForSealing{})));
}

TEST(Secret, GivesTheSameBytesForEveryReason) {
  Secret<32> secret = sample();
  EXPECT_EQ(to_hex(secret.expose(ForDerivation{})), kHex);
  EXPECT_EQ(to_hex(secret.expose(ForSealing{})), kHex);
  EXPECT_EQ(to_hex(secret.expose(ForDisclosure{})), kHex);
}

TEST(Secret, WipesTheSourceOfAMove) {
  Secret<32> source = sample();
  Secret<32> target = std::move(source);
  EXPECT_EQ(hex_of(target), kHex);
  EXPECT_TRUE(all_zero(source.expose(ForDerivation{})));

  Secret<32> assigned;
  assigned = std::move(target);
  EXPECT_EQ(hex_of(assigned), kHex);
  EXPECT_TRUE(all_zero(target.expose(ForDerivation{})));
}

TEST(Secret, SurvivesBeingMovedToItself) {
  Secret<32> secret = sample();
  Secret<32>& same = secret;
  secret = std::move(same);
  EXPECT_EQ(hex_of(secret), kHex);
}

TEST(Secret, LeavesNothingBehindWhenItDies) {
  alignas(Secret<32>) std::array<uint8_t, sizeof(Secret<32>)> memory{};
  auto* secret = new (memory.data()) Secret<32>(sample());
  ASSERT_FALSE(all_zero(memory));
  secret->~Secret<32>();
  asm volatile("" ::: "memory");  // NOLINT: the bytes are looked at as they lie in memory
  EXPECT_TRUE(all_zero(memory));
}

TEST(Secret, DuplicatesOnPurposeOnly) {
  Secret<32> secret = sample();
  Secret<32> copy = secret.duplicate();
  EXPECT_EQ(hex_of(copy), kHex);
  EXPECT_EQ(hex_of(secret), kHex);
}

TEST(Secret, ComparesByName) {
  Secret<32> a = sample();
  Secret<32> b = sample();
  EXPECT_TRUE(a.equals(b));
  b.replace()[31] ^= 1;
  EXPECT_FALSE(a.equals(b));
}

TEST(Secret, ReadsHexadecimalOfItsLengthOnly) {
  EXPECT_EQ(Secret<32>::from_hex_text("00").status().code(), Code::invalid_argument);
  EXPECT_EQ(Secret<32>::from_hex_text(std::string(63, '0')).status().code(),
            Code::invalid_argument);
  EXPECT_EQ(Secret<32>::from_hex_text(std::string(64, 'x')).status().code(),
            Code::invalid_argument);
  EXPECT_TRUE(Secret<32>::from_hex_text(std::string(64, 'F')).ok());
}

TEST(Secret, TakesItsBytesFromTheGivenRandomness) {
  SeededRandom random(0);
  EXPECT_EQ(hex_of(Secret<32>::random(random)),
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7");
}

TEST(SecretBytes, MoveLeavesTheSourceEmpty) {
  const std::array<uint8_t, 3> bytes = {1, 2, 3};
  SecretBytes source{ByteView(bytes)};
  SecretBytes target = std::move(source);
  EXPECT_EQ(to_hex(target.expose(ForSealing{})), "010203");
  EXPECT_TRUE(source.empty());

  SecretBytes assigned(100);
  assigned = std::move(target);
  EXPECT_EQ(to_hex(assigned.expose(ForDisclosure{})), "010203");
  EXPECT_EQ(assigned.size(), 3u);
  EXPECT_TRUE(target.empty());

  SecretBytes& same = assigned;
  assigned = std::move(same);
  EXPECT_EQ(assigned.size(), 3u);
}

TEST(SecretBytes, OfASizeStartAsZero) {
  SecretBytes bytes(5);
  EXPECT_EQ(to_hex(bytes.expose(ForDerivation{})), "0000000000");
  bytes.replace()[4] = 9;
  EXPECT_EQ(to_hex(bytes.expose(ForDerivation{})), "0000000009");
}

TEST(Wipe, OverwritesEverythingAndStandsNothing) {
  std::array<uint8_t, 9> bytes;
  bytes.fill(0xaa);
  wipe(MutableBytes(bytes).first(8));
  EXPECT_EQ(to_hex(bytes), "0000000000000000aa");
  wipe(nullptr, 0);
  wipe(MutableBytes{});
}

}  // namespace
}  // namespace nearzone
