#include "upload/takable_keys.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "nearzone/bluezone.h"
#include "nearzone/random.h"

namespace nearzone::upload {
namespace {

constexpr uint32_t kMidnight = 18500 * 144;

PublishedKey gaen_key(uint8_t name, uint32_t start, uint32_t period = 144) {
  PublishedKey key;
  key.bytes[0] = name;
  key.valid_from = Interval{start}.start();
  key.valid_to = Interval{start + period}.start();
  return key;
}

struct Span {
  uint8_t name;
  uint32_t start;
  uint32_t period;
  bool operator==(const Span&) const = default;
};
void PrintTo(const Span& span, std::ostream* out) {
  *out << int{span.name} << " from " << span.start - kMidnight << " for " << span.period;
}

std::vector<Span> spans_of(const std::vector<PublishedKey>& keys) {
  std::vector<Span> spans;
  for (const PublishedKey& key : keys) {
    const uint32_t start = Interval::of(key.valid_from).number;
    spans.push_back({key.bytes[0], start, Interval::of(key.valid_to).number - start});
  }
  return spans;
}

TEST(TakableKeys, AFreshKeyGivesTheIntervalOfTheDisclosureToItsForerunner) {
  std::vector<PublishedKey> keys;
  std::vector<PublishedKey> more{gaen_key(1, kMidnight, 61)};
  add_takable(keys, more);
  more = {gaen_key(2, kMidnight + 60, 84), gaen_key(3, kMidnight + 144)};
  add_takable(keys, more);
  EXPECT_EQ(
      spans_of(keys),
      (std::vector<Span>{{1, kMidnight, 61}, {2, kMidnight + 61, 83}, {3, kMidnight + 144, 144}}));
}

TEST(TakableKeys, WhatIsThereAlreadyStaysAsItIs) {
  std::vector<PublishedKey> keys;
  std::vector<PublishedKey> more{gaen_key(1, kMidnight + 50, 50)};
  add_takable(keys, more);
  // Before and into it, within it, and all over it: of the last the part in front is kept.
  more = {gaen_key(2, kMidnight, 60), gaen_key(3, kMidnight + 60, 10),
          gaen_key(4, kMidnight + 40, 100)};
  add_takable(keys, more);
  EXPECT_EQ(
      spans_of(keys),
      (std::vector<Span>{{2, kMidnight, 50}, {1, kMidnight + 50, 50}, {4, kMidnight + 100, 40}}));
}

TEST(TakableKeys, NoMoreThanThreeAlike) {
  std::vector<PublishedKey> keys;
  std::vector<PublishedKey> more;
  for (uint8_t i = 1; i <= 5; ++i) more.push_back(gaen_key(i, kMidnight));
  add_takable(keys, more);
  EXPECT_EQ(keys.size(), 3u);
}

TEST(TakableKeys, OfTooManyTheOldestGo) {
  std::vector<PublishedKey> keys;
  std::vector<PublishedKey> more;
  for (uint8_t i = 0; i < 40; ++i) more.push_back(gaen_key(i, kMidnight + 144u * i));
  add_takable(keys, more);
  ASSERT_EQ(keys.size(), most_keys(SchemeTag::gaen));
  EXPECT_EQ(keys.front().bytes[0], 10);
  EXPECT_EQ(keys.back().bytes[0], 39);
}

TEST(TakableKeys, WipesWhatItTookThemFrom) {
  std::vector<PublishedKey> keys;
  std::vector<PublishedKey> more{gaen_key(1, kMidnight), gaen_key(2, kMidnight + 10, 144)};
  add_takable(keys, more);
  for (const PublishedKey& key : more) EXPECT_EQ(key.bytes, PublishedKey().bytes);
}

TEST(TakableKeys, LeavesOutWhatNoServerTakes) {
  std::vector<PublishedKey> more{gaen_key(1, kMidnight, 0), gaen_key(2, kMidnight, 145),
                                 gaen_key(3, kMidnight)};
  more.push_back(gaen_key(4, kMidnight));
  more.back().valid_from = more.back().valid_from + Millis(1);
  more.push_back(gaen_key(5, kMidnight));
  more.back().valid_from = {-600'000};
  std::vector<PublishedKey> keys;
  add_takable(keys, more);
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0].bytes[0], 3);
}

TEST(TakableKeys, BluezonesChainsBecomeDaysOfWhichThereIsOneADay) {
  PublishedKey good;
  good.scheme = SchemeTag::bluezone;
  good.identifiers_per_day = 96;
  good.valid_from = Day{18500}.start();
  good.valid_to = Day{18502}.start() + std::chrono::seconds(17);
  good.bytes.fill(7);
  PublishedKey late = good;
  late.valid_from = late.valid_from + std::chrono::seconds(1);
  PublishedKey often = good;
  often.identifiers_per_day = 1441;
  std::vector<PublishedKey> more{late, good, often, good};
  std::vector<PublishedKey> keys;
  add_takable(keys, more);
  // "late" has no key for the whole of its first day, but for those after it.
  ASSERT_EQ(keys.size(), 3u);
  for (int32_t day = 0; day < 3; ++day) {
    const PublishedKey& key = keys[static_cast<size_t>(day)];
    EXPECT_EQ(key.valid_from, (Day{18500} + day).start());
    EXPECT_EQ(key.valid_to, day < 2 ? (Day{18501} + day).start() : good.valid_to);
    const Secret<32> stepped =
        bluezone::step_day_key(Secret<32>(good.bytes), static_cast<uint32_t>(day));
    EXPECT_TRUE(std::ranges::equal(key.bytes, stepped.expose(ForDerivation{})));
  }
  for (const PublishedKey& key : more) EXPECT_EQ(key.bytes, PublishedKey().bytes);
  drop_too_old(keys, (Day{18500} + 15).start());
  EXPECT_EQ(keys.size(), 2u);
}

TEST(TakableKeys, DropsWhatIsTooOldWhereverItStands) {
  std::vector<PublishedKey> keys{gaen_key(1, kMidnight), gaen_key(2, kMidnight + 1, 10),
                                 gaen_key(3, kMidnight + 144)};
  drop_too_old(keys, Interval{kMidnight + 143}.start() + std::chrono::hours(360));
  EXPECT_EQ(spans_of(keys), (std::vector<Span>{{1, kMidnight, 144}, {3, kMidnight + 144, 144}}));
  drop_too_old(keys, Interval{kMidnight + 1000}.start() + std::chrono::hours(360));
  EXPECT_TRUE(keys.empty());
}

// What a server checks, of whatever a phone with a jumping clock could come up with.
TEST(TakableKeysProperties, AServerTakesThemTogether) {
  SeededRandom random(1);
  for (int run = 0; run < 3000; ++run) {
    std::vector<PublishedKey> keys;
    for (int part = 0; part < 3; ++part) {
      std::vector<PublishedKey> more;
      for (uint64_t i = random.below(12); i > 0; --i)
        more.push_back(gaen_key(static_cast<uint8_t>(random.below(256)),
                                kMidnight + static_cast<uint32_t>(random.below(40)) * 36,
                                static_cast<uint32_t>(random.below(4) + 1) * 36));
      add_takable(keys, more);
    }
    ASSERT_LE(keys.size(), 30u);
    ASSERT_TRUE(std::ranges::is_sorted(keys, {}, &PublishedKey::valid_from));
    for (const PublishedKey& a : keys) {
      ASSERT_TRUE(is_takable(a));
      size_t alike = 0;
      for (const PublishedKey& b : keys) {
        if (a.valid_from == b.valid_from && a.valid_to == b.valid_to) {
          ++alike;
        } else {
          ASSERT_TRUE(a.valid_to <= b.valid_from || b.valid_to <= a.valid_from);
        }
      }
      ASSERT_LE(alike, 3u);
    }
  }
}

}  // namespace
}  // namespace nearzone::upload
