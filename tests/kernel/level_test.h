// Tests that hold for every kernel level, run for each that this processor has.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "kernel/kernel.h"
#include "nearzone/random.h"

namespace nearzone::kernel {

class LevelTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    kernel_ = find(GetParam());
    if (kernel_ == nullptr) GTEST_SKIP() << "this processor cannot run " << GetParam();
  }

  std::vector<uint8_t> random_bytes(size_t size) {
    std::vector<uint8_t> bytes(size);
    random_.fill(bytes);
    return bytes;
  }

  const KernelTable* kernel_ = nullptr;
  SeededRandom random_{42};
};

inline std::vector<const char*> level_names() {
  std::vector<const char*> names;
  for (const KernelLevel& level : kernel_levels()) names.push_back(level.name);
  return names;
}

inline std::string test_name(const testing::TestParamInfo<const char*>& level) {
  std::string name = level.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

// Kernels take rows of bytes that need no alignment: these begin at an odd address, and the byte
// behind the last is there to be left alone.
template <size_t kSize>
class Rows {
 public:
  explicit Rows(size_t count) : bytes_(kSize * count + 2) {}
  Rows(size_t count, Random& random) : Rows(count) { random.fill(bytes_); }

  using Row = uint8_t[kSize];
  Row* get() { return reinterpret_cast<Row*>(bytes_.data() + 1); }
  Row& operator[](size_t i) { return get()[i]; }
  bool operator==(const Rows&) const = default;

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace nearzone::kernel
