#include <algorithm>
#include <sstream>

#include "layering/layering.h"

namespace nearzone::layering {
namespace {

std::set<std::string>* list_of(Module& module, const std::string& word) {
  if (word == "headers") return &module.headers;
  if (word == "uses") return &module.uses;
  if (word == "foreign") return &module.foreign;
  if (word == "links") return &module.links;
  if (word == "without") return &module.without;
  return nullptr;
}

void add_words(std::istringstream& words, std::set<std::string>& to) {
  for (std::string word; words >> word;) to.insert(word);
}

// "Arrows only downwards": to what stands above a module in the table and on no higher floor. And
// every public header has one owner.
void check_table(const Floors& floors, Faults& faults) {
  std::set<std::string> owned;
  for (auto module = floors.modules.begin(); module != floors.modules.end(); ++module) {
    for (const std::string& used : module->uses) {
      const bool is_below = std::any_of(floors.modules.begin(), module, [&](const Module& other) {
        return other.name == used && other.floor <= module->floor;
      });
      if (!is_below)
        faults.push_back("floors: " + module->name + " uses " + used +
                         ", which is no module below it");
    }
    for (const std::string& header : module->headers)
      if (!owned.insert(header).second)
        faults.push_back("floors: the header " + header + " has two owners");
  }
}

}  // namespace

Floors read_floors(const std::string& text, Faults& faults) {
  Floors floors;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line);
    std::string word;
    if (!(words >> word) || word[0] == '#') continue;
    if (word == "module") {
      Module module;
      words >> module.name >> module.floor >> module.folder;
      floors.modules.push_back(module);
    } else if (word == "only") {
      OnlyRule rule;
      words >> rule.prefix;
      add_words(words, rule.includes);
      floors.only.push_back(rule);
    } else if (word == "nowhere") {
      add_words(words, floors.nowhere);
    } else if (word == "commands") {
      add_words(words, floors.commands);
    } else if (word == "any_commands") {
      add_words(words, floors.any_commands);
    } else if (auto* list = floors.modules.empty() ? nullptr : list_of(floors.modules.back(), word);
               list != nullptr) {
      add_words(words, *list);
    } else {
      faults.push_back("floors:" + std::to_string(number) + ": '" + word + "' means nothing here");
    }
  }
  check_table(floors, faults);
  return floors;
}

}  // namespace nearzone::layering
