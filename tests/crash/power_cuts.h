// One log whose power is cut, again and again where everything is synced.
#pragma once

#include <cstdint>
#include <string>

namespace nearzone::crash_test {

struct Outcome {
  std::string failure;  // empty where everything held
  uint64_t cuts = 0;
  uint64_t steps = 0;
};

Outcome cut_power(uint64_t seed, int cuts);
// One that may lose its last moments then: nothing else may be wrong with it.
Outcome cut_power_unsynced(uint64_t seed);

}  // namespace nearzone::crash_test
