#include <gtest/gtest.h>

#include <algorithm>

#include "nearzone/bluezone.h"
#include "nearzone/random.h"
#include "nearzone/scheme.h"
#include "scheme/expansion.h"
#include "vectors/vectors.h"

namespace nearzone {
namespace {

using test::expand_all;

PublishedKey record(int64_t start_s, int64_t end_s, uint32_t per_day) {
  PublishedKey key;
  key.scheme = SchemeTag::bluezone;
  for (size_t i = 0; i < 32; ++i) key.bytes[i] = static_cast<uint8_t>(i);
  key.valid_from = Instant::from_seconds(start_s);
  key.valid_to = Instant::from_seconds(end_s);
  key.identifiers_per_day = per_day;
  return key;
}

constexpr int64_t kStart = 1596844800;  // a UTC midnight
const Scheme& kStrict = bluezone_scheme(BluezoneWindows::strict);
const Scheme& kTolerant = bluezone_scheme(BluezoneWindows::tolerant);

// The published costs: how many slots a record stands for, and the hashes they cannot do without.
TEST(BluezoneSchemeVectors, CostAsManyHashesAsLeastNeeded) {
  const auto vectors = test::load_vectors("bluezone.json");
  for (const auto& row : vectors.at("cost")) {
    const uint32_t per_day = row.at("per_day").get<uint32_t>();
    const int64_t slots = row.at("slots").get<int64_t>();
    std::vector<KeyPart> parts;
    const PublishedKey key = record(kStart, kStart + (slots - 1) * (86400 / per_day), per_day);
    kStrict.split({&key, 1}, parts);
    int64_t total = 0;
    for (const KeyPart& part : parts) total += part.slots;
    EXPECT_EQ(total, slots) << row;
    EXPECT_EQ(total + static_cast<int64_t>(parts.size()) - 1,
              row.at("least_needed").get<int64_t>());
  }
}

TEST(BluezoneScheme, CountsSlotsByMode) {
  struct Case {
    int64_t length_s;
    uint32_t per_day;
    size_t strict;
    size_t tolerant;
  };
  for (const Case& c : {Case{0, 96, 1, 1}, Case{1, 96, 1, 1}, Case{899, 96, 1, 1},
                        Case{900, 96, 2, 1}, Case{901, 96, 2, 2}, Case{86399, 96, 96, 96},
                        Case{86400, 96, 97, 96}, Case{14 * 86400, 96, 1345, 1344},
                        Case{14 * 86400 - 1, 144, 2016, 2016}, Case{86400, 1, 2, 1}}) {
    const PublishedKey key = record(kStart, kStart + c.length_s, c.per_day);
    EXPECT_EQ(expand_all(kStrict, key).size(), c.strict) << c.length_s;
    EXPECT_EQ(expand_all(kTolerant, key).size(), c.tolerant) << c.length_s;
  }
}

TEST(BluezoneScheme, ExpandsToTheIdentifiersOfEachDay) {
  const PublishedKey key = record(kStart, kStart + 3 * 86400, 97);
  const auto slots = expand_all(kTolerant, key);
  Secret<32> day_key{std::span<const uint8_t, 32>(key.bytes)};
  for (size_t day = 0; day < 3; ++day) {
    const std::vector<Identifier> expected = bluezone::identifiers_of_day(day_key, 97);
    for (size_t i = 0; i < 97 && day * 97 + i < slots.size(); ++i)
      ASSERT_EQ(slots[day * 97 + i].identifier, expected[i]);
    day_key = bluezone::step_day_key(day_key, 1);
  }
  // Windows drift with the truncated slot length, as in the original.
  EXPECT_EQ(slots[97].window.from.ms, kStart * 1000 + 97 * 890721);
}

TEST(BluezoneScheme, PartialRangesOfManyKeysEqualWholeExpansion) {
  SeededRandom random(7);
  std::vector<PublishedKey> keys;
  for (int i = 0; i < 37; ++i) {
    PublishedKey key = record(kStart + static_cast<int64_t>(random.below(5)) * 86400,
                              kStart + (5 + static_cast<int64_t>(random.below(9))) * 86400, 96);
    random.fill(key.bytes);
    keys.push_back(key);
  }
  std::vector<KeyPart> parts;
  kTolerant.split(keys, parts);
  std::vector<KeyPart*> unprepared;
  for (KeyPart& part : parts) unprepared.push_back(&part);
  kTolerant.prepare(unprepared);
  std::vector<Derivation> derivations;
  size_t total = 0;
  for (const KeyPart& part : parts) {
    const uint32_t first = static_cast<uint32_t>(random.below(part.slots));
    const uint32_t last = first + static_cast<uint32_t>(random.below(part.slots - first + 1));
    derivations.push_back({&part, {first, last}});
    total += last - first;
  }
  std::vector<Identifier> derived(total);
  kTolerant.expand(derivations, derived);
  size_t at = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto whole = expand_all(kTolerant, keys[parts[i].key]);
    for (uint32_t slot = derivations[i].slots.first; slot < derivations[i].slots.last; ++slot, ++at)
      ASSERT_EQ(derived[at], whole[parts[i].first_slot + slot].identifier);
  }
}

TEST(BluezoneScheme, RefusesRecordsThatWouldLoopOrExplode) {
  EXPECT_TRUE(kStrict.check(record(kStart, kStart + 62 * 86400, 1440)).ok());
  EXPECT_STREQ(kStrict.check(record(kStart, kStart + 62 * 86400 + 1, 96)).field(), "time_end");
  EXPECT_STREQ(kStrict.check(record(kStart, kStart - 1, 96)).field(), "time_end");
  EXPECT_STREQ(kStrict.check(record(kStart, kStart, 0)).field(), "max");
  EXPECT_STREQ(kStrict.check(record(kStart, kStart, 1441)).field(), "max");
  EXPECT_STREQ(kStrict.check(record(-1, kStart, 96)).field(), "time_start");
}

}  // namespace
}  // namespace nearzone
