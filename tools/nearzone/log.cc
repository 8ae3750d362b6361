#include <unistd.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "inputs.h"
#include "nearzone/random.h"
#include "nearzone/sighting_reader.h"
#include "output.h"

namespace nearzone::tools {
namespace {

constexpr uint64_t kMaxImport = uint64_t{1} << 30;

struct LogCommand {
  LogOptions log;
  std::vector<std::string> files;
  std::string output;
  std::string format = "csv";
  std::string day;
  bool all = false;
  bool yes = false;
  bool json = false;
};

// Opens the log and does something with it; every fault is reported with the
// folder's name.
template <typename Work>
int with_log(const LogCommand& command, bool may_create, Work work) {
  const auto log = command.log.open(may_create);
  if (!log.ok()) return report(command.log.directory, log.status());
  return work(**log);
}

int init(const LogCommand& command) {
  SystemRandom random;
  const std::string key_path = command.log.key_path();
  if (const Status made = make_key_file(key_path, random); !made.ok())
    return report(key_path, made);
  return with_log(command, true, [&](EncounterLog&) {
    std::printf(
        "Made the log %s and its key %s. Without the key nobody can "
        "read the log.\n",
        command.log.directory.c_str(), key_path.c_str());
    return kDone;
  });
}

int import_file(EncounterLog& log, const std::string& path, uint64_t& sightings) {
  const auto text = read_file(path, kMaxImport);
  const auto read = text.ok() ? read_sightings(*text) : Result<ReadSightings>(text.status());
  if (!read.ok()) return report(path, read.status());
  std::vector<SightingBatch> batches;
  batches.reserve(read->scans.size());
  for (const ReadScan& scan : read->scans) batches.push_back({scan.scan, scan.sightings});
  if (const Status stored = log.append(batches); !stored.ok()) return report(path, stored);
  sightings += read->sightings;
  return kDone;
}

int import_files(const LogCommand& command) {
  return with_log(command, true, [&](EncounterLog& log) {
    int exit_code = kDone;
    uint64_t sightings = 0;
    for (const std::string& path : command.files)
      raise(exit_code, import_file(log, path, sightings));
    std::printf("%llu sightings imported\n", static_cast<unsigned long long>(sightings));
    return exit_code;
  });
}

std::string json_lines(const SightingColumns& columns) {
  std::string text;
  for (const DaySlice& slice : columns.days) {
    for (size_t row = slice.first; row < slice.first + slice.count; ++row) {
      const Metadata& metadata = columns.metadata[row];
      const ByteView identifier(columns.identifier[row].bytes);
      const nlohmann::ordered_json line = {
          {"time_ms", columns.time[row].ms},
          {"identifier", to_hex(identifier.first(identifier_size(slice.scheme)))},
          {"rssi_dbm", columns.rssi_dbm[row]},
          {"metadata", to_hex(ByteView(metadata.bytes).first(metadata.size))},
          {"scheme", scheme_name(slice.scheme)},
          {"source", columns.heard_by[row] == HeardBy::gatt ? "gatt" : "advertisement"},
          {"scan_ms", columns.scans[columns.scan[row]].start.ms}};
      text += line.dump() + "\n";
    }
  }
  return text;
}

int export_log(const LogCommand& command) {
  return with_log(command, false, [&](EncounterLog& log) -> int {
    const auto table = log.snapshot();
    if (!table.ok()) return report(command.log.directory, table.status());
    const std::string text = command.format == "csv" ? write_sightings_csv(table->columns())
                                                     : json_lines(table->columns());
    if (!command.output.empty()) {
      const Status written = write_file(command.output, as_bytes(text));
      return written.ok() ? kDone : report(command.output, written);
    }
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? kDone : kFailed;
  });
}

int show_statistics(const LogCommand& command) {
  return with_log(command, false, [&](EncounterLog& log) -> int {
    const auto statistics = log.statistics();
    if (!statistics.ok()) return report(command.log.directory, statistics.status());
    nlohmann::json days = nlohmann::json::array();
    std::vector<std::vector<std::string>> rows = {{"day (UTC)", "scans", "sightings", "bytes"}};
    uint64_t sightings = 0;
    for (const LogDayStatistics& day : statistics->days) {
      days.push_back({{"day", format_day(day.day)},
                      {"scans", day.scans},
                      {"sightings", day.sightings},
                      {"sealed_bytes", day.sealed_bytes}});
      rows.push_back({format_day(day.day), std::to_string(day.scans), std::to_string(day.sightings),
                      std::to_string(day.sealed_bytes)});
      sightings += day.sightings;
    }
    if (command.json) {
      const nlohmann::json all = {
          {"days", days}, {"sightings", sightings}, {"bytes_on_disk", statistics->bytes_on_disk}};
      std::printf("%s\n", all.dump().c_str());
      return kDone;
    }
    print_table(rows);
    std::printf("%llu sightings, %llu bytes on disk\n", static_cast<unsigned long long>(sightings),
                static_cast<unsigned long long>(statistics->bytes_on_disk));
    return kDone;
  });
}

int purge(const LogCommand& command) {
  return with_log(command, false, [&](EncounterLog& log) -> int {
    const auto days = log.purge();
    if (!days.ok()) return report(command.log.directory, days.status());
    std::printf("%d days erased\n", *days);
    return kDone;
  });
}

// Erasing cannot be undone: a person confirms it, a script says --yes.
bool confirmed(const LogCommand& command) {
  if (command.yes) return true;
  if (::isatty(STDIN_FILENO) != 1) {
    report("", {Code::invalid_argument, "erasing needs --yes where nobody can be asked"});
    return false;
  }
  std::printf("This cannot be undone. Erase %s? Type yes: ",
              command.all ? "everything" : command.day.c_str());
  std::fflush(stdout);
  char answer[8] = {};
  return std::fgets(answer, sizeof(answer), stdin) != nullptr &&
         std::string_view(answer) == "yes\n";
}

int erase(const LogCommand& command) {
  if (command.all == !command.day.empty())
    return report_usage({Code::invalid_argument, "give one of --day and --all"});
  const auto day = command.all ? Result<Day>(Day{}) : parse_day(command.day);
  if (!day.ok()) return report_usage(day.status().in_field("--day"));
  if (!confirmed(command)) return kBadUsage;
  return with_log(command, false, [&](EncounterLog& log) -> int {
    const Status erased = command.all ? log.erase_all() : log.erase_day(*day);
    if (!erased.ok()) return report(command.log.directory, erased);
    std::printf("Erased.\n");
    return kDone;
  });
}

CLI::App* add(CLI::App& log, const char* name, const char* what,
              const std::shared_ptr<LogCommand>& options, int& exit_code,
              int (*run)(const LogCommand&)) {
  CLI::App* command = log.add_subcommand(name, what);
  options->log.add_to(*command, true);
  command->callback([options, run, &exit_code] { raise(exit_code, run(*options)); });
  return command;
}

}  // namespace

void add_log_command(CLI::App& app, int& exit_code) {
  CLI::App* log = app.add_subcommand("log", "The encrypted record of what a phone heard");
  log->require_subcommand(1);
  const auto options = [] { return std::make_shared<LogCommand>(); };
  add(*log, "init", "Makes a log and its key file", options(), exit_code, init)
      ->footer(
          "Example:\n  nearzone log init --log my.log     makes my.log/ "
          "and my.log.key");
  {
    auto mine = options();
    add(*log, "import", "Adds sightings from CSV or Bluezone history lines", mine, exit_code,
        import_files)
        ->add_option("FILE", mine->files, "Files to read; each is stored whole or not at all")
        ->required();
  }
  {
    auto mine = options();
    CLI::App* command =
        add(*log, "export", "Everything in the log, in readable form", mine, exit_code, export_log);
    command->add_option("-o,--output", mine->output, "File to write (default: standard output)");
    command->add_option("--format", mine->format, "csv or jsonl")
        ->check(CLI::IsMember({"csv", "jsonl"}));
  }
  {
    auto mine = options();
    add(*log, "stats", "What the log holds, by day", mine, exit_code, show_statistics)
        ->add_flag("--json", mine->json, "One JSON object");
  }
  add(*log, "purge", "Erases what is older than 14 days", options(), exit_code, purge);
  {
    auto mine = options();
    CLI::App* command =
        add(*log, "erase", "Erases a day or everything, for ever", mine, exit_code, erase);
    command->add_option("--day", mine->day, "UTC day, YYYY-MM-DD");
    command->add_flag("--all", mine->all, "Everything");
    command->add_flag("--yes", mine->yes, "Do not ask");
  }
}

}  // namespace nearzone::tools
