#include "match/index.h"

#include <algorithm>
#include <bit>

#include "nearzone/bytes.h"

namespace nearzone::match {
namespace {

constexpr int64_t kIntervalMs = Interval::kLength.count();
// Bits of the bitmap for each stored sighting: about one foreign identifier in this many passes.
constexpr size_t kBitsPerSighting = 32;

int64_t interval_of(Instant at) { return at.ms / kIntervalMs - (at.ms % kIntervalMs < 0 ? 1 : 0); }

}  // namespace

SchemeIndex::SchemeIndex(const SightingColumns& columns, const Scheme& scheme, Random& random)
    : columns_(columns), scheme_(scheme) {
  size_t count = 0;
  for (const DaySlice& slice : columns.days) {
    if (slice.scheme != scheme.tag()) continue;
    days_.push_back(slice);
    count += slice.count;
    for (size_t row = slice.first; row < slice.first + slice.count; ++row)
      intervals_.push_back(interval_of(columns.time[row]));
  }
  std::sort(intervals_.begin(), intervals_.end());
  intervals_.erase(std::unique(intervals_.begin(), intervals_.end()), intervals_.end());

  std::array<uint8_t, 8> seed;
  random.fill(seed);
  multiplier_ = load_le64(seed.data()) | 1;
  const uint64_t bits = std::bit_ceil(std::max<uint64_t>(64, count * kBitsPerSighting));
  shift_ = 64 - std::countr_zero(bits);
  bitmap_.assign(bits / 64, 0);
  for (const DaySlice& slice : days_)
    for (size_t row = slice.first; row < slice.first + slice.count; ++row) {
      const uint64_t bit = hash(columns.identifier[row]);
      bitmap_[bit >> 6] |= uint64_t{1} << (bit & 63);
    }
}

TimeRange SchemeIndex::heard_within(TimeRange when) const {
  if (when.to <= when.from) return {};
  const int64_t from = interval_of(when.from);
  const int64_t last = interval_of(when.to - Millis(1));
  const auto first_heard = std::lower_bound(intervals_.begin(), intervals_.end(), from);
  const auto end_heard = std::upper_bound(first_heard, intervals_.end(), last);
  if (first_heard == end_heard) return {};
  const TimeRange heard{{*first_heard * kIntervalMs}, {(*std::prev(end_heard) + 1) * kIntervalMs}};
  return {std::max(heard.from, when.from), std::min(heard.to, when.to)};
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
      if (when.contains(columns_.time[row])) rows.push_back(row);
    }
  }
}

}  // namespace nearzone::match
