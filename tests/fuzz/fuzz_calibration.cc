#include <cstdlib>

#include "core/crypto.h"
#include "nearzone/calibration.h"

namespace {

using namespace nearzone;

void require_round_trip(ByteView bytes) {
  const Result<CalibrationTable> table = CalibrationTable::decode(bytes);
  if (!table.ok()) return;
  const Result<CalibrationTable> again = CalibrationTable::decode(table->encode());
  if (!again.ok() || *again != *table) std::abort();
  if (table->look_up("", "", "").source == CalibrationSource::none) std::abort();
}

}  // namespace

// Once as it is, and once with a checksum that lets the rest be seen.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  require_round_trip({data, size});
  if (size < 8) return 0;
  std::vector<uint8_t> sealed(data, data + size - 8);
  const Digest digest = sha256(sealed);
  sealed.insert(sealed.end(), digest.begin(), digest.begin() + 8);
  require_round_trip(sealed);
  return 0;
}
