// The configuration file: what it says becomes Settings, and every fault in it is explained.
// docs/authority.md, "Configuration", lists all keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "authority/config_table.h"
#include "authority/log.h"
#include "authority/settings.h"

namespace nearzone::authority {

struct Config {
  Settings settings;
  LogLevel log_level = LogLevel::info;
};

// Reads the text of a configuration file, and the files of keys that it names. What is faulty is
// left at its default; with any fault at all, nothing of it should be used.
Config read_config(std::string_view text, std::vector<ConfigFault>& faults);

// The chance that somebody guesses one certain code while it is valid, at the most failures that
// the realm allows.
double guess_chance(const RealmSettings& realm);

}  // namespace nearzone::authority
