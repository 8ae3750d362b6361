// One log of which a single call, or every call from some moment on, fails.
#pragma once

#include <cstdint>
#include <string>

#include "crash/disk.h"

namespace nearzone::crash_test {

struct FaultPlan {
  uint64_t seed;
  int steps;
  Fault fault;
  bool lasting;  // until the first step that fails
  uint64_t nth;
};

// Calls that can meet the fault while the steps are done without one.
uint64_t calls_of(const FaultPlan& plan);

// Empty where the log told of the fault, or mastered it; did what had failed once it was over; and
// held, then and after a power cut, what was acknowledged.
std::string meet_fault(const FaultPlan& plan);

}  // namespace nearzone::crash_test
