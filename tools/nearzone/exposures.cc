#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "command.h"
#include "exposure_table.h"
#include "inputs.h"
#include "matching.h"
#include "nearzone/bluezone_contacts.h"
#include "nearzone/calibration.h"
#include "nearzone/daily_summary.h"
#include "nearzone/device.h"
#include "nearzone/random.h"
#include "nearzone/risk_score.h"
#include "output.h"

namespace nearzone::tools {
namespace {

using nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

struct ExposuresCommand {
  MatchCommand match;
  std::string rule = "vietnam2020";
  std::string table;
  std::string maker;
  std::string device;
  std::string model;
  std::string utc_offset = "+00:00";
  std::string today;
  int transmit_power_dbm = -25;
  std::optional<int> rssi_correction_db;
};

// What a rule is given, and what it leaves to be shown.
struct RuleInput {
  const Outcome& outcome;
  SightingColumns columns;
  DeviceOptions options;
  Millis utc_offset{0};
  std::string clock;  // for headings
  Day today;
};
struct Told {
  ordered_json json;
  Rows rows;
};

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

std::string whole_minutes(Millis time) {
  return std::to_string(std::chrono::round<std::chrono::minutes>(time).count());
}

// "12 (4 to 31)": as expected, and what encloses eight cases of ten.
std::string near_minutes(const Exposure& exposure) {
  if (exposure.band == ExposureBand::unknown) return "-";
  return whole_minutes(exposure.near) + " (" + whole_minutes(exposure.near_low) + " to " +
         whole_minutes(exposure.near_high) + ")";
}

std::string minutes_text(const NearMinutes& minutes) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%.0f (%.0f to %.0f)", minutes.expected, minutes.low,
                minutes.high);
  return text.data();
}

std::string number_text(double value) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

// Within two metres for a quarter of an hour, by key and day.
Told by_nearness(const RuleInput& input) {
  const std::vector<Exposure> exposures = exposures_of(
      input.outcome.result, input.columns, input.outcome.schemes, input.options, input.utc_offset);
  ExposureTable table = exposure_table(exposures, input.clock);
  return {{{"exposures", std::move(table.json)}}, std::move(table.rows)};
}

// All keys of a day together.
Told by_dose(const RuleInput& input) {
  Told told = {
      ordered_json::object(),
      {{"day (" + input.clock + ")", "minutes within 2 m", "for 15 minutes", "dose", "risk"}}};
  ordered_json& list = told.json["days"] = ordered_json::array();
  const std::vector<KeyNearness> keys = nearness_of(
      input.outcome.result, input.columns, input.outcome.schemes, input.options, input.utc_offset);
  for (const DayDose& day : doses_by_day(keys, input.options.dose)) {
    list.push_back({{"day", format_day(day.day)},
                    {"near_minutes", day.minutes.expected},
                    {"near_minutes_interval", {day.minutes.low, day.minutes.high}},
                    {"near_for_15_minutes", exposure_band_name(day.band)},
                    {"dose_minutes", day.dose},
                    {"risk", day.risk}});
    told.rows.push_back({format_day(day.day), minutes_text(day.minutes),
                         std::string(exposure_band_name(day.band)), number_text(day.dose),
                         number_text(day.risk)});
  }
  return told;
}

// Bluezone's history screen, of the identifiers that matched alone.
Told by_bluezone(const RuleInput& input) {
  std::vector<Sighting> matched;
  for (const KeySummary& key : summarise(input.outcome.result, input.columns)) {
    if (key.key.scheme != SchemeTag::bluezone) continue;
    for (size_t row : key.rows)
      matched.push_back({input.columns.identifier[row], SchemeTag::bluezone,
                         input.columns.heard_by[row], input.columns.time[row],
                         input.columns.rssi_dbm[row], input.columns.metadata[row]});
  }
  Told told = {ordered_json::object(),
               {{"day (" + input.clock + ")", "contacts", "above -88 dBm"}}};
  ordered_json& list = told.json["days"] = ordered_json::array();
  const SightingTable table = SightingTable::from(matched);
  for (const auto& day : bluezone_contacts_by_day(table.columns(), input.utc_offset)) {
    list.push_back({{"day", format_day(day.day)},
                    {"contacts", day.contacts},
                    {"near_contacts", day.near_contacts}});
    told.rows.push_back(
        {format_day(day.day), std::to_string(day.contacts), std::to_string(day.near_contacts)});
  }
  return told;
}

Told by_risk_score(const RuleInput& input, const RiskScoreConfig& config,
                   const AttenuationRules& rules) {
  Told told = {ordered_json::object(),
               {{"day of the key (UTC)", "minutes", "near, middle, far, farther", "attenuation",
                 "risk score"}}};
  ordered_json& list = told.json["exposures"] = ordered_json::array();
  for (const KeySummary& key : summarise(input.outcome.result, input.columns)) {
    if (key.key.report_type == ReportType::revoked) continue;
    const auto sightings =
        sightings_of(key, input.columns, input.outcome.schemes, input.options, rules);
    for (const ScoredExposure& exposure :
         score_exposures(evidence_of(key.key), sightings, input.today, config)) {
      ordered_json buckets = ordered_json::array();
      std::string text;
      for (Millis time : exposure.attenuation_durations) {
        buckets.push_back(time.count() / 1000);
        text += (text.empty() ? "" : ", ") + whole_minutes(time);
      }
      list.push_back({{"day", format_day(exposure.day)},
                      {"seconds", exposure.duration.count() / 1000},
                      {"attenuation_db", exposure.attenuation_db},
                      {"seconds_by_attenuation", buckets},
                      {"transmission_risk_level", exposure.transmission_risk_level},
                      {"risk_score", exposure.risk_score}});
      told.rows.push_back({format_day(exposure.day), whole_minutes(exposure.duration), text,
                           std::to_string(exposure.attenuation_db) + " dB",
                           number_text(exposure.risk_score)});
    }
  }
  return told;
}

ordered_json window_json(const ExposureWindow& window) {
  ordered_json scans = ordered_json::array();
  for (const ScanInstance& scan : window.scans)
    scans.push_back({{"typical_attenuation_db", scan.typical_attenuation_db},
                     {"minimum_attenuation_db", scan.minimum_attenuation_db},
                     {"seconds_since_last_scan", scan.since_last_scan.count() / 1000}});
  return {{"day", format_day(window.day)},
          {"report_type", report_type_name(window.report_type)},
          {"infectiousness", static_cast<int>(window.infectiousness)},
          {"calibration_confidence", window.calibration_confidence},
          {"scans", scans}};
}

Told by_summaries(const RuleInput& input, const DailySummaryConfig& config) {
  std::vector<ExposureWindow> windows;
  for (const KeySummary& key : summarise(input.outcome.result, input.columns))
    for (ExposureWindow& window :
         exposure_windows(evidence_of(key.key),
                          sightings_of(key, input.columns, input.outcome.schemes, input.options)))
      windows.push_back(std::move(window));
  SystemRandom random;
  shuffle(windows, random);
  Told told = {
      ordered_json::object(),
      {{"day (UTC)", "windows", "greatest score", "sum of scores", "15 weighted minutes"}}};
  ordered_json& list = told.json["windows"] = ordered_json::array();
  for (const ExposureWindow& window : windows) list.push_back(window_json(window));
  ordered_json& days = told.json["days"] = ordered_json::array();
  for (const DailySummary& day : daily_summaries(windows, config, input.today)) {
    const bool is_long = day.total.score_sum >= kFifteenMinutes;
    days.push_back({{"day", format_day(day.day)},
                    {"maximum_score", day.total.maximum_score},
                    {"score_sum", day.total.score_sum},
                    {"weighted_seconds", day.total.weighted_duration_sum},
                    {"fifteen_weighted_minutes", is_long}});
    const auto count = std::ranges::count(windows, day.day, &ExposureWindow::day);
    told.rows.push_back({format_day(day.day), std::to_string(count),
                         number_text(day.total.maximum_score), number_text(day.total.score_sum),
                         is_long ? "reached" : "not reached"});
  }
  return told;
}

struct Rule {
  const char* name;
  bool of_utc_days;  // by its definition
  Told (*apply)(const RuleInput&);
};
constexpr std::array<Rule, 7> kRules{{
    {"vietnam2020", false, by_nearness},
    {"dose", false, by_dose},
    {"bluezone", false, by_bluezone},
    {"ens1", true,
     [](const RuleInput& input) { return by_risk_score(input, {}, kGoogleAttenuation); }},
    {"ens1-apple", true,
     [](const RuleInput& input) {
       return by_risk_score(input, RiskScoreConfig::apple(), kAppleAttenuation);
     }},
    {"ens2", true, [](const RuleInput& input) { return by_summaries(input, {}); }},
    {"swisscovid", true,
     [](const RuleInput& input) { return by_summaries(input, swisscovid_summaries()); }},
}};

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  names.reserve(kRules.size());
  for (const Rule& rule : kRules) names.emplace_back(rule.name);
  return names;
}

// Of the phone that listened. Nothing, and the exit code raised, where the table cannot be read.
std::optional<Calibration> calibration_of(const ExposuresCommand& command, int& exit_code) {
  if (command.table.empty()) {
    Calibration none;
    none.rssi_correction_db = command.rssi_correction_db.value_or(0);
    return none;
  }
  const auto table = read_calibration(command.table);
  if (table.ok()) return table->look_up(command.maker, command.device, command.model);
  raise(exit_code, report(command.table, table.status()));
  return {};
}

void print_calibration(const Calibration& calibration, bool given) {
  if (calibration.source != CalibrationSource::none)
    std::printf("Calibration of this phone: %+d dB, confidence %d of 3 (%s)\n\n",
                calibration.rssi_correction_db, calibration.confidence,
                std::string(calibration_source_name(calibration.source)).c_str());
  else if (given)
    std::printf("Calibration of this phone: %+d dB as given, from no table; confidence 0 of 3\n\n",
                calibration.rssi_correction_db);
  else
    std::printf(
        "No calibration table: how well this phone hears is not known; confidence 0 of 3\n\n");
}

int run_exposures(const ExposuresCommand& command) {
  const Rule& rule = *std::ranges::find_if(
      kRules, [&](const Rule& candidate) { return candidate.name == command.rule; });
  const auto utc_offset = parse_utc_offset(command.utc_offset);
  if (!utc_offset.ok()) return report_usage(utc_offset.status());
  if (rule.of_utc_days && *utc_offset != Millis(0))
    return report_usage({Code::invalid_argument, "this rule counts days of UTC", "--utc-offset"});
  const auto today =
      command.today.empty() ? Result<Day>(Day::of(SystemClock().now())) : parse_day(command.today);
  if (!today.ok()) return report_usage(today.status().in_field("--today"));
  int exit_code = kDone;
  const auto calibration = calibration_of(command, exit_code);
  if (!calibration) return exit_code;
  DeviceOptions options;
  options.assumed_transmit_power_dbm = static_cast<int8_t>(command.transmit_power_dbm);
  options.rssi_correction_db = calibration->rssi_correction_db;
  if (const Status good = options.check(); !good.ok()) return report_usage(good);
  const auto outcome = match_all(command.match, exit_code);
  if (outcome == nullptr) return exit_code;
  const Told told = rule.apply({*outcome, outcome->table->columns(), options, *utc_offset,
                                *utc_offset == Millis(0) ? "UTC" : command.utc_offset, *today});
  if (command.match.json) {
    ordered_json all = {{"lists", lists_json(*outcome)},
                        {"rule", rule.name},
                        {"utc_offset", command.utc_offset},
                        {"calibration",
                         {{"source", calibration_source_name(calibration->source)},
                          {"confidence", calibration->confidence},
                          {"rssi_correction_db", calibration->rssi_correction_db}}}};
    all.update(told.json);
    print_json(all);
    return exit_code;
  }
  print_lists(*outcome);
  print_calibration(*calibration, command.rssi_correction_db.has_value());
  if (told.rows.size() == 1)
    std::printf("No exposure.\n");
  else
    print_table(told.rows);
  return exit_code;
}

}  // namespace

ExposureTable exposure_table(std::span<const Exposure> exposures, const std::string& clock) {
  ExposureTable table = {ordered_json::array(),
                         {{"day (" + clock + ")", "minutes", "of these within 2 m",
                           "for 15 minutes", "least attenuation", "report"}}};
  for (const Exposure& exposure : exposures) {
    const auto& attenuation = exposure.minimum_attenuation_db;
    table.json.push_back(
        {{"day", format_day(exposure.day)},
         {"seconds", exposure.duration.count() / 1000},
         {"minimum_attenuation_db", attenuation ? ordered_json(*attenuation) : nullptr},
         {"report_type", report_type_name(exposure.report_type)},
         {"near_seconds", exposure.near.count() / 1000},
         {"near_seconds_interval",
          {exposure.near_low.count() / 1000, exposure.near_high.count() / 1000}},
         {"near_for_15_minutes", exposure_band_name(exposure.band)},
         {"dose_seconds", exposure.dose.count() / 1000}});
    table.rows.push_back({format_day(exposure.day), whole_minutes(exposure.duration),
                          near_minutes(exposure), std::string(exposure_band_name(exposure.band)),
                          attenuation ? std::to_string(*attenuation) + " dB" : "-",
                          report_type_name(exposure.report_type)});
  }
  return table;
}

void add_exposures_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "exposures", "What the matches amount to, by our own measure or by the rules of others");
  auto options = std::make_shared<ExposuresCommand>();
  options->match.add_to(*command);
  command
      ->add_option(
          "--rule", options->rule,
          "vietnam2020 (the default): within 2 m for 15 minutes, by key; dose: minutes of\n"
          "a day, weighted by infectiousness; bluezone: contacts as its history counts\n"
          "them; ens1, ens1-apple, ens2: Exposure Notification's risk scores and daily\n"
          "summaries; swisscovid: the latter with Switzerland's weights")
      ->check(CLI::IsMember(rule_names()));
  CLI::Option* table = command->add_option(
      "--calibration", options->table,
      "Corrects by a table that `nearzone calibration import` wrote, for this phone");
  command->add_option("--maker", options->maker, "Such as samsung")->needs(table);
  command->add_option("--device", options->device, "Android's Build.DEVICE")->needs(table);
  command->add_option("--model", options->model, "Android's Build.MODEL")->needs(table);
  command
      ->add_option("--rssi-correction", options->rssi_correction_db,
                   "dB of this phone, where there is no table (default 0)")
      ->check(CLI::Range(-127, 127))
      ->excludes(table);
  command
      ->add_option("--transmit-power", options->transmit_power_dbm,
                   "dBm assumed of senders that do not state theirs (default -25)")
      ->check(CLI::Range(-127, 20));
  command->add_option("--utc-offset", options->utc_offset,
                      "Count days of a local clock, such as +07:00");
  command->add_option("--today", options->today,
                      "The UTC day that ages are counted from (default: today)");
  command->footer(
      "Minutes within 2 m are what a statistical model expects, with the interval of eight cases\n"
      "of ten; whether these were 15 minutes is likely, possible or unlikely. See\n"
      "docs/proximity.md, limits first.\n"
      "Examples:\n"
      "  nearzone exposures --log my.log today.nzlist --public-key authority.pem \\\n"
      "    --calibration phones.nzcal --maker samsung --model SM-G973F --utc-offset +07:00\n"
      "  nearzone exposures --sightings heard.csv export.zip --rule ens2 --json");
  command->callback([options, &exit_code] { raise(exit_code, run_exposures(*options)); });
}

}  // namespace nearzone::tools
