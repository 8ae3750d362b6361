// The exposures found, sealed in the log under the day they happened on and erased with it.
#pragma once

#include <span>
#include <vector>

#include "device/findings.h"
#include "nearzone/device.h"

namespace nearzone::device {

// What times near by are counted in: finer would be feigned.
inline constexpr Millis kTenth = std::chrono::seconds(6);

// Replaces whatever this list gave before by these exposures.
Status store_exposures(EncounterLog& log, const ListDigest& list_digest,
                       std::span<const Exposure> exposures);

// Of all lists or, where a digest is given, of that one; ascending by day.
Result<std::vector<Exposure>> load_exposures(const EncounterLog& log,
                                             const ListDigest* list_digest = nullptr);

}  // namespace nearzone::device
