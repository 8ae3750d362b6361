#include <cstdlib>

#include "nearzone/match.h"

// What decodes must be in order, and come back the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  const Result<MatchMemory> memory = MatchMemory::decode({data, size});
  if (!memory.ok()) return 0;
  for (size_t i = 1; i < memory->hits.size(); ++i)
    if (memory->hits[i - 1] >= memory->hits[i]) std::abort();
  const Result<MatchMemory> again = MatchMemory::decode(memory->encode());
  if (!again.ok() || *again != *memory) std::abort();
  return 0;
}
