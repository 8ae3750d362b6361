#include "nearzone/dp3t.h"

#include <gtest/gtest.h>

#include "core/crypto.h"
#include "scheme/dp3t_derivation.h"
#include "scheme/own_days.h"
#include "scheme/secret_order.h"
#include "vectors/vectors.h"

namespace nearzone::dp3t {
namespace {

using test::identifier_from_hex;
using test::secret_from_hex;

std::string hex_of(const Identifier& identifier) { return to_hex(identifier.bytes); }

std::vector<std::string> hex_of(const std::vector<Identifier>& identifiers) {
  std::vector<std::string> texts;
  for (const Identifier& identifier : identifiers) texts.push_back(hex_of(identifier));
  return texts;
}

ByteView bytes_of(const std::vector<Identifier>& identifiers) {
  return {identifiers.data()->bytes.data(), identifiers.size() * sizeof(Identifier)};
}

TEST(Dp3tVectors, DeriveEveryDayOfALowCostKey) {
  const auto vectors = test::load_vectors("dp3t_tcn.json").at("dp3t_lowcost");
  ASSERT_EQ(vectors.size(), 2u);
  for (const auto& vector : vectors) {
    const DayKey first{secret_from_hex<32>(vector.at("sk_0"))};
    ASSERT_EQ(vector.at("days").size(), 15u);
    for (const auto& day : vector.at("days")) {
      const DayKey key = step_day_key(first, day.at("day_offset").get<uint32_t>());
      EXPECT_EQ(to_hex(key.secret.expose(ForDerivation{})), day.at("sk").get<std::string>());
      uint8_t stream_key[1][32];
      std::ranges::copy(key.secret.expose(ForDerivation{}), stream_key[0]);
      derive_stream_keys(stream_key, 32, 1, kDayMessage);
      EXPECT_EQ(to_hex(stream_key[0]), day.at("prf").get<std::string>());
      const auto identifiers = identifiers_of_day(key, vector.at("n").get<uint32_t>());
      ASSERT_EQ(identifiers.size(), 96u);
      EXPECT_EQ(to_hex(sha256(bytes_of(identifiers))), day.at("ephids_sha256").get<std::string>());
      if (day.contains("ephids")) {
        EXPECT_EQ(hex_of(identifiers), day.at("ephids").get<std::vector<std::string>>());
      } else {
        EXPECT_EQ(hex_of(identifiers.front()), day.at("ephid_0").get<std::string>());
        EXPECT_EQ(hex_of(identifiers.back()), day.at("ephid_95").get<std::string>());
      }
    }
  }
}

TEST(Dp3tVectors, DeriveOtherEpochs) {
  const auto vectors = test::load_vectors("dp3t_tcn.json").at("dp3t_lowcost_other_epoch");
  ASSERT_EQ(vectors.size(), 6u);
  for (const auto& vector : vectors) {
    const DayKey key{secret_from_hex<32>(vector.at("sk"))};
    const auto identifiers = identifiers_of_day(key, vector.at("n").get<uint32_t>());
    EXPECT_EQ(hex_of(identifiers.front()), vector.at("ephid_first").get<std::string>());
    EXPECT_EQ(hex_of(identifiers.back()), vector.at("ephid_last").get<std::string>());
  }
}

TEST(Dp3tVectors, DeriveHybridWindows) {
  const auto vectors = test::load_vectors("dp3t_tcn.json").at("dp3t_hybrid");
  ASSERT_EQ(vectors.size(), 1u);
  for (const auto& vector : vectors) {
    const WindowSeed seed{secret_from_hex<16>(vector.at("seed"))};
    for (const auto& [count, expected] : vector.at("windows").items())
      EXPECT_EQ(hex_of(identifiers_of_window(seed, static_cast<uint32_t>(std::stoul(count)))),
                expected.get<std::vector<std::string>>());
  }
}

// Many keys side by side, in numbers that no kernel divides.
TEST(Dp3tDerivation, ManyStreamKeysEqualSingleHmacs) {
  SeededRandom random(3);
  for (const size_t key_size : {size_t{16}, size_t{32}}) {
    for (const size_t count : {size_t{1}, size_t{15}, size_t{33}, size_t{300}}) {
      std::vector<std::array<uint8_t, 32>> keys(count);
      for (auto& key : keys) random.fill(key);
      auto derived = keys;
      derive_stream_keys(reinterpret_cast<uint8_t(*)[32]>(derived.data()), key_size, count,
                         kWindowMessage);
      for (size_t i = 0; i < count; ++i)
        ASSERT_EQ(derived[i],
                  hmac_sha256(ByteView(keys[i]).first(key_size), as_bytes(kWindowMessage)));
    }
  }
}

TEST(SecretOrder, IsAPermutationThatDependsOnSecretAndTime) {
  SeededRandom random(4);
  const Secret<32> secret = Secret<32>::random(random);
  const auto order = [](const Secret<32>& of, uint32_t number) {
    std::vector<uint32_t> places;
    for (uint32_t place = 0; place < 96; ++place)
      places.push_back(secret_order(of, number, 96, place));
    return places;
  };
  const auto today = order(secret, 18500);
  auto sorted = today;
  std::ranges::sort(sorted);
  for (uint32_t i = 0; i < 96; ++i) EXPECT_EQ(sorted[i], i);
  EXPECT_EQ(order(secret, 18500), today);
  EXPECT_NE(order(secret, 18501), today);
  EXPECT_NE(order(Secret<32>::random(random), 18500), today);
}

// Every identifier is as likely in every place.
TEST(SecretOrder, FavoursNoPlace) {
  SeededRandom random(5);
  std::vector<uint32_t> counts(8 * 8);
  constexpr uint32_t kShuffles = 8000;
  const Secret<32> secret = Secret<32>::random(random);
  for (uint32_t number = 0; number < kShuffles; ++number)
    for (uint32_t place = 0; place < 8; ++place)
      ++counts[place * 8 + secret_order(secret, number, 8, place)];
  double chi_square = 0;
  for (uint32_t count : counts) {
    const double off = count - kShuffles / 8.0;
    chi_square += off * off / (kShuffles / 8.0);
  }
  // 49 degrees of freedom: 1 in a million lies above 108.
  EXPECT_LT(chi_square, 108);
}

}  // namespace
}  // namespace nearzone::dp3t
