#include <gtest/gtest.h>

#include "nearzone/broadcaster.h"
#include "nearzone/dp3t.h"
#include "nearzone/scheme.h"
#include "scheme/expansion.h"

namespace nearzone {
namespace {

using std::chrono::hours;

constexpr Day kDay{18500};

PublishedKey low_cost_key(Instant released_at) {
  PublishedKey key;
  key.scheme = SchemeTag::dp3t_low_cost;
  key.bytes[5] = 9;
  key.valid_from = kDay.start();
  key.valid_to = (Day::of(released_at - Millis(1)) + 1).start();
  key.identifiers_per_day = 96;
  key.released_at = released_at;
  return key;
}

PublishedKey hybrid_key(Millis window) {
  PublishedKey key;
  key.scheme = SchemeTag::dp3t_hybrid;
  key.bytes[5] = 9;
  key.valid_from = kDay.start() + window * 3;
  key.valid_to = key.valid_from + window;
  key.identifiers_per_day = 96;
  key.released_at = key.valid_to + hours(1);
  return key;
}

TEST(LowCostScheme, ExpandsToTheDaysUntilTheRelease) {
  const PublishedKey key = low_cost_key((kDay + 2).start() + hours(7));
  ASSERT_TRUE(dp3t_low_cost_scheme().check(key).ok());
  const auto slots = test::expand_all(dp3t_low_cost_scheme(), key);
  ASSERT_EQ(slots.size(), 3 * 96u);
  const dp3t::DayKey first{Secret<32>(std::span<const uint8_t, 32>(key.bytes))};
  for (const auto& slot : slots) {
    const uint32_t day = slot.slot / 96;
    const auto identifiers = dp3t::identifiers_of_day(dp3t::step_day_key(first, day), 96);
    ASSERT_EQ(slot.identifier, identifiers[slot.slot % 96]);
    ASSERT_EQ(slot.window.from, (kDay + static_cast<int32_t>(day)).start());
    ASSERT_EQ(slot.window.to, (kDay + static_cast<int32_t>(day + 1)).start());
    ASSERT_EQ(slot.reach.from, slot.window.from);
    ASSERT_EQ(slot.reach.to, std::min(slot.window.to, *key.released_at));
  }
}

TEST(LowCostScheme, RefusesWhatNoHonestListHolds) {
  const Scheme& scheme = dp3t_low_cost_scheme();
  const auto field = [&](auto change) {
    PublishedKey key = low_cost_key((kDay + 1).start());
    change(key);
    const Status status = scheme.check(key);
    return std::string(status.ok() ? "" : status.field());
  };
  EXPECT_EQ(field([](PublishedKey&) {}), "");
  EXPECT_EQ(field([](PublishedKey& key) { key.released_at.reset(); }), "released_at");
  EXPECT_EQ(field([](PublishedKey& key) { key.released_at = key.valid_from; }), "released_at");
  EXPECT_EQ(field([](PublishedKey& key) { key = low_cost_key((kDay + 62).start() + Millis(1)); }),
            "released_at");
  EXPECT_EQ(field([](PublishedKey& key) { key = low_cost_key((kDay + 62).start()); }), "");
  EXPECT_EQ(field([](PublishedKey& key) { key.released_at = Instant{INT64_MAX}; }), "released_at");
  EXPECT_EQ(field([](PublishedKey& key) { key.valid_from.ms += 1; }), "valid_from");
  EXPECT_EQ(field([](PublishedKey& key) { key.valid_from = Instant{-86400000}; }), "valid_from");
  EXPECT_EQ(field([](PublishedKey& key) { key.valid_to.ms += 1; }), "valid_to");
  for (uint32_t per_day : {0u, 7u, 1441u, 0xffffffffu})
    EXPECT_EQ(field([&](PublishedKey& key) { key.identifiers_per_day = per_day; }),
              "identifiers_per_day");
}

TEST(HybridScheme, ExpandsToTheIdentifiersOfItsWindow) {
  for (int length : {2, 4, 24}) {
    const PublishedKey key = hybrid_key(hours(length));
    ASSERT_TRUE(dp3t_hybrid_scheme().check(key).ok());
    const auto slots = test::expand_all(dp3t_hybrid_scheme(), key);
    ASSERT_EQ(slots.size(), static_cast<size_t>(length) * 4);
    const dp3t::WindowSeed seed{Secret<16>(std::span(key.bytes).first<16>())};
    const auto identifiers = dp3t::identifiers_of_window(seed, static_cast<uint32_t>(slots.size()));
    for (size_t i = 0; i < slots.size(); ++i) {
      EXPECT_EQ(slots[i].identifier, identifiers[i]);
      EXPECT_EQ(slots[i].window.from, key.valid_from);
      EXPECT_EQ(slots[i].window.to, key.valid_to);
    }
  }
}

TEST(HybridScheme, RefusesWhatNoHonestListHolds) {
  const auto field = [](auto change) {
    PublishedKey key = hybrid_key(hours(2));
    change(key);
    const Status status = dp3t_hybrid_scheme().check(key);
    return std::string(status.ok() ? "" : status.field());
  };
  EXPECT_EQ(field([](PublishedKey&) {}), "");
  EXPECT_EQ(field([](PublishedKey& key) { key.released_at.reset(); }), "released_at");
  EXPECT_EQ(field([](PublishedKey& key) { key.valid_to = key.valid_from; }), "window");
  EXPECT_EQ(field([](PublishedKey& key) { key.valid_to = key.valid_from - hours(2); }), "window");
  EXPECT_EQ(field([](PublishedKey& key) { key.valid_to = key.valid_from + hours(7); }), "window");
  EXPECT_EQ(field([](PublishedKey& key) { key.valid_to = key.valid_from + hours(48); }), "window");
  EXPECT_EQ(
      field([](PublishedKey& key) { key.valid_to = key.valid_from + std::chrono::minutes(10); }),
      "window");
  EXPECT_EQ(field([](PublishedKey& key) {
              key.valid_from = key.valid_from + std::chrono::minutes(15);
              key.valid_to = key.valid_to + std::chrono::minutes(15);
            }),
            "valid_from");
}

class ShuffledBroadcaster : public testing::TestWithParam<SchemeTag> {};

TEST_P(ShuffledBroadcaster, SendsEachIdentifierOnceInAnOrderOfItsOwn) {
  SeededRandom random(8);
  const auto own = new_broadcaster(GetParam());
  const Instant start = kDay.start();
  std::vector<Identifier> sent;
  for (int slot = 0; slot < 96; ++slot)
    sent.push_back(
        own->advertise_at(start + std::chrono::minutes(15) * slot, {-20}, random)->identifier);
  auto once = sent;
  std::ranges::sort(once);
  EXPECT_EQ(std::ranges::adjacent_find(once), once.end());

  // What was sent, in the order of the published keys' derivation, is not what was sent.
  const Instant noon = start + hours(36);
  const Scheme& scheme = *find_scheme(GetParam());
  std::vector<Identifier> derived;
  struct Owner : Broadcaster {
    using Broadcaster::give_away_and_renew;
  };
  auto give = &Owner::give_away_and_renew;
  const auto keys = (own.get()->*give)(kDay, noon, random);
  ASSERT_TRUE(keys.ok());
  for (const PublishedKey& key : *keys) {
    ASSERT_TRUE(scheme.check(key).ok());
    for (const auto& slot : test::expand_all(scheme, key)) derived.push_back(slot.identifier);
  }
  for (const Identifier& identifier : sent)
    EXPECT_NE(std::ranges::find(derived, identifier), derived.end());
  derived.resize(96);
  EXPECT_NE(derived, sent);
}

INSTANTIATE_TEST_SUITE_P(Schemes, ShuffledBroadcaster,
                         testing::Values(SchemeTag::dp3t_low_cost, SchemeTag::dp3t_hybrid),
                         [](const auto& tested) { return test::test_name(tested.param); });

}  // namespace
}  // namespace nearzone
