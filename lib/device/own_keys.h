// Under which name a phone's own keys are kept.
#pragma once

#include <string_view>

#include "nearzone/sighting.h"

namespace nearzone::device {

inline std::string_view own_keys_kind(SchemeTag scheme) {
  switch (scheme) {
    case SchemeTag::bluezone: return "own-keys-bluezone";
    case SchemeTag::gaen: return "own-keys-gaen";
    case SchemeTag::dp3t_low_cost: return "own-keys-dp3t-lowcost";
    case SchemeTag::dp3t_hybrid: return "own-keys-dp3t-hybrid";
    case SchemeTag::tcn: return "own-keys-tcn";
    case SchemeTag::dp3t_unlinkable: return "own-keys-dp3t-unlinkable";
  }
  return {};
}

}  // namespace nearzone::device
