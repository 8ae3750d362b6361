// A configuration file as a tree that remembers its lines, and a reader of its tables that explains
// every fault: by key and line, all of them at once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::authority {

struct ConfigFault {
  uint32_t line = 0;
  std::string key;  // "realm.codes_a_day"
  std::string words;
};

struct ConfigValue {
  enum class Kind : uint8_t { boolean, integer, text, list, table, other };
  Kind kind = Kind::other;
  uint32_t line = 0;
  bool boolean = false;
  int64_t integer = 0;
  std::string text;
  std::vector<ConfigValue> items;
  std::map<std::string, ConfigValue> entries;
};

// Reads TOML 1.0. What is no TOML becomes a fault with its line, and an empty table.
ConfigValue parse_config(std::string_view text, std::vector<ConfigFault>& faults);

// One table of the file. Each reading function leaves its target as it is where the key is not
// there, and adds a fault where what is there cannot be. finish() adds one for each key that nobody
// read.
class ConfigSection {
 public:
  ConfigSection(const ConfigValue& table, std::string name, std::vector<ConfigFault>& faults)
      : table_(table), name_(std::move(name)), faults_(faults) {}

  void boolean(const char* key, bool& value);
  template <typename Integer>
  void integer(const char* key, Integer& value, int64_t least, int64_t most) {
    int64_t read = static_cast<int64_t>(value);
    integer_of(key, read, least, most);
    value = static_cast<Integer>(read);
  }
  // A whole number of `unit`s.
  void duration(const char* key, Millis& value, Millis unit, int64_t least, int64_t most);
  void text(const char* key, std::string& value);
  void texts(const char* key, std::vector<std::string>& value);
  // The table of this name, or an empty one; the tables of a list of tables.
  ConfigSection section(const char* key);
  std::vector<ConfigSection> sections(const char* key);
  bool has(const char* key) const { return table_.entries.contains(key); }
  void fault(const char* key, std::string words);
  void finish();

 private:
  const ConfigValue* take(const char* key, ConfigValue::Kind kind, const char* what);
  void integer_of(const char* key, int64_t& value, int64_t least, int64_t most);
  std::string full(const std::string& key) const { return name_.empty() ? key : name_ + "." + key; }

  const ConfigValue& table_;
  std::string name_;
  std::vector<ConfigFault>& faults_;
  std::vector<std::string> known_;
};

}  // namespace nearzone::authority
