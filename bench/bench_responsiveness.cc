// How long a phone waits: for a scan to be stored, alone and while lists are matched beside it; and
// for a check to end after it was cancelled at any moment.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "nearzone/device.h"
#include "nearzone/encounter_log.h"
#include "nearzone/lists.h"
#include "nearzone/match.h"

namespace nearzone::bench {
namespace {

constexpr Day kFirstDay{18500};
constexpr int32_t kDays = 14;
constexpr size_t kScansBefore = 3000;
constexpr size_t kHeardPerScan = 10;
constexpr size_t kKeys = 200000;

class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "nearzone-bench-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_; }

 private:
  std::string path_;
};

PublishedKey random_key(Random& random, uint64_t record) {
  PublishedKey key;
  random.fill(std::span(key.bytes).first(16));
  key.valid_from = (kFirstDay + static_cast<int32_t>(record % kDays)).start();
  key.valid_to = key.valid_from + Day::kLength;
  key.record = record;
  return key;
}

class RandomKeys final : public KeyStream {
 public:
  Status next(size_t most, std::vector<PublishedKey>& batch) override {
    batch.resize(std::min(most, kKeys - given_));
    for (PublishedKey& key : batch) key = random_key(random_, given_++);
    return {};
  }

 private:
  SeededRandom random_{1};
  size_t given_ = 0;
};

// A fortnight's log, to which scans are appended.
class Recorder {
 public:
  Recorder(Durability durability, size_t scans, size_t heard_per_scan)
      : heard_per_scan_(heard_per_scan), clock_((kFirstDay + kDays).start()) {
    EncounterLogOptions options;
    options.durability = Durability::none;
    open(options);
    const Millis between = Day::kLength * kDays / static_cast<int64_t>(scans);
    for (size_t scan = 0; scan < scans && log_ != nullptr; ++scan)
      if (!append_scan(kFirstDay.start() + between * static_cast<int64_t>(scan)).ok()) log_.reset();
    options.durability = durability;
    if (log_ != nullptr) open(options);
  }

  EncounterLog* log() { return log_.get(); }
  SystemRandom& random() { return random_; }

  Status append_scan(Instant at) {
    std::vector<Sighting> heard(heard_per_scan_);
    for (Sighting& sighting : heard) {
      random_.fill(sighting.identifier.bytes);
      sighting.time = at;
      sighting.metadata.size = 4;
    }
    return log_->append({at, {}}, heard);
  }

 private:
  void open(const EncounterLogOptions& options) {
    log_.reset();
    auto opened = EncounterLog::open(folder_.path() + "/log", root_, clock_, random_, options);
    if (opened.ok()) log_ = *std::move(opened);
  }

  const size_t heard_per_scan_;
  Folder folder_;
  ManualClock clock_;
  SystemRandom random_;
  const Secret<32> root_ = Secret<32>::random(random_);
  std::unique_ptr<EncounterLog> log_;
};

void report(benchmark::State& run, std::vector<double>& micros) {
  std::ranges::sort(micros);
  const auto percentile = [&](double share) {
    return micros[std::min(micros.size() - 1,
                           static_cast<size_t>(share * static_cast<double>(micros.size())))];
  };
  run.counters["p50_us"] = percentile(0.5);
  run.counters["p99_us"] = percentile(0.99);
  run.counters["p99.9_us"] = percentile(0.999);
  run.counters["most_us"] = micros.back();
}

// Takes snapshots and matches lists with them until told to stop; returns how many.
size_t match_until(const std::atomic<bool>& stop, EncounterLog& log, Random& random) {
  const Scheme* const schemes[] = {&gaen_scheme()};
  size_t matched = 0;
  for (; !stop; ++matched) {
    const auto heard = log.snapshot();
    if (!heard.ok()) return 0;
    const auto matcher = Matcher::create(heard->columns(), schemes, random);
    RandomKeys keys;
    MatchResult result;
    if (!matcher.ok() || !matcher->match(keys, 0, {}, result).ok()) return 0;
  }
  return matched;
}

void append(benchmark::State& run, Durability durability, bool matching) {
  Recorder recorder(durability, kScansBefore, kHeardPerScan);
  if (recorder.log() == nullptr) return run.SkipWithError("the log cannot be made");
  std::atomic<bool> stop{false};
  std::atomic<size_t> matched{0};
  std::thread matcher;
  if (matching)
    matcher = std::thread([&] { matched = match_until(stop, *recorder.log(), recorder.random()); });
  std::vector<double> micros;
  Instant at = (kFirstDay + kDays).start();
  bool stored = true;
  for (auto _ : run) {
    const auto begin = std::chrono::steady_clock::now();
    stored &= recorder.append_scan(at).ok();
    const auto end = std::chrono::steady_clock::now();
    micros.push_back(std::chrono::duration<double, std::micro>(end - begin).count());
    at = at + Millis(100);
  }
  stop = true;
  if (matching) matcher.join();
  const auto heard = recorder.log()->snapshot();
  if (!stored || !heard.ok() ||
      heard->columns().size() != (kScansBefore + micros.size()) * kHeardPerScan ||
      (matching && matched == 0))
    return run.SkipWithError("a scan was lost, or nothing was matched");
  report(run, micros);
  run.counters["lists"] = static_cast<double>(matched);
}

// From the list's bytes to its matches, as a device does it.
Status check(EncounterLog& log, ByteView list_bytes, Random& random, const Cancel& cancel) {
  MemorySource source(list_bytes);
  ListOptions options;
  options.cancel = &cancel;
  NEARZONE_ASSIGN(const auto list, KeyList::open(source, options));
  NEARZONE_ASSIGN(const auto heard, log.snapshot(&cancel));
  const Scheme* const schemes[] = {&gaen_scheme()};
  NEARZONE_ASSIGN(const Matcher matcher,
                  Matcher::create(heard.columns(), schemes, random, &cancel));
  NEARZONE_ASSIGN(const auto keys, list->keys());
  MatchResult result;
  return matcher.match(*keys, 0, {.cancel = &cancel}, result);
}

// A log of 300,000 sightings and a list of 200,000 keys; cancelled at a random moment.
void cancel_check(benchmark::State& run) {
  Recorder recorder(Durability::none, 3000, 100);
  SeededRandom random(1);
  std::vector<PublishedKey> keys;
  for (size_t i = 0; i < kKeys; ++i) keys.push_back(random_key(random, i));
  const auto export_bin = write_gaen_export({}, keys);
  if (recorder.log() == nullptr || !export_bin.ok())
    return run.SkipWithError("the log or the list cannot be made");
  const auto list = write_gaen_archive({}, *export_bin, {});
  if (!list.ok()) return run.SkipWithError("the list cannot be made");
  const auto now = [] { return std::chrono::steady_clock::now(); };
  const auto begin_whole = now();
  if (!check(*recorder.log(), *list, recorder.random(), Cancel()).ok())
    return run.SkipWithError("the check fails");
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(now() - begin_whole);
  std::vector<double> micros;
  size_t in_time = 0;
  for (auto _ : run) {
    Cancel cancel;
    Status done;
    std::thread worker([&] { done = check(*recorder.log(), *list, recorder.random(), cancel); });
    std::this_thread::sleep_for(
        std::chrono::microseconds(random.below(static_cast<uint64_t>(whole.count()))));
    const auto asked = now();
    cancel.request();
    worker.join();
    const double took = std::chrono::duration<double, std::micro>(now() - asked).count();
    micros.push_back(took);
    run.SetIterationTime(took / 1e6);
    if (done.code() == Code::cancelled) ++in_time;
  }
  if (in_time == 0) return run.SkipWithError("nothing was cancelled");
  report(run, micros);
  run.counters["whole_ms"] = static_cast<double>(whole.count()) / 1000;
  run.counters["cancelled"] = static_cast<double>(in_time);
}

void register_all() {
  benchmark::RegisterBenchmark("CancelCheck", cancel_check)
      ->Iterations(500)
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond);
  const std::pair<const char*, Durability> kinds[] = {{"power_loss", Durability::power_loss},
                                                      {"last_moments", Durability::last_moments}};
  for (const auto& [name, durability] : kinds)
    for (bool matching : {false, true})
      benchmark::RegisterBenchmark(
          (std::string("Append/") + name + (matching ? "/while_matching" : "/alone")).c_str(),
          [=](benchmark::State& run) { append(run, durability, matching); })
          ->Iterations(2000)
          ->UseRealTime()
          ->Unit(benchmark::kMicrosecond);
}

}  // namespace
}  // namespace nearzone::bench

int main(int argc, char** argv) {
  nearzone::bench::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
