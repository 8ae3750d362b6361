// What the kernels alone take for the infected people's days.
#pragma once

#include <vector>

#include "schemes/world.h"

namespace nearzone::bench {

// All person-days, many lanes side by side.
class Floor {
 public:
  explicit Floor(const Variant& variant);

  void run();

 private:
  static constexpr size_t kLanes = 32;
  static constexpr size_t kOut = 4096;

  template <size_t kSize>
  uint8_t (*rows(size_t at = 0))[kSize] {
    return reinterpret_cast<uint8_t(*)[kSize]>(memory_.data() + at);
  }
  // So many compressions in each lane.
  void compress(size_t times);
  // The keystreams of each lane, of a window each.
  void stream(size_t windows, Millis window);

  const Variant& variant_;
  std::vector<uint8_t> memory_ = std::vector<uint8_t>(kOut + kLanes * 144 * 16);
  uint32_t states_[kLanes][8] = {};
  const uint8_t counter_[16] = {};
  const std::vector<uint32_t> firsts_ = std::vector<uint32_t>(kLanes, 2642976);
  const std::vector<uint32_t> counts_ = std::vector<uint32_t>(kLanes, 144);
};

}  // namespace nearzone::bench
