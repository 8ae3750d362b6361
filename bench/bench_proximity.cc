// What a phone computes of a fortnight's matches: 100,000 sightings of published keys, from
// attenuations to a risk for each day. Checked before it is timed: the same sightings in another
// order must give the same days.
//
//   bench_proximity [options of Google Benchmark]
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "nearzone/dose.h"
#include "nearzone/random.h"

namespace nearzone {
namespace {

constexpr size_t kSightings = 100'000;
constexpr int32_t kDays = 14;
constexpr Day kFirstDay{18500};

// Sightings of one key a vector.
using Keys = std::vector<std::vector<ProximityReading>>;

// Each key is heard for hours of one day, scan by scan, so many times a scan.
Keys some_keys(size_t keys, Millis between_scans, size_t readings_a_scan) {
  SeededRandom random(1);
  Keys made(keys);
  for (size_t i = 0; i < keys; ++i) {
    const Day day = kFirstDay + static_cast<int32_t>(random.below(kDays));
    const auto level = static_cast<int32_t>(35 + random.below(40));
    Instant at = day.start();
    while (made[i].size() < kSightings / keys) {
      for (size_t again = 0; again < readings_a_scan; ++again)
        made[i].push_back({at, at, at - between_scans,
                           level + static_cast<int32_t>(random.below(15)), random.below(2) == 0});
      at = at + between_scans;
    }
  }
  return made;
}

std::vector<DayDose> risk_of(const Keys& keys) {
  static const DoseConfig dose;
  Nearness nearness({55, 2}, {});
  std::vector<KeyNearness> days;
  days.reserve(keys.size());
  for (const auto& readings : keys) days.push_back({nearness.by_day(readings), 1});
  return doses_by_day(days, dose);
}

void check(const Keys& keys) {
  Keys reversed(keys.rbegin(), keys.rend());
  for (auto& readings : reversed) std::ranges::reverse(readings);
  const std::vector<DayDose> days = risk_of(keys);
  const std::vector<DayDose> others = risk_of(reversed);
  bool same = !days.empty() && days.size() == others.size();
  for (size_t i = 0; same && i < days.size(); ++i)
    same = std::abs(days[i].risk - others[i].risk) <= 1e-9 * days[i].risk;
  if (same) return;
  std::fprintf(stderr, "bench_proximity: the order of sightings matters\n");
  std::exit(1);
}

// Arguments: keys, seconds between scans, readings a scan.
void fortnight(benchmark::State& state) {
  const Keys keys =
      some_keys(static_cast<size_t>(state.range(0)), std::chrono::seconds(state.range(1)),
                static_cast<size_t>(state.range(2)));
  check(keys);
  for (auto _ : state) benchmark::DoNotOptimize(risk_of(keys));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kSightings));
}
BENCHMARK(fortnight)
    ->ArgNames({"keys", "seconds", "readings"})
    ->Args({1000, 240, 10})
    ->Args({1000, 240, 1})
    ->Args({100, 60, 1})
    ->Args({20, 10, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nearzone

BENCHMARK_MAIN();
