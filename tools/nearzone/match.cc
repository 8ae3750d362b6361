#include "nearzone/match.h"

#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "command.h"
#include "inputs.h"
#include "nearzone/device.h"
#include "nearzone/scheme.h"
#include "output.h"

namespace nearzone::tools {
namespace {

struct MatchCommand {
  SightingOptions sightings;
  std::vector<std::string> files;
  std::vector<std::string> public_keys;
  std::string scheme;
  unsigned threads = 1;
  int transmit_power_dbm = -25;
  int rssi_correction_db = 0;
  bool allow_unsigned = false;
  bool strict = false;
  bool json = false;

  void add_to(CLI::App& command) {
    sightings.add_to(command);
    command.add_option("LIST", files, "Published lists of any format")->required();
    add_public_keys(command, public_keys,
                    "PEM, P-256 or Ed25519; a list that none of them verifies is refused");
    command.add_flag("--allow-unsigned", allow_unsigned, "Use lists that no key verifies as well");
    command.add_option("--scheme", scheme, "Only keys of this scheme");
    command.add_flag("--strict", strict, "Bluezone's windows exactly as in the original app");
    command.add_option("--threads", threads, "Threads to match with (default 1)")
        ->check(CLI::Range(1u, 256u));
    command.add_flag("--json", json, "One JSON object");
  }
};

// A list that was opened and what is to be said of it.
struct CheckedList {
  std::string path;
  std::string_view format = "unreadable";
  std::string_view signature = "-";
  uint64_t keys = 0;
};

// Everything that one run of the command found.
struct Outcome {
  std::unique_ptr<SightingTable> table;
  std::vector<const Scheme*> schemes;
  std::vector<CheckedList> lists;
  MatchResult result;
  double seconds = 0;
};

// Empty where a set said no more than that an identifier is in it.
std::string key_text(const PublishedKey& key) {
  if (key.scheme == SchemeTag::dp3t_unlinkable) return {};
  return to_hex(ByteView(key.bytes).first(published_key_size(key.scheme)));
}

std::vector<std::string> scheme_names() {
  std::vector<std::string> names;
  for (const Scheme* scheme : every_scheme()) names.emplace_back(scheme_name(scheme->tag()));
  return names;
}

// Opens, verifies and matches one list.
Status match_list(const MatchCommand& command, const std::vector<PublicKey>& keys,
                  const Matcher& matcher, uint32_t index, Progress& progress, CheckedList& checked,
                  MatchResult& result) {
  NEARZONE_ASSIGN(const OpenList open, open_list(checked.path));
  checked.format = list_format_name(open.list->info().format);
  checked.keys = open.list->info().keys;
  const SignatureReport signature = open.list->verify(keys);
  checked.signature = signature_outcome_name(signature.outcome);
  if (!keys.empty() && signature.outcome != SignatureOutcome::verified && !command.allow_unsigned)
    return {Code::signature_refused, signature.detail, "signature"};
  if (const PublishedSet* set = open.list->set())
    return matcher.match(*set, index, nullptr, result);
  NEARZONE_ASSIGN(const std::unique_ptr<KeyStream> stream, open.list->keys());
  MatchControl control;
  control.threads = command.threads;
  control.progress = [&](uint64_t tried) { progress.show(result.keys_tried + tried); };
  return matcher.match(*stream, index, control, result);
}

// Null where nothing could be matched at all.
std::unique_ptr<Outcome> match_all(const MatchCommand& command, int& exit_code) {
  const auto keys = read_public_keys(command.public_keys, exit_code);
  if (keys == nullptr) return nullptr;
  auto outcome = std::make_unique<Outcome>();
  const auto windows = command.strict ? BluezoneWindows::strict : BluezoneWindows::tolerant;
  for (const Scheme* scheme : every_scheme(windows))
    if (command.scheme.empty() || command.scheme == scheme_name(scheme->tag()))
      outcome->schemes.push_back(scheme);
  outcome->table = command.sightings.load(exit_code);
  if (outcome->table == nullptr) return nullptr;
  SystemRandom random;
  const auto begin = std::chrono::steady_clock::now();
  const auto matcher = Matcher::create(outcome->table->columns(), outcome->schemes, random);
  if (!matcher.ok()) {
    raise(exit_code, report("", matcher.status()));
    return nullptr;
  }
  Progress progress("keys tried");
  for (uint32_t i = 0; i < command.files.size(); ++i) {
    outcome->lists.push_back({command.files[i]});
    const Status matched =
        match_list(command, *keys, *matcher, i, progress, outcome->lists.back(), outcome->result);
    if (!matched.ok()) raise(exit_code, report(command.files[i], matched));
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  outcome->seconds = elapsed.count();
  return outcome;
}

size_t distinct_identifiers(const SightingColumns& columns) {
  return std::set<Identifier>(columns.identifier.begin(), columns.identifier.end()).size();
}

nlohmann::ordered_json lists_json(const Outcome& outcome) {
  nlohmann::ordered_json lists = nlohmann::ordered_json::array();
  for (const CheckedList& list : outcome.lists)
    lists.push_back({{"file", list.path},
                     {"format", list.format},
                     {"keys", list.keys},
                     {"signature", list.signature}});
  return lists;
}

void print_match_json(const Outcome& outcome) {
  nlohmann::ordered_json matches = nlohmann::ordered_json::array();
  for (const KeySummary& match : summarise(outcome.result, outcome.table->columns())) {
    matches.push_back({{"key", key_text(match.key)},
                       {"identifiers", match.identifiers},
                       {"sightings", match.sightings},
                       {"first_ms", match.first.ms},
                       {"last_ms", match.last.ms}});
  }
  const nlohmann::ordered_json all = {
      {"lists", lists_json(outcome)},
      {"keys", outcome.result.keys_tried},
      {"identifiers", distinct_identifiers(outcome.table->columns())},
      {"seconds", outcome.seconds},
      {"matches", matches}};
  std::printf("%s\n", all.dump().c_str());
}

void print_lists(const Outcome& outcome) {
  std::vector<std::vector<std::string>> rows = {{"list", "format", "keys", "signature"}};
  for (const CheckedList& list : outcome.lists)
    rows.push_back({list.path, std::string(list.format), std::to_string(list.keys),
                    std::string(list.signature)});
  print_table(rows);
  std::printf("\n%llu keys against %zu identifiers in %.3f s\n\n",
              static_cast<unsigned long long>(outcome.result.keys_tried),
              distinct_identifiers(outcome.table->columns()), outcome.seconds);
}

int run_match(const MatchCommand& command) {
  int exit_code = kDone;
  const auto outcome = match_all(command, exit_code);
  if (outcome == nullptr) return exit_code;
  if (command.json) {
    print_match_json(*outcome);
    return exit_code;
  }
  print_lists(*outcome);
  std::vector<std::vector<std::string>> rows = {
      {"first (UTC)", "last (UTC)", "sightings", "identifiers", "key"}};
  for (const KeySummary& match : summarise(outcome->result, outcome->table->columns())) {
    const std::string key = key_text(match.key);
    rows.push_back({format_instant(match.first), format_instant(match.last),
                    std::to_string(match.sightings), std::to_string(match.identifiers),
                    key.empty() ? "(a set tells none)" : key});
  }
  if (rows.size() == 1)
    std::printf("No published key was heard.\n");
  else
    print_table(rows);
  return exit_code;
}

const char* report_type_name(ReportType type) {
  switch (type) {
    case ReportType::unknown: return "not stated";
    case ReportType::confirmed_test: return "confirmed by test";
    case ReportType::confirmed_clinical_diagnosis: return "clinical diagnosis";
    case ReportType::self_report: return "self-reported";
    case ReportType::recursive: return "recursive";
    case ReportType::revoked: return "revoked";
  }
  return "not stated";
}

// "12 (4 to 31)": as expected, and what encloses eight cases of ten.
std::string near_minutes(const Exposure& exposure) {
  if (exposure.band == ExposureBand::unknown) return "-";
  const auto whole = [](Millis time) {
    return std::to_string(std::chrono::round<std::chrono::minutes>(time).count());
  };
  return whole(exposure.near) + " (" + whole(exposure.near_low) + " to " +
         whole(exposure.near_high) + ")";
}

int run_exposures(const MatchCommand& command) {
  int exit_code = kDone;
  const auto outcome = match_all(command, exit_code);
  if (outcome == nullptr) return exit_code;
  DeviceOptions config;
  config.assumed_transmit_power_dbm = static_cast<int8_t>(command.transmit_power_dbm);
  config.rssi_correction_db = command.rssi_correction_db;
  const std::vector<Exposure> exposures =
      exposures_of(outcome->result, outcome->table->columns(), outcome->schemes, config);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  std::vector<std::vector<std::string>> rows = {{"day (UTC)", "minutes", "of these within 2 m",
                                                 "for 15 minutes", "least attenuation", "report"}};
  for (const Exposure& exposure : exposures) {
    const auto minutes = std::chrono::round<std::chrono::minutes>(exposure.duration).count();
    const auto& attenuation = exposure.minimum_attenuation_db;
    list.push_back(
        {{"day", format_day(exposure.day)},
         {"seconds", exposure.duration.count() / 1000},
         {"minimum_attenuation_db", attenuation ? nlohmann::ordered_json(*attenuation) : nullptr},
         {"report_type", report_type_name(exposure.report_type)},
         {"near_seconds", exposure.near.count() / 1000},
         {"near_seconds_interval",
          {exposure.near_low.count() / 1000, exposure.near_high.count() / 1000}},
         {"near_for_15_minutes", exposure_band_name(exposure.band)},
         {"dose_seconds", exposure.dose.count() / 1000}});
    rows.push_back({format_day(exposure.day), std::to_string(minutes), near_minutes(exposure),
                    std::string(exposure_band_name(exposure.band)),
                    attenuation ? std::to_string(*attenuation) + " dB" : "-",
                    report_type_name(exposure.report_type)});
  }
  if (command.json) {
    const nlohmann::ordered_json all = {{"lists", lists_json(*outcome)}, {"exposures", list}};
    std::printf("%s\n", all.dump().c_str());
    return exit_code;
  }
  print_lists(*outcome);
  if (exposures.empty())
    std::printf("No exposure.\n");
  else
    print_table(rows);
  return exit_code;
}

}  // namespace

void add_match_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("match", "Which published keys were heard, when and how often");
  auto options = std::make_shared<MatchCommand>();
  options->add_to(*command);
  command->get_option("--scheme")->check(CLI::IsMember(scheme_names()));
  command->footer(
      "Examples:\n  nearzone match --log my.log today.nzlist --public-key "
      "authority.pem\n"
      "  nearzone match --sightings history.txt list.json --strict --json");
  command->callback([options, &exit_code] { raise(exit_code, run_match(*options)); });
}

void add_exposures_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "exposures", "What the matches amount to: minutes, near or not, by key and day");
  auto options = std::make_shared<MatchCommand>();
  options->add_to(*command);
  command->get_option("--scheme")->check(CLI::IsMember(scheme_names()));
  command
      ->add_option("--transmit-power", options->transmit_power_dbm,
                   "dBm assumed of senders that do not state theirs (default -25)")
      ->check(CLI::Range(-127, 127));
  command
      ->add_option("--rssi-correction", options->rssi_correction_db,
                   "dB of the receiving phone model (default 0)")
      ->check(CLI::Range(-127, 127));
  command->footer(
      "Minutes within 2 m are what a statistical model expects, with the interval of eight cases\n"
      "of ten; whether these were 15 minutes is likely, possible or unlikely. See\n"
      "docs/proximity.md, limits first.");
  command->callback([options, &exit_code] { raise(exit_code, run_exposures(*options)); });
}

}  // namespace nearzone::tools
