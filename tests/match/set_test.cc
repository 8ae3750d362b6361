// Sets, which are asked for what was heard.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "nearzone/dp3t.h"
#include "nearzone/match.h"

namespace nearzone {
namespace {

constexpr SchemeTag kTag = SchemeTag::dp3t_unlinkable;
constexpr Instant kMorning{Day{18500}.start() + std::chrono::hours(8)};

// Holds what it was given, and remembers what it was asked.
class SmallSet final : public PublishedSet {
 public:
  explicit SmallSet(std::vector<SetItem> items = {}) : items_(std::move(items)) {}
  SchemeTag scheme() const override { return kTag; }
  uint64_t size() const override { return items_.size(); }
  Status contains(std::span<const SetItem> probes, std::vector<size_t>& found,
                  const Cancel*) const override {
    asked.assign(probes.begin(), probes.end());
    found.clear();
    for (size_t i = 0; i < probes.size(); ++i)
      if (std::ranges::find(items_, probes[i]) != items_.end()) found.push_back(i);
    return answer;
  }

  mutable std::vector<SetItem> asked;
  Status answer;

 private:
  std::vector<SetItem> items_;
};

Sighting heard(const Identifier& identifier, Instant at, SchemeTag scheme = kTag) {
  Sighting sighting;
  sighting.scheme = scheme;
  sighting.identifier = identifier;
  sighting.time = at;
  return sighting;
}

Identifier identifier_of(uint8_t number) {
  Identifier identifier;
  identifier.bytes.fill(number);
  return identifier;
}

Result<Matcher> matcher_of(const SightingTable& table) {
  SeededRandom random(1);
  return Matcher::create(table.columns(), every_scheme(), random);
}

TEST(SetMatching, AsksOnceForAnIdentifierAndItsEpoch) {
  const Identifier one = identifier_of(1), two = identifier_of(2);
  const Instant border = kMorning + dp3t::kEpoch;
  const SightingTable table = SightingTable::from(std::vector<Sighting>{
      heard(one, kMorning), heard(one, border - Millis(1)), heard(one, border),
      heard(two, kMorning), heard(two, kMorning, SchemeTag::dp3t_hybrid)});
  const uint32_t epoch = dp3t::epoch_of(kMorning);
  const SmallSet set({dp3t::set_item(one, epoch)});
  MatchResult result;
  ASSERT_TRUE(matcher_of(table)->match(set, 5, nullptr, result).ok());
  EXPECT_EQ(set.asked.size(), 3u);
  for (const SetItem& item :
       {dp3t::set_item(one, epoch), dp3t::set_item(one, epoch + 1), dp3t::set_item(two, epoch)})
    EXPECT_EQ(std::ranges::count(set.asked, item), 1);
  // One key without a name, with the epoch as its slot.
  ASSERT_EQ(result.keys.size(), 1u);
  EXPECT_EQ(result.keys[0].list, 5u);
  EXPECT_EQ(result.keys[0].key.scheme, kTag);
  EXPECT_EQ(result.keys[0].key.bytes, (std::array<uint8_t, 32>{}));
  ASSERT_EQ(result.slots.size(), 1u);
  EXPECT_EQ(result.slots[0].slot, epoch);
  EXPECT_EQ(result.slots[0].identifier, one);
  EXPECT_EQ(result.slots[0].window.from, kMorning);
  EXPECT_EQ(result.slots[0].window.to, border);
  EXPECT_EQ(result.rows.size(), 2u);
  for (const size_t row : result.rows) EXPECT_EQ(table.columns().identifier[row], one);
  EXPECT_EQ(result.keys_tried, 1u);
}

TEST(SetMatching, FindsWhatARowByRowSearchFinds) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random(seed);
    const auto below = [&](uint64_t bound) { return static_cast<int64_t>(random.below(bound)); };
    std::vector<Sighting> sightings;
    for (int i = 0; i < 200; ++i)
      sightings.push_back(heard(identifier_of(static_cast<uint8_t>(below(9))),
                                kMorning + Millis(below(2 * 86400000)),
                                kSchemeTags[random.below(kSchemeTags.size())]));
    std::vector<SetItem> items;
    for (int i = 0; i < 30; ++i) {
      const Sighting& sighting = sightings[random.below(sightings.size())];
      // Some of them in an epoch in which it was not heard.
      items.push_back(dp3t::set_item(
          sighting.identifier, dp3t::epoch_of(sighting.time) + static_cast<uint32_t>(below(2))));
    }
    const SightingTable table = SightingTable::from(sightings);
    const SightingColumns& columns = table.columns();
    std::set<size_t> expected;
    for (const DaySlice& slice : columns.days)
      for (size_t row = slice.first; row < slice.first + slice.count; ++row)
        if (slice.scheme == kTag &&
            std::ranges::find(items, dp3t::set_item(columns.identifier[row],
                                                    dp3t::epoch_of(columns.time[row]))) !=
                items.end())
          expected.insert(row);
    MatchResult result;
    ASSERT_TRUE(matcher_of(table)->match(SmallSet(items), 0, nullptr, result).ok());
    EXPECT_EQ(std::set<size_t>(result.rows.begin(), result.rows.end()), expected);
    EXPECT_EQ(result.rows.size(), expected.size());
    EXPECT_EQ(result.keys.size(), expected.empty() ? 0u : 1u);
    size_t rows = 0;
    for (const SlotMatch& slot : result.slots) {
      for (size_t i = slot.first_row; i < slot.first_row + slot.row_count; ++i)
        EXPECT_TRUE(slot.window.contains(columns.time[result.rows[i]]));
      rows += slot.row_count;
    }
    EXPECT_EQ(rows, expected.size());
  }
}

TEST(SetMatching, LeavesTheResultAloneWhereTheSetFails) {
  const SightingTable table =
      SightingTable::from(std::vector<Sighting>{heard(identifier_of(1), kMorning)});
  SmallSet set({dp3t::set_item(identifier_of(1), dp3t::epoch_of(kMorning))});
  set.answer = Status(Code::cancelled, "cancelled");
  MatchResult result;
  EXPECT_EQ(matcher_of(table)->match(set, 0, nullptr, result).code(), Code::cancelled);
  EXPECT_TRUE(result.keys.empty() && result.slots.empty() && result.rows.empty());
  EXPECT_EQ(result.keys_tried, 0u);
}

TEST(SetMatching, AsksNothingWithoutItsScheme) {
  const SightingTable table =
      SightingTable::from(std::vector<Sighting>{heard(identifier_of(1), kMorning)});
  const Scheme* const schemes[] = {&gaen_scheme()};
  SeededRandom random(1);
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  const SmallSet set({dp3t::set_item(identifier_of(1), dp3t::epoch_of(kMorning))});
  MatchResult result;
  EXPECT_TRUE(matcher->match(set, 0, nullptr, result).ok());
  EXPECT_TRUE(set.asked.empty() && result.keys.empty());
  EXPECT_EQ(result.keys_tried, 1u);
}

}  // namespace
}  // namespace nearzone
