/// Bluezone's identifiers (Vietnam, 2020): a chain of SHA-256 day keys, and in each day a chain of
/// sub-keys whose picked bytes are broadcast. Source: docs/provenance.md, "Bluezone scheme".
///
///     auto day_key = nearzone::Secret<32>::random(random);
///     std::vector<nearzone::Identifier> day =
///         nearzone::bluezone::identifiers_of_day(day_key, 96);
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::bluezone {

inline constexpr uint32_t kIdentifiersPerDay = 96;  ///< the default since 2020-07-27
inline constexpr uint32_t kMaxIdentifiersPerDay = 1440;
inline constexpr int32_t kMaxRecordDays = 62;  ///< longest span of one published record

/// A slot's length, truncated to whole milliseconds as in the original. per_day in 1..1440.
Millis slot_length(uint32_t per_day);

/// The slot of its UTC day that `at` lies in, by the original's truncating division; where the
/// length truncates, a day's last moments give `per_day` itself, one beyond the last slot.
uint32_t slot_index(Instant at, uint32_t per_day);

/// D(n + days) from D(n): SHA-256 applied `days` times.
Secret<32> step_day_key(const Secret<32>& day_key, uint32_t days);

/// The identifiers of the UTC day whose key is given, in slot order. per_day in 1..1440.
std::vector<Identifier> identifiers_of_day(const Secret<32>& day_key, uint32_t per_day);

/// What the original app uploaded about itself ("InfoF"), as text in its field order. It carries
/// the base key and so links all identifiers of the phone for ever: for compatibility tests and for
/// servers that must read old uploads. NearZone's own disclosures never contain a base key.
/// `base_day` is the UTC day on which the base key was made; `now` must not be before it.
Result<std::string> info_f(const Secret<32>& base_key, Day base_day, Instant now,
                           int32_t days_back = 14);

}  // namespace nearzone::bluezone
