#include "match/index.h"

#include <algorithm>
#include <array>
#include <bit>

#include "kernel/kernel.h"
#include "nearzone/bytes.h"

namespace nearzone::match {
namespace {

// With at least this many bits for each identifier, at most one foreign one in 300 passes.
constexpr size_t kLeastBits = 24;
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

// Rows that a range of a directory holds on average, or somewhat more.
constexpr size_t kRowsPerRange = 8;
// Up to here places are gone through one by one.
constexpr size_t kFewPlaces = 16;

}  // namespace

Filter::Filter(uint32_t multiplier, size_t identifiers)
    : multiplier_(multiplier), words_(filter_bits(identifiers) / 32) {
  shift_ = static_cast<uint32_t>(32 - std::countr_zero(words_.size()));
}

void Filter::add(uint32_t first_bytes) {
  const uint32_t hash = first_bytes * multiplier_;
  words_[hash >> shift_] |= kernel::filter_bits(hash);
}

size_t Filter::find(std::span<const Identifier> identifiers, uint32_t* found) const {
  return kernel::active().filter_find(view(),
                                      reinterpret_cast<const uint8_t(*)[16]>(identifiers.data()),
                                      identifiers.size(), found);
}

PrefixDirectory::PrefixDirectory(size_t identifiers) {
  const auto digits = static_cast<uint32_t>(std::bit_width(identifiers / kRowsPerRange | 1));
  shift_ = 64 - digits;
  ranges_.resize(size_t{1} << digits);
}

void PrefixDirectory::complete() {
  uint32_t end = 0;
  for (Range& range : ranges_) range.end = end = std::max(range.end, end);
}

// An identifier in one of a day's parts.
struct SchemeIndex::Entry {
  uint32_t first_bytes;
  uint32_t part;
};

// What was heard on a day, by the ten minutes in which it was.
struct SchemeIndex::HeardDay {
  static constexpr size_t kParts = Day::kLength / Interval::kLength;

  Day day;
  std::array<bool, kParts> heard{};
  std::array<uint32_t, kParts> identifiers{};  // of the day's, those that were met here first

  static TimeRange range(Day day, size_t part) {
    const Instant start = day.start() + Interval::kLength * static_cast<int64_t>(part);
    return {start, start + Interval::kLength};
  }
};

SchemeIndex::SchemeIndex(const SightingColumns& columns, const Scheme& scheme, const LogMark* mark,
                         const Cancel* cancel, uint32_t multiplier)
    : columns_(columns), scheme_(scheme), mark_(mark) {
  const bool timeless = scheme.rule().timeless;
  const auto cancelled = [&] { return cancel != nullptr && cancel->requested(); };
  std::vector<HeardDay> heard;
  // A day fills the next one's window, for the size of which the one after that has to be heard.
  std::array<std::vector<Entry>, 3> entries;
  const auto finish = [&](size_t i) {
    for (int32_t offset : {-1, 0, 1}) add_window(heard[i].day + offset, heard, multiplier);
    fill_windows(heard[i].day, entries[i % entries.size()]);
  };
  for (const DaySlice& slice : columns.days) {
    if (slice.scheme != scheme.tag()) continue;
    if (cancelled()) return;
    const size_t i = heard.size();
    days_.push_back({slice, PrefixDirectory(slice.count)});
    heard.push_back(hear(days_.back(), entries[i % entries.size()]));
    if (i >= 2 && !timeless) finish(i - 2);
  }
  if (timeless) {
    add_only_window(heard, multiplier);
    return;
  }
  for (size_t i = heard.size() < 2 ? 0 : heard.size() - 2; i < heard.size(); ++i) finish(i);
}

TimeRange SchemeIndex::reach_of(Day day) const {
  return {day.start() - scheme_.rule().before,
          day.start() + Day::kLength + kLongestSlot + scheme_.rule().after};
}

// The one pass over a day's rows. Those of an identifier stand together, in order of time.
SchemeIndex::HeardDay SchemeIndex::hear(LoggedDay& logged, std::vector<Entry>& entries) const {
  const DaySlice& slice = logged.slice;
  HeardDay heard{slice.day};
  const Identifier* const identifiers = &columns_.identifier[slice.first];
  const Instant* const times = &columns_.time[slice.first];
  if (entries.size() < slice.count) entries.resize(slice.count);
  Entry* next = entries.data();
  Entry before{0, HeardDay::kParts};
  for (size_t i = 0; i < slice.count; ++i) {
    logged.directory.add(prefix_of(identifiers[i]), i);
    if (!counts(slice.first + i)) continue;
    const Entry entry{load_le32(identifiers[i].bytes.data()),
                      static_cast<uint32_t>((times[i] - slice.day.start()) / Interval::kLength)};
    const bool another = entry.first_bytes != before.first_bytes || before.part == HeardDay::kParts;
    heard.heard[entry.part] = true;
    heard.identifiers[entry.part] += another ? 1 : 0;
    // What repeats is written over.
    *next = entry;
    next += another || entry.part != before.part ? 1 : 0;
    before = entry;
  }
  entries.resize(static_cast<size_t>(next - entries.data()));
  logged.directory.complete();
  return heard;
}

size_t SchemeIndex::filter_bytes() const {
  size_t bytes = 0;
  for (const Window& window : windows_) bytes += window.filter.bytes();
  return bytes;
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
    if (near.day < day + -1 || near.day > day + 1) continue;
    for (size_t part = 0; part < HeardDay::kParts; ++part) {
      const TimeRange range = HeardDay::range(near.day, part);
      if (!near.heard[part] || !range.overlaps(reach)) continue;
      identifiers += near.identifiers[part];
      if (ranges.empty() || range.from - ranges.back().to > silence) ranges.push_back(range);
      ranges.back().to = range.to;
    }
  }
  if (!ranges.empty())
    windows_.push_back({day, Filter(multiplier, identifiers), std::move(ranges)});
}

// All that was heard, whenever.
void SchemeIndex::add_only_window(std::span<const HeardDay> heard, uint32_t multiplier) {
  size_t identifiers = 0;
  TimeRange range{};
  for (const HeardDay& day : heard) {
    for (size_t part = 0; part < HeardDay::kParts; ++part) {
      if (!day.heard[part]) continue;
      identifiers += day.identifiers[part];
      const TimeRange here = HeardDay::range(day.day, part);
      if (range.from == range.to) range.from = here.from;
      range.to = here.to;
    }
  }
  if (range.from == range.to) return;
  windows_.push_back({kOnlyDay, Filter(multiplier, identifiers), {range}});
  for (const LoggedDay& logged : days_)
    for (size_t row = logged.slice.first; row < logged.slice.first + logged.slice.count; ++row)
      if (counts(row)) windows_[0].filter.add(load_le32(columns_.identifier[row].bytes.data()));
}

void SchemeIndex::fill_windows(Day day, std::span<const Entry> entries) {
  for (int32_t offset : {-1, 0, 1}) {
    Window* const window = window_of(day + offset);
    if (window == nullptr) continue;
    // Parts within reach stand together.
    const TimeRange reach = reach_of(window->day);
    uint32_t first = 0, end = HeardDay::kParts;
    while (first < end && !HeardDay::range(day, first).overlaps(reach)) ++first;
    while (first < end && !HeardDay::range(day, end - 1).overlaps(reach)) --end;
    for (const Entry& entry : entries)
      if (entry.part - first < end - first) window->filter.add(entry.first_bytes);
  }
}

Window* SchemeIndex::window_of(Day day) {
  const auto found = std::ranges::lower_bound(windows_, day, {}, &Window::day);
  return found != windows_.end() && found->day == day ? &*found : nullptr;
}

std::vector<SchemeIndex::LoggedDay>::const_iterator SchemeIndex::logged_from(Day day) const {
  return std::ranges::lower_bound(days_, day, {},
                                  [](const LoggedDay& logged) { return logged.slice.day; });
}

void SchemeIndex::expect(const Identifier& identifier, Day day) const {
  const auto logged = logged_from(day);
  if (logged != days_.end()) logged->directory.expect(prefix_of(identifier));
}

void SchemeIndex::find(const Identifier& identifier, TimeRange when,
                       std::vector<size_t>& rows) const {
  const uint64_t prefix = prefix_of(identifier);
  for (auto day = logged_from(Day::of(when.from));
       day != days_.end() && day->slice.day.start() < when.to; ++day) {
    const std::span sorted = columns_.identifier.subspan(day->slice.first, day->slice.count);
    auto [place, last] = day->directory.find(prefix);
    // Identifiers are uniform, so a range holds few; where somebody has made them otherwise,
    // halving bounds the work.
    if (last - place > kFewPlaces) {
      const auto at = std::ranges::lower_bound(sorted.begin() + static_cast<ptrdiff_t>(place),
                                               sorted.begin() + static_cast<ptrdiff_t>(last),
                                               prefix, {}, prefix_of);
      place = static_cast<size_t>(at - sorted.begin());
    }
    for (; place < last && prefix_of(sorted[place]) <= prefix; ++place) {
      const size_t row = day->slice.first + place;
      if (sorted[place] == identifier && when.contains(columns_.time[row]) && counts(row))
        rows.push_back(row);
    }
  }
}

}  // namespace nearzone::match
