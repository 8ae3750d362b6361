#include "schemes/floor.h"

#include <benchmark/benchmark.h>

#include "kernel/kernel.h"
#include "nearzone/random.h"

namespace nearzone::bench {

using std::chrono::minutes;

Floor::Floor(const Variant& variant) : variant_(variant) { SeededRandom(1).fill(memory_); }

void Floor::run() {
  const kernel::KernelTable& kernels = kernel::active();
  for (size_t done = 0; done < kPersonDays; done += kLanes) {
    switch (variant_.tag) {
      case SchemeTag::bluezone: {  // the day's key, and 96 sub-keys
        static constexpr uint8_t kPick[16] = {0, 4, 8, 12, 16, 18, 20, 22, 24, 26, 28, 30};
        kernels.sha256_chain(rows<64>(), kLanes, 97, kPick, rows<16>(kOut));
        break;
      }
      case SchemeTag::gaen: {
        static constexpr uint8_t kInfo[7] = {'E', 'N', '-', 'R', 'P', 'I', 'K'};
        static constexpr uint8_t kPrefix[12] = {'E', 'N', '-', 'R', 'P', 'I'};
        kernels.hkdf_sha256(rows<16>(), kInfo, rows<16>(), kLanes);
        kernels.aes128_number(rows<16>(), kPrefix, firsts_.data(), counts_.data(), kLanes,
                              rows<16>(kOut));
        break;
      }
      case SchemeTag::dp3t_low_cost:  // the next day's key, an HMAC, and 96 blocks
        compress(5);
        stream(1, Day::kLength);
        break;
      case SchemeTag::dp3t_hybrid: {
        const auto windows = static_cast<size_t>(Day::kLength / variant_.window);
        compress(4 * windows);
        stream(windows, variant_.window);
        break;
      }
      case SchemeTag::tcn: compress(3 * 96); break;
      case SchemeTag::dp3t_unlinkable: compress(2 * 96); break;
    }
  }
  benchmark::DoNotOptimize(memory_.data());
}

void Floor::compress(size_t times) {
  for (size_t i = 0; i < times; ++i) kernel::active().sha256_compress(states_, rows<64>(), kLanes);
}

void Floor::stream(size_t windows, Millis window) {
  const auto size = static_cast<size_t>(window / minutes(15)) * 16;
  for (size_t i = 0; i < kLanes * windows; ++i)
    kernel::active().aes256_ctr(memory_.data() + 32 * (i % 64), counter_, memory_.data() + kOut,
                                size);
}

}  // namespace nearzone::bench
