// Exposure windows found, sealed in the log under the day they happened on and erased with it, as
// the lists spoke of their keys: what that means is said when they are asked for.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "device/findings.h"
#include "nearzone/device.h"
#include "nearzone/exposure_window.h"

namespace nearzone::device {

struct FoundWindow {
  std::optional<int32_t> days_since_onset;
  ExposureWindow window;  // its report type may be unknown; its infectiousness means nothing
  bool operator==(const FoundWindow&) const = default;
};

std::vector<FoundWindow> windows_of(const MatchResult& result, const SightingColumns& columns,
                                    std::span<const Scheme* const> schemes,
                                    const DeviceOptions& options);

// Replaces whatever this list gave before by these windows.
Status store_windows(EncounterLog& log, const ListDigest& list_digest,
                     std::span<const FoundWindow> windows);

// Of all lists, ascending by day.
Result<std::vector<FoundWindow>> load_windows(const EncounterLog& log);

}  // namespace nearzone::device
