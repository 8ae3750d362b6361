#include "setup.h"

#include <cstdio>
#include <fstream>
#include <iterator>

#include "authority/server.h"
#include "output.h"

namespace nearzone::authority_tool {

Result<Instant> parse_instant(const std::string& text) {
  NEARZONE_ASSIGN(const Day day, parse_day(text.substr(0, 10)));
  if (text.size() == 10) return day.start();
  // Two digits at a place, or -1.
  const auto number = [&](size_t at) {
    const char tens = text[at];
    const char ones = text[at + 1];
    if (tens < '0' || tens > '9' || ones < '0' || ones > '9') return -1;
    return (tens - '0') * 10 + (ones - '0');
  };
  const Status refused(Code::invalid_argument, "must be like 2020-12-31T08:30:00", "--now");
  if (text.size() != 19 || text[10] != 'T' || text[13] != ':' || text[16] != ':') return refused;
  const int hour = number(11);
  const int minute = number(14);
  const int second = number(17);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return refused;
  return day.start() + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

bool print_faults(const std::string& file, const std::vector<authority::ConfigFault>& faults) {
  for (const authority::ConfigFault& fault : faults)
    std::fprintf(stderr, "%s:%u: %s%s%s\n", file.c_str(), fault.line, fault.key.c_str(),
                 fault.key.empty() ? "" : " ", fault.words.c_str());
  return !faults.empty();
}

void Setup::add_to(CLI::App& command) {
  command.add_option("-c,--config", config_file_, "TOML file; without it, a development server's");
  command.add_option("--folder", folder_, "Data folder, instead of the configuration's");
  command.add_option("--now", now_, "Begin at this UTC time, such as 2020-12-31T08:30:00 (tests)");
}

bool Setup::read(int& exit_code) {
  if (!config_file_.empty()) {
    std::ifstream file(config_file_, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
      report(config_file_, {Code::io, "the configuration cannot be read"});
      exit_code = kBadUsage;
      return false;
    }
    std::vector<authority::ConfigFault> faults;
    config_ = authority::read_config(text, faults);
    if (print_faults(config_file_, faults)) {
      exit_code = kBadUsage;
      return false;
    }
  }
  if (!folder_.empty()) config_.settings.storage.folder = folder_;
  clock_.emplace();
  if (!now_.empty()) {
    const Result<Instant> now = parse_instant(now_);
    if (!now.ok()) {
      report("", now.status());
      exit_code = kBadUsage;
      return false;
    }
    clock_.emplace(*now);
  }
  return true;
}

bool Setup::open(int& exit_code) {
  if (!read(exit_code)) return false;
  const auto open_all = [&]() -> Status {
    const authority::StorageSettings& storage = config_.settings.storage;
    NEARZONE_TRY(authority::prepare_folder(storage, random_));
    NEARZONE_ASSIGN(Secret<32> root,
                    authority::read_root_secret(authority::root_secret_path(storage)));
    NEARZONE_ASSIGN(store_, authority::SqliteStore::open(authority::store_path(storage)));
    ring_ = std::make_unique<authority::KeyRing>(*store_, std::move(root), random_);
    return {};
  };
  const Status opened = open_all();
  if (!opened.ok()) exit_code = report(config_.settings.storage.folder, opened);
  return opened.ok();
}

}  // namespace nearzone::authority_tool
