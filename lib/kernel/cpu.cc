#include "kernel/cpu.h"

#include "kernel/table.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace nearzone::kernel {

#if defined(__x86_64__)
namespace {

// XMM, YMM, opmask and both parts of the ZMM registers.
constexpr uint32_t kZmmState = 0xe6;
// In EBX of leaf 7.
constexpr uint32_t kAvx512FBwVl = 1u << 16 | 1u << 30 | 1u << 31;

// The register states that the operating system saves. For processors with OSXSAVE only.
uint32_t read_xcr0() {
  uint32_t low = 0;
  uint32_t high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

}  // namespace
#endif

// Asked of the processor itself: older compilers' own probes do not know SHA-NI.
uint32_t detect_cpu_features() {
  uint32_t features = 0;
#if defined(__x86_64__)
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  bool saves_zmm = false;
  // Every x86-64 operating system saves the SSE registers; whether it saves the AVX-512 ones it
  // says in XCR0.
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0) {
    if ((ecx >> 9 & 1) != 0) features |= kSsse3;
    if ((ecx >> 19 & 1) != 0) features |= kSse41;
    if ((ecx >> 25 & 1) != 0) features |= kAesNi;
    if ((ecx >> 27 & 1) != 0) saves_zmm = (read_xcr0() & kZmmState) == kZmmState;
  }
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0) {
    if ((ebx >> 29 & 1) != 0) features |= kShaNi;
    if (saves_zmm && (ebx & kAvx512FBwVl) == kAvx512FBwVl) features |= kAvx512;
    if (saves_zmm && (ecx >> 9 & 1) != 0) features |= kVaes;
  }
#endif
  return features;
}

}  // namespace nearzone::kernel
