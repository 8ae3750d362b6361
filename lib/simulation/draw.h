// Random draws beyond the uniform.
#pragma once

#include <cmath>
#include <numbers>

#include "nearzone/random.h"

namespace nearzone::simulation {

inline bool chance(Random& random, double probability) { return random.unit() < probability; }

inline double uniform(Random& random, double low, double high) {
  return low + (high - low) * random.unit();
}

// Standard normal by Box and Muller; 1 - unit() lies in (0, 1], so the logarithm is finite.
inline double normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.unit()));
  return radius * std::cos(2 * std::numbers::pi * random.unit());
}

inline double lognormal(Random& random, double median, double sigma) {
  return median * std::exp(sigma * normal(random));
}

}  // namespace nearzone::simulation
