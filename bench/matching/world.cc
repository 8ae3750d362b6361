#include "matching/world.h"

#include <algorithm>

#include "nearzone/bluezone.h"
#include "nearzone/gaen.h"

namespace nearzone::bench {
namespace {

constexpr size_t kNearKeys = 25;
constexpr int64_t kFirstHour = 9;
constexpr uint32_t kIntervalsOfEightHours = 48;

uint32_t intervals_a_day(Hours hours) {
  return hours == Hours::all ? gaen::kIntervalsPerDay : kIntervalsOfEightHours;
}

Instant interval_start(Day day, Hours hours, uint32_t interval) {
  const Millis from = std::chrono::hours(hours == Hours::all ? 0 : kFirstHour);
  return day.start() + from + Interval::kLength * interval;
}

// Where in a list of keys the near ones are.
size_t near_place(size_t which, size_t keys) { return which * (keys / kNearKeys); }

void finish(std::vector<Sighting> sightings, World& world) {
  for (const Sighting& sighting : sightings) world.heard.push_back(sighting.identifier);
  world.table = SightingTable::from(sightings);
  world.near = sorted(std::move(world.near));
}

}  // namespace

std::vector<Sighting> make_sightings(size_t count, Hours hours, Random& random) {
  const size_t intervals = size_t{kDays} * intervals_a_day(hours);
  std::vector<Sighting> sightings(count);
  for (size_t i = 0; i < count; ++i) {
    const auto interval =
        static_cast<uint32_t>(count < intervals ? i * intervals / count : i % intervals);
    const Day day = kFirstDay + static_cast<int32_t>(interval / intervals_a_day(hours));
    sightings[i].time = interval_start(day, hours, interval % intervals_a_day(hours));
    sightings[i].rssi_dbm = -70;
    sightings[i].metadata.size = 4;
    random.fill(sightings[i].identifier.bytes);
  }
  return sightings;
}

PublishedKey make_key(Day day, Random& random) {
  PublishedKey key;
  random.fill(std::span(key.bytes).first(16));
  key.valid_from = day.start();
  key.valid_to = key.valid_from + Day::kLength;
  key.report_type = ReportType::confirmed_test;
  key.days_since_onset = 2;
  key.transmission_risk_level = 5;
  return key;
}

void plant(const PublishedKey& key, Hours hours, uint32_t which, Sighting& sighting) {
  const gaen::TemporaryExposureKey secret{std::span(key.bytes).first<16>()};
  sighting.time =
      interval_start(Day::of(key.valid_from), hours, which * 5 % intervals_a_day(hours));
  sighting.identifier = gaen::rolling_proximity_identifier(secret, Interval::of(sighting.time));
}

World exposure_notification_world(size_t keys, size_t identifiers, Hours hours) {
  SeededRandom random(20260101);
  World world;
  world.scheme = &gaen_scheme();
  for (size_t i = 0; i < keys; ++i) {
    world.keys.push_back(make_key(kFirstDay + static_cast<int32_t>(i % kDays), random));
    world.keys.back().record = i;
  }
  std::vector<Sighting> sightings = make_sightings(identifiers, hours, random);
  for (uint32_t i = 0; i < kNearKeys; ++i) {
    const PublishedKey& key = world.keys[near_place(i, keys)];
    plant(key, hours, i, sightings[i]);
    world.near.push_back(key.bytes);
  }
  finish(std::move(sightings), world);
  return world;
}

World bluezone_world(size_t records, size_t encounters) {
  constexpr uint32_t kSlots = kDays * bluezone::kIdentifiersPerDay;
  SeededRandom random(20200727);
  World world;
  world.scheme = &bluezone_scheme();
  world.keys.resize(records);
  for (size_t i = 0; i < records; ++i) {
    PublishedKey& key = world.keys[i];
    key.scheme = SchemeTag::bluezone;
    random.fill(key.bytes);
    key.valid_from = kFirstDay.start();
    key.valid_to = (kFirstDay + kDays).start();
    key.identifiers_per_day = bluezone::kIdentifiersPerDay;
    key.record = i;
  }
  std::vector<Sighting> sightings(encounters);
  for (size_t i = 0; i < encounters; ++i) {
    const auto slot = static_cast<uint32_t>(i % kSlots);
    sightings[i].scheme = SchemeTag::bluezone;
    sightings[i].time =
        kFirstDay.start() + bluezone::slot_length(bluezone::kIdentifiersPerDay) * slot;
    random.fill(std::span(sightings[i].identifier.bytes).first(12));
    if (i >= kNearKeys) continue;
    const PublishedKey& key = world.keys[near_place(i, records)];
    const auto day = static_cast<uint32_t>(i) % kDays;
    const Secret<32> day_key = bluezone::step_day_key(Secret<32>(key.bytes), day);
    sightings[i].time = (kFirstDay + static_cast<int32_t>(day)).start();
    sightings[i].identifier =
        bluezone::identifiers_of_day(day_key, bluezone::kIdentifiersPerDay).front();
    world.near.push_back(key.bytes);
  }
  finish(std::move(sightings), world);
  return world;
}

FoundKeys near_among(const World& world, std::span<const PublishedKey> keys) {
  FoundKeys near;
  for (const PublishedKey& key : keys)
    if (std::ranges::binary_search(world.near, key.bytes)) near.push_back(key.bytes);
  return sorted(std::move(near));
}

Status MemoryStream::next(size_t most, std::vector<PublishedKey>& batch) {
  const size_t count = std::min(most, keys_.size());
  batch.assign(keys_.begin(), keys_.begin() + static_cast<ptrdiff_t>(count));
  keys_ = keys_.subspan(count);
  return {};
}

Matched match_nearzone(const World& world, std::span<const PublishedKey> keys, unsigned threads) {
  SystemRandom random;
  const auto matcher = Matcher::create(world.table.columns(), {&world.scheme, 1}, random);
  MemoryStream stream(keys);
  MatchResult result;
  if (!matcher.ok() || !matcher->match(stream, 0, {.threads = threads}, result).ok()) return {};
  return {keys_of(result), result.identifiers_derived};
}

FoundKeys keys_of(const MatchResult& result) {
  FoundKeys found;
  for (const MatchedKey& matched : result.keys) found.push_back(matched.key.bytes);
  return sorted(std::move(found));
}

}  // namespace nearzone::bench
