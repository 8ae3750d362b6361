// What benchmarks measured, and its form in JSON.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace nearzone::bench {

// All repetitions of one benchmark.
struct Samples {
  double items = 1;                       // handled by one iteration
  std::vector<double> processor_seconds;  // of an iteration, for each repetition; of all threads
  std::vector<double> wall_seconds;       // the same on the wall
  bool several_threads = false;
  std::map<std::string, double> counters;  // whatever else it counted

  // Where one thread works, its processor's time counts, which leaves out what other processes
  // took; where several do, the time on the wall.
  const std::vector<double>& seconds() const {
    return several_threads ? wall_seconds : processor_seconds;
  }
  double median_seconds() const;
  double seconds_per_item() const { return median_seconds() / items; }
  double items_per_second() const { return items / median_seconds(); }
  // The distance between the quartiles, as a share of the median.
  double spread() const;
};

double median(std::vector<double> values);

// By the name of the benchmark.
using Runs = std::map<std::string, Samples>;

void to_json(nlohmann::ordered_json& json, const Samples& samples);
void from_json(const nlohmann::ordered_json& json, Samples& samples);

// Gathers the repetitions, and shows their medians on standard error as they come.
class Collector final : public benchmark::ConsoleReporter {
 public:
  Collector();
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& reports) override;

  const Runs& runs() const { return runs_; }
  bool failed() const { return failed_; }

 private:
  Runs runs_;
  bool failed_ = false;
};

}  // namespace nearzone::bench
