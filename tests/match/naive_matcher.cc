#include "match/naive_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "scheme/expansion.h"

namespace nearzone::test {

Status VectorStream::next(size_t most, std::vector<PublishedKey>& batch) {
  const size_t count = std::min({most, piece_, keys_.size() - at_});
  batch.assign(keys_.begin() + static_cast<ptrdiff_t>(at_),
               keys_.begin() + static_cast<ptrdiff_t>(at_ + count));
  at_ += count;
  return {};
}

namespace {

// Rows of the identifier in its time, ordered by time and place in the log.
std::vector<size_t> rows_of(const SightingColumns& columns, SchemeTag tag,
                            const ExpandedSlot& slot) {
  std::vector<size_t> rows;
  for (const DaySlice& slice : columns.days)
    for (size_t row = slice.first; row < slice.first + slice.count; ++row)
      if (slice.scheme == tag && columns.identifier[row] == slot.identifier &&
          slot.reach.contains(columns.time[row]))
        rows.push_back(row);
  return rows;
}

}  // namespace

MatchResult match_naively(const SightingColumns& columns, std::span<const Scheme* const> schemes,
                          std::span<const PublishedKey> keys, uint32_t list) {
  MatchResult result;
  for (const PublishedKey& key : keys) {
    ++result.keys_tried;
    const auto scheme = std::ranges::find(schemes, key.scheme, &Scheme::tag);
    if (scheme == schemes.end() || !(*scheme)->check(key).ok()) {
      ++result.keys_refused;
      continue;
    }
    MatchedKey matched{list, key, result.slots.size(), 0};
    for (const ExpandedSlot& slot : expand_all(**scheme, key)) {
      const std::vector<size_t> rows = rows_of(columns, key.scheme, slot);
      if (rows.empty()) continue;
      result.slots.push_back(
          {slot.slot, slot.identifier, slot.window, result.rows.size(), rows.size()});
      result.rows.insert(result.rows.end(), rows.begin(), rows.end());
      ++matched.slot_match_count;
    }
    if (matched.slot_match_count == 0) continue;
    if ((*scheme)->admit(key).ok()) {
      result.keys.push_back(matched);
    } else {
      result.rows.resize(result.slots[matched.first_slot_match].first_row);
      result.slots.resize(matched.first_slot_match);
      ++result.keys_unproven;
    }
  }
  return result;
}

void expect_same_matches(const MatchResult& expected, const MatchResult& actual) {
  EXPECT_EQ(expected.keys_tried, actual.keys_tried);
  EXPECT_EQ(expected.keys_refused, actual.keys_refused);
  ASSERT_EQ(expected.keys.size(), actual.keys.size());
  for (size_t i = 0; i < expected.keys.size(); ++i) {
    EXPECT_EQ(expected.keys[i].list, actual.keys[i].list);
    EXPECT_EQ(expected.keys[i].key, actual.keys[i].key);
    EXPECT_EQ(expected.keys[i].first_slot_match, actual.keys[i].first_slot_match);
    EXPECT_EQ(expected.keys[i].slot_match_count, actual.keys[i].slot_match_count);
  }
  ASSERT_EQ(expected.slots.size(), actual.slots.size());
  for (size_t i = 0; i < expected.slots.size(); ++i) {
    EXPECT_EQ(expected.slots[i].slot, actual.slots[i].slot);
    EXPECT_EQ(expected.slots[i].identifier, actual.slots[i].identifier);
    EXPECT_EQ(expected.slots[i].window.from, actual.slots[i].window.from);
    EXPECT_EQ(expected.slots[i].window.to, actual.slots[i].window.to);
    EXPECT_EQ(expected.slots[i].first_row, actual.slots[i].first_row);
    EXPECT_EQ(expected.slots[i].row_count, actual.slots[i].row_count);
  }
  EXPECT_EQ(expected.rows, actual.rows);
}

}  // namespace nearzone::test
