// The order in which DP-3T's identifiers of one day or window go on the air. It follows from a
// secret that never leaves the phone, so that it is the same after a restart, and nobody who learns
// the published key learns it.
#pragma once

#include <cstdint>

#include "nearzone/secret.h"

namespace nearzone {

// Which of the `count` (1 to 1440) identifiers of time `number` is sent as the `place`-th.
uint32_t secret_order(const Secret<32>& secret, uint32_t number, uint32_t count, uint32_t place);

}  // namespace nearzone
