// The level in use, and how tests and benchmarks reach the others.
#pragma once

#include "kernel/table.h"
#include "nearzone/kernels.h"

namespace nearzone::kernel {

// The level in use. Where NEARZONE_KERNEL names none that can run, this is the portable level and
// active_kernel() reports the fault: a library must not stop its process.
const KernelTable& active();

// A level by name, or null where it is unknown or this processor lacks it.
const KernelTable* find(const char* name);

}  // namespace nearzone::kernel
