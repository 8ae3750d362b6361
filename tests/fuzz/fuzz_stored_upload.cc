#include <algorithm>
#include <cstdlib>

#include "nearzone/upload.h"
#include "upload/record.h"

// What decodes must come back the same; so must cover traffic.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  const ByteView bytes(data, size);
  const Result<upload::Record> record = upload::decode(bytes);
  if (record.ok() && !std::ranges::equal(upload::encode(*record).expose(ForSealing{}), bytes))
    std::abort();
  const Result<Chaff> chaff = Chaff::load(bytes);
  if (chaff.ok() && !std::ranges::equal(chaff->save(), bytes)) std::abort();
  return 0;
}
