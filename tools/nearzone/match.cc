#include "nearzone/match.h"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "matching.h"
#include "output.h"

namespace nearzone::tools {
namespace {

// Empty where a set said no more than that an identifier is in it.
std::string key_text(const PublishedKey& key) {
  if (key.scheme == SchemeTag::dp3t_unlinkable) return {};
  return to_hex(ByteView(key.bytes).first(published_key_size(key.scheme)));
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
  print_json(all);
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

}  // namespace

void add_match_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("match", "Which published keys were heard, when and how often");
  auto options = std::make_shared<MatchCommand>();
  options->add_to(*command);
  command->footer(
      "Examples:\n  nearzone match --log my.log today.nzlist --public-key "
      "authority.pem\n"
      "  nearzone match --sightings history.txt list.json --strict --json");
  command->callback([options, &exit_code] { raise(exit_code, run_match(*options)); });
}

}  // namespace nearzone::tools
