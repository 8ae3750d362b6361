// What a sender says of the power that it sends with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "nearzone/keys.h"
#include "nearzone/scheme.h"
#include "nearzone/sighting.h"

namespace nearzone::device {

struct StatedPower {
  std::optional<int8_t> dbm;           // as stated, however absurd; none where nothing is
  uint8_t calibration_confidence = 0;  // 0..3
};
// Of a sighting of this key. Metadata of a version that is not known state nothing.
StatedPower stated_power(const PublishedKey& key, const SightingColumns& columns, size_t row,
                         std::span<const Scheme* const> schemes);

}  // namespace nearzone::device
