// The encounter log beside the plainest thing that could take its place: one unencrypted row a
// sighting in a rowid table of SQLite, with the same journal and the same durability. Both are
// measured in turns in the same run, and what they give back is compared before it is timed.
//
//   bench_log [--quick] [--json FILE] [options of Google Benchmark]
//
// Figures are ratios, NearZone to plain, medians over the repetitions; --json writes them.
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "nearzone/encounter_log.h"
#include "nearzone/random.h"

namespace nearzone {
namespace {

using Microseconds = std::chrono::duration<double, std::micro>;

constexpr int32_t kDays = 14;
constexpr int32_t kScansOfDay = 288;
constexpr int64_t kScanEveryMs = 300'000;
constexpr int64_t kScanLengthMs = 4000;
// Scans in a row that hear the same identifier.
constexpr int32_t kScansOfIdentifier = 6;
const Day kFirstDay{18500};

[[noreturn]] void fail(const char* what, const char* why) {
  std::fprintf(stderr, "bench_log: %s: %s\n", what, why);
  std::exit(1);
}

void require(const Status& status, const char* what) {
  if (!status.ok()) fail(what, status.text());
}

template <typename T>
T require(Result<T> result, const char* what) {
  require(result.status(), what);
  return *std::move(result);
}

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "nearzone-bench-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const char* name) const { return path_ + "/" + name; }
  uint64_t bytes() const {
    uint64_t bytes = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(path_))
      if (file.is_regular_file()) bytes += file.file_size();
    return bytes;
  }

 private:
  std::string path_;
};

// What a phone hears: phones that are near for half an hour, at a distance of their own.
struct Heard {
  Scan scan;
  std::vector<Sighting> sightings;
};

std::vector<Heard> make_day(Random& random, Day day, size_t identifiers) {
  std::vector<Heard> scans(kScansOfDay);
  for (int32_t i = 0; i < kScansOfDay; ++i) {
    const Instant start =
        day.start() + Millis(i * kScanEveryMs + static_cast<int64_t>(random.below(2000)));
    scans[static_cast<size_t>(i)].scan = {
        start,
        i == 0 ? start - Millis(kScanEveryMs) : scans[static_cast<size_t>(i) - 1].scan.start};
  }
  for (size_t i = 0; i < identifiers; ++i) {
    Sighting sighting;
    random.fill(sighting.identifier.bytes);
    random.fill(sighting.metadata.bytes);
    sighting.metadata.size = 4;
    const auto mean = -95 + static_cast<int>(random.below(45));
    const auto first = random.below(kScansOfDay - kScansOfIdentifier + 1);
    for (size_t j = 0; j < kScansOfIdentifier; ++j) {
      Heard& heard = scans[static_cast<size_t>(first) + j];
      sighting.time = heard.scan.start + Millis(static_cast<int64_t>(random.below(kScanLengthMs)));
      int noise = 0;
      for (int k = 0; k < 4; ++k) noise += static_cast<int>(random.below(9)) - 4;
      sighting.rssi_dbm = static_cast<int8_t>(mean + noise);
      heard.sightings.push_back(sighting);
    }
  }
  for (Heard& heard : scans) std::ranges::sort(heard.sightings, {}, &Sighting::time);
  return scans;
}

std::vector<Heard> make_fortnight(uint64_t seed, size_t sightings) {
  SeededRandom random(seed);
  std::vector<Heard> scans;
  for (int32_t i = 0; i < kDays; ++i) {
    std::vector<Heard> day =
        make_day(random, kFirstDay + i, sightings / kScansOfIdentifier / kDays);
    std::ranges::move(day, std::back_inserter(scans));
  }
  return scans;
}

const char* synchronous(Durability durability) {
  return durability == Durability::power_loss ? "PRAGMA synchronous=FULL"
                                              : "PRAGMA synchronous=NORMAL";
}

class PlainLog {
 public:
  PlainLog(const std::string& path, Durability durability) {
    check(sqlite3_open(path.c_str(), &database_));
    run("PRAGMA journal_mode=WAL");
    run(synchronous(durability));
    run("CREATE TABLE IF NOT EXISTS sighting(id INTEGER PRIMARY KEY, time INTEGER NOT NULL, "
        "identifier BLOB NOT NULL, rssi INTEGER NOT NULL, metadata BLOB NOT NULL)");
    insert_ = prepare("INSERT INTO sighting(time, identifier, rssi, metadata) VALUES(?,?,?,?)");
  }
  PlainLog(const PlainLog&) = delete;
  PlainLog& operator=(const PlainLog&) = delete;
  ~PlainLog() {
    sqlite3_finalize(insert_);
    sqlite3_close(database_);
  }
  void append(const Heard& heard) {
    run("BEGIN IMMEDIATE");
    for (const Sighting& sighting : heard.sightings) {
      sqlite3_bind_int64(insert_, 1, sighting.time.ms);
      sqlite3_bind_blob(insert_, 2, sighting.identifier.bytes.data(), 16, SQLITE_STATIC);
      sqlite3_bind_int(insert_, 3, sighting.rssi_dbm);
      sqlite3_bind_blob(insert_, 4, sighting.metadata.bytes.data(), sighting.metadata.size,
                        SQLITE_STATIC);
      sqlite3_step(insert_);
      check(sqlite3_reset(insert_));
    }
    run("COMMIT");
  }
  void drop(Day day) {
    sqlite3_stmt* drop = prepare("DELETE FROM sighting WHERE time >= ? AND time < ?");
    sqlite3_bind_int64(drop, 1, day.start().ms);
    sqlite3_bind_int64(drop, 2, (day + 1).start().ms);
    sqlite3_step(drop);
    check(sqlite3_finalize(drop));
  }
  // All rows as the columns that a match reads, sorted.
  SightingTable read(size_t expected) {
    struct Row {
      uint64_t high, low;
      int64_t time;
      int32_t day;
      int8_t rssi;
      std::array<uint8_t, 4> metadata;
      uint8_t metadata_size;
    };
    std::vector<Row> rows;
    rows.reserve(expected);
    sqlite3_stmt* select = prepare("SELECT time, identifier, rssi, metadata FROM sighting");
    while (sqlite3_step(select) == SQLITE_ROW) {
      Row& row = rows.emplace_back();
      row.time = sqlite3_column_int64(select, 0);
      row.day = Day::of(Instant{row.time}).number;
      const auto* identifier = static_cast<const uint8_t*>(sqlite3_column_blob(select, 1));
      row.high = uint64_t{load_be32(identifier)} << 32 | load_be32(identifier + 4);
      row.low = uint64_t{load_be32(identifier + 8)} << 32 | load_be32(identifier + 12);
      row.rssi = static_cast<int8_t>(sqlite3_column_int(select, 2));
      row.metadata_size = static_cast<uint8_t>(sqlite3_column_bytes(select, 3));
      std::memcpy(row.metadata.data(), sqlite3_column_blob(select, 3), row.metadata_size);
    }
    check(sqlite3_finalize(select));
    std::ranges::sort(rows, [](const Row& a, const Row& b) {
      return std::tie(a.day, a.high, a.low, a.time) < std::tie(b.day, b.high, b.low, b.time);
    });
    SortedSightings sorted;
    sorted.reserve(rows.size());
    for (size_t begin = 0; begin < rows.size();) {
      size_t end = begin;
      while (end < rows.size() && rows[end].day == rows[begin].day) ++end;
      sorted.extend(Day{rows[begin].day}, SchemeTag::gaen, end - begin);
      for (size_t i = begin; i < end; ++i) {
        uint8_t* identifier = sorted.identifier[i].bytes.data();
        store_be32(identifier, static_cast<uint32_t>(rows[i].high >> 32));
        store_be32(identifier + 4, static_cast<uint32_t>(rows[i].high));
        store_be32(identifier + 8, static_cast<uint32_t>(rows[i].low >> 32));
        store_be32(identifier + 12, static_cast<uint32_t>(rows[i].low));
        sorted.time[i] = {rows[i].time};
        sorted.rssi_dbm[i] = rows[i].rssi;
        sorted.metadata[i] = {rows[i].metadata, rows[i].metadata_size};
      }
      begin = end;
    }
    return SightingTable(std::move(sorted));
  }

 private:
  void check(int result) {
    if (result != SQLITE_OK) fail("the plain table", sqlite3_errmsg(database_));
  }
  void run(const char* sql) { check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr));
    return statement;
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

class BenchClock final : public Clock {
 public:
  Instant now() const override { return today_.start() + std::chrono::hours(20); }
  Millis monotonic() const override {
    return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
  }
  void set(Day today) { today_ = today; }

 private:
  Day today_ = kFirstDay;
};

// Both logs, each in a folder of its own.
struct Logs {
  explicit Logs(Durability chosen) : durability(chosen) {
    std::ranges::fill(root.replace(), uint8_t{7});
    open();
  }
  void open() {
    EncounterLogOptions options;
    options.durability = durability;
    options.retention_days = 30;
    log = require(EncounterLog::open(folder.file("log"), root, clock, random, options), "open");
    plain = std::make_unique<PlainLog>(plain_folder.file("plain.db"), durability);
  }
  void close() {
    log.reset();
    plain.reset();
  }
  void append(const Heard& heard) {
    clock.set(Day::of(heard.scan.start));
    require(log->append(heard.scan, heard.sightings), "append");
    plain->append(heard);
  }
  void fill(const std::vector<Heard>& scans) {
    // Every night what was heard by day is packed, as an app would have it.
    for (size_t i = 0; i < scans.size(); ++i) {
      if (i != 0 && Day::of(scans[i].scan.start) != Day::of(scans[i - 1].scan.start)) {
        clock.set(Day::of(scans[i].scan.start));
        compact();
      }
      append(scans[i]);
    }
    clock.set(Day::of(scans.back().scan.start) + 1);
    compact();
  }
  void compact() {
    while (require(log->compact_step(Millis(50)), "compact_step")) {
    }
  }

  Durability durability;
  Secret<32> root;
  BenchClock clock;
  SystemRandom random;
  Folder folder, plain_folder;
  std::unique_ptr<EncounterLog> log;
  std::unique_ptr<PlainLog> plain;
};

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

template <typename Work>
double microseconds(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return Microseconds(std::chrono::steady_clock::now() - begin).count();
}

// What was measured by turns; the medians of it when it ends.
class Turns {
 public:
  Turns(benchmark::State& run, const char* unit) : run_(run), unit_(unit) {}
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;
  ~Turns() {
    run_.counters["ratio"] = median(ratio_);
    run_.counters[std::string("nearzone_") + unit_] = median(ours_);
    run_.counters[std::string("plain_") + unit_] = median(plain_);
  }
  void add(double ours, double plain) {
    run_.SetIterationTime(ours * 1e-6);
    ours_.push_back(ours);
    plain_.push_back(plain);
    ratio_.push_back(ours / plain);
  }

 private:
  benchmark::State& run_;
  const char* unit_;
  std::vector<double> ours_, plain_, ratio_;
};

// The median of one scan's append after the other, by turns.
void append(benchmark::State& run, Durability durability, size_t sightings, int scans) {
  Logs logs(durability);
  SeededRandom random(1);
  std::vector<Heard> day =
      make_day(random, kFirstDay, sightings * kScansOfDay / kScansOfIdentifier);
  size_t next = 0;
  Turns turns(run, "us");
  for (auto _ : run) {
    std::vector<double> ours, plain;
    for (int i = 0; i < scans; ++i) {
      Heard& heard = day[next++ % day.size()];
      // The same scan again would be taken for a repetition.
      heard.scan.start = heard.scan.start + Millis(1);
      ours.push_back(
          microseconds([&] { require(logs.log->append(heard.scan, heard.sightings), "append"); }));
      plain.push_back(microseconds([&] { logs.plain->append(heard); }));
    }
    turns.add(median(ours), median(plain));
    std::ranges::sort(ours);
    run.counters["nearzone_p999_us"] = ours[ours.size() - 1 - ours.size() / 1000];
  }
}

void expect_same(const SightingColumns& a, const SightingColumns& b) {
  const auto same = [](auto x, auto y) { return std::ranges::equal(x, y); };
  if (!same(a.identifier, b.identifier) || !same(a.time, b.time) || !same(a.rssi_dbm, b.rssi_dbm) ||
      !same(a.metadata, b.metadata))
    fail("snapshot", "differs from the plain table");
}

void snapshot(benchmark::State& run, size_t sightings) {
  Logs logs(Durability::none);
  logs.fill(make_fortnight(2, sightings));
  logs.close();
  logs.open();
  expect_same(require(logs.log->snapshot(), "snapshot").columns(),
              logs.plain->read(sightings).columns());
  Turns turns(run, "us");
  for (auto _ : run) {
    // A connection of its own each time, so that SQLite remembers nothing, as in ours.
    logs.plain = nullptr;
    SightingTable table;
    const double plain = microseconds([&] {
      logs.plain = std::make_unique<PlainLog>(logs.plain_folder.file("plain.db"), Durability::none);
      table = logs.plain->read(sightings);
    });
    table = {};
    const double ours = microseconds([&] { table = require(logs.log->snapshot(), "snapshot"); });
    turns.add(ours, plain);
  }
}

void bytes(benchmark::State& run, size_t sightings) {
  Turns turns(run, "bytes");
  for (auto _ : run) {
    Logs logs(Durability::none);
    logs.fill(make_fortnight(3, sightings));
    logs.close();
    turns.add(static_cast<double>(logs.folder.bytes()),
              static_cast<double>(logs.plain_folder.bytes()));
  }
}

void drop_day(benchmark::State& run, size_t sightings) {
  Logs logs(Durability::power_loss);
  logs.durability = Durability::none;
  logs.close();
  logs.open();
  logs.fill(make_fortnight(4, sightings));
  logs.close();
  logs.durability = Durability::power_loss;
  logs.open();
  Day day = kFirstDay;
  Turns turns(run, "us");
  for (auto _ : run) {
    const double plain = microseconds([&] { logs.plain->drop(day); });
    const double ours = microseconds([&] { require(logs.log->erase_day(day), "erase_day"); });
    day = day + 1;
    turns.add(ours, plain);
  }
}

// The longest that an append takes while a day of 65,000 sightings is packed beside it.
void stall(benchmark::State& run) {
  SeededRandom random(5);
  const std::vector<Heard> busy = make_day(random, kFirstDay, 65'000 / kScansOfIdentifier);
  const std::vector<Heard> next = make_day(random, kFirstDay + 1, 400);
  for (auto _ : run) {
    Logs logs(Durability::power_loss);
    for (const Heard& heard : busy)
      require(logs.log->append(heard.scan, heard.sightings), "append");
    logs.clock.set(kFirstDay + 1);
    require(logs.log->append(next[0].scan, next[0].sightings), "append");
    std::atomic<bool> done = false;
    double longest_step = 0;
    std::thread maintenance([&] {
      for (bool more = true; more;)
        longest_step = std::max(longest_step, microseconds([&] {
                                  more = require(logs.log->compact_step(Millis(5)), "compact_step");
                                }));
      done = true;
    });
    double longest = 0;
    int64_t appends = 0;
    while (!done) {
      Heard heard = next[static_cast<size_t>(appends) % next.size()];
      heard.scan.start = heard.scan.start + Millis(++appends);
      longest = std::max(longest, microseconds([&] {
                           require(logs.log->append(heard.scan, heard.sightings), "append");
                         }));
    }
    maintenance.join();
    run.SetIterationTime(longest * 1e-6);
    run.counters["ratio"] = longest * 1e-3;
    run.counters["longest_step_ms"] = longest_step * 1e-3;
    run.counters["appends"] = static_cast<double>(appends);
  }
}

// What an append takes while the whole log is read beside it without a pause: in the middle, and at
// most but once in a thousand.
void append_beside_reader(benchmark::State& run, Durability durability, int scans) {
  SeededRandom random(6);
  const std::vector<Heard> day = make_day(random, kFirstDay + kDays, 30'000 / kScansOfIdentifier);
  for (auto _ : run) {
    Logs logs(durability);
    logs.fill(make_fortnight(7, 30'000));
    logs.clock.set(kFirstDay + kDays);
    std::atomic<bool> done = false;
    int64_t readings = 0;
    std::thread reader([&] {
      for (; !done; ++readings) benchmark::DoNotOptimize(require(logs.log->snapshot(), "snapshot"));
    });
    std::vector<double> times;
    for (int i = 0; i < scans; ++i) {
      Heard heard = day[static_cast<size_t>(i) % day.size()];
      heard.scan.start = heard.scan.start + Millis(i);
      times.push_back(
          microseconds([&] { require(logs.log->append(heard.scan, heard.sightings), "append"); }));
    }
    done = true;
    reader.join();
    std::ranges::sort(times);
    const double rarely = times[times.size() - 1 - times.size() / 1000];
    run.SetIterationTime(rarely * 1e-6);
    run.counters["ratio"] = rarely / times[times.size() / 2];
    run.counters["p50_us"] = times[times.size() / 2];
    run.counters["p999_us"] = rarely;
    run.counters["readings"] = static_cast<double>(readings);
  }
}

// Shows the runs as usual, and keeps the median of each benchmark's "ratio".
class Medians final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.run_type == Run::RT_Iteration)
        ratios_[run.run_name.function_name].push_back(run.counters.at("ratio"));
    ConsoleReporter::ReportRuns(runs);
  }
  double of(const std::string& name) const {
    return ratios_.contains(name) ? median(ratios_.at(name)) : 0;
  }
  double most_of(const std::string& name) const {
    return ratios_.contains(name) ? std::ranges::max(ratios_.at(name)) : 0;
  }

 private:
  std::map<std::string, std::vector<double>> ratios_;
};

void write_json(const std::string& path, const Medians& medians) {
  std::ofstream file(path);
  file << "{";
  for (const char* name :
       {"append_normal_vs_plain", "append_full_vs_plain", "append_normal_few_vs_plain",
        "append_full_few_vs_plain", "snapshot_1e6_vs_plain", "snapshot_1e5_vs_plain",
        "bytes_fortnight_vs_plain", "bytes_915k_vs_plain", "drop_day_vs_plain"})
    file << "\"" << name << "\": " << medians.of(name) << ", ";
  // A stall that the log is to blame for is there every time; the longest of all may be the
  // machine's.
  file << "\"median_longest_stall_ms\": " << medians.of("longest_stall_ms")
       << ", \"longest_stall_ms\": " << medians.most_of("longest_stall_ms") << "}\n";
  if (!file.flush()) fail(path.c_str(), "cannot be written");
}

void add(const char* name, std::function<void(benchmark::State&)> work, int repetitions,
         int iterations = 1) {
  benchmark::RegisterBenchmark(name, std::move(work))
      ->UseManualTime()
      ->Iterations(iterations)
      ->Repetitions(repetitions)
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace
}  // namespace nearzone

int main(int argc, char** argv) {
  using namespace nearzone;
  bool quick = false;
  std::string json;
  std::vector<char*> rest;
  for (int i = 0; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--quick")
      quick = true;
    else if (argument == "--json" && i + 1 < argc)
      json = argv[++i];
    else
      rest.push_back(argv[i]);
  }
  int count = static_cast<int>(rest.size());
  benchmark::Initialize(&count, rest.data());
  if (benchmark::ReportUnrecognizedArguments(count, rest.data())) return 2;

  // What a scan hears in the fortnight of 915,000 sightings, and in that of 30,000. A scan is one
  // transaction in both logs; the fewer it hears, the more of its time is that transaction's.
  constexpr size_t kCrowd = 227;
  constexpr size_t kFew = 8;
  const int few = quick ? 3 : 9;
  const int scans = quick ? 400 : 2000;
  add(
      "append_normal_vs_plain",
      [=](auto& run) { append(run, Durability::last_moments, kCrowd, scans); }, few);
  add(
      "append_full_vs_plain",
      [=](auto& run) { append(run, Durability::power_loss, kCrowd, scans); }, few);
  add(
      "append_normal_few_vs_plain",
      [=](auto& run) { append(run, Durability::last_moments, kFew, scans); }, few);
  add(
      "append_full_few_vs_plain",
      [=](auto& run) { append(run, Durability::power_loss, kFew, scans); }, few);
  add(
      "snapshot_1e6_vs_plain", [](auto& run) { snapshot(run, 1'000'000); }, 1, few);
  add(
      "snapshot_1e5_vs_plain", [](auto& run) { snapshot(run, 100'000); }, few, 3);
  add(
      "bytes_fortnight_vs_plain", [](auto& run) { bytes(run, 30'000); }, 1);
  add(
      "bytes_915k_vs_plain", [](auto& run) { bytes(run, 915'000); }, 1);
  add(
      "drop_day_vs_plain", [](auto& run) { drop_day(run, 915'000); }, 1, few);
  add(
      "longest_stall_ms", [](auto& run) { stall(run); }, few);
  add(
      "append_full_beside_reader",
      [=](auto& run) { append_beside_reader(run, Durability::power_loss, 4 * scans); }, few);
  add(
      "append_normal_beside_reader",
      [=](auto& run) { append_beside_reader(run, Durability::last_moments, 4 * scans); }, few);
  Medians medians;
  benchmark::RunSpecifiedBenchmarks(&medians);
  if (!json.empty()) write_json(json, medians);
  return 0;
}
