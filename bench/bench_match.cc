// Matching whole lists in memory, beside a textbook and a tuned OpenSSL matcher in the same run.
// The worst case for a phone: encounters spread over every ten-minute interval of fourteen days, so
// nothing is skipped.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "baselines/textbook_matcher.h"
#include "baselines/tuned_matcher.h"
#include "nearzone/gaen.h"
#include "nearzone/kernels.h"
#include "nearzone/match.h"
#include "nearzone/random.h"

namespace nearzone::bench {
namespace {

constexpr Day kFirstDay{18500};
constexpr uint32_t kDays = 14;
constexpr size_t kPlanted = 25;

struct World {
  std::vector<PublishedKey> keys;
  std::vector<Sighting> sightings;
  std::vector<Identifier> identifiers;
  SightingTable table;
};

World make_world(size_t keys, size_t sightings) {
  SeededRandom random(20260101);
  World world;
  for (size_t i = 0; i < keys; ++i) {
    PublishedKey key;
    random.fill(std::span(key.bytes).first(16));
    key.valid_from = (kFirstDay + static_cast<int32_t>(i % kDays)).start();
    key.valid_to = key.valid_from + Day::kLength;
    key.record = i;
    world.keys.push_back(key);
  }
  for (size_t i = 0; i < sightings; ++i) {
    Sighting sighting;
    const uint64_t interval = i % (kDays * gaen::kIntervalsPerDay);
    sighting.time = kFirstDay.start() + Interval::kLength * static_cast<int64_t>(interval);
    random.fill(sighting.identifier.bytes);
    if (i < kPlanted) {
      const PublishedKey& key = world.keys[i * (keys / kPlanted)];
      const gaen::TemporaryExposureKey tek{std::span<const uint8_t, 16>(key.bytes.data(), 16)};
      sighting.time = key.valid_from + Interval::kLength * static_cast<int64_t>(i);
      sighting.identifier = gaen::rolling_proximity_identifier(tek, Interval::of(sighting.time));
    }
    world.sightings.push_back(sighting);
    world.identifiers.push_back(sighting.identifier);
  }
  world.table = SightingTable::from(world.sightings);
  return world;
}

class Stream final : public KeyStream {
 public:
  explicit Stream(const std::vector<PublishedKey>& keys) : keys_(keys) {}
  Status next(size_t most, std::vector<PublishedKey>& batch) override {
    const size_t count = std::min(most, keys_.size() - at_);
    batch.assign(keys_.begin() + static_cast<ptrdiff_t>(at_),
                 keys_.begin() + static_cast<ptrdiff_t>(at_ + count));
    at_ += count;
    return {};
  }

 private:
  const std::vector<PublishedKey>& keys_;
  size_t at_ = 0;
};

size_t match_nearzone(const World& world) {
  const Scheme* const schemes[] = {&gaen_scheme()};
  SystemRandom random;
  const auto matcher = Matcher::create(world.table.columns(), schemes, random);
  Stream stream(world.keys);
  MatchResult result;
  if (!matcher.ok() || !matcher->match(stream, 0, {}, result).ok()) return 0;
  return result.keys.size();
}

void report(benchmark::State& state, size_t keys, size_t found) {
  if (found != kPlanted) state.SkipWithError("wrong number of matches");
  state.counters["keys/s"] =
      benchmark::Counter(static_cast<double>(keys), benchmark::Counter::kIsIterationInvariantRate);
}

void BM_NearZone(benchmark::State& state) {
  const World world = make_world(20000, static_cast<size_t>(state.range(0)));
  size_t found = match_nearzone(world);
  for (auto _ : state) found = match_nearzone(world);
  report(state, world.keys.size(), found);
  const auto level = active_kernel();
  state.SetLabel(level.ok() ? std::string(*level) : "no kernel");
}

template <size_t (*kMatch)(std::span<const PublishedKey>, std::span<const Identifier>)>
void BM_Baseline(benchmark::State& state) {
  const World world = make_world(20000, static_cast<size_t>(state.range(0)));
  size_t found = kMatch(world.keys, world.identifiers);
  for (auto _ : state) found = kMatch(world.keys, world.identifiers);
  report(state, world.keys.size(), found);
}

BENCHMARK(BM_NearZone)->Arg(1000)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Baseline<match_tuned>)
    ->Name("BM_TunedOpenSSL")
    ->Arg(1000)
    ->Arg(10000)
    ->Arg(100000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Baseline<match_textbook>)
    ->Name("BM_TextbookOpenSSL")
    ->Arg(1000)
    ->Arg(10000)
    ->Arg(100000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nearzone::bench

BENCHMARK_MAIN();
