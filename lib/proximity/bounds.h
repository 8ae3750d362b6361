// Checks of configurations. What is no number is refused as well: it lies within nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "nearzone/status.h"

namespace nearzone::proximity {

inline Status check_within(double value, double least, double most, const char* text,
                           const char* field) {
  if (value >= least && value <= most) return {};
  return {Code::invalid_argument, text, field};
}

inline Status check_all(std::span<const double> values, double least, double most, const char* text,
                        const char* field) {
  for (size_t i = 0; i < values.size(); ++i) {
    const Status checked = check_within(values[i], least, most, text, field);
    if (!checked.ok()) return checked.at_record(i);
  }
  return {};
}

inline Status check_thresholds(std::span<const int32_t> thresholds_db, const char* field) {
  for (size_t i = 0; i < thresholds_db.size(); ++i)
    if (thresholds_db[i] < 0 || thresholds_db[i] > 255 ||
        (i > 0 && thresholds_db[i] <= thresholds_db[i - 1]))
      return Status(Code::invalid_argument, "thresholds must ascend within 0..255 dB", field)
          .at_record(i);
  return {};
}

}  // namespace nearzone::proximity
