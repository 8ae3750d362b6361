// The benchmarks of matching, in groups. Those of a group take turns, repetition by repetition, so
// that whatever else the machine does meets all of them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nearzone::bench {

struct Setting {
  std::string folder;  // for lists and logs
  bool quick = false;  // leave out what only plots show
};

struct Group {
  // Registers those of its benchmarks that pass --benchmark_filter, and says how many.
  size_t (*add)(const Setting&);
  bool own_process = false;  // for it measures memory
};

const std::vector<Group>& groups();

}  // namespace nearzone::bench
