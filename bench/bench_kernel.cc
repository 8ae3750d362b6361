// What the kernels cost at each level that this processor can run: one SHA-256 compression and one
// AES block, and what schemes make of them, a derived key, a key's day of identifiers and a link of
// a hash chain. Every result is compared with the portable level's before it is timed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <vector>

#include "kernel/composed.h"
#include "kernel/kernel.h"
#include "nearzone/random.h"

namespace nearzone::kernel {
namespace {

constexpr size_t kBlocksPerKey = 144;

// `count` rows of kSize random bytes, or of zeros.
template <size_t kSize>
class Rows {
 public:
  using Row = uint8_t[kSize];
  explicit Rows(size_t count) : bytes_(kSize * count) {}
  Rows(size_t count, uint64_t seed) : Rows(count) { SeededRandom(seed).fill(bytes_); }
  Row* get() { return reinterpret_cast<Row*>(bytes_.data()); }
  bool operator==(const Rows&) const = default;

 private:
  std::vector<uint8_t> bytes_;
};

// Times `work` of a level, whose counter is the time of one item of `items` that it handles. `work`
// takes the level and what it writes to.
template <typename Result, typename Work>
void measure(benchmark::State& run, const KernelTable& kernel, Result result, const char* item,
             size_t items, const Work& work) {
  Result expected = result;
  work(kernel, result);
  work(kPortable, expected);
  if (result != expected) return run.SkipWithError("differs from the portable level");
  for (auto _ : run) {
    work(kernel, result);
    benchmark::ClobberMemory();
  }
  run.counters[item] =
      benchmark::Counter(static_cast<double>(items), benchmark::Counter::kIsIterationInvariantRate |
                                                         benchmark::Counter::kInvert);
}

size_t size_of(const benchmark::State& run) { return static_cast<size_t>(run.range(0)); }

void compress(benchmark::State& run, const KernelTable& kernel) {
  const size_t lanes = size_of(run);
  Rows<64> block(lanes, 1);
  std::vector<std::array<uint32_t, 8>> states(lanes);
  for (auto& state : states) std::copy_n(kSha256Initial, 8, state.begin());
  measure(run, kernel, states, "per_compression", lanes,
          [&](const KernelTable& level, std::vector<std::array<uint32_t, 8>>& state) {
            level.sha256_compress(reinterpret_cast<uint32_t(*)[8]>(state.data()), block.get(),
                                  lanes);
          });
}

void stream(benchmark::State& run, const KernelTable& kernel) {
  const size_t blocks = size_of(run);
  Rows<64> block(blocks, 2);
  std::array<uint32_t, 8> initial;
  std::copy_n(kSha256Initial, 8, initial.begin());
  measure(run, kernel, initial, "per_block", blocks,
          [&](const KernelTable& level, std::array<uint32_t, 8>& state) {
            level.sha256_stream(state.data(), block.get(), blocks);
          });
}

// A chain of one day: 96 quarters of an hour, and the key of the next day.
void chain(benchmark::State& run, const KernelTable& kernel) {
  constexpr size_t kLinks = 97;
  const uint8_t pick[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const size_t lanes = size_of(run);
  Rows<64> block(lanes, 3);
  for (size_t lane = 0; lane < lanes; ++lane) composed::pad(block.get()[lane], 32, 32);
  measure(run, kernel, std::pair(block, Rows<16>(kLinks * lanes)), "per_link", kLinks * lanes,
          [&](const KernelTable& level, std::pair<Rows<64>, Rows<16>>& result) {
            level.sha256_chain(result.first.get(), lanes, kLinks, pick, result.second.get());
          });
}

void hkdf(benchmark::State& run, const KernelTable& kernel) {
  const uint8_t info[7] = {'E', 'N', '-', 'R', 'P', 'I', 'K'};
  const size_t keys = size_of(run);
  Rows<16> key(keys, 4);
  measure(run, kernel, Rows<16>(keys), "per_key", keys,
          [&](const KernelTable& level, Rows<16>& derived) {
            level.hkdf_sha256(key.get(), info, derived.get(), keys);
          });
}

// Blocks that lie in memory, under one key, whose expansion is part of it.
void encrypt(benchmark::State& run, const KernelTable& kernel) {
  const size_t blocks = size_of(run);
  Rows<16> key(1, 5), in(blocks, 6);
  measure(run, kernel, Rows<16>(blocks), "per_block", blocks,
          [&](const KernelTable& level, Rows<16>& out) {
            level.aes128_encrypt(key.get(), in.get(), out.get(), 1, blocks);
          });
}

// A key's expansion and its rolling identifiers of a day.
void number(benchmark::State& run, const KernelTable& kernel) {
  const uint8_t prefix[12] = {'E', 'N', '-', 'R', 'P', 'I'};
  const size_t keys = size_of(run);
  Rows<16> key(keys, 7);
  const std::vector<uint32_t> first(keys, 2642976), count(keys, kBlocksPerKey);
  measure(run, kernel, Rows<16>(keys * kBlocksPerKey), "per_key", keys,
          [&](const KernelTable& level, Rows<16>& out) {
            level.aes128_number(key.get(), prefix, first.data(), count.data(), keys, out.get());
          });
}

// A filter as matching makes it, a tenth of whose bits are set.
class RandomFilter {
 public:
  explicit RandomFilter(size_t words) : words_(words) {
    SeededRandom random(8);
    for (size_t i = 0; i < words * 32 / 30; ++i) {
      const uint32_t hash = static_cast<uint32_t>(random.below(uint64_t{1} << 32));
      words_[hash >> shift()] |= filter_bits(hash);
    }
  }

  FilterView view() const { return {words_.data(), 0x9e3779b1, shift()}; }

 private:
  uint32_t shift() const { return 32 - static_cast<uint32_t>(std::countr_zero(words_.size())); }

  std::vector<uint32_t> words_;
};

constexpr size_t kKeysLookedUp = 16;

// Of a day's identifiers, in memory.
void look_up(benchmark::State& run, const KernelTable& kernel) {
  const RandomFilter filter(size_of(run));
  Rows<16> identifier(kKeysLookedUp * kBlocksPerKey, 9);
  std::vector<uint32_t> found(kKeysLookedUp * kBlocksPerKey);
  measure(run, kernel, size_t{0}, "per_key", kKeysLookedUp,
          [&](const KernelTable& level, size_t& hits) {
            hits = level.filter_find(filter.view(), identifier.get(), found.size(), found.data());
          });
}

// A key's expansion, its rolling identifiers of a day, and their look-ups.
void number_and_look_up(benchmark::State& run, const KernelTable& kernel) {
  const RandomFilter filter(size_of(run));
  const uint8_t prefix[12] = {'E', 'N', '-', 'R', 'P', 'I'};
  Rows<16> key(kKeysLookedUp, 7);
  const std::vector<uint32_t> first(kKeysLookedUp, 2642976), count(kKeysLookedUp, kBlocksPerKey);
  std::vector<uint32_t> found(kKeysLookedUp * kBlocksPerKey);
  measure(run, kernel, std::pair(Rows<16>(kKeysLookedUp * kBlocksPerKey), size_t{0}), "per_key",
          kKeysLookedUp, [&](const KernelTable& level, std::pair<Rows<16>, size_t>& result) {
            result.second = level.aes128_number_find(key.get(), prefix, first.data(), count.data(),
                                                     kKeysLookedUp, filter.view(),
                                                     result.first.get(), found.data());
          });
}

void register_levels() {
  struct {
    const char* name;
    void (*run)(benchmark::State&, const KernelTable&);
    const char* argument;
    std::vector<int64_t> sizes;
  } const kinds[] = {
      {"Sha256", compress, "lanes", {1, 4, 16, 32, 256}},
      {"Sha256Stream", stream, "blocks", {256}},
      {"Sha256Chain", chain, "lanes", {1, 16, 32, 256}},
      {"Hkdf", hkdf, "keys", {1, 16, 32, 256}},
      {"Aes128", encrypt, "blocks", {1, 144, 4096}},
      {"Aes128Number", number, "keys", {1, 16, 256}},
      {"FilterFind", look_up, "words", {4096, 8192, 65536}},
      {"Aes128NumberFind", number_and_look_up, "words", {4096, 8192, 65536}},
  };
  for (const auto& kind : kinds) {
    for (const KernelLevel& level : kernel_levels()) {
      const KernelTable* kernel = find(level.name);
      if (kernel == nullptr) continue;
      benchmark::RegisterBenchmark(
          (std::string(kind.name) + '/' + level.name).c_str(),
          [kernel, measured = kind.run](benchmark::State& run) { measured(run, *kernel); })
          ->ArgName(kind.argument)
          ->ArgsProduct({kind.sizes});
    }
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
