/// Which implementation of SHA-256 and AES runs: several levels are built in, the best one that
/// this processor has is taken, and the environment variable NEARZONE_KERNEL forces one by name.
///
///     for (const nearzone::KernelLevel& level : nearzone::kernel_levels())
///       use(level.name, level.supported);
#pragma once

#include <span>
#include <string_view>

#include "nearzone/status.h"

namespace nearzone {

/// One compiled-in level. `name` is a string literal: "portable"; "x86-sha-aes", "x86-vaes" and
/// "x86-avx512" on x86-64; "arm64-crypto" on arm64.
struct KernelLevel {
  const char* name;
  bool supported;  ///< whether this processor and operating system can run it
};

/// All compiled-in levels, slowest first. Safe from any thread.
std::span<const KernelLevel> kernel_levels();

/// The name of the level in use, or unsupported where NEARZONE_KERNEL names a level that is unknown
/// or that this processor lacks: there is no silent fallback. The choice is made at the first use
/// and then stays. Safe from any thread.
Result<std::string_view> active_kernel();

}  // namespace nearzone
