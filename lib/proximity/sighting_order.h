// What the rules of both versions of Exposure Notification begin with.
#pragma once

#include <algorithm>
#include <span>
#include <tuple>
#include <vector>

#include "nearzone/exposure_window.h"

namespace nearzone::proximity {

// One and a half times a scan of four seconds that was drawn out by thirteen.
inline constexpr Millis kSameScan{25500};

// Those with an attenuation, in the order of time; equal times in an order that does not depend on
// that of the input.
inline std::vector<KeySighting> measured_in_order(std::span<const KeySighting> sightings) {
  std::vector<KeySighting> sorted;
  sorted.reserve(sightings.size());
  for (const KeySighting& sighting : sightings)
    if (sighting.attenuation_db) sorted.push_back(sighting);
  std::ranges::sort(sorted, {}, [](const KeySighting& sighting) {
    return std::tuple(sighting.time, sighting.attenuation_db, sighting.slot, sighting.previous_scan,
                      sighting.calibration_confidence);
  });
  return sorted;
}

// The first sighting that is not of the scan that `first` began.
inline size_t end_of_scan(std::span<const KeySighting> sorted, size_t first) {
  size_t end = first + 1;
  while (end < sorted.size() && sorted[end].time - sorted[end - 1].time <= kSameScan) ++end;
  return end;
}

}  // namespace nearzone::proximity
