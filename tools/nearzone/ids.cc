#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "command.h"
#include "inputs.h"
#include "nearzone/bluezone.h"
#include "nearzone/dp3t.h"
#include "nearzone/gaen.h"
#include "nearzone/kernels.h"
#include "nearzone/tcn.h"
#include "output.h"

namespace nearzone::tools {
namespace {

constexpr uint32_t kIdentifiersOfTwoHours = 8;
constexpr uint32_t kNumbersOfSixHours = 24;
constexpr Interval kLastInterval{std::numeric_limits<uint32_t>::max()};

struct IdsOptions {
  std::string scheme;
  std::string key;
  std::string day;
  std::optional<int64_t> time_ms;
  std::optional<uint32_t> interval;
  uint32_t per_day = bluezone::kIdentifiersPerDay;
  uint32_t day_offset = 0;
  std::optional<uint32_t> count;
  std::optional<uint16_t> index;
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
    return Status(Code::invalid_argument, "falls behind the last slot of its day",
                  options.interval ? "--interval" : "--time");
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

template <size_t kSize>
Result<Secret<kSize>> key_of(const IdsOptions& options) {
  Result<Secret<kSize>> key = Secret<kSize>::from_hex_text(options.key);
  if (!key.ok()) return key.status().in_field("--key");
  return key;
}

// The key's first day, or one after it, in the order of derivation.
Result<std::vector<Identifier>> low_cost_ids(const IdsOptions& options) {
  NEARZONE_ASSIGN(Secret<32> first, key_of<32>(options));
  return dp3t::identifiers_of_day(
      dp3t::step_day_key(dp3t::DayKey{std::move(first)}, options.day_offset), options.per_day);
}

Result<std::vector<Identifier>> hybrid_ids(const IdsOptions& options) {
  NEARZONE_ASSIGN(Secret<16> seed, key_of<16>(options));
  return dp3t::identifiers_of_window(dp3t::WindowSeed{std::move(seed)},
                                     options.count.value_or(kIdentifiersOfTwoHours));
}

Result<std::vector<Identifier>> unlinkable_ids(const IdsOptions& options) {
  NEARZONE_ASSIGN(Secret<32> seed, key_of<32>(options));
  return std::vector<Identifier>{dp3t::identifier_of_epoch(dp3t::EpochSeed{std::move(seed)})};
}

Result<std::vector<Identifier>> tcn_ids(const IdsOptions& options) {
  NEARZONE_ASSIGN(Secret<32> secret, key_of<32>(options));
  const tcn::ReportAuthorizationKey rak{std::move(secret)};
  if (options.index) return tcn::numbers(rak, *options.index, *options.index);
  const uint32_t count = options.count.value_or(kNumbersOfSixHours);
  return tcn::numbers(rak, 1, static_cast<uint16_t>(count));
}

Result<std::vector<Identifier>> derive(const IdsOptions& options, SchemeTag scheme) {
  if (!options.day.empty()) {
    const Result<Day> day = parse_day(options.day);
    if (!day.ok()) return day.status().in_field("--day");
    if (day->start() < Instant{})
      return Status(Code::invalid_argument, "must not be before 1970", "--day");
  }
  if (options.time_ms && *options.time_ms < 0)
    return Status(Code::invalid_argument, "must not be before 1970", "--time");
  if (options.time_ms && Instant{*options.time_ms} >= kLastInterval.start())
    return Status(Code::invalid_argument, "lies behind the last ten-minute interval", "--time");
  switch (scheme) {
    case SchemeTag::bluezone: return bluezone_ids(options);
    case SchemeTag::gaen: return gaen_ids(options);
    case SchemeTag::dp3t_low_cost: return low_cost_ids(options);
    case SchemeTag::dp3t_hybrid: return hybrid_ids(options);
    case SchemeTag::tcn: return tcn_ids(options);
    case SchemeTag::dp3t_unlinkable: return unlinkable_ids(options);
  }
  return Status(Code::internal, "a scheme without identifiers");
}

// Which options say something of a scheme's identifiers.
struct Applies {
  const char* option;
  std::initializer_list<SchemeTag> schemes;
};
constexpr Applies kApplies[] = {
    {"--day", {SchemeTag::bluezone, SchemeTag::gaen}},
    {"--time", {SchemeTag::bluezone, SchemeTag::gaen}},
    {"--interval", {SchemeTag::bluezone, SchemeTag::gaen}},
    {"--per-day", {SchemeTag::bluezone, SchemeTag::dp3t_low_cost}},
    {"--day-offset", {SchemeTag::dp3t_low_cost}},
    {"--count", {SchemeTag::dp3t_hybrid, SchemeTag::tcn}},
    {"--index", {SchemeTag::tcn}},
};

// Ignored, an option would make other identifiers look like those that were asked for.
Status check_applies(const CLI::App& command, SchemeTag scheme) {
  for (const auto& [option, schemes] : kApplies)
    if (command.count(option) > 0 && std::ranges::find(schemes, scheme) == schemes.end())
      return {Code::invalid_argument, "says nothing of this scheme's identifiers", option};
  return {};
}

int run(const CLI::App& command, const IdsOptions& options) {
  const auto scheme = parse_scheme(options.scheme);
  if (!scheme.ok()) return report_usage(scheme.status());
  const Status applies = check_applies(command, *scheme);
  if (!applies.ok()) return report_usage(applies);
  if (const auto level = active_kernel(); !level.ok()) return report("", level.status());
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
  if (options.json) print_json(nlohmann::json{{"scheme", options.scheme}, {"identifiers", list}});
  return kDone;
}

}  // namespace

void add_ids_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("ids", "The identifiers that a key stands for, one a line in hexadecimal");
  auto options = std::make_shared<IdsOptions>();
  command
      ->add_option("--scheme", options->scheme,
                   "bluezone, gaen, dp3t-lowcost, dp3t-hybrid, dp3t-unlinkable or tcn")
      ->required();
  command
      ->add_option("--key", options->key,
                   "Hexadecimal. bluezone: the key of the UTC day of --day or --time (32 bytes). "
                   "gaen: a temporary exposure key (16). dp3t-lowcost: SK_0 (32). dp3t-hybrid: the "
                   "seed of a window (16). dp3t-unlinkable: the seed of an epoch (32). tcn: a "
                   "report authorization key (32)")
      ->required();
  CLI::Option* day = command->add_option("--day", options->day, "All of a UTC day, YYYY-MM-DD");
  CLI::Option* time =
      command->add_option("--time", options->time_ms, "The one at this time, Unix milliseconds");
  CLI::Option* interval = command
                              ->add_option("--interval", options->interval,
                                           "The one of this ten-minute interval number")
                              ->transform(decimal());
  day->excludes(time)->excludes(interval);
  time->excludes(interval);
  command
      ->add_option("--per-day", options->per_day,
                   "bluezone, dp3t-lowcost: identifiers a day (default 96)")
      ->check(CLI::Range(1u, bluezone::kMaxIdentifiersPerDay));
  command
      ->add_option("--day-offset", options->day_offset,
                   "dp3t-lowcost: days after that of the key (default 0). Identifiers come in the "
                   "order of their derivation; phones send them in a secret one")
      ->check(CLI::Range(0u, 36500u));
  CLI::Option* count =
      command
          ->add_option(
              "--count", options->count,
              "dp3t-hybrid: identifiers of the window, 8 for two hours (the default) or 16 "
              "for four. tcn: the first so many numbers (default 24: six hours)")
          ->check(CLI::Range(1u, tcn::kMaxNumbers));
  command->add_option("--index", options->index, "tcn: the one number of this index, 1 to 65535")
      ->check(CLI::Range(1, 65535))
      ->excludes(count);
  command->add_flag("--json", options->json, "One JSON object");
  command->footer(
      "Examples:\n"
      "  nearzone ids --scheme gaen --key 75c734c6dd1a782de7a965da5eb93125 --interval 2642976\n"
      "  nearzone ids --scheme dp3t-lowcost --key $SK --day-offset 2\n"
      "  nearzone ids --scheme dp3t-hybrid --key $SEED --count 16\n"
      "  nearzone ids --scheme tcn --key $RAK --index 5");
  command->callback([options, command, &exit_code] { raise(exit_code, run(*command, *options)); });
}

}  // namespace nearzone::tools
