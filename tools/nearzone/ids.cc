#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "command.h"
#include "nearzone/bluezone.h"
#include "nearzone/gaen.h"
#include "output.h"

namespace nearzone::tools {
namespace {

struct IdsOptions {
  std::string scheme;
  std::string key;
  std::string day;
  std::optional<int64_t> time_ms;
  std::optional<uint32_t> interval;
  uint32_t per_day = bluezone::kIdentifiersPerDay;
  bool json = false;
};

// The moment asked for, if one was.
std::optional<Instant> moment_of(const IdsOptions& options) {
  if (options.time_ms) return Instant{*options.time_ms};
  if (options.interval) return Interval{*options.interval}.start();
  return std::nullopt;
}

Result<std::vector<Identifier>> bluezone_ids(const IdsOptions& options) {
  const Result<Secret<32>> key = Secret<32>::from_hex_text(options.key);
  if (!key.ok()) return key.status().in_field("--key");
  std::vector<Identifier> day = bluezone::identifiers_of_day(*key, options.per_day);
  const std::optional<Instant> at = moment_of(options);
  if (!at) return day;
  const uint32_t slot = bluezone::slot_index(*at, options.per_day);
  if (slot >= day.size())
    return Status(Code::invalid_argument, "falls behind the last slot of its day", "--time");
  return std::vector<Identifier>{day[slot]};
}

Result<std::vector<Identifier>> gaen_ids(const IdsOptions& options) {
  const auto key = gaen::TemporaryExposureKey::from_hex_text(options.key);
  if (!key.ok()) return key.status().in_field("--key");
  if (const std::optional<Instant> at = moment_of(options))
    return std::vector<Identifier>{gaen::rolling_proximity_identifier(*key, Interval::of(*at))};
  if (options.day.empty())
    return Status(Code::invalid_argument, "gaen needs --day, --time or --interval");
  NEARZONE_ASSIGN(const Day day, parse_day(options.day));
  return gaen::rolling_proximity_identifiers(*key, Interval::of(day.start()),
                                             gaen::kIntervalsPerDay);
}

Result<std::vector<Identifier>> derive(const IdsOptions& options, SchemeTag scheme) {
  if (!options.day.empty()) NEARZONE_TRY(parse_day(options.day).status().in_field("--day"));
  if (options.time_ms && *options.time_ms < 0)
    return Status(Code::invalid_argument, "must not be before 1970", "--time");
  return scheme == SchemeTag::bluezone ? bluezone_ids(options) : gaen_ids(options);
}

int run(const IdsOptions& options) {
  const auto scheme = parse_scheme(options.scheme);
  if (!scheme.ok()) return report_usage(scheme.status());
  const auto identifiers = derive(options, *scheme);
  if (!identifiers.ok()) return report_usage(identifiers.status());
  nlohmann::json list = nlohmann::json::array();
  for (const Identifier& identifier : *identifiers) {
    const std::string hex = to_hex(ByteView(identifier.bytes).first(identifier_size(*scheme)));
    if (options.json)
      list.push_back(hex);
    else
      std::printf("%s\n", hex.c_str());
  }
  if (options.json)
    std::printf("%s\n",
                nlohmann::json{{"scheme", options.scheme}, {"identifiers", list}}.dump().c_str());
  return kDone;
}

}  // namespace

void add_ids_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("ids", "The identifiers that a key stands for, one a line in hexadecimal");
  auto options = std::make_shared<IdsOptions>();
  command->add_option("--scheme", options->scheme, "bluezone or gaen")->required();
  command
      ->add_option("--key", options->key,
                   "Hexadecimal: a Bluezone day key (32 bytes; the key of the "
                   "UTC day of --day "
                   "or --time) or a temporary exposure key (16 bytes)")
      ->required();
  CLI::Option* day = command->add_option("--day", options->day, "All of a UTC day, YYYY-MM-DD");
  CLI::Option* time =
      command->add_option("--time", options->time_ms, "The one at this time, Unix milliseconds");
  CLI::Option* interval = command->add_option("--interval", options->interval,
                                              "The one of this ten-minute interval number");
  day->excludes(time)->excludes(interval);
  time->excludes(interval);
  command->add_option("--per-day", options->per_day, "Bluezone: identifiers a day (default 96)")
      ->check(CLI::Range(1u, bluezone::kMaxIdentifiersPerDay));
  command->add_flag("--json", options->json, "One JSON object");
  command->footer(
      "Example:\n  nearzone ids --scheme gaen --key "
      "75c734c6dd1a782de7a965da5eb93125 --interval "
      "2642976");
  command->callback([options, &exit_code] { raise(exit_code, run(*options)); });
}

}  // namespace nearzone::tools
