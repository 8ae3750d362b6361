#include "upload/takable_keys.h"

#include <algorithm>
#include <tuple>

#include "nearzone/bluezone.h"
#include "nearzone/gaen.h"
#include "nearzone/secret.h"

namespace nearzone::upload {
namespace {

constexpr size_t kMostAlike = 3;
constexpr Millis kOldest = std::chrono::hours(360);
constexpr int32_t kOldestBluezoneDay = 14;

bool is_earlier(const PublishedKey& a, const PublishedKey& b) {
  return std::tie(a.valid_from, a.valid_to) < std::tie(b.valid_from, b.valid_to);
}

// Cuts off what overlaps with `kept`, which are in order. False where nothing is left.
bool cut_to_fit(PublishedKey& key, const std::vector<PublishedKey>& kept) {
  size_t alike = 0;
  for (const PublishedKey& other : kept) {
    if (other.valid_to <= key.valid_from || key.valid_to <= other.valid_from) continue;
    if (other.valid_from == key.valid_from && other.valid_to == key.valid_to) {
      if (++alike == kMostAlike) return false;
    } else if (other.valid_from <= key.valid_from) {
      key.valid_from = other.valid_to;
    } else {
      key.valid_to = other.valid_from;
    }
    if (key.valid_to <= key.valid_from) return false;
  }
  return true;
}

// The keys of the single days that a chain of Bluezone's stands for.
std::vector<PublishedKey> days_of(const PublishedKey& chain) {
  std::vector<PublishedKey> days;
  if (chain.valid_to - chain.valid_from > Day::kLength * bluezone::kMaxRecordDays) return days;
  const Secret<32> first(chain.bytes);
  for (Day day = Day::of(chain.valid_from); day.start() < chain.valid_to; day = day + 1) {
    PublishedKey& key = days.emplace_back(chain);
    const auto steps = static_cast<uint32_t>(day - Day::of(chain.valid_from));
    std::ranges::copy(bluezone::step_day_key(first, steps).expose(ForDisclosure{}),
                      key.bytes.begin());
    key.valid_from = std::max(chain.valid_from, day.start());
    key.valid_to = std::min(chain.valid_to, (day + 1).start());
  }
  return days;
}

void split_chains(std::vector<PublishedKey>& keys) {
  std::vector<PublishedKey> days;
  days.reserve(keys.size() * (bluezone::kMaxRecordDays + 1));
  for (PublishedKey& key : keys) {
    for (PublishedKey& day : days_of(key)) {
      days.push_back(day);
      wipe(day.bytes);
    }
    wipe(key.bytes);
  }
  keys = std::move(days);
}

// Whether a server takes it with `kept`, which are in order; what overlaps is cut off first.
bool fits(PublishedKey& key, const std::vector<PublishedKey>& kept) {
  if (key.scheme == SchemeTag::gaen) return cut_to_fit(key, kept);
  return std::ranges::find(kept, key.valid_from, &PublishedKey::valid_from) == kept.end();
}

void drop_oldest(std::vector<PublishedKey>& keys, size_t count) {
  for (size_t i = 0; i < count; ++i) wipe(keys[i].bytes);
  std::rotate(keys.begin(), keys.begin() + static_cast<ptrdiff_t>(count), keys.end());
  keys.resize(keys.size() - count);
}

}  // namespace

size_t most_keys(SchemeTag scheme) { return scheme == SchemeTag::bluezone ? 16 : 30; }

bool is_takable(const PublishedKey& key) {
  if (key.valid_from.ms < 0 || key.valid_to <= key.valid_from) return false;
  if (key.scheme == SchemeTag::bluezone)
    return key.valid_from == Day::of(key.valid_from).start() && key.valid_to.ms % 1000 == 0 &&
           key.identifiers_per_day >= 1 &&
           key.identifiers_per_day <= bluezone::kMaxIdentifiersPerDay &&
           key.valid_to <= (Day::of(key.valid_from) + 1).start();
  return key.scheme == SchemeTag::gaen && key.valid_from.ms % Interval::kLength.count() == 0 &&
         key.valid_to.ms % Interval::kLength.count() == 0 &&
         key.valid_to - key.valid_from <= Interval::kLength * gaen::kIntervalsPerDay &&
         Interval::of(key.valid_to).start() == key.valid_to;
}

void add_takable(std::vector<PublishedKey>& keys, std::vector<PublishedKey>& more) {
  if (!more.empty() && more.front().scheme == SchemeTag::bluezone) split_chains(more);
  std::ranges::sort(more, is_earlier);
  keys.reserve(keys.size() + more.size());
  for (PublishedKey& key : more) {
    if (is_takable(key) && fits(key, keys))
      keys.insert(std::ranges::upper_bound(keys, key, is_earlier), key);
    wipe(key.bytes);
  }
  if (keys.empty()) return;
  const size_t most = most_keys(keys.front().scheme);
  if (keys.size() > most) drop_oldest(keys, keys.size() - most);
}

void drop_too_old(std::vector<PublishedKey>& keys, Instant now) {
  const auto is_kept = [&](const PublishedKey& key) {
    if (key.scheme == SchemeTag::bluezone)
      return Day::of(key.valid_from) + kOldestBluezoneDay >= Day::of(now);
    return key.valid_to + kOldest > now;
  };
  // A key that began earlier may end later, where a clock jumped.
  std::ranges::stable_partition(keys, [&](const PublishedKey& key) { return !is_kept(key); });
  drop_oldest(keys, static_cast<size_t>(std::ranges::find_if(keys, is_kept) - keys.begin()));
}

}  // namespace nearzone::upload
