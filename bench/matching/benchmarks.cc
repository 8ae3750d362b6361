#include "matching/benchmarks.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <regex>

#include "baselines/bluezone_matcher.h"
#include "baselines/textbook_matcher.h"
#include "baselines/tuned_matcher.h"
#include "matching/floors.h"
#include "matching/heard_log.h"
#include "matching/lists.h"
#include "matching/process.h"
#include "matching/world.h"
#include "nearzone/kernels.h"

namespace nearzone::bench {
namespace {

constexpr size_t kKeys = 100'000;
// For those that take so long that a part has to tell of the whole.
constexpr size_t kFewKeys = 20'000;
constexpr size_t kIdentifiersNearMany = 4233;
constexpr int kRepetitionsOfManyLists = 3;

using Counters = std::map<std::string, double>;
// Does the work once. Nothing where the result is wrong.
using Work = std::function<std::optional<Counters>()>;

std::optional<Counters> right_if(bool right) {
  if (!right) return {};
  return Counters();
}

// Made at the first use, so that a filter saves the making.
template <typename T>
std::function<const T&()> lazily(std::function<T()> make) {
  return [make = std::move(make), made = std::make_shared<std::optional<T>>()]() -> const T& {
    if (!*made) made->emplace(make());
    return **made;
  };
}

// How a benchmark is run.
struct Manner {
  int64_t iterations = 1;
  // What goes before the timing, once. Where empty, one run that checks the result.
  std::function<void()> prepare = {};
  int repetitions = 0;  // 0: as --benchmark_repetitions says
  bool several_threads = false;
};

// Registers benchmarks that pass the filter.
class Registrar {
 public:
  explicit Registrar(const Setting& setting) : setting_(setting) {
    const std::string filter = benchmark::GetBenchmarkFilter();
    filter_ = filter.empty() || filter == "all" ? "." : filter;
  }

  const Setting& setting() const { return setting_; }
  size_t count() const { return count_; }

  // A run of `work` handles `items` items.
  void add(const std::string& name, size_t items, const Work& work, const Manner& manner = {}) {
    if (!std::regex_search(name, filter_)) return;
    ++count_;
    const auto ready = std::make_shared<bool>(false);
    auto* benchmark = benchmark::RegisterBenchmark(
        name.c_str(), [=, prepare = manner.prepare](benchmark::State& state) {
          std::optional<Counters> result = Counters();
          if (!*ready && prepare)
            prepare();
          else if (!*ready)
            result = work();
          *ready = result.has_value();
          run(state, items, work, std::move(result));
        });
    benchmark->Iterations(manner.iterations)->Unit(benchmark::kMillisecond);
    if (manner.repetitions > 0) benchmark->Repetitions(manner.repetitions);
    if (manner.several_threads) benchmark->MeasureProcessCPUTime()->UseRealTime();
  }

 private:
  // Every result is checked. `result` is that of the run before the timing.
  static void run(benchmark::State& state, size_t items, const Work& work,
                  std::optional<Counters> result) {
    if (!result) return state.SkipWithError("wrong result");
    for (auto _ : state)
      if (result) result = work();
    if (!result) return state.SkipWithError("wrong result");
    for (const auto& [counter, value] : *result) state.counters[counter] = value;
    state.counters["items"] = static_cast<double>(items);
    state.counters["per_s"] = benchmark::Counter(static_cast<double>(items),
                                                 benchmark::Counter::kIsIterationInvariantRate);
  }

  const Setting& setting_;
  std::regex filter_;
  size_t count_ = 0;
};

// The naive matcher has to find what the world says before anything is timed.
World checked(World world) {
  const FoundKeys naive = world.scheme == &gaen_scheme() ? match_textbook(world.keys, world.heard)
                                                         : match_bluezone(world.keys, world.heard);
  if (naive != world.near) {
    std::fprintf(stderr, "bench_matching: the naive matcher does not find what was planted\n");
    std::exit(1);
  }
  return world;
}

bool slow_level() {
  const auto level = active_kernel();
  return level.ok() && *level == "portable";
}

size_t keys_at_this_level(size_t keys) { return slow_level() ? std::min(keys, kFewKeys) : keys; }

using LazyWorld = std::function<const World&()>;

LazyWorld lazy_world(size_t keys, size_t identifiers, Hours hours) {
  return lazily<World>(
      [=] { return checked(exposure_notification_world(keys, identifiers, hours)); });
}

std::span<const PublishedKey> first(const LazyWorld& world, size_t keys) {
  return std::span(world().keys).first(keys);
}

void add_nearzone(Registrar& to, const std::string& name, const LazyWorld& world, size_t keys,
                  unsigned threads = 1, int64_t iterations = 1) {
  const auto near = lazily<FoundKeys>([=] { return near_among(world(), first(world, keys)); });
  to.add(
      name, keys,
      [=]() -> std::optional<Counters> {
        const Matched matched = match_nearzone(world(), first(world, keys), threads);
        if (matched.found != near()) return {};
        return Counters{{"identifiers_per_key", static_cast<double>(matched.identifiers_derived) /
                                                    static_cast<double>(keys)}};
      },
      {.iterations = iterations, .several_threads = threads > 1});
}

using Baseline = FoundKeys (*)(std::span<const PublishedKey>, std::span<const Identifier>);

void add_baseline(Registrar& to, const std::string& name, const LazyWorld& world, size_t keys,
                  Baseline match, int64_t iterations = 1) {
  const auto near = lazily<FoundKeys>([=] { return near_among(world(), first(world, keys)); });
  to.add(name, keys, [=] { return right_if(match(first(world, keys), world().heard) == near()); },
         {.iterations = iterations});
}

void add_floors(Registrar& to, const std::string& kind, const std::vector<Floor>& floors) {
  for (const Floor& floor : floors) {
    to.add("floor:" + kind + "/" + floor.name, floor.items, [run = floor.run] {
      run();
      return right_if(true);
    });
  }
}

// The worst case, at some number of identifiers.
LazyWorld add_worst(Registrar& to, size_t identifiers) {
  const std::string name = "worst:" + std::to_string(identifiers);
  LazyWorld world = lazy_world(kKeys, identifiers, Hours::all);
  add_nearzone(to, name + "/NearZone", world, keys_at_this_level(kKeys));
  add_baseline(to, name + "/OpenSSL-tuned", world, kKeys, match_tuned);
  // What of these goes before the first key.
  const std::string prepare = "prepare:" + std::to_string(identifiers);
  const Manner often = {.iterations = static_cast<int64_t>(1'000'000 / identifiers)};
  to.add(
      prepare + "/NearZone", identifiers,
      [=] { return right_if(match_nearzone(world(), {}).found.empty()); }, often);
  to.add(
      prepare + "/OpenSSL-tuned", identifiers,
      [=] { return right_if(match_tuned({}, world().heard).empty()); }, often);
  if (identifiers == 10'000 || !to.setting().quick)
    add_baseline(to, name + "/OpenSSL-textbook", world, kFewKeys, match_textbook);
  return world;
}

void add_worst_1e3(Registrar& to) { add_worst(to, 1000); }

void add_worst_1e5(Registrar& to) { add_worst(to, 100'000); }

void add_worst_1e6(Registrar& to) { add_worst(to, 1'000'000); }

// Everything that is compared with the worst case at ten thousand identifiers.
void add_worst_1e4(Registrar& to) {
  const LazyWorld world = add_worst(to, 10'000);
  add_nearzone(to, "realistic:10000/NearZone", lazy_world(kKeys, 10'000, Hours::eight),
               keys_at_this_level(kKeys));
  const auto files = lazily<ListFiles>([folder = to.setting().folder, world] {
    return write_list(folder, world().keys).value_or(ListFiles{});
  });
  to.add("zip:10000/NearZone", kKeys,
         [=] { return right_if(match_lists(world().table.columns(), files()) == world().near); });
  add_floors(to, "key", key_floors(slow_level() ? 2560 : 51'200));
}

void add_keys(Registrar& to) {
  if (to.setting().quick) return;
  const LazyWorld world =
      lazily<World>([] { return exposure_notification_world(1'000'000, 10'000, Hours::all); });
  for (size_t keys : {1000u, 10'000u, 100'000u, 1'000'000u}) {
    const std::string name = "keys:" + std::to_string(keys);
    const auto iterations = static_cast<int64_t>(kKeys / std::min(keys, kKeys));
    add_nearzone(to, name + "/NearZone", world, keys, 1, iterations);
    add_baseline(to, name + "/OpenSSL-tuned", world, keys, match_tuned, iterations);
  }
}

void add_threads(Registrar& to) {
  constexpr size_t kManyTimes = 4 * kKeys;
  const LazyWorld world =
      lazily<World>([] { return exposure_notification_world(kManyTimes, 10'000, Hours::all); });
  for (unsigned threads : {1u, 2u})
    add_nearzone(to, "threads:" + std::to_string(threads) + "/NearZone", world,
                 keys_at_this_level(kManyTimes), threads);
}

void add_bluezone(Registrar& to) {
  const LazyWorld world = lazily<World>([] { return checked(bluezone_world(10'000, 100'000)); });
  add_nearzone(to, "bluezone/NearZone", world, keys_at_this_level(10'000));
  add_baseline(to, "bluezone/OpenSSL-tuned", world, 1000, match_bluezone);
  add_floors(to, "link", link_floors(slow_level() ? 512 : 5120));
}

// 2.1 million keys in forty zips.
void add_many(Registrar& to) {
  const auto files = lazily<ListFiles>(
      [folder = to.setting().folder] { return many_lists(folder).value_or(ListFiles{}); });
  const auto table = lazily<SightingTable>(
      [] { return SightingTable::from(sightings_near_many(kIdentifiersNearMany)); });
  for (unsigned threads : {1u, 2u}) {
    to.add(
        "many:" + std::to_string(threads) + "/NearZone", kManyKeys,
        [=] { return right_if(match_lists(table().columns(), files(), threads) == near_many()); },
        {.prepare =
             [=] {
               files();
               table();
             },
         .repetitions = kRepetitionsOfManyLists,
         .several_threads = threads > 1});
  }
}

// Memory is measured once, and nothing runs before.
Manner once() {
  return {.prepare = [] {}, .repetitions = 1};
}

void add_memory_of_lists(Registrar& to) {
  const auto measure = [folder = to.setting().folder]() -> std::optional<Counters> {
    const auto files = many_lists(folder);
    const FoundKeys near = near_many();
    const SightingTable table = SightingTable::from(sightings_near_many(kIdentifiersNearMany));
    const auto memory = PeakMemory::start();
    if (!files || !memory || match_lists(table.columns(), *files) != near) return {};
    return Counters{{"extra_mib", memory->extra_mib()}, {"process_mib", memory->process_mib()}};
  };
  to.add("memory:lists/NearZone", kManyKeys, measure, once());
}

void add_memory_of_log(Registrar& to) {
  const auto measure = [folder = to.setting().folder]() -> std::optional<Counters> {
    const auto files = many_lists(folder);
    const FoundKeys near = near_many();
    if (!files || !write_heard_log(folder)) return {};
    const auto log = open_heard_log(folder);
    const auto memory = PeakMemory::start();
    if (log == nullptr || !memory) return {};
    const auto heard = log->snapshot();
    if (!heard.ok() || heard->columns().size() != kLoggedSightings) return {};
    const double snapshot_mib = memory->extra_mib();
    if (match_lists(heard->columns(), *files) != near) return {};
    return Counters{{"snapshot_mib", snapshot_mib},
                    {"extra_mib", memory->extra_mib()},
                    {"process_mib", memory->process_mib()}};
  };
  to.add("memory:log/NearZone", kManyKeys, measure, once());
}

template <void (*kAdd)(Registrar&)>
size_t register_group(const Setting& setting) {
  Registrar to(setting);
  kAdd(to);
  return to.count();
}

}  // namespace

const std::vector<Group>& groups() {
  static const std::vector<Group> all = {
      {register_group<add_worst_1e4>},
      {register_group<add_worst_1e5>},
      {register_group<add_worst_1e6>},
      {register_group<add_worst_1e3>},
      {register_group<add_keys>},
      {register_group<add_threads>},
      {register_group<add_bluezone>},
      {register_group<add_many>},
      {register_group<add_memory_of_lists>, true},
      {register_group<add_memory_of_log>, true},
  };
  return all;
}

}  // namespace nearzone::bench
