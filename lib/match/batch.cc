#include "match/batch.h"

#include <algorithm>
#include <utility>

namespace nearzone::match {
namespace {

bool requested(const Cancel* cancel) { return cancel != nullptr && cancel->requested(); }

}  // namespace

bool BatchMatch::run(std::span<const PublishedKey> keys, uint32_t list, const Cancel* cancel,
                     MatchResult& result) {
  if (index_.buckets().empty()) return true;
  plans_.fill({});
  pieces_.clear();
  works_.clear();
  hits_.clear();
  rows_.clear();
  total_derived_ = 0;
  for (size_t first = 0; first < keys.size(); first += kKeysPerSplit) {
    if (requested(cancel)) return false;
    add_works(keys.subspan(first, std::min(kKeysPerSplit, keys.size() - first)),
              static_cast<uint32_t>(first));
  }
  order_by_bucket();
  for (size_t first = 0; first < order_.size(); first += kPartsPerRound) {
    if (requested(cancel)) return false;
    match_round(std::span(order_).subspan(first, std::min(kPartsPerRound, order_.size() - first)));
  }
  report(keys, list, result);
  return true;
}

// A slot can only match where something was heard within its window and the time rule.
const BatchMatch::Plan& BatchMatch::plan_for(const KeyPart& part) {
  const uint64_t hash = static_cast<uint64_t>(part.start.ms) * 0x9e3779b97f4a7c15u;
  Plan& plan = plans_[hash >> 58];
  if (plan.start == part.start && plan.slots == part.slots && plan.slot_length == part.slot_length)
    return plan;
  const Scheme& scheme = index_.scheme();
  plan = {part.start, part.slot_length, part.slots, static_cast<uint32_t>(pieces_.size()), 0};
  const Instant end = part.start + part.slot_length * part.slots + scheme.rule().after;
  const std::span<const Bucket> buckets = index_.buckets();
  for (size_t bucket = index_.first_heard_after(part.start - scheme.rule().before);
       bucket < buckets.size() && buckets[bucket].heard.from < end; ++bucket) {
    const SlotRange slots = scheme.slots_near(part, buckets[bucket].heard);
    if (slots.size() == 0) continue;
    pieces_.push_back({bucket, slots});
    ++plan.piece_count;
  }
  return plan;
}

void BatchMatch::add_works(std::span<const PublishedKey> keys, uint32_t first_key) {
  parts_.clear();
  index_.scheme().split(keys, parts_);
  for (KeyPart& part : parts_) {
    const Plan& plan = plan_for(part);
    if (plan.piece_count == 0) continue;
    part.key += first_key;
    works_.push_back({part, plan.first_piece, plan.piece_count});
  }
}

// Lists are sorted by key, which scatters their days: works that read the same filter are brought
// together.
void BatchMatch::order_by_bucket() {
  next_.assign(index_.buckets().size() + 1, 0);
  for (const Work& work : works_) ++next_[pieces_[work.first_piece].bucket + 1];
  for (size_t bucket = 1; bucket < next_.size(); ++bucket) next_[bucket] += next_[bucket - 1];
  order_.resize(works_.size());
  for (uint32_t i = 0; i < works_.size(); ++i)
    order_[next_[pieces_[works_[i].first_piece].bucket]++] = i;
}

void BatchMatch::match_round(std::span<const uint32_t> works) {
  prepared_.clear();
  for (uint32_t i : works) prepared_.push_back(works_[i].part);
  index_.scheme().prepare(prepared_);
  for (size_t i = 0; i < works.size(); ++i) {
    const Work& work = works_[works[i]];
    add_derivations(prepared_[i], std::span(pieces_).subspan(work.first_piece, work.piece_count));
    if (derived_ >= kIdentifiersPerRound) look_up_derived();
  }
  look_up_derived();
}

// Pieces ascend, but may overlap where two buckets meet.
void BatchMatch::add_derivations(const KeyPart& part, std::span<const Piece> pieces) {
  const bool in_order = index_.scheme().derives_in_order();
  SlotRange range = pieces.front().slots;
  for (const Piece& piece : pieces) {
    if (piece.slots.first > range.last && !in_order) {
      derivations_.push_back({&part, range});
      derived_ += range.size();
      range = piece.slots;
    }
    probes_.push_back({&part, piece.bucket, piece.slots.first,
                       derived_ + (piece.slots.first - range.first), piece.slots.size()});
    range.last = std::max(range.last, piece.slots.last);
  }
  derivations_.push_back({&part, range});
  derived_ += range.size();
}

void BatchMatch::look_up_derived() {
  if (identifiers_.size() < derived_) identifiers_.resize(derived_);
  index_.scheme().expand(derivations_, std::span(identifiers_).first(derived_));
  for (const Probe& probe : probes_) {
    const std::span<const Identifier> derived(&identifiers_[probe.first], probe.count);
    index_.buckets()[probe.bucket].filter.find(derived, [&](size_t i) {
      confirm(*probe.part, probe.first_slot + static_cast<uint32_t>(i), derived[i]);
    });
  }
  total_derived_ += derived_;
  derived_ = 0;
  derivations_.clear();
  probes_.clear();
}

// The exact comparison and the time rule, for the few identifiers that pass a filter.
void BatchMatch::confirm(const KeyPart& part, uint32_t slot, const Identifier& identifier) {
  const Scheme& scheme = index_.scheme();
  const TimeRange window = scheme.window(part, slot);
  const size_t first_row = rows_.size();
  index_.find(identifier, {window.from - scheme.rule().before, window.to + scheme.rule().after},
              rows_);
  if (rows_.size() == first_row) return;
  hits_.push_back(
      {part.key,
       {part.first_slot + slot, identifier, window, first_row, rows_.size() - first_row}});
}

void BatchMatch::report(std::span<const PublishedKey> keys, uint32_t list, MatchResult& result) {
  result.identifiers_derived += total_derived_;
  std::ranges::sort(hits_, {}, [](const Hit& hit) { return std::pair(hit.key, hit.match.slot); });
  const Hit* before = nullptr;
  for (const Hit& hit : hits_) {
    const bool same_key = before != nullptr && before->key == hit.key;
    // Found in two buckets, whose sightings find() gave both times.
    if (same_key && before->match.slot == hit.match.slot) continue;
    if (!same_key) result.keys.push_back({list, keys[hit.key], result.slots.size(), 0});
    ++result.keys.back().slot_match_count;
    SlotMatch& slot = result.slots.emplace_back(hit.match);
    const auto rows = rows_.begin() + static_cast<ptrdiff_t>(hit.match.first_row);
    slot.first_row = result.rows.size();
    result.rows.insert(result.rows.end(), rows, rows + static_cast<ptrdiff_t>(slot.row_count));
    before = &hit;
  }
}

KeyMatch::KeyMatch(std::span<const SchemeIndex> indexes)
    : schemes_(indexes.begin(), indexes.end()) {}

// Runs of keys of one scheme that pass its check go to the matching together.
bool KeyMatch::run(std::span<const PublishedKey> keys, uint32_t list, const Cancel* cancel,
                   MatchResult& result) {
  const size_t keys_before = result.keys.size();
  const size_t slots_before = result.slots.size();
  const size_t rows_before = result.rows.size();
  const uint64_t derived_before = result.identifiers_derived;
  uint64_t refused = 0;
  for (size_t at = 0; at < keys.size();) {
    const auto scheme = std::ranges::find(
        schemes_, keys[at].scheme, [](const BatchMatch& match) { return match.scheme().tag(); });
    const size_t first = at;
    while (at < keys.size() && scheme != schemes_.end() &&
           keys[at].scheme == scheme->scheme().tag() && scheme->scheme().check(keys[at]).ok())
      ++at;
    if (at == first) {
      ++refused;
      ++at;
    } else if (!scheme->run(keys.subspan(first, at - first), list, cancel, result)) {
      result.keys.erase(result.keys.begin() + static_cast<ptrdiff_t>(keys_before),
                        result.keys.end());
      result.slots.erase(result.slots.begin() + static_cast<ptrdiff_t>(slots_before),
                         result.slots.end());
      result.rows.resize(rows_before);
      result.identifiers_derived = derived_before;
      return false;
    }
  }
  result.keys_tried += keys.size();
  result.keys_refused += refused;
  return true;
}

}  // namespace nearzone::match
