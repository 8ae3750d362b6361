#include "nearzone/dose.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "proximity/bounds.h"

namespace nearzone {

DoseConfig::Curve DoseConfig::he_2020() {
  // By days from -14 to 14, to three places; dose_test.cc computes them again.
  return {0,     0,     0,     0,     0,     0,     0,     0.005, 0.029, 0.105,
          0.265, 0.499, 0.750, 0.935, 1,     0.939, 0.788, 0.602, 0.422, 0.275,
          0.168, 0.097, 0.053, 0.027, 0.014, 0.007, 0.003, 0.001, 0.001};
}

DoseConfig DoseConfig::minutes_only() {
  DoseConfig config;
  config.infectiousness.fill(1);
  return config;
}

Status DoseConfig::check() const {
  using proximity::check_within;
  constexpr const char* kFactor = "must be a number from 0 to 1";
  NEARZONE_TRY(proximity::check_all(infectiousness, 0, 1, kFactor, "infectiousness"));
  NEARZONE_TRY(check_within(infectiousness_unknown, 0, 1, kFactor, "infectiousness_unknown"));
  if (function > RiskFunction::exponential)
    return {Code::invalid_argument, "not a risk function", "function"};
  NEARZONE_TRY(check_within(scale_minutes, 0.1, 1e5, "must be a number from 0.1 to 100000",
                            "scale_minutes"));
  return check_within(long_minutes, 1, 1440, "must be a number from 1 to 1440", "long_minutes");
}

double infectiousness_of(std::optional<int32_t> days_since_onset, const DoseConfig& config) {
  if (!days_since_onset) return config.infectiousness_unknown;
  if (*days_since_onset < -DoseConfig::kMostDays || *days_since_onset > DoseConfig::kMostDays)
    return 0;
  return config.infectiousness[static_cast<size_t>(*days_since_onset) + DoseConfig::kMostDays];
}

std::vector<DayDose> doses_by_day(std::span<const KeyNearness> keys, const DoseConfig& config) {
  struct Part {
    DayNearness nearness;
    double factor;
  };
  std::vector<Part> parts;
  for (const KeyNearness& key : keys)
    for (const DayNearness& day : key.days)
      parts.push_back({day, infectiousness_of(key.days_since_onset, config)});
  // Sums of doubles depend on their order, and so may not on that of the input.
  std::ranges::sort(parts, {}, [](const Part& part) {
    const NearMinutes& minutes = part.nearness.minutes;
    return std::tuple(part.nearness.day, minutes.expected, minutes.low, minutes.high, part.factor);
  });
  std::vector<DayDose> days;
  for (const Part& part : parts) {
    if (days.empty() || days.back().day != part.nearness.day)
      days.push_back({part.nearness.day, {}, ExposureBand::unknown, 0, 0});
    DayDose& day = days.back();
    day.minutes.expected += part.nearness.minutes.expected;
    day.minutes.low += part.nearness.minutes.low;
    day.minutes.high += part.nearness.minutes.high;
    day.dose += part.factor * part.nearness.minutes.expected;
  }
  for (DayDose& day : days) {
    day.band = exposure_band(day.minutes, config.long_minutes);
    const double scaled = day.dose / config.scale_minutes;
    day.risk = config.function == RiskFunction::linear ? scaled : -std::expm1(-scaled);
  }
  return days;
}

}  // namespace nearzone
