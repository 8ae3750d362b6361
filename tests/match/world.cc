#include "match/world.h"

#include <algorithm>
#include <array>
#include <map>

#include "nearzone/tcn.h"
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
  if (random_.below(3) == 0) {
    make_dp3t(key, day);
  } else if (random_.below(6) == 0) {
    make_tcn(key, day);
  } else if (random_.below(2) == 0) {
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

void World::make_dp3t(PublishedKey& key, Day day) {
  key.identifiers_per_day = std::array{96u, 144u, 24u, 7u}[random_.below(4)];  // 7 is refused
  key.valid_from = day.start();
  key.released_at = key.valid_from + Millis(below(uint64_t{3} * 86400000));
  if (random_.below(2) == 0) {
    key.scheme = SchemeTag::dp3t_low_cost;
    key.valid_to = (Day::of(*key.released_at - Millis(1)) + 1).start();
  } else {
    std::fill(key.bytes.begin() + 16, key.bytes.end(), uint8_t{0});
    const Millis window = std::chrono::hours(std::array{2, 4, 24}[random_.below(3)]);
    key.scheme = SchemeTag::dp3t_hybrid;
    key.valid_from = key.valid_from + window * below(uint64_t(Day::kLength / window));
    key.valid_to = key.valid_from + window;
  }
}

void World::make_tcn(PublishedKey& key, Day day) {
  const tcn::ReportAuthorizationKey rak{Secret<32>::random(random_)};
  const auto first = static_cast<uint16_t>(1 + random_.below(9));
  key.scheme = SchemeTag::tcn;
  key.bytes = tcn::verification_key(rak).bytes;
  // One that reveals nothing may be among them.
  key.report = *tcn::make_report(rak, first, static_cast<uint16_t>(first + random_.below(20) - 1),
                                 tcn::MemoType::coepi_v1, {});
  if (random_.below(4) != 0) key.released_at = day.start() + Millis(below(86400000));
  if (random_.below(4) == 0) key.report.back() ^= 1;  // not signed
}

// Hears an identifier of a key at, just inside or just outside an edge of its window.
void World::plant() {
  const PublishedKey& key = keys_[random_.below(keys_.size())];
  const Scheme& scheme = *find_scheme(key.scheme);
  if (!scheme.check(key).ok()) return;
  const auto slots = expand_all(scheme, key);
  if (slots.empty()) return;
  const auto& slot = slots[random_.below(slots.size())];
  const Instant noon = kFirstDay.start() + std::chrono::hours(12);
  Instant edges[] = {slot.window.from, slot.window.to, slot.reach.from, slot.reach.to,
                     slot.window.from + (slot.window.to - slot.window.from) / 2};
  // What is bound to no time has no edges in the calendar.
  for (Instant& edge : edges)
    if (edge < noon - Day::kLength * 9 || edge > noon + Day::kLength * 99) edge = noon;
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
  sighting.scheme = kSchemeTags[random_.below(kSchemeTags.size())];
  random_.fill(std::span(sighting.identifier.bytes).first(identifier_size(sighting.scheme)));
  sighting.time = kFirstDay.start() + Millis(below(uint64_t{kDays} * 86400000));
  sightings_.push_back(sighting);
}

}  // namespace nearzone::test
