#include "match/index.h"

#include <algorithm>
#include <array>
#include <bit>

#include "kernel/kernel.h"
#include "nearzone/bytes.h"

namespace nearzone::match {
namespace {

// With at least this many bits for each identifier, at most one foreign one in 300 passes.
constexpr size_t kLeastBits = 32;
// More are spent as long as the filter takes no more than a third of the first cache.
constexpr size_t kMostBits = 256;
constexpr size_t kSmallFilterBits = size_t{1} << 17;
// Beyond this a larger filter has no more bits of the hash to choose its words by.
constexpr size_t kLargestFilterBits = size_t{1} << 27;
// A silence this much longer than the time rule's reach leaves slots between that nobody need
// derive.
constexpr Millis kSilence = std::chrono::minutes(10);

size_t filter_bits(size_t identifiers) {
  const size_t count = std::clamp<size_t>(identifiers, 1, kLargestFilterBits / kLeastBits);
  return std::max(std::bit_ceil(count * kLeastBits),
                  std::min(std::bit_ceil(count * kMostBits), kSmallFilterBits));
}

// Identifiers are sorted by this, and by little else.
uint64_t prefix_of(const Identifier& identifier) {
  return uint64_t{load_be32(identifier.bytes.data())} << 32 |
         load_be32(identifier.bytes.data() + 4);
}

// The first place whose identifier's prefix is not less. Identifiers are uniform, so it lies close
// to where proportion puts it; where somebody has made them otherwise, this is no worse than
// halving.
size_t lower_bound(std::span<const Identifier> sorted, uint64_t prefix) {
  const auto less = [&](size_t i) { return prefix_of(sorted[i]) < prefix; };
  size_t low = (prefix >> 32) * sorted.size() >> 32;
  size_t high = low;
  size_t step = 1;
  if (low < sorted.size() && less(low)) {
    for (; high < sorted.size() && less(high); step *= 2) {
      low = high + 1;
      high = std::min(sorted.size(), high + step);
    }
  } else {
    for (; low > 0 && !less(low - 1); step *= 2) {
      high = low - 1;
      low -= std::min(low, step);
    }
  }
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (less(middle))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

}  // namespace

Filter::Filter(uint32_t multiplier, size_t identifiers)
    : multiplier_(multiplier), words_(filter_bits(identifiers) / 32) {
  shift_ = static_cast<uint32_t>(32 - std::countr_zero(words_.size()));
}

void Filter::add(const Identifier& identifier) {
  const uint32_t hash = load_le32(identifier.bytes.data()) * multiplier_;
  words_[hash >> shift_] |= kernel::filter_bits(hash);
}

size_t Filter::find(std::span<const Identifier> identifiers, uint32_t* found) const {
  return kernel::active().filter_find({words_.data(), multiplier_, shift_},
                                      reinterpret_cast<const uint8_t(*)[16]>(identifiers.data()),
                                      identifiers.size(), found);
}

// A day's sightings by the ten minutes in which they were heard.
struct SchemeIndex::HeardDay {
  static constexpr size_t kParts = Day::kLength / Interval::kLength;
  static constexpr uint8_t kNoPart = 255;  // of a row that does not count

  struct Part {
    TimeRange range{};       // empty where nothing was heard
    size_t identifiers = 0;  // of the day's, those that were met here first
  };

  DaySlice slice;
  std::vector<uint8_t> part_of_row;
  std::array<Part, kParts> parts{};
};

SchemeIndex::SchemeIndex(const SightingColumns& columns, const Scheme& scheme, const LogMark* mark,
                         const Cancel* cancel, uint32_t multiplier)
    : columns_(columns), scheme_(scheme), mark_(mark) {
  const auto cancelled = [&] { return cancel != nullptr && cancel->requested(); };
  std::vector<HeardDay> heard;
  for (const DaySlice& slice : columns.days) {
    if (slice.scheme != scheme.tag()) continue;
    if (cancelled()) return;
    days_.push_back(slice);
    heard.push_back(hear(slice));
  }
  for (size_t i = 0; i < heard.size(); ++i)
    for (int32_t offset : {-1, 0, 1}) add_window(heard[i].slice.day + offset, heard, multiplier);
  for (const HeardDay& day : heard) {
    if (cancelled()) return;
    fill_windows(day);
  }
}

TimeRange SchemeIndex::reach_of(Day day) const {
  return {day.start() - scheme_.rule().before,
          day.start() + Day::kLength + kLongestSlot + scheme_.rule().after};
}

SchemeIndex::HeardDay SchemeIndex::hear(const DaySlice& slice) const {
  HeardDay day{slice, std::vector<uint8_t>(slice.count, HeardDay::kNoPart)};
  const Instant start = slice.day.start();
  const Identifier* before = nullptr;
  for (size_t i = 0; i < slice.count; ++i) {
    if (!counts(slice.first + i)) continue;
    const Instant at = columns_.time[slice.first + i];
    const auto number = static_cast<uint8_t>((at - start) / Interval::kLength);
    day.part_of_row[i] = number;
    HeardDay::Part& part = day.parts[number];
    if (part.range.from == part.range.to) part.range = {at, at + Millis(1)};
    part.range.from = std::min(part.range.from, at);
    part.range.to = std::max(part.range.to, at + Millis(1));
    // The rows of an identifier stand together.
    const Identifier& identifier = columns_.identifier[slice.first + i];
    if (before == nullptr || *before != identifier) ++part.identifiers;
    before = &identifier;
  }
  return day;
}

// Adds the day's window, unless nothing was heard within its reach or it is there already. Days
// come in order, but for the neighbours of those heard.
void SchemeIndex::add_window(Day day, std::span<const HeardDay> heard, uint32_t multiplier) {
  if (!windows_.empty() && windows_.back().day >= day) return;
  const TimeRange reach = reach_of(day);
  const Millis silence = scheme_.rule().before + scheme_.rule().after + kSilence;
  size_t identifiers = 0;
  std::vector<TimeRange> ranges;
  for (const HeardDay& near : heard) {
    if (near.slice.day < day + -1 || near.slice.day > day + 1) continue;
    for (const HeardDay::Part& part : near.parts) {
      if (!part.range.overlaps(reach)) continue;
      identifiers += part.identifiers;
      if (ranges.empty() || part.range.from - ranges.back().to > silence)
        ranges.push_back(part.range);
      ranges.back().to = part.range.to;
    }
  }
  if (!ranges.empty())
    windows_.push_back({day, Filter(multiplier, identifiers), std::move(ranges)});
}

void SchemeIndex::fill_windows(const HeardDay& day) {
  // Most parts of a day are within the reach of its own window only.
  struct Targets {
    std::array<Filter*, 3> filters{};
    size_t count = 0;
  };
  std::array<Targets, HeardDay::kParts> targets;
  for (int32_t offset : {-1, 0, 1}) {
    Window* window = window_of(day.slice.day + offset);
    if (window == nullptr) continue;
    for (size_t number = 0; number < HeardDay::kParts; ++number)
      if (day.parts[number].range.overlaps(reach_of(window->day)))
        targets[number].filters[targets[number].count++] = &window->filter;
  }
  for (size_t i = 0; i < day.slice.count; ++i) {
    if (day.part_of_row[i] == HeardDay::kNoPart) continue;
    const Targets& filters = targets[day.part_of_row[i]];
    for (size_t target = 0; target < filters.count; ++target)
      filters.filters[target]->add(columns_.identifier[day.slice.first + i]);
  }
}

Window* SchemeIndex::window_of(Day day) {
  const auto found = std::ranges::lower_bound(windows_, day, {}, &Window::day);
  return found != windows_.end() && found->day == day ? &*found : nullptr;
}

void SchemeIndex::find(const Identifier& identifier, TimeRange when,
                       std::vector<size_t>& rows) const {
  const auto first_day =
      std::lower_bound(days_.begin(), days_.end(), Day::of(when.from),
                       [](const DaySlice& slice, Day day) { return slice.day < day; });
  for (auto slice = first_day; slice != days_.end() && slice->day.start() < when.to; ++slice) {
    const std::span<const Identifier> sorted =
        columns_.identifier.subspan(slice->first, slice->count);
    const uint64_t prefix = prefix_of(identifier);
    for (size_t i = lower_bound(sorted, prefix);
         i < sorted.size() && prefix_of(sorted[i]) == prefix; ++i) {
      const size_t row = slice->first + i;
      if (sorted[i] == identifier && when.contains(columns_.time[row]) && counts(row))
        rows.push_back(row);
    }
  }
}

}  // namespace nearzone::match
