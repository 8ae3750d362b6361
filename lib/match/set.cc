#include <algorithm>
#include <tuple>

#include "match/log.h"
#include "nearzone/match.h"

namespace nearzone {
namespace {

// An identifier that was heard in a slot, in rows that stand together.
struct Question {
  HeardSlot slot;
  size_t first_row;
  size_t row_count;
};

// What a set is to be asked for: everything that was heard of its scheme, once a slot.
std::vector<Question> questions_of(const SightingColumns& columns, const Scheme& scheme) {
  std::vector<Question> questions;
  for (const DaySlice& slice : columns.days) {
    if (slice.scheme != scheme.tag()) continue;
    for (size_t row = slice.first; row < slice.first + slice.count; ++row) {
      const bool same = row > slice.first &&
                        columns.identifier[row] == columns.identifier[row - 1] &&
                        questions.back().slot.window.contains(columns.time[row]);
      if (!same) questions.push_back({scheme.slot_at(columns.time[row]), row, 0});
      ++questions.back().row_count;
    }
  }
  return questions;
}

std::vector<SetItem> probes_of(const SightingColumns& columns, const Scheme& scheme,
                               std::span<const Question> questions) {
  std::vector<Identifier> identifiers;
  std::vector<uint32_t> slots;
  identifiers.reserve(questions.size());
  slots.reserve(questions.size());
  for (const Question& question : questions) {
    identifiers.push_back(columns.identifier[question.first_row]);
    slots.push_back(question.slot.number);
  }
  std::vector<SetItem> probes(questions.size());
  scheme.set_items(identifiers, slots, probes);
  return probes;
}

}  // namespace

Status Matcher::match(const PublishedSet& set, uint32_t list, const Cancel* cancel,
                      MatchResult& result) const {
  const auto index = std::ranges::find(
      log_->schemes, set.scheme(), [](const auto& of_scheme) { return of_scheme.scheme().tag(); });
  std::vector<Question> questions;
  std::vector<size_t> found;
  const SightingColumns& columns = log_->columns;
  if (index != log_->schemes.end()) {
    questions = questions_of(columns, index->scheme());
    NEARZONE_TRY(set.contains(probes_of(columns, index->scheme(), questions), found, cancel));
  }
  result.keys_tried += set.size();
  if (found.empty()) return {};
  std::ranges::sort(found, {}, [&](size_t i) {
    return std::tuple(questions[i].slot.number, columns.identifier[questions[i].first_row]);
  });
  MatchedKey matched{list, {}, result.slots.size(), found.size()};
  matched.key.scheme = set.scheme();
  matched.key.valid_from = questions[found.front()].slot.window.from;
  matched.key.valid_to = questions[found.back()].slot.window.to;
  result.keys.push_back(std::move(matched));
  for (size_t i : found) {
    const auto& [slot, first_row, row_count] = questions[i];
    result.slots.push_back(
        {slot.number, columns.identifier[first_row], slot.window, result.rows.size(), row_count});
    for (size_t row = first_row; row < first_row + row_count; ++row) result.rows.push_back(row);
  }
  return {};
}

}  // namespace nearzone
