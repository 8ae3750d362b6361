#include <gtest/gtest.h>

#include "nearzone/beacon_planner.h"
#include "vectors/vectors.h"

namespace nearzone::beacon {
namespace {

constexpr Millis kQuarterHour = std::chrono::minutes(15);

Peer peer(int number) {
  Peer peer;
  peer.bytes[0] = static_cast<uint8_t>(number);
  peer.bytes[1] = static_cast<uint8_t>(number >> 8);
  return peer;
}

Reading reading(uint8_t first_byte) {
  Reading reading;
  reading.identifier.bytes[0] = first_byte;
  return reading;
}

TEST(ReadingCacheVectors, IsUsedAsACorrectCacheWould) {
  const auto vectors = test::load_vectors("bluezone.json").at("mac_cache");
  ASSERT_EQ(vectors.size(), 3u);
  for (const auto& row : vectors) {
    ReadingCache cache(Day::kLength / row.at("per_day").get<int>());
    const Instant cached{row.at("cached_at_ms").get<int64_t>()};
    const Instant seen{row.at("seen_at_ms").get<int64_t>()};
    cache.put(peer(1), reading(7), {cached, Millis(1000)});
    EXPECT_EQ(cache.find(peer(1), {seen, Millis(1000) + (seen - cached)}).has_value(),
              row.at("correct_uses_cache").get<bool>())
        << row.at("name");
  }
}

// The original compared slot numbers only, so that yesterday's identifier of an address was taken
// for today's.
TEST(ReadingCache, SameSlotOfAnotherDayIsNotTheSameSlot) {
  ReadingCache cache(kQuarterHour);
  const Moment then{Day{18500}.start() + std::chrono::hours(9), Millis(0)};
  cache.put(peer(1), reading(7), then);
  EXPECT_TRUE(cache.find(peer(1), then));
  EXPECT_FALSE(cache.find(peer(1), {then.utc + Day::kLength, then.monotonic + Day::kLength}));
  EXPECT_FALSE(cache.find(peer(1), {then.utc - Day::kLength, then.monotonic}));
}

TEST(ReadingCache, SameSlotComeAgainByASetClockIsNotTheSameSlot) {
  ReadingCache cache(kQuarterHour);
  const Moment then{Day{18500}.start(), Millis(0)};
  cache.put(peer(1), reading(7), then);
  EXPECT_FALSE(cache.find(peer(1), {then.utc, kQuarterHour}));
}

// The original never saw a newer row of an address that had an old one.
TEST(ReadingCache, NewerReadingReplacesTheOlder) {
  ReadingCache cache(kQuarterHour);
  const Moment then{Day{18500}.start(), Millis(0)};
  cache.put(peer(1), reading(7), then);
  const Moment later{then.utc + kQuarterHour, kQuarterHour};
  cache.put(peer(1), reading(8), later);
  ASSERT_TRUE(cache.find(peer(1), later));
  EXPECT_EQ(cache.find(peer(1), later)->identifier.bytes[0], 8);
  EXPECT_EQ(cache.size(), 1u);
}

TEST(ReadingCache, IsBoundedAndForgetsTheOldestFirst) {
  ReadingCache cache(kQuarterHour);
  const int many = static_cast<int>(ReadingCache::kCapacity) + 50;
  Moment now{Day{18500}.start(), Millis(0)};
  for (int i = 0; i < many; ++i) {
    cache.put(peer(i), reading(static_cast<uint8_t>(i)), now);
    now = {now.utc + Millis(1), now.monotonic + Millis(1)};
  }
  EXPECT_EQ(cache.size(), ReadingCache::kCapacity);
  for (int i = 0; i < many; ++i) EXPECT_EQ(cache.find(peer(i), now).has_value(), i >= 50) << i;
  cache.forget_expired({now.utc + kQuarterHour, now.monotonic + kQuarterHour});
  EXPECT_EQ(cache.size(), 0u);
}

}  // namespace
}  // namespace nearzone::beacon
