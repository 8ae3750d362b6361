// Matching as both `nearzone match` and `nearzone exposures` begin with it.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "inputs.h"
#include "nearzone/match.h"
#include "nearzone/scheme.h"

namespace nearzone::tools {

struct MatchCommand {
  SightingOptions sightings;
  std::vector<std::string> files;
  std::vector<std::string> public_keys;
  std::string scheme;
  unsigned threads = 1;
  bool allow_unsigned = false;
  bool strict = false;
  bool json = false;

  void add_to(CLI::App& command);
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

// Null where nothing could be matched at all.
std::unique_ptr<Outcome> match_all(const MatchCommand& command, int& exit_code);

size_t distinct_identifiers(const SightingColumns& columns);
nlohmann::ordered_json lists_json(const Outcome& outcome);
void print_lists(const Outcome& outcome);

}  // namespace nearzone::tools
