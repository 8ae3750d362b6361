// How much the tests of this folder do, and from which seed: set by environment variables.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace nearzone::crash_test {

inline uint64_t setting(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : std::strtoull(value, nullptr, 10);
}

// NEARZONE_CRASH_SEED: the first seed. A test that fails prints the one it failed with.
inline uint64_t first_seed() { return setting("NEARZONE_CRASH_SEED", 1); }
// NEARZONE_CRASH_RUNS: how many seeds each test tries, `otherwise` by default; a fifth of many
// where a sanitizer looks at the code, which does the same in all of them.
inline uint64_t runs(uint64_t otherwise) {
#ifdef __SANITIZE_ADDRESS__
  if (otherwise >= 100) otherwise /= 5;
#endif
  return setting("NEARZONE_CRASH_RUNS", otherwise);
}

inline std::string how_to_repeat(uint64_t seed) {
  return "repeat with NEARZONE_CRASH_SEED=" + std::to_string(seed) + " NEARZONE_CRASH_RUNS=1";
}

}  // namespace nearzone::crash_test
