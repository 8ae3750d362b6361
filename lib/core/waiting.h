// How long to leave a server alone that did not answer as it should.
#pragma once

#include <algorithm>
#include <optional>

#include "nearzone/random.h"
#include "nearzone/time.h"

namespace nearzone {

// After so many failures (> 0) in a row: a quarter of a minute at first, twice that each time
// after, an hour at most; up to half of it is taken off at random, so that phones that were turned
// away together do not come back together. What the server asked for counts, up to a day.
inline Millis wait_after_failures(uint32_t failures, std::optional<Millis> asked, Random& random) {
  constexpr Millis kFirst = std::chrono::seconds(15);
  constexpr Millis kMost = std::chrono::hours(1);
  constexpr Millis kMostAsked = std::chrono::hours(24);
  const Millis doubled = std::min(kMost, kFirst * (1 << std::min(failures - 1, 8u)));
  const Millis wait =
      doubled -
      Millis(static_cast<int64_t>(random.below(static_cast<uint64_t>(doubled.count()) / 2 + 1)));
  return asked ? std::max(wait, std::min(*asked, kMostAsked)) : wait;
}

}  // namespace nearzone
