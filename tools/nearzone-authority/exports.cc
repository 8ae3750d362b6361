// nearzone-authority export, cleanup, explain: what is published, by hand.
#include <algorithm>
#include <cstdio>

#include "authority/base64.h"
#include "authority/exports/explain.h"
#include "authority/exports/export_worker.h"
#include "authority/exports/publication.h"
#include "authority/exports/retention.h"
#include "command.h"
#include "output.h"
#include "setup.h"

namespace nearzone::authority_tool {
namespace {

using authority::DurableFolder;
using authority::Series;

struct ExportsCommand {
  Setup setup;
  std::string series;  // empty: all
  std::string key;
  bool is_dry_run = false;
};

std::vector<Series> chosen(ExportsCommand& options, int& exit_code) {
  std::vector<Series> series = options.setup.config().settings.exports;
  if (!options.series.empty())
    std::erase_if(series, [&](const Series& one) { return one.name != options.series; });
  if (series.empty()) {
    report("", {Code::invalid_argument, "there is no such export", "--series"});
    exit_code = kBadUsage;
  }
  return series;
}

Result<DurableFolder> exports_folder(ExportsCommand& options) {
  return DurableFolder::open(authority::exports_path(options.setup.config().settings), 0755,
                             authority::system_file_calls());
}

void run_export(ExportsCommand& options, int& exit_code) {
  if (!options.setup.open(exit_code)) return;
  const auto folder = exports_folder(options);
  if (!folder.ok()) {
    exit_code = report("exports", folder.status());
    return;
  }
  authority::ExportWorker worker(options.setup.store(), *folder,
                                 authority::signing_keys_path(options.setup.config().settings),
                                 authority::system_file_calls(), options.setup.random());
  std::vector<std::vector<std::string>> table{
      {"SERIES", "BATCHES", "FILES", "KEYS", "REVISED", "PADDING"}};
  for (const Series& series : chosen(options, exit_code)) {
    const auto done = worker.run(series, options.setup.clock().now());
    if (!done.ok()) {
      exit_code = std::max(exit_code, report(series.name, done.status()));
      continue;
    }
    table.push_back({series.name, std::to_string(done->batches), std::to_string(done->files),
                     std::to_string(done->keys), std::to_string(done->revised_keys),
                     std::to_string(done->padding_keys)});
  }
  if (table.size() > 1) print_table(table);
}

void print_removed(const authority::Removed& removed) {
  print_table({{"ROWS", "COUNT"},
               {"keys", std::to_string(removed.keys)},
               {"padding", std::to_string(removed.padding)},
               {"codes", std::to_string(removed.codes)},
               {"tokens", std::to_string(removed.tokens)},
               {"statistics", std::to_string(removed.statistics)},
               {"audit", std::to_string(removed.audit)},
               {"sealed keys", std::to_string(removed.sealed_keys)}});
}

void run_cleanup(ExportsCommand& options, int& exit_code) {
  if (!options.setup.open(exit_code)) return;
  const auto folder = exports_folder(options);
  if (!folder.ok()) {
    exit_code = report("exports", folder.status());
    return;
  }
  const Instant now = options.setup.clock().now();
  authority::ExportWorker worker(options.setup.store(), *folder,
                                 authority::signing_keys_path(options.setup.config().settings),
                                 authority::system_file_calls(), options.setup.random());
  const char* verb = options.is_dry_run ? "would remove" : "removed";
  for (const Series& series : options.setup.config().settings.exports) {
    const auto names = worker.remove_old(series, now, options.is_dry_run);
    if (!names.ok()) {
      exit_code = std::max(exit_code, report(series.name, names.status()));
      continue;
    }
    for (const std::string& name : *names) std::printf("%s %s\n", verb, name.c_str());
  }
  const auto removed = authority::remove_expired_rows(
      options.setup.store(), options.setup.config().settings.retention, now, options.is_dry_run);
  if (!removed.ok()) {
    exit_code = std::max(exit_code, report("retention", removed.status()));
    return;
  }
  std::printf("%s\n", verb);
  print_removed(*removed);
}

// A key in hexadecimal or base64.
std::optional<std::vector<uint8_t>> read_key(const std::string& text) {
  std::vector<uint8_t> bytes(text.size() / 2);
  if (text.size() % 2 == 0 && from_hex(text, bytes).ok()) return bytes;
  return authority::from_base64(text);
}

void run_explain(ExportsCommand& options, int& exit_code) {
  const auto key = read_key(options.key);
  if (!key || (key->size() != 16 && key->size() != 32)) {
    report("", {Code::invalid_argument, "must be 16 or 32 bytes in hexadecimal or base64", "KEY"});
    exit_code = kBadUsage;
    return;
  }
  if (!options.setup.open(exit_code)) return;
  const auto folder = exports_folder(options);
  if (!folder.ok()) {
    exit_code = report("exports", folder.status());
    return;
  }
  bool is_hopeless = true;
  for (const Series& series : chosen(options, exit_code)) {
    if (published_key_size(series.scheme) != key->size()) continue;
    authority::Explanation told;
    const Status explained = options.setup.store().read([&](authority::Reader& rows) -> Status {
      NEARZONE_ASSIGN(
          told, authority::explain_key(rows, *folder, series, *key, options.setup.clock().now()));
      return {};
    });
    if (!explained.ok()) {
      exit_code = report(series.name, explained);
      return;
    }
    std::printf("%s\n", series.name.c_str());
    for (const auto& line : told.lines)
      std::printf("  %-10s %s\n", line.subject.c_str(), line.words.c_str());
    is_hopeless = is_hopeless && told.is_hopeless;
  }
  if (is_hopeless) exit_code = std::max<int>(exit_code, kBadInput);
}

}  // namespace

void add_export_commands(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ExportsCommand>();
  CLI::App* run =
      app.add_subcommand("export", "Publish what is due now, and finish what was interrupted");
  CLI::App* clean = app.add_subcommand("cleanup", "Remove what retention no longer keeps");
  CLI::App* explain = app.add_subcommand(
      "explain", "Why a key is published, or is not yet, or never will be (exit code 3)");
  for (CLI::App* each : {run, clean, explain}) options->setup.add_to(*each);
  for (CLI::App* each : {run, explain})
    each->add_option("--series", options->series, "Only this export");
  clean->add_flag("--dry-run", options->is_dry_run, "Only say what would be removed");
  explain->add_option("KEY", options->key, "16 or 32 bytes in hexadecimal or base64")->required();
  run->callback([options, &exit_code] { run_export(*options, exit_code); });
  clean->callback([options, &exit_code] { run_cleanup(*options, exit_code); });
  explain->callback([options, &exit_code] { run_explain(*options, exit_code); });
}

}  // namespace nearzone::authority_tool
