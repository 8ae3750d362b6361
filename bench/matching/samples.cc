#include "matching/samples.h"

#include <algorithm>
#include <iostream>

namespace nearzone::bench {
namespace {

// The value below which the given share of the sorted values lies, between neighbours by
// proportion.
double quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}

std::vector<double> sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

double median(std::vector<double> values) { return quantile(sorted(std::move(values)), 0.5); }

double Samples::median_seconds() const { return median(seconds()); }

double Samples::spread() const {
  const std::vector<double> ascending = sorted(seconds());
  return (quantile(ascending, 0.75) - quantile(ascending, 0.25)) / quantile(ascending, 0.5);
}

void to_json(nlohmann::ordered_json& json, const Samples& samples) {
  json = {{"items", samples.items},
          {"median_seconds", samples.median_seconds()},
          {"spread", samples.spread()},
          {"several_threads", samples.several_threads},
          {"processor_seconds", samples.processor_seconds},
          {"wall_seconds", samples.wall_seconds},
          {"counters", samples.counters}};
}

void from_json(const nlohmann::ordered_json& json, Samples& samples) {
  json.at("items").get_to(samples.items);
  json.at("several_threads").get_to(samples.several_threads);
  json.at("processor_seconds").get_to(samples.processor_seconds);
  json.at("wall_seconds").get_to(samples.wall_seconds);
  json.at("counters").get_to(samples.counters);
}

Collector::Collector() : ConsoleReporter(OO_None) {
  SetOutputStream(&std::cerr);
  SetErrorStream(&std::cerr);
}

// What it would print, machine() says as well.
bool Collector::ReportContext(const Context& context) {
  std::ostream nowhere(nullptr);
  SetErrorStream(&nowhere);
  const bool go_on = ConsoleReporter::ReportContext(context);
  SetErrorStream(&std::cerr);
  return go_on;
}

void Collector::ReportRuns(const std::vector<Run>& reports) {
  std::vector<Run> shown;
  for (const Run& run : reports) {
    failed_ |= run.error_occurred;
    const bool aggregate = run.run_type == Run::RT_Aggregate;
    if (run.error_occurred || (aggregate && run.aggregate_name == "median") ||
        (!aggregate && run.repetitions == 1))
      shown.push_back(run);
    if (aggregate || run.error_occurred) continue;
    Samples& samples = runs_[run.run_name.function_name];
    const auto iterations = static_cast<double>(run.iterations);
    samples.several_threads = !run.run_name.time_type.empty();
    samples.processor_seconds.push_back(run.cpu_accumulated_time / iterations);
    samples.wall_seconds.push_back(run.real_accumulated_time / iterations);
    for (const auto& [name, counter] : run.counters) {
      if (name == "items")
        samples.items = counter.value;
      else if (name != "per_s")
        samples.counters[name] = counter.value;
    }
  }
  if (!shown.empty()) ConsoleReporter::ReportRuns(shown);
}

}  // namespace nearzone::bench
