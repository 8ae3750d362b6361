// The same work for many items on a few threads.
#pragma once

#include <cstddef>
#include <functional>

#include "nearzone/simulation.h"
#include "nearzone/status.h"

namespace nearzone::simulation {

// Calls work(i) for every i in [0, count) on `threads` threads, the caller's included. Where any
// fails, no further item is begun, and of the failures the one with the lowest index is returned.
Status for_each_item(size_t count, unsigned threads, const std::function<Status(size_t)>& work,
                     const Progress& progress);

}  // namespace nearzone::simulation
