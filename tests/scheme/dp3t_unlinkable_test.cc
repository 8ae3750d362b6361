#include <gtest/gtest.h>

#include "nearzone/dp3t.h"
#include "nearzone/scheme.h"
#include "scheme/expansion.h"
#include "vectors/vectors.h"

namespace nearzone::dp3t {
namespace {

using test::secret_from_hex;

PublishedKey key_of(const std::string& seed, uint32_t epoch) {
  PublishedKey key;
  key.scheme = SchemeTag::dp3t_unlinkable;
  EXPECT_TRUE(from_hex(seed, key.bytes).ok());
  key.valid_from = Instant{} + kEpoch * epoch;
  key.valid_to = key.valid_from + kEpoch;
  return key;
}

TEST(Dp3tUnlinkableVectors, DeriveIdentifiersAndItems) {
  const auto vectors = test::load_vectors("dp3t_tcn.json").at("dp3t_unlinkable");
  ASSERT_EQ(vectors.at("seeds").size(), 5u);
  for (const auto& vector : vectors.at("seeds")) {
    const std::string seed = vector.at("seed");
    const Identifier identifier = identifier_of_epoch({secret_from_hex<32>(seed)});
    EXPECT_EQ(to_hex(identifier.bytes), vector.at("ephid").get<std::string>());
    std::vector<PublishedKey> keys;
    std::vector<std::string> expected;
    for (const auto& [text, hashed] : vector.at("hashed").items()) {
      const auto epoch = static_cast<uint32_t>(std::stoul(text));
      EXPECT_EQ(to_hex(set_item(identifier, epoch).bytes), hashed.get<std::string>());
      keys.push_back(key_of(seed, epoch));
      expected.push_back(hashed);
    }
    for (const PublishedKey& key : keys) {
      ASSERT_TRUE(dp3t_unlinkable_scheme().check(key).ok());
      EXPECT_EQ(test::expand_all(dp3t_unlinkable_scheme(), key)[0].identifier, identifier);
    }
    const auto items = set_items(keys);
    ASSERT_EQ(items.size(), expected.size());
    for (size_t i = 0; i < items.size(); ++i) EXPECT_EQ(to_hex(items[i].bytes), expected[i]);
  }
  for (const auto& time : vectors.at("times"))
    EXPECT_EQ(epoch_of(Instant::from_seconds(time.at("unix").get<int64_t>())),
              time.at("epoch").get<uint32_t>());
}

// In numbers that no kernel divides.
TEST(Dp3tUnlinkable, ManyItemsEqualSingleOnes) {
  SeededRandom random(7);
  std::vector<PublishedKey> keys(77);
  for (uint32_t i = 0; i < keys.size(); ++i) {
    keys[i] = key_of(std::string(64, '0'), 1762781 + i);
    random.fill(keys[i].bytes);
  }
  const auto items = set_items(keys);
  for (uint32_t i = 0; i < keys.size(); ++i) {
    const EpochSeed seed{Secret<32>(std::span<const uint8_t, 32>(keys[i].bytes))};
    EXPECT_EQ(items[i], set_item(identifier_of_epoch(seed), 1762781 + i));
  }
}

TEST(Dp3tUnlinkable, RefusesWhatIsNoEpoch) {
  const auto field = [](auto change) {
    PublishedKey key = key_of(std::string(64, '1'), 1762781);
    change(key);
    const Status status = dp3t_unlinkable_scheme().check(key);
    return std::string(status.ok() ? "" : status.field());
  };
  EXPECT_EQ(field([](PublishedKey&) {}), "");
  EXPECT_EQ(field([](PublishedKey& key) { key.valid_from.ms += 1; }), "valid_from");
  EXPECT_EQ(field([](PublishedKey& key) { key.valid_from = Instant{-900000}; }), "valid_from");
  EXPECT_EQ(field([](PublishedKey& key) { key.valid_from = Instant{900000ll << 33}; }),
            "valid_from");
  EXPECT_EQ(field([](PublishedKey& key) { key.valid_to.ms += 1; }), "valid_to");
}

TEST(Dp3tUnlinkable, SlotsAreEpochs) {
  const HeardSlot slot = dp3t_unlinkable_scheme().slot_at(Instant::from_seconds(1586502900 + 899));
  EXPECT_EQ(slot.number, epoch_of(Instant::from_seconds(1586502900)));
  EXPECT_TRUE(slot.window.contains(Instant::from_seconds(1586502900)));
  EXPECT_EQ(slot.window.to - slot.window.from, kEpoch);
}

}  // namespace
}  // namespace nearzone::dp3t
