// What this processor and operating system can run.
#pragma once

#include <cstdint>

namespace nearzone::kernel {

// Bits of CpuFeature.
uint32_t detect_cpu_features();

}  // namespace nearzone::kernel
