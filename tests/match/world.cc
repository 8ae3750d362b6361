#include "match/world.h"

#include <algorithm>
#include <array>
#include <map>

#include "scheme/expansion.h"

namespace nearzone::test {

World::World(uint64_t seed) : random_(seed) {
  for (uint64_t i = 0, count = 1 + random_.below(40); i < count; ++i) add_key();
  for (size_t i = 0, count = random_.below(4); i < count; ++i) keys_.push_back(keys_[i]);
  for (uint64_t i = 0, count = random_.below(30); i < count; ++i) plant();
  for (uint64_t i = 0, count = random_.below(30); i < count; ++i) add_stranger();
  for (size_t i = 0; i < keys_.size(); ++i) keys_[i].record = i;
  table_ = SightingTable::from(sightings_);
}

SightingTable World::heard(size_t count, Random& shuffle) const {
  std::map<Day, uint32_t> batches;
  std::vector<StoredSighting> rows;
  std::vector<Scan> scans;
  for (const Sighting& sighting : std::span(sightings_).first(count)) {
    const Day day = Day::of(sighting.time);
    rows.push_back({sighting, {day, batches[day]++, 0}, static_cast<uint32_t>(scans.size())});
    scans.push_back({sighting.time, {}});
  }
  for (size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[shuffle.below(i)]);
  return SightingTable::from(std::move(rows), std::move(scans));
}

void World::add_key() {
  PublishedKey key;
  random_.fill(key.bytes);
  const Day day = kFirstDay + below(kDays);
  if (random_.below(2) == 0) {
    key.scheme = SchemeTag::bluezone;
    key.valid_from = day.start() + Millis(random_.below(3) == 0 ? 600000 : 0);
    key.identifiers_per_day = std::array{96u, 144u, 7u, 97u, 1u}[random_.below(5)];
    key.valid_to = key.valid_from + Millis(below(3) * Day::kLength.count() + below(2) * 899999);
  } else {
    std::fill(key.bytes.begin() + 16, key.bytes.end(), uint8_t{0});
    key.valid_from = day.start() + Interval::kLength * below(144);
    key.valid_to = key.valid_from + Interval::kLength * below(146);  // 0 and 145 are refused
  }
  keys_.push_back(key);
}

// Hears an identifier of a key at, just inside or just outside an edge of its window.
void World::plant() {
  const PublishedKey& key = keys_[random_.below(keys_.size())];
  const Scheme& scheme =
      key.scheme == SchemeTag::gaen ? gaen_scheme() : bluezone_scheme(BluezoneWindows::tolerant);
  if (!scheme.check(key).ok()) return;
  const auto slots = expand_all(scheme, key);
  const auto& slot = slots[random_.below(slots.size())];
  const TimeRule rule = scheme.rule();
  const Instant edges[] = {slot.window.from, slot.window.to, slot.window.from - rule.before,
                           slot.window.to + rule.after,
                           slot.window.from + (slot.window.to - slot.window.from) / 2};
  Sighting sighting;
  sighting.scheme = key.scheme;
  sighting.identifier = slot.identifier;
  for (int copy = 1 + below(2); copy > 0; --copy) {
    sighting.time = edges[random_.below(5)] + Millis(below(3) - 1);
    sightings_.push_back(sighting);
  }
}

void World::add_stranger() {
  Sighting sighting;
  sighting.scheme = random_.below(2) == 0 ? SchemeTag::gaen : SchemeTag::bluezone;
  random_.fill(std::span(sighting.identifier.bytes).first(identifier_size(sighting.scheme)));
  sighting.time = kFirstDay.start() + Millis(below(uint64_t{kDays} * 86400000));
  sightings_.push_back(sighting);
}

}  // namespace nearzone::test
