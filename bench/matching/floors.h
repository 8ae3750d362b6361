// What the kernels alone cost: no match can be faster.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace nearzone::bench {

// A way to do a part of the work; of several ways of the same part, the fastest is the floor.
struct Floor {
  std::string name;  // "part" or "part:way"
  size_t items;      // that one run handles
  std::function<void()> run;
};

// Of an Exposure Notification key: "hkdf:..." and "blocks:..." (key expansion and 144 blocks).
// `keys`, a multiple of 256, are handled by a run.
std::vector<Floor> key_floors(size_t keys);
// Of a link of a hash chain; 97 links of each of `chains`, a multiple of 256.
std::vector<Floor> link_floors(size_t chains);

}  // namespace nearzone::bench
