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

// The chance that somebody guesses any code of the realm within the life of one, at the most
// failures that the realm allows: twice an hour's, as one hour's may be used up at its end and the
// next one's at its beginning. All codes of a day are taken to be issued within a working day.
constexpr Millis kWorkingDay = std::chrono::hours(8);
double guess_chance(const RealmSettings& realm);

}  // namespace nearzone::authority
