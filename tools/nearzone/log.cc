#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "exposure_table.h"
#include "inputs.h"
#include "nearzone/random.h"
#include "nearzone/sighting_reader.h"
#include "nearzone/sighting_writer.h"
#include "output.h"

namespace nearzone::tools {
namespace {

constexpr uint64_t kMaxImport = uint64_t{1} << 30;

struct LogCommand {
  LogOptions log;
  std::vector<std::string> files;
  std::string output;
  std::string format = "csv";
  std::string own_scheme;
  std::string day;
  bool all = false;
  bool yes = false;
  bool json = false;
  std::string utc_offset = "+00:00";
};

std::string day_name(Day day) { return day == kDoubtfulDay ? "doubtful" : format_day(day); }

void tell_losses(const std::vector<LogDayLoss>& lost) {
  for (const LogDayLoss& loss : lost)
    std::fprintf(stderr, "lost on %s: %llu scans, %llu sightings\n", day_name(loss.day).c_str(),
                 static_cast<unsigned long long>(loss.scans),
                 static_cast<unsigned long long>(loss.sightings));
}

void tell_losses(const LogOpening& opening) {
  if (!opening.repaired) return;
  std::fprintf(stderr,
               "The log was damaged. What could be read was kept; the damaged file was set "
               "aside as log.db.damaged.\n");
  tell_losses(opening.lost);
}

// Opens the log and does something with it; every fault is reported with the
// folder's name.
template <typename Work>
int with_log(const LogCommand& command, bool may_create, Work work) {
  int exit_code = kDone;
  const auto log = command.log.open(may_create, exit_code);
  if (log == nullptr) return exit_code;
  tell_losses(log->opening());
  return work(*log);
}

int init(const LogCommand& command) {
  SystemRandom random;
  const std::string key_path = command.log.key_path();
  const std::string keys = command.log.directory + "/log.keys";
  const bool was_there = std::filesystem::exists(keys);
  if (const Status made = make_key_file(key_path, random); !made.ok())
    return report(key_path, made);
  const int exit_code = with_log(command, true, [&](EncounterLog&) {
    std::printf(
        "Made the log %s and its key %s. Without the key nobody can "
        "read the log.\n",
        command.log.directory.c_str(), key_path.c_str());
    return kDone;
  });
  // A key of no log would be taken for the key of the one that is there.
  if (exit_code != kDone && (was_there || !std::filesystem::exists(keys)))
    std::remove(key_path.c_str());
  return exit_code;
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
    std::printf("%llu sightings read; what the log had heard already it keeps once\n",
                static_cast<unsigned long long>(sightings));
    return exit_code;
  });
}

// A file that holds what the log seals is nobody else's to read.
FILE* open_private(const std::string& path) {
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  struct stat found {};
  if (descriptor >= 0 && ::fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode))
    ::fchmod(descriptor, S_IRUSR | S_IWUSR);
  return descriptor < 0 ? nullptr : ::fdopen(descriptor, "wb");
}

Status write_sightings(FILE* file, const SightingColumns& columns, SightingFormat format,
                       std::optional<OwnIdentifiers> own) {
  SightingWriter text(columns, format, std::move(own));
  for (std::string piece = text.next(); !piece.empty(); piece = text.next())
    if (std::fwrite(piece.data(), 1, piece.size(), file) != piece.size()) break;
  if (std::ferror(file) == 0 && std::fflush(file) == 0) return {};
  return {Code::io, "the file cannot be written"};
}

// `device`: whose own identifiers are written too; may be null.
int export_log(const LogCommand& command, const EncounterLog& log, const Device* device) {
  std::vector<LogDayLoss> lost;
  const auto table = log.snapshot(nullptr, &lost);
  if (!table.ok()) return report(command.log.directory, table.status());
  tell_losses(lost);
  std::optional<OwnIdentifiers> own;
  if (device != nullptr) own = device->own_identifiers(table->columns());
  const std::string& path = command.output;
  FILE* const file = path.empty() ? stdout : open_private(path);
  if (file == nullptr) return report(path, {Code::io, "the file cannot be written"});
  const std::unique_ptr<FILE, int (*)(FILE*)> opened(path.empty() ? nullptr : file, std::fclose);
  const Status written = write_sightings(
      file, table->columns(),
      command.format == "csv" ? SightingFormat::csv : SightingFormat::json_lines, std::move(own));
  return written.ok() ? kDone : report(path, written);
}

template <typename Work>
int with_device(const LogCommand& command, SchemeTag own_scheme, Work work) {
  int exit_code = kDone;
  const auto device = command.log.open_device(own_scheme, exit_code);
  if (device == nullptr) return exit_code;
  tell_losses(device->log().opening());
  return work(*device);
}

int export_log(const LogCommand& command) {
  if (command.own_scheme.empty())
    return with_log(command, false,
                    [&](EncounterLog& log) { return export_log(command, log, nullptr); });
  const auto scheme = parse_scheme(command.own_scheme);
  if (!scheme.ok()) return report_usage(scheme.status().in_field("--own-identifiers"));
  return with_device(command, *scheme, [&](const Device& device) {
    return export_log(command, device.log(), &device);
  });
}

// What checks of lists found, as an app stored it.
int show_exposures(const LogCommand& command) {
  return with_device(command, SchemeTag::gaen, [&](const Device& device) -> int {
    const auto exposures = device.exposures();
    if (!exposures.ok()) return report(command.log.directory, exposures.status());
    const ExposureTable table = exposure_table(*exposures, "UTC");
    if (command.json) {
      const nlohmann::ordered_json all = {{"exposures", table.json}};
      print_json(all);
    } else if (exposures->empty()) {
      std::printf("No exposure.\n");
    } else {
      print_table(table.rows);
    }
    return kDone;
  });
}

nlohmann::json to_json(const std::vector<LogDayLoss>& losses) {
  nlohmann::json days = nlohmann::json::array();
  for (const LogDayLoss& loss : losses)
    days.push_back(
        {{"day", day_name(loss.day)}, {"scans", loss.scans}, {"sightings", loss.sightings}});
  return days;
}

nlohmann::json to_json(const std::vector<LogDayStatistics>& counts) {
  nlohmann::json days = nlohmann::json::array();
  for (const LogDayStatistics& day : counts)
    days.push_back({{"day", day_name(day.day)},
                    {"scans", day.scans},
                    {"sightings", day.sightings},
                    {"sealed_bytes", day.sealed_bytes}});
  return days;
}

// `bytes`: also how many of them, which are known of UTC days only.
void print_days(const std::string& title, const std::vector<LogDayStatistics>& days, bool bytes) {
  std::vector<std::vector<std::string>> rows = {{title, "scans", "sightings"}};
  if (bytes) rows[0].push_back("bytes");
  for (const LogDayStatistics& day : days) {
    rows.push_back({day_name(day.day), std::to_string(day.scans), std::to_string(day.sightings)});
    if (bytes) rows.back().push_back(std::to_string(day.sealed_bytes));
  }
  print_table(rows);
}

void print_losses(const char* what, const std::vector<LogDayLoss>& losses) {
  for (const LogDayLoss& loss : losses)
    std::printf("%s, %s: %llu scans, %llu sightings\n", what, day_name(loss.day).c_str(),
                static_cast<unsigned long long>(loss.scans),
                static_cast<unsigned long long>(loss.sightings));
}

// The person's own days, as their clock has them.
int show_local_days(const LogCommand& command, EncounterLog& log, Millis utc_offset) {
  const auto table = log.snapshot();
  if (!table.ok()) return report(command.log.directory, table.status());
  const std::vector<LogDayStatistics> days = count_by_day(table->columns(), utc_offset);
  if (command.json) {
    nlohmann::json counts = to_json(days);
    for (nlohmann::json& day : counts) day.erase("sealed_bytes");
    const nlohmann::json all = {{"utc_offset", command.utc_offset}, {"days", counts}};
    print_json(all);
  } else {
    print_days("day (" + command.utc_offset + ")", days, false);
  }
  return kDone;
}

int show_statistics(const LogCommand& command) {
  const auto utc_offset = parse_utc_offset(command.utc_offset);
  if (!utc_offset.ok()) return report_usage(utc_offset.status());
  return with_log(command, false, [&](EncounterLog& log) -> int {
    if (*utc_offset != Millis(0)) return show_local_days(command, log, *utc_offset);
    const auto statistics = log.statistics();
    if (!statistics.ok()) return report(command.log.directory, statistics.status());
    std::vector<LogDayStatistics> days = statistics->days;
    if (statistics->doubtful.scans != 0) days.push_back(statistics->doubtful);
    uint64_t sightings = 0;
    for (const LogDayStatistics& day : days) sightings += day.sightings;
    if (command.json) {
      const nlohmann::json all = {{"days", to_json(days)},
                                  {"sightings", sightings},
                                  {"bytes_on_disk", statistics->bytes_on_disk},
                                  {"damaged", to_json(statistics->damaged)},
                                  {"dropped", to_json(statistics->dropped)},
                                  {"clock_in_doubt", statistics->clock_in_doubt}};
      print_json(all);
      return kDone;
    }
    print_days("day (UTC)", days, true);
    std::printf("%llu sightings, %llu bytes on disk\n", static_cast<unsigned long long>(sightings),
                static_cast<unsigned long long>(statistics->bytes_on_disk));
    print_losses("lost to damage", statistics->damaged);
    print_losses("dropped for want of space", statistics->dropped);
    if (statistics->clock_in_doubt)
      std::printf("The clock is in doubt: nothing is erased by age until it is right again.\n");
    return kDone;
  });
}

int compact(const LogCommand& command) {
  return with_log(command, false, [&](EncounterLog& log) -> int {
    Result<bool> more = true;
    while (more.ok() && *more) more = log.compact_step(std::chrono::seconds(1));
    if (!more.ok()) return report(command.log.directory, more.status());
    std::printf("Packed.\n");
    return kDone;
  });
}

int purge(const LogCommand& command) {
  return with_log(command, false, [&](EncounterLog& log) -> int {
    const auto days = log.purge();
    if (!days.ok()) return report(command.log.directory, days.status());
    std::printf("%d %s erased\n", *days, *days == 1 ? "day" : "days");
    return kDone;
  });
}

// Erasing cannot be undone: a person confirms it, a script says --yes.
bool confirmed(const LogCommand& command) {
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
  const auto day = command.all                 ? Result<Day>(Day{})
                   : command.day == "doubtful" ? Result<Day>(kDoubtfulDay)
                                               : parse_day(command.day);
  if (!day.ok()) return report_usage(day.status().in_field("--day"));
  if (!command.yes && ::isatty(STDIN_FILENO) != 1)
    return report_usage({Code::invalid_argument, "erasing needs --yes where nobody can be asked"});
  if (!command.yes && !confirmed(command)) {
    std::printf("Nothing was erased.\n");
    return kDone;
  }
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
    command->add_option("--format", mine->format, "csv (default) or jsonl")
        ->check(CLI::IsMember({"csv", "jsonl"}));
    command->add_option("--own-identifiers", mine->own_scheme,
                        "Also what this phone itself sent at the time, by this scheme");
    command->footer(
        "The text holds what the log seals: whom this phone was near. With its own identifiers\n"
        "it also says who it was to them. See docs/formats/sightings.md.\n"
        "Example:\n  nearzone log export --log my.log --own-identifiers gaen -o mine.csv");
  }
  {
    auto mine = options();
    add(*log, "exposures", "What checks of lists found and an app stored here", mine, exit_code,
        show_exposures)
        ->add_flag("--json", mine->json, "One JSON object");
  }
  {
    auto mine = options();
    CLI::App* command =
        add(*log, "stats", "What the log holds, by day", mine, exit_code, show_statistics);
    command->add_flag("--json", mine->json, "One JSON object");
    command->add_option("--utc-offset", mine->utc_offset,
                        "Count by the days of this clock, such as +07:00");
  }
  add(*log, "compact", "Packs the days that are over", options(), exit_code, compact);
  add(*log, "purge", "Erases what is older than 14 days", options(), exit_code, purge);
  {
    auto mine = options();
    CLI::App* command =
        add(*log, "erase", "Erases a day or everything, for ever", mine, exit_code, erase);
    command->add_option("--day", mine->day, "UTC day, YYYY-MM-DD, or \"doubtful\"");
    command->add_flag("--all", mine->all, "Everything");
    command->add_flag("--yes", mine->yes, "Do not ask");
  }
}

}  // namespace nearzone::tools
