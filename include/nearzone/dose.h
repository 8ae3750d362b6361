/// A day's dose: minutes within two metres of anybody infectious, weighted by how infectious each
/// was, and what risk that is taken for. A way to compare days, not a probability of infection: see
/// docs/proximity.md. Pure functions, safe from any thread.
///
///     nearzone::DoseConfig config;
///     if (nearzone::Status good = config.check(); !good.ok()) return good;
///     const std::vector<nearzone::KeyNearness> keys = {{days, days_since_onset}};
///     for (const nearzone::DayDose& day : nearzone::doses_by_day(keys, config)) show(day.risk);
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "nearzone/nearness.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// How a dose becomes a risk.
enum class RiskFunction : uint8_t {
  linear,       ///< dose / scale: 1 at the scale, and more beyond
  exponential,  ///< 1 - exp(-dose / scale), as of single hits (Wells 1955, Riley 1978)
};

struct DoseConfig {
  static constexpr int32_t kMostDays = 14;
  using Curve = std::array<double, 2 * kMostDays + 1>;

  /// By days since onset from -14 to 14, relative to the most infectious day; 0..1. Default: the
  /// gamma distribution (shape 20.52, rate 1.59 a day, 12.27 days before onset) of He et al.,
  /// Nature Medicine 26 (2020), 672-675, as corrected by its authors.
  Curve infectiousness = he_2020();
  double infectiousness_unknown = 1;  ///< 0..1: where nothing is said of onset; 1 does not discount
  RiskFunction function = RiskFunction::linear;
  double scale_minutes = 15;  ///< 0.1..100000: of the most infectious day
  double long_minutes = 15;   ///< 1..1440, for the band of all keys together

  static Curve he_2020();
  /// Every minute counts the same: the public criteria of 2020.
  static DoseConfig minutes_only();
  /// Fails with invalid_argument, the field named and the place in it as the record.
  Status check() const;
};

/// What nearness_by_day() gave for one key, and what the key says of onset on its day.
struct KeyNearness {
  std::vector<DayNearness> days;
  std::optional<int32_t> days_since_onset;
};

struct DayDose {
  Day day;
  NearMinutes minutes;  ///< sums over keys; so the interval is wider than it need be
  ExposureBand band = ExposureBand::unknown;
  double dose = 0;  ///< minutes of the most infectious day
  double risk = 0;
};

/// The factor for a key: of the curve, beyond its ends 0.
double infectiousness_of(std::optional<int32_t> days_since_onset, const DoseConfig& config);

/// Ascending by day; keys in any order. `config` must be good.
std::vector<DayDose> doses_by_day(std::span<const KeyNearness> keys, const DoseConfig& config);

}  // namespace nearzone
