// What is known of a phone model.
#include "nearzone/calibration.h"

#include "interface.h"

using namespace nearzone;     // NOLINT(google-build-using-namespace)
using namespace nearzone::c;  // NOLINT(google-build-using-namespace)

int32_t nz_calibration_look_up(const void* table, size_t table_size, const char* maker,
                               const char* device, const char* model, nz_calibration* calibration,
                               nz_error** error) {
  return guard(error, [&]() -> Status {
    if (table_size != 0) NEARZONE_TRY(require(table));
    NEARZONE_TRY(require(maker, device, model));
    NEARZONE_TRY(check_size(calibration));
    NEARZONE_ASSIGN(const CalibrationTable phones,
                    CalibrationTable::decode({static_cast<const uint8_t*>(table), table_size}));
    const Calibration known = phones.look_up(maker, device, model);
    write_struct<nz_calibration>({0, known.rssi_correction_db, known.transmit_power_dbm,
                                  known.confidence, static_cast<int32_t>(known.source)},
                                 calibration);
    return {};
  });
}
