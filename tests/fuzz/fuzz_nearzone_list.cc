#include "fuzz/read_list.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  nearzone::fuzzing::read_list(data, size, nearzone::ListFormat::nearzone);
  return 0;
}
