// Matching measured whole: NearZone beside OpenSSL baselines and the floors of its own kernels, at
// every level of the processor, and the memory that it takes.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "matching/benchmarks.h"
#include "matching/process.h"
#include "matching/samples.h"
#include "matching/summary.h"
#include "nearzone/kernels.h"

namespace nearzone::bench {
namespace {

constexpr char kHelp[] =
    "bench_matching [--quick] [--json FILE] [--folder DIR] [Google Benchmark's options]\n\n"
    "Measures matching at this processor's best level, and in further processes at the other\n"
    "levels, the portable level beside an OpenSSL without AES-NI and SHA-NI, and the peak of\n"
    "memory. Every result is checked before it is timed. Progress goes to standard error, a table\n"
    "to standard output.\n\n"
    "  --quick          only what the table needs, with fewer repetitions: less than a minute\n"
    "  --json FILE      writes all figures and samples\n"
    "  --samples FILE   only measures, in this process, what --benchmark_filter leaves, and\n"
    "                   writes the samples; NEARZONE_KERNEL=LEVEL chooses the level\n"
    "  --folder DIR     for the lists and the log (90 MB), which stay there for the next run;\n"
    "                   otherwise they are made in a temporary folder and removed\n\n"
    "  --benchmark_filter=REGEX         measures, in this process, what matches\n"
    "  --benchmark_repetitions=N        15, or 5 with --quick\n"
    "  --benchmark_list_tests           names the benchmarks\n"
    "--benchmark_out is not supported; --samples FILE serves for it.\n";

// Bits of OPENSSL_ia32cap, see OPENSSL_ia32cap(3): AES-NI is bit 57 of the first word, SHA-NI bit
// 29 of the second, which is leaf 7's EBX.
constexpr char kWithoutAesAndSha[] = "~0x200000000000000:~0x20000000";

struct Options {
  bool quick = false;
  bool help = false;
  std::string json;
  std::string samples;
  std::string folder;
  bool list_only = false;
  std::vector<char*> others;  // Google Benchmark's
};

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  options.others.push_back(argv[0]);
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    std::string* value = argument == "--json"      ? &options.json
                         : argument == "--samples" ? &options.samples
                         : argument == "--folder"  ? &options.folder
                                                   : nullptr;
    if (value != nullptr) {
      if (++i == argc) {
        std::fprintf(stderr, "bench_matching: %s needs a value\n", argument.c_str());
        return {};
      }
      *value = argv[i];
    } else if (argument == "--quick") {
      options.quick = true;
    } else if (argument == "--help" || argument == "-h") {
      options.help = true;
    } else if (argument.starts_with("--benchmark_out")) {
      std::fprintf(stderr, "bench_matching: use --samples FILE instead of --benchmark_out\n");
      return {};
    } else {
      options.list_only |= argument.starts_with("--benchmark_list_tests");
      options.others.push_back(argv[i]);
    }
  }
  return options;
}

// A folder that goes with its owner, unless it was given.
class Folder {
 public:
  explicit Folder(std::string given) : path_(std::move(given)), temporary_(path_.empty()) {
    if (temporary_) {
      std::string made =
          (std::filesystem::temp_directory_path() / "nearzone-bench-XXXXXX").string();
      if (mkdtemp(made.data()) != nullptr) path_ = made;
    } else {
      std::filesystem::create_directories(path_);
    }
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    if (temporary_ && !path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool temporary_;
};

// The options come before the user's, which win.
void initialise(const Options& options) {
  static std::string defaults[] = {
      options.quick ? "--benchmark_repetitions=5" : "--benchmark_repetitions=15",
      "--benchmark_enable_random_interleaving=true"};
  std::vector<char*> arguments = options.others;
  arguments.insert(arguments.begin() + 1, {defaults[0].data(), defaults[1].data()});
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data(), [] { std::fputs(kHelp, stdout); });
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) std::exit(1);
}

bool filtered() {
  const std::string filter = benchmark::GetBenchmarkFilter();
  return !filter.empty() && filter != "all";
}

// Measures the groups in this process, but for those whose result was wrong, which gives false.
bool measure(const Setting& setting, bool own_process_too, bool list_only, Runs& runs) {
  Collector collector;
  if (list_only) collector.SetOutputStream(&std::cout);
  for (const Group& group : groups()) {
    if (group.own_process && !own_process_too) continue;
    benchmark::ClearRegisteredBenchmarks();
    // What is registered has passed the filter.
    if (group.add(setting) > 0) benchmark::RunSpecifiedBenchmarks(&collector, ".");
  }
  runs = collector.runs();
  return !collector.failed();
}

std::optional<nlohmann::ordered_json> read_json(const std::string& path) {
  std::ifstream file(path);
  auto json = nlohmann::ordered_json::parse(file, nullptr, false);
  if (json.is_discarded()) return {};
  return json;
}

bool write_json(const std::string& path, const nlohmann::ordered_json& json) {
  std::ofstream file(path);
  file << json.dump(2) << '\n';
  return file.flush().good();
}

// Measures in another process what the filter leaves, and adds it to `runs`.
bool measure_apart(const std::string& filter, const Options& options, const std::string& folder,
                   const std::map<std::string, std::string>& environment, Runs& runs,
                   nlohmann::ordered_json* machine = nullptr) {
  const std::string samples = folder + "/samples.json";
  std::filesystem::remove(samples);
  std::vector<std::string> arguments = {"--samples", samples, "--folder", folder,
                                        "--benchmark_filter=" + filter};
  if (options.quick) arguments.push_back("--quick");
  for (size_t i = 1; i < options.others.size(); ++i) arguments.push_back(options.others[i]);
  const bool right = run_again(arguments, environment);
  const auto json = read_json(samples);
  if (!json) return false;
  for (const auto& [name, measured] : json->at("runs").items())
    runs[name] = measured.get<Samples>();
  if (machine != nullptr) *machine = json->at("machine");
  return right;
}

// Every level but the one in use, the portable one beside the masked OpenSSL, and the memory.
bool measure_apart(const Options& options, const std::string& folder, const std::string& level,
                   RunsByLevel& runs, nlohmann::ordered_json& masked_machine) {
  const std::string worlds = options.quick ? "worst:10000/(NearZone|OpenSSL-tuned)$|^floor:key"
                                           : "worst:.*/(NearZone|OpenSSL-tuned)$|^floor:key";
  bool right = true;
  for (const KernelLevel& other : kernel_levels()) {
    if (!other.supported || other.name == level) continue;
    std::fprintf(stderr, "\nLevel %s\n", other.name);
    right &= measure_apart("^" + worlds, options, folder, {{"NEARZONE_KERNEL", other.name}},
                           runs[other.name]);
  }
  std::fprintf(stderr, "\nLevel portable, and OpenSSL without AES-NI and SHA-NI\n");
  right &= measure_apart("^worst:10000/(NearZone|OpenSSL-textbook)$", options, folder,
                         {{"NEARZONE_KERNEL", "portable"}, {"OPENSSL_ia32cap", kWithoutAesAndSha}},
                         runs[kMasked], &masked_machine);
  std::fprintf(stderr, "\nMemory\n");
  right &= measure_apart("^memory:lists", options, folder, {}, runs[level]);
  right &= measure_apart("^memory:log", options, folder, {}, runs[level]);
  return right;
}

int run(const Options& options) {
  const auto level = active_kernel();
  if (!level.ok()) {
    std::fprintf(stderr, "bench_matching: %s\n", level.status().text());
    return 1;
  }
  const Folder folder(options.folder);
  const bool apart = options.samples.empty() && !filtered() && !options.list_only;
  Runs own;
  bool right = measure({folder.path(), options.quick}, !apart, options.list_only, own);
  nlohmann::ordered_json json;
  if (apart) {
    const std::string name(*level);
    RunsByLevel runs;
    runs[name] = std::move(own);
    auto masked = nlohmann::ordered_json::object();
    right &= measure_apart(options, folder.path(), name, runs, masked);
    json = figures(name, runs);
    print_table(json);
    json["machine"] = machine();
    json["machine"]["openssl_processor_masked"] = masked.value("openssl_processor", "");
    json["quick"] = options.quick;
    json["runs"] = runs;
  } else {
    json = {{"level", *level}, {"machine", machine()}, {"runs", own}};
  }
  const std::string& out = apart ? options.json : options.samples;
  if (!out.empty() && !write_json(out, json)) {
    std::fprintf(stderr, "bench_matching: the file cannot be written\n");
    return 1;
  }
  if (!right)
    std::fprintf(stderr, "bench_matching: something went wrong, and its figures are missing\n");
  return right ? 0 : 1;
}

}  // namespace
}  // namespace nearzone::bench

int main(int argc, char** argv) {
  try {
    const auto options = nearzone::bench::parse(argc, argv);
    if (!options) return 1;
    if (options->help) {
      std::fputs(nearzone::bench::kHelp, stdout);
      return 0;
    }
    nearzone::bench::initialise(*options);
    return nearzone::bench::run(*options);
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "bench_matching: %s\n", fault.what());
    return 1;
  }
}
