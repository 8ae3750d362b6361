// What publishing a batch costs: keys in a durable store, padded, sorted, signed with P-256 and
// Ed25519, zipped and synced, all that stands between an upload and a phone. What is published is
// read and compared before anything is timed.
//
//   bench_export --benchmark_repetitions=5
//
// A widely deployed server needed 0.43 s for 105,177 keys on two cores.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "authority/exports/export_worker.h"
#include "authority/exports/signing_keys.h"
#include "authority/sqlite_store.h"
#include "nearzone/lists.h"

namespace nearzone::authority {
namespace {

constexpr Instant kUploaded{1'599'998'400'000};
constexpr Instant kNow = kUploaded + Millis(std::chrono::hours(6));

[[noreturn]] void stop(const char* what) {
  std::fprintf(stderr, "bench_export: %s\n", what);
  std::exit(1);
}

void expect(const Status& status) {
  if (!status.ok()) stop(status.text());
}

// An authority with so many keys to publish, in a folder that goes when it goes.
class Authority {
 public:
  explicit Authority(size_t keys) {
    std::string name = (std::filesystem::temp_directory_path() / "nearzone-export-XXXXXX");
    path_ = ::mkdtemp(name.data());
    auto store = SqliteStore::open(path_ + "/authority.db");
    expect(store.status());
    store_ = *std::move(store);
    auto folder = DurableFolder::open(path_ + "/exports", 0755, system_file_calls());
    expect(folder.status());
    folder_ = std::make_unique<DurableFolder>(*std::move(folder));
    auto key_folder = DurableFolder::open(path_ + "/keys", 0700, system_file_calls());
    expect(key_folder.status());
    for (const auto algorithm : {PublicKey::Algorithm::ecdsa_p256, PublicKey::Algorithm::ed25519})
      expect(make_signing_key(
                 *store_, *key_folder,
                 {std::string(algorithm_name(algorithm)), "v1", algorithm, {}, {}, {}, {}})
                 .status());
    insert(keys);
  }
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  // Each series publishes all keys once.
  ExportReport publish(const std::string& series_name) {
    Series series;
    series.name = series_name;
    series.region = "VN";
    ExportWorker worker(*store_, *folder_, path_ + "/keys", system_file_calls(), random_);
    auto report = worker.run(series, kNow);
    expect(report.status());
    return *report;
  }

  // Keys and bytes of the archives of a series.
  std::pair<uint64_t, uint64_t> measure(const std::string& series_name) const {
    std::pair<uint64_t, uint64_t> found{0, 0};
    for (const auto& entry :
         std::filesystem::directory_iterator(path_ + "/exports/" + series_name)) {
      if (entry.path().extension() != ".zip") continue;
      auto source = FileSource::open(entry.path());
      expect(source.status());
      auto list = KeyList::open(**source);
      expect(list.status());
      found.first += (*list)->info().keys;
      found.second += (*source)->size();
    }
    return found;
  }

 private:
  void insert(size_t count) {
    SeededRandom random(3);
    expect(store_->write([&](Writer& rows) -> Status {
      StoredKey key;
      key.regions = {"VN"};
      key.authority = "vn.example";
      key.key.report_type = ReportType::confirmed_test;
      for (size_t i = 0; i < count; ++i) {
        random.fill(std::span(key.key.bytes).first(16));
        key.key.valid_from = (Day::of(kUploaded) + -static_cast<int32_t>(1 + i % 14)).start();
        key.key.valid_to = key.key.valid_from + Day::kLength;
        key.key.transmission_risk_level = static_cast<uint8_t>(1 + random.below(8));
        key.created_at = kUploaded + std::chrono::hours(i % 4);
        NEARZONE_TRY(rows.insert_key(key).status());
      }
      return {};
    }));
  }

  std::string path_;
  std::unique_ptr<SqliteStore> store_;
  std::unique_ptr<DurableFolder> folder_;
  SystemRandom random_;
};

void export_keys(benchmark::State& state) {
  const auto keys = static_cast<size_t>(state.range(0));
  static std::unique_ptr<Authority> authority;
  static size_t made_for = 0;
  static int series = 0;
  if (made_for != keys) {
    authority.reset();
    authority = std::make_unique<Authority>(keys);
    made_for = keys;
  }
  ExportReport report;
  std::string name;
  for (auto _ : state) {
    name = "series-" + std::to_string(++series);
    report = authority->publish(name);
  }
  const auto [published, bytes] = authority->measure(name);
  if (report.keys != keys || published != report.keys + report.padding_keys)
    stop("not all keys were published");
  state.counters["padding"] = static_cast<double>(report.padding_keys);
  state.counters["zip_bytes_per_key"] = static_cast<double>(bytes) / static_cast<double>(published);
}
BENCHMARK(export_keys)
    ->Arg(105'177)
    ->Arg(1'000'000)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace nearzone::authority

BENCHMARK_MAIN();
