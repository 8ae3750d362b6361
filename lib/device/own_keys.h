// Under which name a phone's own keys are kept.
#pragma once

#include <string_view>

#include "nearzone/sighting.h"

namespace nearzone::device {

inline std::string_view own_keys_kind(SchemeTag scheme) {
  return scheme == SchemeTag::bluezone ? "own-keys-bluezone" : "own-keys-gaen";
}

}  // namespace nearzone::device
