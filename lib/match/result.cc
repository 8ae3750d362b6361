#include <algorithm>
#include <ranges>
#include <tuple>

#include "nearzone/match.h"

namespace nearzone {

void MatchResult::append(MatchResult&& other) {
  const size_t slots_before = slots.size();
  const size_t rows_before = rows.size();
  for (MatchedKey matched : other.keys) {
    matched.first_slot_match += slots_before;
    keys.push_back(matched);
  }
  for (SlotMatch slot : other.slots) {
    slot.first_row += rows_before;
    slots.push_back(slot);
  }
  rows.insert(rows.end(), other.rows.begin(), other.rows.end());
  keys_tried += other.keys_tried;
  keys_refused += other.keys_refused;
  keys_unproven += other.keys_unproven;
  identifiers_derived += other.identifiers_derived;
}

void MatchResult::sort() {
  std::ranges::sort(keys, {}, [](const MatchedKey& matched) {
    return std::tuple(matched.list, matched.key.record);
  });
  std::vector<SlotMatch> sorted_slots;
  std::vector<size_t> sorted_rows;
  for (MatchedKey& matched : keys) {
    const size_t first = matched.first_slot_match;
    matched.first_slot_match = sorted_slots.size();
    for (size_t i = first; i < first + matched.slot_match_count; ++i) {
      SlotMatch slot = slots[i];
      const auto from = rows.begin() + static_cast<ptrdiff_t>(slot.first_row);
      slot.first_row = sorted_rows.size();
      sorted_rows.insert(sorted_rows.end(), from, from + static_cast<ptrdiff_t>(slot.row_count));
      sorted_slots.push_back(slot);
    }
  }
  slots = std::move(sorted_slots);
  rows = std::move(sorted_rows);
}

namespace {

// Records that repeat a key of their list stand together, the latest last: a file may hold revised
// keys before those that they revise.
std::vector<const MatchedKey*> grouped_by_key(const MatchResult& result) {
  std::vector<const MatchedKey*> order;
  order.reserve(result.keys.size());
  for (const MatchedKey& matched : result.keys) order.push_back(&matched);
  std::ranges::sort(order, {}, [](const MatchedKey* matched) {
    return std::tuple(matched->list, matched->key.scheme, matched->key.bytes, matched->key.revised,
                      matched->key.record);
  });
  return order;
}

template <typename T>
void keep_distinct(std::vector<T>& values) {
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
}

}  // namespace

std::vector<KeySummary> summarise(const MatchResult& result, const SightingColumns& columns) {
  std::vector<KeySummary> summaries;
  const std::vector<const MatchedKey*> order = grouped_by_key(result);
  for (size_t at = 0; at < order.size();) {
    const MatchedKey& first = *order[at];
    KeySummary summary;
    summary.list = first.list;
    std::vector<Identifier> identifiers;
    std::vector<size_t>& rows = summary.rows;
    for (; at < order.size() && order[at]->list == first.list &&
           order[at]->key.scheme == first.key.scheme && order[at]->key.bytes == first.key.bytes;
         ++at) {
      for (size_t i = 0; i < order[at]->slot_match_count; ++i) {
        const SlotMatch& slot = result.slots[order[at]->first_slot_match + i];
        identifiers.push_back(slot.identifier);
        rows.insert(rows.end(), result.rows.begin() + static_cast<ptrdiff_t>(slot.first_row),
                    result.rows.begin() + static_cast<ptrdiff_t>(slot.first_row + slot.row_count));
      }
    }
    const auto time_of = [&](size_t row) { return columns.time[row]; };
    summary.first = std::ranges::min(rows | std::views::transform(time_of));
    summary.last = std::ranges::max(rows | std::views::transform(time_of));
    keep_distinct(identifiers);
    keep_distinct(rows);
    summary.identifiers = identifiers.size();
    summary.sightings = rows.size();
    summary.key = order[at - 1]->key;
    summaries.push_back(std::move(summary));
  }
  std::ranges::sort(summaries, {}, [](const KeySummary& summary) {
    return std::tuple(summary.first, summary.list, summary.key.record);
  });
  return summaries;
}

}  // namespace nearzone
