// What a matcher holds.
#pragma once

#include <cstdint>
#include <vector>

#include "match/index.h"
#include "nearzone/match.h"

namespace nearzone {

struct Matcher::Log {
  SightingColumns columns;
  uint32_t multiplier;  // of all filters; secret and odd
  std::vector<match::SchemeIndex> schemes = {};
};

}  // namespace nearzone
