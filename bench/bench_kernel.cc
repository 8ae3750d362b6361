// What one SHA-256 compression and one AES block cost at each level that this processor can run.
// Every result is compared with the portable level's before it is timed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "kernel/kernel.h"
#include "nearzone/random.h"

namespace nearzone::kernel {
namespace {

// The counter is the time of one item of `items` that an iteration handles.
void report_time_per(benchmark::State& run, const char* item, size_t items) {
  run.counters[item] =
      benchmark::Counter(static_cast<double>(items), benchmark::Counter::kIsIterationInvariantRate |
                                                         benchmark::Counter::kInvert);
}

void sha256(benchmark::State& run, const KernelTable& kernel) {
  const size_t lanes = static_cast<size_t>(run.range(0));
  std::vector<std::array<uint32_t, 8>> states(lanes), expected(lanes);
  for (auto& state : states) std::copy_n(kSha256Initial, 8, state.begin());
  expected = states;
  std::vector<uint8_t> message(64 * lanes);
  SeededRandom(1).fill(message);
  const auto* blocks = reinterpret_cast<const uint8_t(*)[64]>(message.data());
  auto* chains = reinterpret_cast<uint32_t(*)[8]>(states.data());

  kernel.sha256_compress(chains, blocks, lanes);
  kPortable.sha256_compress(reinterpret_cast<uint32_t(*)[8]>(expected.data()), blocks, lanes);
  if (states != expected) return run.SkipWithError("differs from the portable level");

  for (auto _ : run) {
    kernel.sha256_compress(chains, blocks, lanes);
    benchmark::ClobberMemory();
  }
  report_time_per(run, "per_compression", lanes);
}

// A day's 144 rolling identifiers of each key, with the expansion of the key.
void aes128(benchmark::State& run, const KernelTable& kernel) {
  constexpr size_t kKeys = 16;
  constexpr size_t kBlocksPerKey = 144;
  std::vector<uint8_t> key(16 * kKeys), plain(16 * kKeys * kBlocksPerKey);
  SeededRandom random(2);
  random.fill(key);
  random.fill(plain);
  std::vector<uint8_t> sealed(plain.size()), expected(plain.size());
  const auto* keys = reinterpret_cast<const uint8_t(*)[16]>(key.data());
  const auto* in = reinterpret_cast<const uint8_t(*)[16]>(plain.data());
  auto* out = reinterpret_cast<uint8_t(*)[16]>(sealed.data());

  kernel.aes128_encrypt(keys, in, out, kKeys, kBlocksPerKey);
  kPortable.aes128_encrypt(keys, in, reinterpret_cast<uint8_t(*)[16]>(expected.data()), kKeys,
                           kBlocksPerKey);
  if (sealed != expected) return run.SkipWithError("differs from the portable level");

  for (auto _ : run) {
    kernel.aes128_encrypt(keys, in, out, kKeys, kBlocksPerKey);
    benchmark::ClobberMemory();
  }
  report_time_per(run, "per_block", kKeys * kBlocksPerKey);
}

void register_levels() {
  for (const KernelLevel& level : kernel_levels()) {
    const KernelTable* kernel = find(level.name);
    if (kernel == nullptr) continue;
    const std::string name = level.name;
    benchmark::RegisterBenchmark(("Sha256/" + name).c_str(),
                                 [kernel](benchmark::State& run) { sha256(run, *kernel); })
        ->ArgName("lanes")
        ->Arg(1)
        ->Arg(16)
        ->Arg(256);
    benchmark::RegisterBenchmark(("Aes128/144x16/" + name).c_str(),
                                 [kernel](benchmark::State& run) { aes128(run, *kernel); });
  }
}

}  // namespace
}  // namespace nearzone::kernel

int main(int argc, char** argv) {
  nearzone::kernel::register_levels();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
