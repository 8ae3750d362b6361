// The slot of a UTC day that a moment lies in.
#pragma once

#include <algorithm>

#include "nearzone/time.h"

namespace nearzone::beacon {

// slot > 0. The last slot of a day ends with the day.
inline TimeRange slot_of(Instant at, Millis slot) {
  const TimeRange day = Day::of(at).range();
  const Instant from = day.from + (at - day.from) / slot * slot;
  return {from, std::min(from + slot, day.to)};
}

}  // namespace nearzone::beacon
