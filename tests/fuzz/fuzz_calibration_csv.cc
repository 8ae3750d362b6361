#include <cstdlib>

#include "nearzone/calibration.h"

// What is read can be stored.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  const Result<CalibrationTable> table = CalibrationTable::read_csv({data, size});
  if (!table.ok()) return 0;
  const Result<CalibrationTable> again = CalibrationTable::decode(table->encode());
  if (!again.ok() || *again != *table) std::abort();
  return 0;
}
