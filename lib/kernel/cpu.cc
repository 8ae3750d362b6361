#include "kernel/cpu.h"

#include "kernel/table.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

namespace nearzone::kernel {

#if defined(__x86_64__)
namespace {

// XMM and YMM; and with them opmask and both parts of the ZMM registers.
constexpr uint32_t kYmmState = 0x06;
constexpr uint32_t kZmmState = 0xe6;
// In ECX of leaf 1.
constexpr uint32_t kSse41AndPopcnt = 1u << 19 | 1u << 23;
// In EBX of leaf 7.
constexpr uint32_t kAvx2AndBmi2 = 1u << 5 | 1u << 8;
constexpr uint32_t kAvx512FBwVl = 1u << 16 | 1u << 30 | 1u << 31;

// The register states that the operating system saves. For processors with OSXSAVE only.
uint32_t read_xcr0() {
  uint32_t low = 0;
  uint32_t high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

}  // namespace
#elif defined(__aarch64__) && defined(__linux__)
namespace {

// Bits of AT_HWCAP, constants of Linux's interface that not every C library's header names.
constexpr unsigned long kHwcapAes = 1ul << 3;
constexpr unsigned long kHwcapSha2 = 1ul << 6;

}  // namespace
#endif

// On x86 asked of the processor itself: older compilers' own probes do not know SHA-NI.
uint32_t detect_cpu_features() {
  uint32_t features = 0;
#if defined(__x86_64__)
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  uint32_t saved = 0;
  // Every x86-64 operating system saves the SSE registers; whether it saves wider ones it says in
  // XCR0.
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0) {
    if ((ecx >> 9 & 1) != 0) features |= kSsse3;
    if ((ecx & kSse41AndPopcnt) == kSse41AndPopcnt) features |= kSse41;
    if ((ecx >> 25 & 1) != 0) features |= kAesNi;
    if ((ecx >> 27 & 1) != 0) saved = read_xcr0();
  }
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0) {
    if ((ebx >> 29 & 1) != 0) features |= kShaNi;
    const bool saves_ymm = (saved & kYmmState) == kYmmState;
    const bool saves_zmm = (saved & kZmmState) == kZmmState;
    if (saves_ymm && (ebx & kAvx2AndBmi2) == kAvx2AndBmi2) features |= kAvx2;
    if (saves_zmm && (ebx & kAvx512FBwVl) == kAvx512FBwVl) features |= kAvx512;
    if (saves_ymm && (ecx >> 9 & 1) != 0) features |= kVaes;
  }
#elif defined(__aarch64__) && defined(__linux__)
  const unsigned long hwcap = getauxval(AT_HWCAP);
  if ((hwcap & kHwcapSha2) != 0) features |= kArmSha2;
  if ((hwcap & kHwcapAes) != 0) features |= kArmAes;
#elif defined(__aarch64__) && defined(__APPLE__)
  // Every arm64 processor of Apple's has them.
  features |= kArmSha2 | kArmAes;
#endif
  return features;
}

}  // namespace nearzone::kernel
