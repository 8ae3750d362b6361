#include "match/index.h"

#include <algorithm>
#include <array>

namespace nearzone::match {
namespace {

// With at least this many bits for each identifier, at most one foreign one in 150 passes.
constexpr size_t kLeastBits = 24;
// More are spent as long as the filter takes no more than a third of the first cache.
constexpr size_t kMostBits = 128;
constexpr size_t kSmallFilterBits = size_t{1} << 17;
// A silence this much longer than the time rule's reach leaves slots between that nobody need
// derive; a shorter one is not worth a filter of its own.
constexpr Millis kSilence = std::chrono::hours(1);

size_t filter_bits(size_t identifiers) {
  const size_t count = std::max<size_t>(identifiers, 1);
  return std::max(std::bit_ceil(count * kLeastBits),
                  std::min(std::bit_ceil(count * kMostBits), kSmallFilterBits));
}

}  // namespace

Filter::Filter(uint64_t multiplier, size_t identifiers)
    : multiplier_(multiplier),
      shift_(64 - (std::countr_zero(filter_bits(identifiers)) - 6)),
      words_(filter_bits(identifiers) / 64) {}

SchemeIndex::SchemeIndex(const SightingColumns& columns, const Scheme& scheme, const LogMark* mark,
                         const Cancel* cancel, uint64_t multiplier)
    : columns_(columns), scheme_(scheme), mark_(mark) {
  for (const DaySlice& slice : columns.days) {
    if (slice.scheme != scheme.tag()) continue;
    if (cancel != nullptr && cancel->requested()) return;
    days_.push_back(slice);
    add_day(slice, multiplier);
  }
}

void SchemeIndex::add_day(const DaySlice& slice, uint64_t multiplier) {
  // What was heard in each ten minutes of the day.
  struct Heard {
    TimeRange range{};
    size_t count = 0;
    size_t bucket = 0;
  };
  std::array<Heard, Day::kLength / Interval::kLength> day;
  const auto heard_around = [&](size_t row) -> Heard& {
    return day[static_cast<size_t>((columns_.time[row] - slice.day.start()) / Interval::kLength)];
  };
  for (size_t row = slice.first; row < slice.first + slice.count; ++row) {
    if (!counts(row)) continue;
    Heard& heard = heard_around(row);
    const Instant at = columns_.time[row];
    heard.range = heard.count++ == 0 ? TimeRange{at, at + Millis(1)}
                                     : TimeRange{std::min(heard.range.from, at),
                                                 std::max(heard.range.to, at + Millis(1))};
  }
  const Millis silence = scheme_.rule().before + scheme_.rule().after + kSilence;
  size_t identifiers = 0;
  TimeRange range;
  const auto end_bucket = [&] {
    if (identifiers > 0) buckets_.push_back({range, Filter(multiplier, identifiers)});
    identifiers = 0;
  };
  for (Heard& heard : day) {
    if (heard.count == 0) continue;
    if (identifiers > 0 && heard.range.from - range.to > silence) end_bucket();
    range = {identifiers == 0 ? heard.range.from : range.from, heard.range.to};
    identifiers += heard.count;
    heard.bucket = buckets_.size();
  }
  end_bucket();
  for (size_t row = slice.first; row < slice.first + slice.count; ++row)
    if (counts(row)) buckets_[heard_around(row).bucket].filter.add(columns_.identifier[row]);
}

size_t SchemeIndex::first_heard_after(Instant at) const {
  return static_cast<size_t>(
      std::ranges::partition_point(buckets_,
                                   [&](const Bucket& bucket) { return bucket.heard.to <= at; }) -
      buckets_.begin());
}

void SchemeIndex::find(const Identifier& identifier, TimeRange when,
                       std::vector<size_t>& rows) const {
  const auto first_day =
      std::lower_bound(days_.begin(), days_.end(), Day::of(when.from),
                       [](const DaySlice& slice, Day day) { return slice.day < day; });
  for (auto slice = first_day; slice != days_.end() && slice->day.start() < when.to; ++slice) {
    const auto begin = columns_.identifier.begin() + static_cast<ptrdiff_t>(slice->first);
    const auto end = begin + static_cast<ptrdiff_t>(slice->count);
    for (auto at = std::lower_bound(begin, end, identifier); at != end && *at == identifier; ++at) {
      const size_t row = static_cast<size_t>(at - columns_.identifier.begin());
      if (when.contains(columns_.time[row]) && counts(row)) rows.push_back(row);
    }
  }
}

}  // namespace nearzone::match
