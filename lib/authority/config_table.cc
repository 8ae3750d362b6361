#include "authority/config_table.h"

#include <algorithm>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace nearzone::authority {
namespace {

ConfigValue value_of(const toml::node& node) {
  ConfigValue value;
  value.line = node.source().begin.line;
  if (const auto* boolean = node.as_boolean()) {
    value.kind = ConfigValue::Kind::boolean;
    value.boolean = boolean->get();
  } else if (const auto* integer = node.as_integer()) {
    value.kind = ConfigValue::Kind::integer;
    value.integer = integer->get();
  } else if (const auto* text = node.as_string()) {
    value.kind = ConfigValue::Kind::text;
    value.text = text->get();
  } else if (const auto* list = node.as_array()) {
    value.kind = ConfigValue::Kind::list;
    for (const toml::node& item : *list) value.items.push_back(value_of(item));
  } else if (const auto* table = node.as_table()) {
    value.kind = ConfigValue::Kind::table;
    for (const auto& [key, entry] : *table) {
      ConfigValue& kept = value.entries[std::string(key.str())] = value_of(entry);
      // Where the key stands, which is what people look for.
      kept.line = key.source().begin.line;
    }
  }
  return value;
}

const ConfigValue kEmpty{ConfigValue::Kind::table, 0, false, 0, {}, {}, {}};

}  // namespace

ConfigValue parse_config(std::string_view text, std::vector<ConfigFault>& faults) {
  const toml::parse_result parsed = toml::parse(text);
  if (parsed) return value_of(parsed.table());
  faults.push_back({parsed.error().source().begin.line, "",
                    "not TOML: " + std::string(parsed.error().description())});
  return kEmpty;
}

void ConfigSection::fault(const char* key, std::string words) {
  const auto found = table_.entries.find(key);
  faults_.push_back({found == table_.entries.end() ? table_.line : found->second.line, full(key),
                     std::move(words)});
}

const ConfigValue* ConfigSection::take(const char* key, ConfigValue::Kind kind, const char* what) {
  known_.emplace_back(key);
  const auto found = table_.entries.find(key);
  if (found == table_.entries.end()) return nullptr;
  if (found->second.kind == kind) return &found->second;
  fault(key, std::string("must be ") + what);
  return nullptr;
}

void ConfigSection::boolean(const char* key, bool& value) {
  if (const ConfigValue* found = take(key, ConfigValue::Kind::boolean, "true or false"))
    value = found->boolean;
}

void ConfigSection::integer_of(const char* key, int64_t& value, int64_t least, int64_t most) {
  const ConfigValue* found = take(key, ConfigValue::Kind::integer, "a whole number");
  if (found == nullptr) return;
  if (found->integer < least || found->integer > most) {
    fault(key, "must be " + std::to_string(least) + " to " + std::to_string(most));
    return;
  }
  value = found->integer;
}

void ConfigSection::duration(const char* key, Millis& value, Millis unit, int64_t least,
                             int64_t most) {
  int64_t units = value / unit;
  integer_of(key, units, least, most);
  if (has(key)) value = unit * units;
}

void ConfigSection::text(const char* key, std::string& value) {
  const ConfigValue* found = take(key, ConfigValue::Kind::text, "a text in quotes");
  if (found == nullptr) return;
  if (found->text.empty()) fault(key, "must not be empty");
  value = found->text;
}

void ConfigSection::texts(const char* key, std::vector<std::string>& value) {
  const ConfigValue* found = take(key, ConfigValue::Kind::list, "a list of texts");
  if (found == nullptr) return;
  value.clear();
  for (const ConfigValue& item : found->items) {
    if (item.kind != ConfigValue::Kind::text || item.text.empty())
      return fault(key, "must be a list of texts, none of them empty");
    value.push_back(item.text);
  }
}

ConfigSection ConfigSection::section(const char* key) {
  const ConfigValue* found = take(key, ConfigValue::Kind::table, "a table");
  return {found == nullptr ? kEmpty : *found, full(key), faults_};
}

std::vector<ConfigSection> ConfigSection::sections(const char* key) {
  std::vector<ConfigSection> sections;
  const ConfigValue* found = take(key, ConfigValue::Kind::list, "a list of tables: [[...]]");
  if (found == nullptr) return sections;
  for (const ConfigValue& item : found->items) {
    if (item.kind == ConfigValue::Kind::table) {
      sections.emplace_back(item, full(key), faults_);
    } else {
      fault(key, "must be a list of tables: [[...]]");
    }
  }
  return sections;
}

void ConfigSection::finish() {
  for (const auto& [key, value] : table_.entries)
    if (std::ranges::find(known_, key) == known_.end())
      faults_.push_back({value.line, full(key), "is not known"});
}

}  // namespace nearzone::authority
