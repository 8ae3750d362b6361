#include <algorithm>

#include "nearzone/calibration.h"

namespace nearzone {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_maker(const CalibratedPhone& phone, std::string_view maker) {
  return std::ranges::equal(phone.maker, maker, {}, lower, lower);
}

// Halves away from zero.
int32_t rounded_mean(int64_t sum, int64_t count) {
  const int64_t half = sum < 0 ? -count / 2 : count / 2;
  return static_cast<int32_t>((sum + half) / count);
}

// The mean of the phones that `wanted` holds for; of source `none` where there are none.
template <typename Wanted>
Calibration mean_of(const std::vector<CalibratedPhone>& phones, CalibrationSource source,
                    uint8_t confidence, const Wanted& wanted) {
  int64_t corrections = 0;
  int64_t powers = 0;
  int64_t count = 0;
  for (const CalibratedPhone& phone : phones) {
    if (!wanted(phone)) continue;
    corrections += phone.rssi_correction_db;
    powers += phone.transmit_power_dbm;
    confidence = std::min(confidence, phone.confidence);
    ++count;
  }
  if (count == 0) return {};
  return {rounded_mean(corrections, count), rounded_mean(powers, count), confidence, source};
}

}  // namespace

Calibration CalibrationTable::look_up(std::string_view maker, std::string_view device,
                                      std::string_view model) const {
  const Calibration exact =
      mean_of(phones_, CalibrationSource::exact_model, 3, [&](const CalibratedPhone& phone) {
        return is_maker(phone, maker) && phone.device == device && phone.model == model;
      });
  if (exact.source != CalibrationSource::none) return exact;
  const Calibration similar = mean_of(
      phones_, CalibrationSource::similar_model, 2,
      [&](const CalibratedPhone& phone) { return phone.device == device || phone.model == model; });
  if (similar.source != CalibrationSource::none) return similar;
  const Calibration makers =
      mean_of(phones_, CalibrationSource::maker, 1,
              [&](const CalibratedPhone& phone) { return is_maker(phone, maker); });
  if (makers.source != CalibrationSource::none) return makers;
  return mean_of(phones_, CalibrationSource::fleet, 0, [](const CalibratedPhone&) { return true; });
}

}  // namespace nearzone
