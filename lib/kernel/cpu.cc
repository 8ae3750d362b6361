#include "kernel/cpu.h"

#include "kernel/table.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace nearzone::kernel {

// Asked of the processor itself: older compilers' own probes do not know SHA-NI.
uint32_t detect_cpu_features() {
  uint32_t features = 0;
#if defined(__x86_64__)
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  // All of these use the SSE registers, which every x86-64 operating system saves.
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0) {
    if ((ecx >> 9 & 1) != 0) features |= kSsse3;
    if ((ecx >> 19 & 1) != 0) features |= kSse41;
    if ((ecx >> 25 & 1) != 0) features |= kAesNi;
  }
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx >> 29 & 1) != 0)
    features |= kShaNi;
#endif
  return features;
}

}  // namespace nearzone::kernel
