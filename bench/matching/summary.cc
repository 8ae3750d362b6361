#include "matching/summary.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <optional>
#include <thread>

#include "nearzone/kernels.h"

namespace nearzone::bench {
namespace {

using Json = nlohmann::ordered_json;
using Figure = std::optional<double>;

constexpr double kIntervalsPerDay = 144;
constexpr double kLinksPerRecord = 97 * 14;

// Finds measurements of one level; each figure is absent where its measurement is.
class Reader {
 public:
  Reader(const RunsByLevel& runs, const std::string& level) {
    if (const auto found = runs.find(level); found != runs.end()) runs_ = &found->second;
  }

  const Samples* find(const std::string& name) const {
    if (runs_ == nullptr) return nullptr;
    const auto found = runs_->find(name);
    return found != runs_->end() && !found->second.wall_seconds.empty() ? &found->second : nullptr;
  }
  Figure rate(const std::string& name) const {
    const Samples* samples = find(name);
    return samples != nullptr ? Figure(samples->items_per_second()) : Figure();
  }
  Figure seconds_per_item(const std::string& name) const {
    const Samples* samples = find(name);
    return samples != nullptr ? Figure(samples->seconds_per_item()) : Figure();
  }
  Figure items(const std::string& name) const {
    const Samples* samples = find(name);
    return samples != nullptr ? Figure(samples->items) : Figure();
  }
  Figure seconds(const std::string& name) const {
    const Samples* samples = find(name);
    return samples != nullptr ? Figure(samples->median_seconds()) : Figure();
  }
  // How many times as fast two threads are, on the wall.
  Figure gain(const std::string& one, const std::string& two) const {
    const Samples* a = find(one);
    const Samples* b = find(two);
    if (a == nullptr || b == nullptr) return {};
    return median(a->wall_seconds) / median(b->wall_seconds);
  }
  // What two threads compute, all in all, for what one does.
  Figure work(const std::string& one, const std::string& two) const {
    const Samples* a = find(one);
    const Samples* b = find(two);
    if (a == nullptr || b == nullptr) return {};
    return median(b->processor_seconds) / median(a->processor_seconds);
  }
  Figure counter(const std::string& name, const std::string& counter) const {
    const Samples* samples = find(name);
    if (samples == nullptr || !samples->counters.contains(counter)) return {};
    return samples->counters.at(counter);
  }
  // The fastest way to do a part.
  Figure floor(const std::string& prefix) const {
    Figure least;
    if (runs_ == nullptr) return least;
    for (const auto& [name, samples] : *runs_)
      if (name.starts_with(prefix) && (!least || samples.seconds_per_item() < *least))
        least = samples.seconds_per_item();
    return least;
  }

 private:
  const Runs* runs_ = nullptr;
};

Figure operator/(Figure a, Figure b) { return a && b ? Figure(*a / *b) : Figure(); }
Figure operator-(Figure a, Figure b) { return a && b ? Figure(*a - *b) : Figure(); }
Figure operator+(Figure a, Figure b) { return a && b ? Figure(*a + *b) : Figure(); }

Json json_of(Figure figure) { return figure ? Json(*figure) : Json(); }

Figure key_floor(const Reader& at) {
  return at.floor("floor:key/hkdf") + at.floor("floor:key/blocks");
}

// What is known of every level.
Json level_figures(const Reader& at) {
  Json json;
  json["keys_per_s"] = json_of(at.rate("worst:10000/NearZone"));
  json["tuned_keys_per_s"] = json_of(at.rate("worst:10000/OpenSSL-tuned"));
  json["floor_ns_per_key"] = json_of(key_floor(at) / Figure(1e-9));
  json["match_1e4_vs_tuned"] =
      json_of(at.rate("worst:10000/NearZone") / at.rate("worst:10000/OpenSSL-tuned"));
  json["match_1e4_vs_floor"] = json_of(at.seconds_per_item("worst:10000/NearZone") / key_floor(at));
  return json;
}

std::string first_line_with(const char* path, const std::string& field) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(field)) return line.substr(line.find(':') + 2);
  return {};
}

}  // namespace

Json figures(const std::string& level, const RunsByLevel& runs) {
  const Reader own(runs, level);
  const Reader sha_aes(runs, "x86-sha-aes");
  const Reader masked(runs, kMasked);
  const auto vs_tuned = [](const Reader& at, const std::string& world) {
    return json_of(at.rate(world + "/NearZone") / at.rate(world + "/OpenSSL-tuned"));
  };
  Json json;
  json["level"] = level;
  json["keys_per_s"] = json_of(own.rate("worst:10000/NearZone"));
  json["tuned_keys_per_s"] = json_of(own.rate("worst:10000/OpenSSL-tuned"));
  json["textbook_keys_per_s"] = json_of(own.rate("worst:10000/OpenSSL-textbook"));
  json["match_1e4_vs_tuned"] = vs_tuned(own, "worst:10000");
  json["match_1e4_vs_tuned_sha_aes"] = vs_tuned(sha_aes, "worst:10000");
  json["match_1e4_vs_floor"] =
      json_of(own.seconds_per_item("worst:10000/NearZone") / key_floor(own));
  json["match_1e5_vs_tuned"] = vs_tuned(own, "worst:100000");
  json["match_1e6_vs_tuned"] = vs_tuned(own, "worst:1000000");
  const auto prepared = [&](const std::string& subject) {
    const std::string name = "1000000/" + subject;
    return (own.seconds("worst:" + name) - own.seconds("prepare:" + name)) /
           own.items("worst:" + name);
  };
  json["match_1e6_vs_tuned_prepared"] = json_of(prepared("OpenSSL-tuned") / prepared("NearZone"));
  json["realistic_vs_worst"] =
      json_of(own.rate("realistic:10000/NearZone") / own.rate("worst:10000/NearZone"));
  json["realistic_blocks_share"] = json_of(
      own.counter("realistic:10000/NearZone", "identifiers_per_key") / Figure(kIntervalsPerDay));
  json["zip_keys_per_s"] = json_of(own.rate("zip:10000/NearZone"));
  json["two_million_seconds"] = json_of(own.seconds("many:1/NearZone"));
  json["two_million_threads2_vs_1"] = json_of(own.gain("many:1/NearZone", "many:2/NearZone"));
  json["threads2_vs_1"] = json_of(own.gain("threads:1/NearZone", "threads:2/NearZone"));
  json["threads2_work_vs_1"] = json_of(own.work("threads:1/NearZone", "threads:2/NearZone"));
  json["peak_extra_mib_2e6_keys"] = json_of(own.counter("memory:lists/NearZone", "extra_mib"));
  json["peak_mib_915000_sightings"] = json_of(own.counter("memory:log/NearZone", "extra_mib"));
  json["bluezone_vs_floor"] = json_of(own.seconds_per_item("bluezone/NearZone") /
                                      own.floor("floor:link/") / Figure(kLinksPerRecord));
  json["bluezone_records_per_s"] = json_of(own.rate("bluezone/NearZone"));
  json["portable_vs_textbook_masked"] =
      json_of(masked.rate("worst:10000/NearZone") / masked.rate("worst:10000/OpenSSL-textbook"));
  json["portable_keys_per_s"] = json_of(masked.rate("worst:10000/NearZone"));
  json["textbook_masked_keys_per_s"] = json_of(masked.rate("worst:10000/OpenSSL-textbook"));
  json["floor_ns_per_key"] = json_of(key_floor(own) / Figure(1e-9));
  json["floor_ns_per_link"] = json_of(own.floor("floor:link/") / Figure(1e-9));
  for (const KernelLevel& other : kernel_levels())
    if (runs.contains(other.name))
      json["levels"][other.name] = level_figures(Reader(runs, other.name));
  if (const auto measured = runs.find(level); measured != runs.end())
    for (const auto& [name, samples] : measured->second)
      if (samples.wall_seconds.size() > 1) json["spread"][name] = samples.spread();
  return json;
}

Json machine() {
  double load[3] = {};
  getloadavg(load, 3);
  char date[32];
  const std::time_t now = std::time(nullptr);
  std::strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  return {{"date", date},
          {"processor", first_line_with("/proc/cpuinfo", "model name")},
          {"processors", std::thread::hardware_concurrency()},
          {"load_average", load[0]},
          {"compiler", __VERSION__},
          {"openssl", OpenSSL_version(OPENSSL_VERSION)},
          {"openssl_processor", OPENSSL_info(OPENSSL_INFO_CPU_SETTINGS)}};
}

void print_table(const Json& figures) {
  std::printf("\n%-30s %14s\n", "figure (medians)", "");
  for (const auto& [name, value] : figures.items()) {
    if (value.is_string())
      std::printf("%-30s %14s\n", name.c_str(), value.get<std::string>().c_str());
    else if (value.is_number())
      std::printf("%-30s %14.*f\n", name.c_str(), value.get<double>() < 1000 ? 3 : 0,
                  value.get<double>());
    else if (value.is_null())
      std::printf("%-30s %14s\n", name.c_str(), "not measured");
  }
  std::printf("\n%-30s %14s %14s %10s %10s\n", "level", "keys/s", "tuned keys/s", "vs tuned",
              "vs floor");
  const auto number = [](const Json& value) { return value.is_number() ? value.get<double>() : 0; };
  for (const auto& [name, level] : figures.at("levels").items())
    std::printf("%-30s %14.0f %14.0f %10.2f %10.2f\n", name.c_str(), number(level["keys_per_s"]),
                number(level["tuned_keys_per_s"]), number(level["match_1e4_vs_tuned"]),
                number(level["match_1e4_vs_floor"]));
}

}  // namespace nearzone::bench
