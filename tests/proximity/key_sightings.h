// Sightings as the tests of both versions of Exposure Notification write them down.
#pragma once

#include <vector>

#include "nearzone/exposure_window.h"
#include "nearzone/random.h"

namespace nearzone::test {

inline constexpr Day kKeyDay{18500};
inline constexpr Instant kNoon = kKeyDay.start() + std::chrono::hours(12);

// Heard so many seconds after noon; the scan before so many after noon, or unknown.
inline KeySighting at(int64_t seconds, int32_t attenuation_db,
                      std::optional<int64_t> previous = std::nullopt, uint32_t slot = 72) {
  KeySighting sighting{.slot = slot,
                       .time = kNoon + std::chrono::seconds(seconds),
                       .attenuation_db = attenuation_db};
  if (previous) sighting.previous_scan = kNoon + std::chrono::seconds(*previous);
  return sighting;
}

// Some hours of scans, about five minutes apart, of up to four sightings each.
inline std::vector<KeySighting> some_sightings(Random& random) {
  std::vector<KeySighting> sightings;
  int64_t time = 0;
  std::optional<int64_t> previous;
  for (uint64_t scan = 0, scans = 1 + random.below(30); scan < scans; ++scan) {
    for (uint64_t i = 0, count = 1 + random.below(4); i < count; ++i)
      sightings.push_back(at(time + static_cast<int64_t>(i), static_cast<int32_t>(random.below(90)),
                             previous, static_cast<uint32_t>(72 + time / 600)));
    previous = time;
    time += 60 + static_cast<int64_t>(random.below(random.below(5) == 0 ? 3000 : 300));
  }
  return sightings;
}

template <typename T>
std::vector<T> in_random_order(std::vector<T> things, Random& random) {
  for (size_t left = things.size(); left > 1; --left)
    std::swap(things[left - 1], things[random.below(left)]);
  return things;
}

}  // namespace nearzone::test
