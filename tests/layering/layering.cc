#include "layering/layering.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>

namespace nearzone::layering {
namespace {

namespace fs = std::filesystem;

// Every folder in these is a module.
constexpr const char* kModuleParents[] = {"lib", "tools", "bindings"};
constexpr const char* kPublicFolder = "include/nearzone";

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  if (fs::exists(folder))
    for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool is_source(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".h" || extension == ".cc" || extension == ".c" || extension == ".inc";
}

struct Include {
  int line = 0;
  bool is_quoted = false;
  std::string target;
};

std::vector<Include> includes_of(const std::string& text) {
  std::vector<Include> includes;
  int number = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line(text.data() + begin, end - begin);
    begin = end + 1;
    ++number;
    auto skip_blanks = [&] {
      while (!line.empty() && (line[0] == ' ' || line[0] == '\t')) line.remove_prefix(1);
    };
    auto skip_word = [&](std::string_view word) {
      skip_blanks();
      if (!line.starts_with(word)) return false;
      line.remove_prefix(word.size());
      skip_blanks();
      return true;
    };
    if (!skip_word("#") || !skip_word("include") || line.empty()) continue;
    const bool is_quoted = line[0] == '"';
    const size_t close = line.find(is_quoted ? '"' : '>', 1);
    // An include of a macro names nothing; it is kept, with an empty target, to be refused.
    includes.push_back(
        {number, is_quoted, std::string(close == line.npos ? "" : line.substr(1, close - 1))});
  }
  return includes;
}

struct Command {
  int line = 0;
  std::string name;
  std::vector<std::string> arguments;
};

// The commands of a CMakeLists.txt, as far as these files use the language: words, comments and
// brackets, no quotes with blanks in them.
std::vector<Command> commands_of(const std::string& text) {
  std::vector<Command> commands;
  int number = 1;
  int depth = 0;
  std::string word;
  auto end_word = [&] {
    if (!word.empty() && depth > 0) commands.back().arguments.push_back(word);
    if (depth > 0) word.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '#') i = std::min(text.find('\n', i), text.size()) - 1;
    if (c == '#' || c == ' ' || c == '\t' || c == '\n' || c == ';' || c == '"') {
      end_word();
      if (c == '\n') ++number;
    } else if (c == '(') {
      if (depth++ == 0) commands.push_back({number, word, {}});
      word.clear();
    } else if (c == ')') {
      end_word();
      --depth;
    } else {
      word += c;
    }
  }
  return commands;
}

bool allows(const std::set<std::string>& list, const std::string& header) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& allowed) {
    return header == allowed || (allowed.ends_with('/') && header.starts_with(allowed));
  });
}

class TreeCheck {
 public:
  TreeCheck(const fs::path& root, const Floors& floors) : root_(root), floors_(floors) {}

  Faults run() {
    for (const char* parent : kModuleParents) check_parent(parent);
    for (const Module& module : floors_.modules) {
      if (fs::exists(root_ / module.folder)) {
        check_folder(module);
      } else {
        faults_.push_back("floors: " + module.folder + " does not exist");
      }
    }
    check_public_headers();
    return std::move(faults_);
  }

 private:
  void fault(const fs::path& path, int line, const std::string& sentence) {
    faults_.push_back(path.lexically_relative(root_).generic_string() + ":" + std::to_string(line) +
                      ": " + sentence);
  }

  const Module* module_named(const std::string& name) const {
    for (const Module& module : floors_.modules)
      if (module.name == name) return &module;
    return nullptr;
  }

  const Module* owner_of_header(const std::string& name) const {
    for (const Module& module : floors_.modules)
      if (module.headers.contains(name)) return &module;
    return nullptr;
  }

  void check_parent(const std::string& parent) {
    for (const fs::path& path : sorted_entries(root_ / parent)) {
      const std::string relative = path.lexically_relative(root_).generic_string();
      const bool is_listed =
          std::any_of(floors_.modules.begin(), floors_.modules.end(),
                      [&](const Module& module) { return module.folder == relative; });
      if (fs::is_directory(path) && !is_listed)
        fault(path, 1, "this folder is no module of the floors table");
      if (is_source(path)) fault(path, 1, "this file belongs to no module");
      if (path.filename() == "CMakeLists.txt") check_commands(path);
    }
  }

  void check_folder(const Module& module) {
    for (const auto& entry : fs::recursive_directory_iterator(root_ / module.folder)) {
      if (is_source(entry.path())) {
        for (const Include& include : includes_of(read_text(entry.path())))
          check_include(module, entry.path(), include);
      } else if (entry.path().filename() == "CMakeLists.txt") {
        check_commands(entry.path());
        check_dependencies(module, entry.path());
      }
    }
  }

  void check_public_headers() {
    for (const fs::path& path : sorted_entries(root_ / kPublicFolder)) {
      const Module* owner = owner_of_header(path.stem().string());
      if (owner == nullptr || path.extension() != ".h") {
        fault(path, 1, "this public header belongs to no module of the floors table");
        continue;
      }
      for (const Include& include : includes_of(read_text(path))) {
        const bool is_public = include.is_quoted && include.target.starts_with("nearzone/");
        const bool is_standard =
            !include.is_quoted && include.target.find_first_of("./") == std::string::npos;
        if (is_public || is_standard) {
          check_include(*owner, path, include);
        } else {
          fault(path, include.line,
                "a public header includes " + include.target +
                    ", which is neither public nor of the standard library");
        }
      }
    }
  }

  void check_include(const Module& module, const fs::path& path, const Include& include) {
    const OnlyRule* only = only_rule_of(path);
    if (include.target.empty()) {
      fault(path, include.line, "an include must name its header");
    } else if (only != nullptr) {
      if (!allows(only->includes, include.target))
        fault(path, include.line, "this file must not include " + include.target);
    } else if (include.is_quoted) {
      check_own_include(module, path, include);
    } else if (include.target.find_first_of("./") == std::string::npos) {
      if (floors_.nowhere.contains(include.target) || module.without.contains(include.target))
        fault(path, include.line, module.name + " must do without <" + include.target + ">");
    } else if (!allows(module.foreign, include.target)) {
      fault(path, include.line, module.name + " must not include <" + include.target + ">");
    }
  }

  const OnlyRule* only_rule_of(const fs::path& path) const {
    const std::string relative = path.lexically_relative(root_).generic_string();
    for (const OnlyRule& rule : floors_.only)
      if (relative.starts_with(rule.prefix)) return &rule;
    return nullptr;
  }

  // "nearzone/x.h" is public, "module/x.h" internal, and "x.h" lies beside the file or is a whole
  // interface of another language's.
  void check_own_include(const Module& module, const fs::path& path, const Include& include) {
    const size_t slash = include.target.find('/');
    const std::string folder = include.target.substr(0, slash);
    const Module* target = nullptr;
    if (slash == std::string::npos) {
      target = fs::exists(path.parent_path() / include.target)
                   ? &module
                   : owner_of_header(fs::path(include.target).stem().string());
    } else if (folder == "nearzone") {
      target = owner_of_header(fs::path(include.target).stem().string());
    } else {
      target = module_named(folder);
    }
    if (target == nullptr) {
      fault(path, include.line, include.target + " belongs to no module of the floors table");
    } else if (target != &module && !module.uses.contains(target->name)) {
      fault(path, include.line,
            module.name + " must not include " + include.target + ", which is " + target->name +
                "'s");
    }
  }

  void check_commands(const fs::path& path) {
    const std::string relative = path.lexically_relative(root_).generic_string();
    if (allows(floors_.any_commands, relative)) return;
    for (const Command& command : commands_of(read_text(path)))
      if (!floors_.commands.contains(command.name))
        fault(path, command.line, "modules do without the command " + command.name);
  }

  void check_dependencies(const Module& module, const fs::path& path) {
    for (const Command& command : commands_of(read_text(path))) {
      const bool is_module = command.name == "nearzone_module";
      if (!is_module && command.name != "target_link_libraries") continue;
      if (is_module && (command.arguments.empty() || command.arguments[0] != module.name))
        fault(path, command.line, "the module of this folder is called " + module.name);
      std::string section;
      for (size_t i = 1; i < command.arguments.size(); ++i) {
        const std::string& word = command.arguments[i];
        if (word == "SOURCES" || word == "DEPENDS" || word == "LIBRARIES" || word == "PUBLIC" ||
            word == "PRIVATE" || word == "INTERFACE") {
          section = word;
        } else if (is_module && word == "FAST") {
          continue;
        } else if (section == "DEPENDS") {
          check_dependency(module, path, command.line, "nearzone::" + word);
        } else if (section != "SOURCES") {
          check_dependency(module, path, command.line, word);
        }
      }
    }
  }

  void check_dependency(const Module& module, const fs::path& path, int line,
                        const std::string& target) {
    constexpr std::string_view kOurs = "nearzone::";
    const bool is_allowed = target.starts_with(kOurs)
                                ? module.uses.contains(target.substr(kOurs.size()))
                                : module.links.contains(target);
    if (!is_allowed) fault(path, line, module.name + " must not link " + target);
  }

  fs::path root_;
  const Floors& floors_;
  Faults faults_;
};

}  // namespace

Faults check_tree(const fs::path& root, const Floors& floors) {
  return TreeCheck(root, floors).run();
}

}  // namespace nearzone::layering
