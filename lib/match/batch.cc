#include "match/batch.h"

#include <algorithm>
#include <numeric>

namespace nearzone::match {
namespace {

bool requested(const Cancel* cancel) { return cancel != nullptr && cancel->requested(); }

// Filters that do not fit the second cache together.
constexpr size_t kLargeFilters = size_t{1} << 20;

}  // namespace

size_t keys_per_batch(std::span<const SchemeIndex> indexes) {
  const auto large = [](const SchemeIndex& index) { return index.filter_bytes() > kLargeFilters; };
  return std::ranges::any_of(indexes, large) ? 16384 : 4096;
}

BatchMatch::BatchMatch(const SchemeIndex& index)
    : index_(index),
      parts_per_batch_(keys_per_batch({&index, 1})),
      derivations_per_round_(index.scheme().derives_in_order() ? kChainsPerRound : kKeysPerRound) {}

bool BatchMatch::run(std::span<const PublishedKey> keys, uint32_t list, const Cancel* cancel,
                     MatchResult& result) {
  if (index_.windows().empty()) return true;
  plans_.fill({});
  pieces_.clear();
  parts_.clear();
  works_.clear();
  hits_.clear();
  rows_.clear();
  hits_of_key_.assign(keys.size(), 0);
  total_derived_ = 0;
  for (size_t first = 0; first < keys.size(); first += kKeysPerSplit) {
    if (requested(cancel)) return false;
    add_works(keys.subspan(first, std::min(kKeysPerSplit, keys.size() - first)),
              static_cast<uint32_t>(first));
    if (parts_.size() >= parts_per_batch_ && !match_works(cancel)) return false;
  }
  return match_works(cancel) && report(keys, list, cancel, result);
}

const BatchMatch::Plan& BatchMatch::plan_for(const KeyPart& part) {
  const uint64_t hash = static_cast<uint64_t>(part.start.ms) * 0x9e3779b97f4a7c15u;
  Plan& plan = plans_[hash >> 58];
  if (plan.start != part.start || plan.slots != part.slots ||
      plan.slot_length != part.slot_length || plan.shuffled != part.shuffled ||
      plan.released_at != part.released_at)
    add_pieces(part, plan);
  return plan;
}

// A slot can only match where something was heard within its window and the time rule.
void BatchMatch::add_pieces(const KeyPart& part, Plan& plan) {
  plan = {part.start,
          part.slot_length,
          part.slots,
          part.shuffled,
          part.released_at,
          static_cast<uint32_t>(pieces_.size()),
          0};
  if (part.slots == 0) return;
  const Scheme& scheme = index_.scheme();
  const bool timeless = scheme.rule().timeless;
  const Instant end = scheme.window(part, part.slots - 1).to;
  const auto add = [&](size_t window, SlotRange slots) {
    if (slots.size() == 0) return;
    if (plan.piece_count > 0 && pieces_.back().window == window &&
        pieces_.back().slots.last >= slots.first) {
      pieces_.back().slots.last = std::max(pieces_.back().slots.last, slots.last);
      return;
    }
    pieces_.push_back({window, slots});
    ++plan.piece_count;
  };
  const Day first_day = timeless ? SchemeIndex::kOnlyDay : Day::of(part.start);
  if (!timeless && part.slot_length > SchemeIndex::kLongestSlot &&
      end > (first_day + 1).start() + SchemeIndex::kLongestSlot)
    return add(kNoWindow, {0, part.slots});
  const std::span<const Window> windows = index_.windows();
  const auto first = std::ranges::lower_bound(windows, first_day, {}, &Window::day);
  for (auto window = first; window != windows.end() && window->day.start() < end; ++window) {
    // The first slots that begin on the window's day, and on the next.
    const auto first_slot_from = [&](Instant at) {
      if (timeless || part.shuffled) return at <= part.start ? 0 : part.slots;
      const int64_t length = part.slot_length.count();
      return static_cast<uint32_t>(
          std::clamp<int64_t>(((at - part.start).count() + length - 1) / length, 0, part.slots));
    };
    const SlotRange of_day{first_slot_from(window->day.start()),
                           first_slot_from((window->day + 1).start())};
    for (const TimeRange& heard : window->heard) {
      const SlotRange near = scheme.slots_near(part, heard);
      add(static_cast<size_t>(window - windows.begin()),
          {std::max(near.first, of_day.first), std::min(near.last, of_day.last)});
    }
  }
}

void BatchMatch::add_works(std::span<const PublishedKey> keys, uint32_t first_key) {
  size_t part = parts_.size();
  index_.scheme().split(keys, parts_);
  for (; part < parts_.size(); ++part) {
    const Plan& plan = plan_for(parts_[part]);
    if (plan.piece_count == 0) continue;
    parts_[part].key += first_key;
    works_.push_back({static_cast<uint32_t>(part), plan.first_piece, plan.piece_count});
  }
}

bool BatchMatch::match_works(const Cancel* cancel) {
  order_by_window();
  for (size_t first = 0; first < order_.size(); first += kPartsPerRound) {
    const size_t count = std::min(kPartsPerRound, order_.size() - first);
    if (!match_round(std::span(order_).subspan(first, count), cancel)) return false;
  }
  works_.clear();
  parts_.clear();
  return true;
}

// Lists are sorted by key, which scatters their days: works that read the same filter are brought
// together.
void BatchMatch::order_by_window() {
  const size_t windows = index_.windows().size();
  const auto place = [&](const Work& work) {
    return std::min(pieces_[work.first_piece].window, windows);
  };
  next_.assign(windows + 2, 0);
  for (const Work& work : works_) ++next_[place(work) + 1];
  for (size_t i = 1; i < next_.size(); ++i) next_[i] += next_[i - 1];
  order_.resize(works_.size());
  for (uint32_t i = 0; i < works_.size(); ++i) order_[next_[place(works_[i])]++] = i;
}

bool BatchMatch::match_round(std::span<const uint32_t> works, const Cancel* cancel) {
  prepared_.clear();
  for (uint32_t work : works) prepared_.push_back(&parts_[works_[work].part]);
  index_.scheme().prepare(prepared_);
  for (size_t i = 0; i < works.size(); ++i) {
    const Work& work = works_[works[i]];
    add_derivations(*prepared_[i], std::span(pieces_).subspan(work.first_piece, work.piece_count));
    if (!round_ends(works, i + 1)) continue;
    look_up_derived();
    if (requested(cancel)) return false;
  }
  return true;
}

// What is appended here is written in place: this is done for every key of a list.
void BatchMatch::add_derivations(const KeyPart& part, std::span<const Piece> pieces) {
  Derivation* derivation = nullptr;
  for (const Piece& piece : pieces) {
    const SlotRange slots = piece.slots;
    if (derivation == nullptr ||
        (slots.first > derivation->slots.last && !index_.scheme().derives_in_order())) {
      derivation = &derivations_.emplace_back();
      derivation->part = &part;
      derivation->slots = {slots.first, slots.first};
    }
    derived_ += slots.last - derivation->slots.last;
    derivation->slots.last = slots.last;
    Probe& probe = probes_.emplace_back();
    probe.part = &part;
    probe.window = piece.window;
    probe.first_slot = slots.first;
    probe.first = derived_ - slots.size();
    probe.count = slots.size();
  }
}

// Identifiers of one window can be looked up while they are derived.
bool BatchMatch::round_ends(std::span<const uint32_t> works, size_t next) const {
  if (next == works.size() || derivations_.size() >= derivations_per_round_) return true;
  if (index_.scheme().derives_in_order()) return false;
  const auto window = [&](size_t i) { return pieces_[works_[works[i]].first_piece].window; };
  return window(next) != window(next - 1);
}

void BatchMatch::look_up_derived() {
  if (identifiers_.size() < derived_) {
    identifiers_.resize(derived_);
    found_.resize(derived_);
  }
  const Scheme& scheme = index_.scheme();
  const std::span<const Window> windows = index_.windows();
  const std::span<const Probe> probes(probes_);
  const std::span<Identifier> identifiers = std::span(identifiers_).first(derived_);
  const auto elsewhere = [&](const Probe& probe) { return probe.window != probes[0].window; };
  if (probes[0].window != kNoWindow && std::ranges::none_of(probes, elsewhere)) {
    const kernel::FilterView filter = windows[probes[0].window].filter.view();
    confirm_found(probes, 0,
                  scheme.expand_and_find(derivations_, filter, identifiers, found_.data()));
  } else {
    scheme.expand(derivations_, identifiers);
    for (const Probe& probe : probes) {
      if (probe.window == kNoWindow) {
        for (size_t i = 0; i < probe.count; ++i) confirm(probe, probe.first + i);
      } else {
        const Filter& filter = windows[probe.window].filter;
        confirm_found({&probe, 1}, probe.first,
                      filter.find(identifiers.subspan(probe.first, probe.count), found_.data()));
      }
    }
  }
  total_derived_ += derived_;
  derived_ = 0;
  derivations_.clear();
  probes_.clear();
}

// Those that have passed the filter of these probes, which are of one window: found_ counts from
// `first`.
void BatchMatch::confirm_found(std::span<const Probe> probes, size_t first, size_t hits) {
  const Day day = index_.windows()[probes[0].window].day;
  for (size_t hit = 0; hit < hits; ++hit) index_.expect(identifiers_[first + found_[hit]], day);
  auto probe = probes.begin();
  for (size_t hit = 0; hit < hits; ++hit) {
    const size_t identifier = first + found_[hit];
    while (identifier >= probe->first + probe->count) ++probe;
    // Between two probes are identifiers that a chain cannot leave out.
    if (identifier >= probe->first) confirm(*probe, identifier);
  }
}

// The exact comparison and the time rule, for the few identifiers that pass a filter.
void BatchMatch::confirm(const Probe& probe, size_t identifier) {
  const Scheme& scheme = index_.scheme();
  const KeyPart& part = *probe.part;
  const uint32_t slot = probe.first_slot + static_cast<uint32_t>(identifier - probe.first);
  const TimeRange window = scheme.window(part, slot);
  const size_t first_row = rows_.size();
  index_.find(identifiers_[identifier], scheme.reach(part, slot), rows_);
  if (rows_.size() == first_row) return;
  hits_.push_back({part.key,
                   {part.first_slot + slot, identifiers_[identifier], window, first_row,
                    rows_.size() - first_row}});
  ++hits_of_key_[part.key];
}

// The hits of a key are in order of slot already: its parts were matched in order of their windows.
bool BatchMatch::report(std::span<const PublishedKey> keys, uint32_t list, const Cancel* cancel,
                        MatchResult& result) {
  next_.resize(keys.size());
  std::exclusive_scan(hits_of_key_.begin(), hits_of_key_.end(), next_.begin(), 0u);
  order_.resize(hits_.size());
  for (uint32_t i = 0; i < order_.size(); ++i) {
    if (i % kHitsPerLook == 0 && requested(cancel)) return false;
    order_[next_[hits_[i].key]++] = i;
  }
  const Hit* before = nullptr;
  bool admitted = true;
  for (size_t i = 0; i < order_.size(); ++i) {
    if (i % kHitsPerLook == 0 && requested(cancel)) return false;
    const Hit& hit = hits_[order_[i]];
    if (before == nullptr || before->key != hit.key) {
      if (requested(cancel)) return false;
      admitted = index_.scheme().admit(keys[hit.key]).ok();
      if (admitted)
        result.keys.push_back({list, keys[hit.key], result.slots.size(), 0});
      else
        ++result.keys_unproven;
    }
    before = &hit;
    if (!admitted) continue;
    ++result.keys.back().slot_match_count;
    SlotMatch& slot = result.slots.emplace_back(hit.match);
    const auto rows = rows_.begin() + static_cast<ptrdiff_t>(hit.match.first_row);
    slot.first_row = result.rows.size();
    result.rows.insert(result.rows.end(), rows, rows + static_cast<ptrdiff_t>(slot.row_count));
  }
  result.identifiers_derived += total_derived_;
  return true;
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
  const uint64_t unproven_before = result.keys_unproven;
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
      result.keys_unproven = unproven_before;
      return false;
    }
  }
  result.keys_tried += keys.size();
  result.keys_refused += refused;
  return true;
}

}  // namespace nearzone::match
