// Exposures and published keys as the C interface has them.
#pragma once

#include "nearzone.h"
#include "nearzone/device.h"
#include "nearzone/keys.h"

namespace nearzone::c {

inline nz_exposure told(const Exposure& exposure) {
  nz_exposure told = {};
  told.duration_ms = exposure.duration.count();
  told.day = exposure.day.number;
  told.minimum_attenuation_db = exposure.minimum_attenuation_db.value_or(NZ_UNKNOWN);
  told.report_type = static_cast<int32_t>(exposure.report_type);
  told.band = static_cast<int32_t>(exposure.band);
  told.near_ms = static_cast<int32_t>(exposure.near.count());
  told.near_low_ms = static_cast<int32_t>(exposure.near_low.count());
  told.near_high_ms = static_cast<int32_t>(exposure.near_high.count());
  told.dose_ms = static_cast<int32_t>(exposure.dose.count());
  return told;
}

inline nz_published_key told(const PublishedKey& key) {
  nz_published_key told = {};
  std::copy(key.bytes.begin(), key.bytes.end(), told.bytes);
  told.valid_from_ms = key.valid_from.ms;
  told.valid_to_ms = key.valid_to.ms;
  told.record = key.record;
  told.scheme = static_cast<int32_t>(key.scheme);
  told.identifiers_per_day = key.identifiers_per_day;
  told.report_type = static_cast<int32_t>(key.report_type);
  told.days_since_onset = key.days_since_onset ? *key.days_since_onset : NZ_UNKNOWN;
  told.transmission_risk_level = key.transmission_risk_level;
  told.revised = key.revised ? 1 : 0;
  told.released_at_ms = key.released_at ? key.released_at->ms : 0;
  return told;
}

}  // namespace nearzone::c
