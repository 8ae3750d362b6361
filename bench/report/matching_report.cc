// Turns the JSON of bench_matching into a folder with report.md and the data of its plots, which
// plots.gp draws.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace nearzone::bench {
namespace {

using Json = nlohmann::ordered_json;

// A line of a plot: (x, keys a second).
struct Series {
  std::string title;
  std::vector<std::pair<double, double>> points = {};
};

class Report {
 public:
  explicit Report(const Json& json) : json_(json), level_(json.at("level").get<std::string>()) {}

  bool write(const std::string& folder) const {
    return save(folder + "/levels.dat", levels()) &&
           save(folder + "/identifiers.dat", lines(identifiers())) &&
           save(folder + "/keys.dat", lines(keys())) &&
           save(folder + "/threads.dat", lines(threads())) &&
           save(folder + "/report.md", markdown());
  }

 private:
  static bool save(const std::string& path, const std::string& text) {
    std::ofstream file(path);
    file << text;
    return file.flush().good();
  }

  std::optional<double> rate(const std::string& level, const std::string& name) const {
    const auto runs = json_.at("runs").find(level);
    if (runs == json_.at("runs").end()) return {};
    const auto run = runs->find(name);
    if (run == runs->end()) return {};
    return run->at("items").get<double>() / run->at("median_seconds").get<double>();
  }

  // One line, of benchmarks whose names go on with the points' x.
  Series series(const std::string& title, const std::string& level, const std::string& kind,
                const std::string& subject, const std::vector<std::string>& points) const {
    Series line{title};
    for (const std::string& x : points)
      if (const auto y = rate(level, std::string(kind).append(":").append(x) + "/" + subject))
        line.points.emplace_back(std::stod(x), *y);
    return line;
  }

  std::optional<double> floor_rate(const Json& of) const {
    const Json& floor = of.at("floor_ns_per_key");
    if (!floor.is_number()) return {};
    return 1e9 / floor.get<double>();
  }

  std::string levels() const {
    std::ostringstream out;
    out << "level NearZone floor\n";
    for (const auto& [name, level] : json_.at("levels").items())
      if (const auto floor = floor_rate(level); floor && level.at("keys_per_s").is_number())
        out << '"' << name << "\" " << level.at("keys_per_s") << ' ' << *floor << '\n';
    out << "\"OpenSSL tuned\" " << json_.at("tuned_keys_per_s") << " NaN\n"
        << "\"OpenSSL textbook\" " << json_.at("textbook_keys_per_s") << " NaN\n";
    return out.str();
  }

  std::vector<Series> identifiers() const {
    static const std::vector<std::string> points = {"1000", "10000", "100000", "1000000"};
    std::vector<Series> all;
    for (const auto& [name, level] : json_.at("levels").items())
      all.push_back(series("NearZone " + name, name, "worst", "NearZone", points));
    all.push_back(series("OpenSSL tuned", level_, "worst", "OpenSSL-tuned", points));
    all.push_back(series("OpenSSL textbook", level_, "worst", "OpenSSL-textbook", points));
    if (const auto floor = floor_rate(json_))
      all.push_back({"floor of " + level_, {{1e3, *floor}, {1e6, *floor}}});
    return all;
  }

  std::vector<Series> keys() const {
    static const std::vector<std::string> points = {"1000", "10000", "100000", "1000000"};
    std::vector<Series> all = {series("NearZone " + level_, level_, "keys", "NearZone", points),
                               series("OpenSSL tuned", level_, "keys", "OpenSSL-tuned", points)};
    if (const auto floor = floor_rate(json_))
      all.push_back({"floor of " + level_, {{1e3, *floor}, {1e6, *floor}}});
    return all;
  }

  // On the wall, also where one thread works.
  std::vector<Series> threads() const {
    std::vector<Series> all = {{"keys in memory"}, {"2.1 million keys in 40 zips"}};
    const Json& runs = json_.at("runs").at(level_);
    for (const char* threads : {"1", "2"}) {
      const char* const kinds[] = {"threads:", "many:"};
      for (size_t i = 0; i < all.size(); ++i) {
        const auto run = runs.find(std::string(kinds[i]) + threads + "/NearZone");
        if (run == runs.end()) continue;
        auto seconds = run->at("wall_seconds").get<std::vector<double>>();
        const auto middle = seconds.begin() + static_cast<ptrdiff_t>(seconds.size() / 2);
        std::nth_element(seconds.begin(), middle, seconds.end());
        all[i].points.emplace_back(std::stod(threads), run->at("items").get<double>() / *middle);
      }
    }
    return all;
  }

  // Blocks that two empty lines part, each with its title at the head.
  static std::string lines(const std::vector<Series>& all) {
    std::ostringstream out;
    for (const Series& line : all) {
      if (line.points.empty()) continue;
      if (out.tellp() > 0) out << "\n\n";
      out << '"' << line.title << "\"\n";
      for (const auto& [x, y] : line.points) out << x << ' ' << y << '\n';
    }
    return out.str();
  }

  static std::string number(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (!value.is_number()) return "not measured";
    if (value.is_number_integer()) return value.dump();
    const double x = value.get<double>();
    char text[32];
    std::snprintf(text, sizeof(text), "%.*f", std::abs(x) < 1000 ? 2 : 0, x);
    return text;
  }

  std::string markdown() const {
    std::ostringstream out;
    out << "# Matching, measured\n\n";
    for (const auto& [name, value] : json_.at("machine").items())
      out << "- " << name << ": " << number(value) << '\n';
    out << "\nMedians; the processor's time where one thread works, the time on the wall where "
           "several do.\n\n| Figure | |\n| --- | ---: |\n";
    for (const auto& [name, value] : json_.items())
      if (!value.is_structured()) out << "| " << name << " | " << number(value) << " |\n";
    out << "\n## Levels, 10,000 identifiers\n\n![Keys a second by level](levels.svg)\n\n"
           "| Level | keys/s | tuned keys/s | times tuned | times floor |\n"
           "| --- | ---: | ---: | ---: | ---: |\n";
    for (const auto& [name, level] : json_.at("levels").items())
      out << "| " << name << " | " << number(level.at("keys_per_s")) << " | "
          << number(level.at("tuned_keys_per_s")) << " | " << number(level.at("match_1e4_vs_tuned"))
          << " | " << number(level.at("match_1e4_vs_floor")) << " |\n";
    out << "\n## Stored identifiers\n\n![Keys a second by identifiers](identifiers.svg)\n"
           "\n## Keys\n\n![Keys a second by keys](keys.svg)\n"
           "\n## Threads\n\n![Keys a second by threads](threads.svg)\n"
           "\n## All measurements\n\n| Level | Benchmark | items/s | spread |\n"
           "| --- | --- | ---: | ---: |\n";
    for (const auto& [level, runs] : json_.at("runs").items())
      for (const auto& [name, run] : runs.items())
        out << "| " << level << " | " << name << " | " << number(*rate(level, name)) << " | "
            << number(run.at("spread")) << " |\n";
    return out.str();
  }

  const Json& json_;
  const std::string level_;
};

// False where the file is not the JSON of a whole run, or the folder cannot be written to.
bool report(const std::string& path, const std::string& folder) {
  std::ifstream file(path);
  const auto json = Json::parse(file, nullptr, false);
  return !json.is_discarded() && json.contains("levels") && Report(json).write(folder);
}

}  // namespace
}  // namespace nearzone::bench

int main(int argc, char** argv) {
  try {
    if (argc == 3 && nearzone::bench::report(argv[1], argv[2])) return 0;
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "matching_report: %s\n", fault.what());
  }
  std::fputs("matching_report FILE.json FOLDER: the JSON of a whole run, and where to write\n",
             stderr);
  return 1;
}
