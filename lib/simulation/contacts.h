// Who meets whom, when, for how long and how near.
#pragma once

#include <cstdint>
#include <vector>

#include "nearzone/random.h"
#include "nearzone/simulation.h"

namespace nearzone::simulation {

// All meetings of the town, ascending by time. Pairs meet independently of each other: two meetings
// of one person may overlap.
std::vector<Closeness> meet(const TownOptions& options, const std::vector<Person>& people,
                            Random& random);

}  // namespace nearzone::simulation
