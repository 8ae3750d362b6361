// Every scheme side by side: what an infected person's day costs to publish, to read, to derive and
// to match, beside the floor of the kernels, what it costs a phone to store, and how long somebody
// can send an identifier again and be believed.
//
//   bench_schemes [--json FILE] [options of Google Benchmark]
//
// People send for five days and publish at the end; the sightings that have to be found are planted
// with the schemes' own functions for a single key, and are all that may be found. A table of the
// medians goes to standard output.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "schemes/floor.h"
#include "schemes/storage.h"
#include "schemes/world.h"

namespace nearzone::bench {
namespace {

// Collects the processor's time of every repetition.
class Medians final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.run_type == Run::RT_Iteration && !run.error_occurred)
        times_[run.run_name.function_name].push_back(run.cpu_accumulated_time /
                                                     static_cast<double>(run.iterations));
    ConsoleReporter::ReportRuns(runs);
  }
  // Nanoseconds a person-day; 0 where that was not measured.
  double of(const std::string& work, const Variant& variant) {
    std::vector<double>& times = times_[work + ":" + variant.name];
    if (times.empty()) return 0;
    std::ranges::nth_element(times, times.begin() + static_cast<ptrdiff_t>(times.size() / 2));
    return times[times.size() / 2] * 1e9 / static_cast<double>(kPersonDays);
  }

 private:
  std::map<std::string, std::vector<double>> times_;
};

template <typename Work>
void add(const char* name, const Variant& variant, Work work) {
  benchmark::RegisterBenchmark((std::string(name) + ":" + variant.name).c_str(),
                               [work](benchmark::State& run) {
                                 for (auto _ : run)
                                   if (!work()) run.SkipWithError("gives something else");
                               })
      ->Unit(benchmark::kMillisecond);
}

// One row a scheme.
struct Row {
  const Variant& variant;
  double published_bytes;  // of an infected person and day
  double read_ns, derive_ns, floor_ns, match_ns;
  size_t own_key_bytes;
  uint64_t log_bytes;
  int64_t replay_minutes;
};

void print_table(const std::vector<Row>& rows) {
  std::printf("\n%-16s %9s %8s %8s %8s %7s %8s %8s %8s %8s\n", "", "bytes a", "read", "derive",
              "floor", "derive", "match", "own keys", "log", "replay");
  std::printf("%-16s %9s %8s %8s %8s %7s %8s %8s %8s %8s\n", "", "pers.-day", "ns", "ns", "ns",
              "/floor", "ns", "bytes", "kB", "min");
  for (const Row& row : rows)
    std::printf("%-16s %9.1f %8.0f %8.0f %8.0f %7.2f %8.0f %8zu %8.0f %8s\n", row.variant.name,
                row.published_bytes, row.read_ns, row.derive_ns, row.floor_ns,
                row.floor_ns > 0 ? row.derive_ns / row.floor_ns : 0, row.match_ns,
                row.own_key_bytes, static_cast<double>(row.log_bytes) / 1000,
                row.replay_minutes < 0 ? "release" : std::to_string(row.replay_minutes).c_str());
}

bool write_json(const std::string& path, const std::vector<Row>& rows) {
  std::ofstream file(path);
  file << "{";
  for (const Row& row : rows)
    file << (&row == rows.data() ? "" : ", ") << "\"" << row.variant.name
         << "\": {\"published_bytes\": " << row.published_bytes << ", \"read_ns\": " << row.read_ns
         << ", \"derive_ns\": " << row.derive_ns << ", \"floor_ns\": " << row.floor_ns
         << ", \"match_ns\": " << row.match_ns << ", \"own_key_bytes\": " << row.own_key_bytes
         << ", \"log_bytes\": " << row.log_bytes << ", \"replay_minutes\": " << row.replay_minutes
         << "}";
  file << "}\n";
  return file.flush().good();
}

}  // namespace
}  // namespace nearzone::bench

int main(int argc, char** argv) {
  using namespace nearzone::bench;
  std::string json;
  std::string repetitions = "--benchmark_repetitions=9";
  std::string interleaving = "--benchmark_enable_random_interleaving=true";
  std::vector<char*> rest = {argv[0], repetitions.data(), interleaving.data()};
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--json" && i + 1 < argc)
      json = argv[++i];
    else
      rest.push_back(argv[i]);
  }
  int count = static_cast<int>(rest.size());
  benchmark::Initialize(&count, rest.data());
  if (benchmark::ReportUnrecognizedArguments(count, rest.data())) return 2;

  std::vector<std::unique_ptr<World>> worlds;
  std::vector<std::unique_ptr<Floor>> floors;
  for (const Variant& variant : kVariants) {
    const World& world = *worlds.emplace_back(std::make_unique<World>(variant));
    Floor& floor = *floors.emplace_back(std::make_unique<Floor>(variant));
    if (!world.read() || !world.match() || !world.derive()) {
      std::fprintf(stderr, "bench_schemes: %s: finds something else than was planted\n",
                   variant.name);
      return 1;
    }
    add("read", variant, [&world] { return world.read(); });
    add("derive", variant, [&world] { return world.derive(); });
    add("floor", variant, [&floor] {
      floor.run();
      return true;
    });
    add("match", variant, [&world] { return world.match(); });
  }
  Medians medians;
  benchmark::RunSpecifiedBenchmarks(&medians);
  std::vector<Row> rows;
  for (size_t i = 0; i < worlds.size(); ++i) {
    const Variant& variant = kVariants[i];
    rows.push_back({variant, static_cast<double>(worlds[i]->published_bytes()) / kPersonDays,
                    medians.of("read", variant), medians.of("derive", variant),
                    medians.of("floor", variant), medians.of("match", variant),
                    own_key_bytes(variant.tag), log_bytes(variant.tag),
                    worlds[i]->replay_minutes()});
  }
  print_table(rows);
  if (json.empty() || write_json(json, rows)) return 0;
  std::fprintf(stderr, "bench_schemes: %s cannot be written\n", json.c_str());
  return 1;
}
