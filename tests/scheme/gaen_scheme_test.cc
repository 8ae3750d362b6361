#include <gtest/gtest.h>

#include "nearzone/gaen.h"
#include "nearzone/random.h"
#include "nearzone/scheme.h"
#include "scheme/expansion.h"

namespace nearzone {
namespace {

PublishedKey key_at(uint32_t start, uint32_t period) {
  PublishedKey key;
  key.bytes[0] = 1;
  key.valid_from = Interval{start}.start();
  key.valid_to = Interval{start + period}.start();
  return key;
}

TEST(GaenScheme, ExpandsToTheIdentifiersOfItsPeriod) {
  const PublishedKey key = key_at(2642976, 17);
  const gaen::TemporaryExposureKey tek{std::span<const uint8_t, 16>(key.bytes.data(), 16)};
  const auto slots = test::expand_all(gaen_scheme(), key);
  ASSERT_EQ(slots.size(), 17u);
  for (const auto& slot : slots) {
    const Interval interval{2642976 + slot.slot};
    EXPECT_EQ(slot.identifier, gaen::rolling_proximity_identifier(tek, interval));
    EXPECT_EQ(slot.window.from, interval.start());
    EXPECT_EQ(slot.window.to, interval.start() + Interval::kLength);
  }
}

TEST(GaenScheme, PartialRangesOfManyKeysEqualSingleDerivation) {
  SeededRandom random(11);
  std::vector<PublishedKey> keys;
  for (uint32_t i = 0; i < 41; ++i) {
    PublishedKey key = key_at(2642976 + 144 * i, 1 + static_cast<uint32_t>(random.below(144)));
    random.fill(std::span(key.bytes).first(16));
    keys.push_back(key);
  }
  std::vector<KeyPart> parts;
  gaen_scheme().split(keys, parts);
  std::vector<KeyPart*> unprepared;
  for (KeyPart& part : parts) unprepared.push_back(&part);
  gaen_scheme().prepare(unprepared);
  std::vector<Derivation> derivations;
  size_t total = 0;
  for (const KeyPart& part : parts) {
    const uint32_t first = static_cast<uint32_t>(random.below(part.slots));
    derivations.push_back({&part, {first, part.slots}});
    total += part.slots - first;
  }
  std::vector<Identifier> derived(total);
  gaen_scheme().expand(derivations, derived);
  size_t at = 0;
  for (size_t i = 0; i < keys.size(); ++i) {
    const gaen::TemporaryExposureKey tek{std::span<const uint8_t, 16>(keys[i].bytes.data(), 16)};
    const uint32_t start = Interval::of(keys[i].valid_from).number;
    for (uint32_t slot = derivations[i].slots.first; slot < derivations[i].slots.last; ++slot, ++at)
      ASSERT_EQ(derived[at], gaen::rolling_proximity_identifier(tek, Interval{start + slot}));
  }
}

TEST(GaenScheme, RefusesImpossiblePeriodsAndStarts) {
  EXPECT_TRUE(gaen_scheme().check(key_at(2642976, 1)).ok());
  EXPECT_TRUE(gaen_scheme().check(key_at(2642976, 144)).ok());
  EXPECT_STREQ(gaen_scheme().check(key_at(2642976, 0)).field(), "rolling_period");
  EXPECT_STREQ(gaen_scheme().check(key_at(2642976, 145)).field(), "rolling_period");
  PublishedKey unaligned = key_at(2642976, 144);
  unaligned.valid_from.ms += 1;
  EXPECT_STREQ(gaen_scheme().check(unaligned).field(), "rolling_start_interval_number");
  PublishedKey negative = key_at(0, 144);
  negative.valid_from.ms = -600000;
  EXPECT_FALSE(gaen_scheme().check(negative).ok());
  EXPECT_FALSE(gaen_scheme().check(key_at(0x80000000, 1)).ok());
}

TEST(GaenScheme, OpensWhatTheSenderSealed) {
  const PublishedKey key = key_at(2642976, 144);
  const gaen::TemporaryExposureKey tek{std::span<const uint8_t, 16>(key.bytes.data(), 16)};
  const Identifier rpi = gaen::rolling_proximity_identifier(tek, Interval{2642980});
  const Metadata open = gaen::AssociatedMetadata{1, 0, 0, -20}.encode();
  const Metadata sealed = gaen::apply_metadata_cipher(tek, rpi, open);
  EXPECT_NE(sealed, open);
  EXPECT_EQ(gaen_scheme().open_metadata(key, rpi, sealed), open);
}

TEST(GaenScheme, LeavesWhatWasNotSealedAsItWasHeard) {
  const PublishedKey key = key_at(2642976, 144);
  const Metadata plain{{0xf4}, 1};  // -12 dBm
  EXPECT_EQ(gaen_scheme().open_metadata(key, Identifier{{1}}, plain), plain);
  EXPECT_EQ(gaen_scheme().open_metadata(key, Identifier{{1}}, {}), Metadata());
}

}  // namespace
}  // namespace nearzone
