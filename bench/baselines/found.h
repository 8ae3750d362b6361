// What every baseline gives back.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "nearzone/keys.h"

namespace nearzone::bench {

// The bytes of the keys that matched, sorted.
using FoundKeys = std::vector<std::array<uint8_t, 32>>;

inline FoundKeys sorted(FoundKeys keys) {
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace nearzone::bench
