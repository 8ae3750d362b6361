#include "matching.h"

#include <chrono>
#include <cstdio>
#include <set>

#include "nearzone/device.h"
#include "output.h"

namespace nearzone::tools {
namespace {

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
  tell_refused(open);
  // A list of the past is what a researcher asks of; that it is one must be known.
  if (const Status current = check_list_is_current(open.list->info(), SystemClock().now());
      !current.ok())
    report(checked.path, current);
  if (const PublishedSet* set = open.list->set())
    return matcher.match(*set, index, nullptr, result);
  NEARZONE_ASSIGN(const std::unique_ptr<KeyStream> stream, open.list->keys());
  MatchControl control;
  control.threads = command.threads;
  control.progress = [&](uint64_t tried) { progress.show(result.keys_tried + tried); };
  return matcher.match(*stream, index, control, result);
}

}  // namespace

void MatchCommand::add_to(CLI::App& command) {
  sightings.add_to(command);
  command.add_option("LIST", files, "Published lists of any format")->required();
  add_public_keys(command, public_keys,
                  "PEM, P-256 or Ed25519; a list that none of them verifies is refused");
  command.add_flag("--allow-unsigned", allow_unsigned, "Use lists that no key verifies as well");
  command.add_option("--scheme", scheme, "Only keys of this scheme")
      ->check(CLI::IsMember(scheme_names()));
  command.add_flag("--strict", strict, "Bluezone's windows exactly as in the original app");
  command.add_option("--threads", threads, "Threads to match with (default 1)")
      ->check(CLI::Range(1u, 256u));
  command.add_flag("--json", json, "One JSON object");
}

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

}  // namespace nearzone::tools
