#include <cstdlib>

#include "nearzone/lists.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto key = nearzone::PublicKey::parse({data, size});
  if (key.ok() && key->bytes().size() != 32 && key->bytes().size() != 65) std::abort();
  return 0;
}
