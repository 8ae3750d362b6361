// Reads the includes and the CMake dependencies of a source tree against a floors table.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace nearzone::layering {

struct Module {
  std::string name;
  int floor = 0;
  std::string folder;  // relative to the root
  std::set<std::string> headers, uses, foreign, links, without;
};

// Files whose path begins with `prefix` include `includes` and nothing else.
struct OnlyRule {
  std::string prefix;
  std::set<std::string> includes;
};

struct Floors {
  std::vector<Module> modules;
  std::vector<OnlyRule> only;
  std::set<std::string> nowhere, commands, any_commands;
};

// What is wrong, each as "file:line: sentence".
using Faults = std::vector<std::string>;

// Reads the form that tests/layering/floors.txt explains; faults of the table itself are added.
Floors read_floors(const std::string& text, Faults& faults);

// All faults of the tree below `root`.
Faults check_tree(const std::filesystem::path& root, const Floors& floors);

}  // namespace nearzone::layering
