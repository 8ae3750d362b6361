// What goes on the air, for those who look at it: decoding what was captured, and what phones may
// do and how long their radios are on.
#include "nearzone/beacon.h"

#include <cstdio>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "nearzone/beacon_planner.h"
#include "nearzone/gaen.h"
#include "output.h"

namespace nearzone::tools {
namespace {

using beacon::AirIdentity;
using beacon::AppState;
using beacon::System;

struct NamedAir {
  const char* name;
  AirIdentity air;
};

// The own profile under numbers that nobody has, to be replaced by --service.
std::vector<NamedAir> named_airs(const beacon::Uuid& own_service) {
  const AirIdentity own = beacon::nearzone_air(own_service, own_service);
  return {{"bluezone", beacon::bluezone_air()},
          {"exposure-notification", beacon::exposure_notification_air()},
          {"dp3t", beacon::dp3t_air()},
          {"tcn", beacon::tcn_air()},
          {"nearzone", own}};
}

constexpr System kSystems[] = {System::android, System::ios};
constexpr AppState kStates[] = {AppState::foreground, AppState::background};
constexpr beacon::Act kActs[] = {beacon::Act::advertise, beacon::Act::scan, beacon::Act::gatt};

const char* name_of(System system) { return system == System::android ? "Android" : "iOS"; }
const char* name_of(AppState state) {
  return state == AppState::foreground ? "foreground" : "background";
}
const char* name_of(beacon::Ability ability) {
  constexpr const char* kNames[] = {"no", "limited", "yes"};
  return kNames[static_cast<size_t>(ability)];
}
const char* name_of(beacon::Finding finding) {
  constexpr const char* kNames[] = {"nothing", "identifier", "to be asked",
                                    "perhaps to be asked (overflow area)"};
  return kNames[static_cast<size_t>(finding)];
}

const char* name_of_ad(uint8_t type) {
  switch (type) {
    case 0x01: return "flags";
    case 0x02:
    case 0x03: return "16-bit services";
    case 0x06:
    case 0x07: return "128-bit services";
    case 0x08:
    case 0x09: return "name";
    case 0x0a: return "transmit power";
    case 0x16: return "service data";
    case 0x21: return "service data (128 bits)";
    case 0xff: return "manufacturer data";
    default: return "other";
  }
}

struct DecodeOptions {
  std::string record;
  std::string service;
  std::string key;
  bool json = false;
};

// What a key opens of what was heard; nothing where it is not this key's.
nlohmann::json opened(const gaen::TemporaryExposureKey& key, const beacon::Heard& heard) {
  const Metadata plain = gaen::apply_metadata_cipher(key, heard.identifier, heard.metadata);
  const gaen::AssociatedMetadata metadata = gaen::AssociatedMetadata::decode(plain);
  return {{"version",
           std::to_string(metadata.major_version) + "." + std::to_string(metadata.minor_version)},
          {"transmit_power_dbm", metadata.transmit_power_dbm},
          {"calibration_confidence", metadata.calibration_confidence}};
}

int decode(const DecodeOptions& options) {
  std::vector<uint8_t> record(options.record.size() / 2);
  if (const Status read = from_hex(options.record, record); !read.ok())
    return report_usage(read.in_field("HEX"));
  beacon::Uuid own = beacon::Uuid::of_16(0xfff0);
  if (!options.service.empty()) {
    const auto given = beacon::parse_uuid(options.service);
    if (!given.ok()) return report_usage(given.status().in_field("--service"));
    own = *given;
  }
  std::unique_ptr<gaen::TemporaryExposureKey> key;
  if (!options.key.empty()) {
    auto given = gaen::TemporaryExposureKey::from_hex_text(options.key);
    if (!given.ok()) return report_usage(given.status().in_field("--key"));
    key = std::make_unique<gaen::TemporaryExposureKey>(*std::move(given));
  }

  nlohmann::json structures = nlohmann::json::array(), findings = nlohmann::json::array();
  std::vector<std::vector<std::string>> parts = {{"type", "meaning", "bytes"}};
  beacon::AdReader reader(record);
  while (const auto ad = reader.next()) {
    const std::string type = "0x" + to_hex({&ad->type, 1});
    parts.push_back({type, name_of_ad(ad->type), to_hex(ad->data)});
    structures.push_back(
        {{"type", ad->type}, {"meaning", name_of_ad(ad->type)}, {"data", to_hex(ad->data)}});
  }
  std::vector<std::vector<std::string>> found = {{"as", "finding", "identifier", "metadata"}};
  for (const NamedAir& named : named_airs(own)) {
    const beacon::Heard heard = beacon::decode(named.air, beacon::Form::scan_record, record);
    if (heard.finding == beacon::Finding::nothing) continue;
    const bool has = heard.finding == beacon::Finding::identifier;
    const std::string identifier =
        has ? to_hex(ByteView(heard.identifier.bytes).first(identifier_size(named.air.scheme)))
            : "";
    const std::string metadata = to_hex(ByteView(heard.metadata.bytes).first(heard.metadata.size));
    nlohmann::json finding = {{"as", named.name},
                              {"finding", name_of(heard.finding)},
                              {"identifier", identifier},
                              {"metadata", metadata}};
    std::vector<std::string> row = {named.name, name_of(heard.finding), identifier, metadata};
    if (key != nullptr && heard.metadata.size == Metadata::kCapacity) {
      finding["opened"] = opened(*key, heard);
      row.back() += " = " + finding["opened"].dump();
    }
    findings.push_back(finding);
    found.push_back(row);
  }
  const bool whole = reader.offset() == record.size();
  if (options.json) {
    print_json(nlohmann::json{{"structures", structures},
                              {"read", reader.offset()},
                              {"size", record.size()},
                              {"findings", findings}});
  } else {
    print_table(parts);
    std::putchar('\n');
    if (found.size() > 1)
      print_table(found);
    else
      std::puts("of no contact tracing that is known here");
  }
  if (!whole)
    return report("", Status(Code::corrupt, "a structure claims more bytes than there are", "HEX")
                          .at_offset(reader.offset()));
  return kDone;
}

int plan(bool json) {
  struct Row {
    const char* scheme;
    SchemeTag tag;
  };
  constexpr Row kRows[] = {{"bluezone", SchemeTag::bluezone},
                           {"gaen, nearzone", SchemeTag::gaen},
                           {"dp3t, tcn", SchemeTag::tcn}};
  constexpr beacon::Power kPowers[] = {beacon::Power::full, beacon::Power::low,
                                       beacon::Power::critical};
  nlohmann::json list = nlohmann::json::array();
  std::vector<std::vector<std::string>> rows = {
      {"scheme", "system", "app", "sends, s/day", "listens, s/day", "low battery", "critical"}};
  for (const Row& row : kRows)
    for (const System system : kSystems)
      for (const AppState state : kStates) {
        const beacon::Plan followed = beacon::plan_for(row.tag, system);
        std::vector<std::string> cells = {row.scheme, name_of(system), name_of(state)};
        cells.push_back(std::to_string(beacon::radio_seconds_a_day(followed, state).advertising));
        nlohmann::json scanning = nlohmann::json::array();
        for (const beacon::Power power : kPowers) {
          const int64_t seconds = beacon::radio_seconds_a_day(followed, state, power).scanning;
          cells.push_back(std::to_string(seconds));
          scanning.push_back(seconds);
        }
        rows.push_back(cells);
        list.push_back({{"scheme", row.scheme},
                        {"system", name_of(system)},
                        {"app", name_of(state)},
                        {"advertising_seconds_a_day",
                         beacon::radio_seconds_a_day(followed, state).advertising},
                        {"scanning_seconds_a_day", scanning}});
      }
  if (json)
    print_json(nlohmann::json{{"plans", list}});
  else
    print_table(rows);
  return kDone;
}

int abilities(bool json) {
  nlohmann::json list = nlohmann::json::array();
  std::vector<std::vector<std::string>> rows = {
      {"on the air", "system", "app", "advertise", "scan", "gatt"}};
  std::vector<const char*> notes;
  for (const NamedAir& named : named_airs(beacon::Uuid::of_16(0xfff0)))
    for (const System system : kSystems)
      for (const AppState state : kStates) {
        std::vector<std::string> cells = {named.name, name_of(system), name_of(state)};
        nlohmann::json answers;
        for (const beacon::Act act : kActs) {
          const beacon::Answer answer = beacon::can(named.air, system, state, act);
          if (notes.size() < answer.note) notes.resize(answer.note);
          if (answer.note > 0) notes[answer.note - 1u] = answer.reason;
          cells.push_back(name_of(answer.ability) +
                          (answer.note > 0 ? " (" + std::to_string(answer.note) + ")" : ""));
          constexpr const char* kNames[] = {"", "advertise", "scan", "gatt"};
          answers[kNames[static_cast<size_t>(act)]] = {{"ability", name_of(answer.ability)},
                                                       {"reason", answer.reason}};
        }
        rows.push_back(cells);
        list.push_back({{"air", named.name},
                        {"system", name_of(system)},
                        {"app", name_of(state)},
                        {"acts", answers}});
      }
  if (json) {
    print_json(nlohmann::json{{"abilities", list}});
    return kDone;
  }
  print_table(rows);
  std::putchar('\n');
  for (size_t i = 0; i < notes.size(); ++i) std::printf("%zu  %s\n", i + 1, notes[i]);
  return kDone;
}

}  // namespace

void add_beacon_command(CLI::App& app, int& exit_code) {
  CLI::App* group = app.add_subcommand(
      "beacon", "What is on the air: captured advertisements, plans, what phones may do");
  group->require_subcommand(1);

  CLI::App* decode_command =
      group->add_subcommand("decode", "What a captured scan record says, structure by structure");
  auto options = std::make_shared<DecodeOptions>();
  decode_command->add_option("HEX", options->record, "The record, flags and scan response included")
      ->required();
  decode_command->add_option("--service", options->service,
                             "A deployment's service UUID, in place of fff0");
  decode_command->add_option("--key", options->key,
                             "A temporary exposure key: opens the sealed metadata");
  decode_command->add_flag("--json", options->json, "One JSON object");
  decode_command->footer(
      "Example:\n  nearzone beacon decode "
      "0201060fffb522286bce589ab994efa5f73cad0303564e");
  decode_command->callback([options, &exit_code] { raise(exit_code, decode(*options)); });

  const auto add_table = [&](const char* name, const char* what, int (*run)(bool)) {
    CLI::App* command = group->add_subcommand(name, what);
    auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "One JSON object");
    command->callback([json, run, &exit_code] { raise(exit_code, run(*json)); });
    return command;
  };
  add_table("plan", "For how many seconds of a day each plan has the radio on", plan);
  add_table("can", "What an app may do with the radio, by scheme and system, and why", abilities);
}

}  // namespace nearzone::tools
