// What every command begins with: the configuration, the data folder, the store, the time.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "authority/config.h"
#include "authority/key_ring.h"
#include "authority/sqlite_store.h"
#include "authority/system_clock.h"
#include "nearzone/random.h"

namespace nearzone::authority_tool {

class Setup {
 public:
  // --config, --folder and --now.
  void add_to(CLI::App& command);

  // Reads the configuration, or takes that of a development server where none is given; says on
  // standard error what is wrong. False: end with `exit_code`.
  bool read(int& exit_code);
  // Besides, makes the data folder and opens the store.
  bool open(int& exit_code);

  bool is_development() const { return config_file_.empty(); }
  authority::Config& config() { return config_; }
  const Clock& clock() const { return *clock_; }
  Random& random() { return random_; }
  authority::SqliteStore& store() { return *store_; }
  authority::KeyRing& ring() { return *ring_; }

 private:
  std::string config_file_;
  std::string folder_;
  std::string now_;
  authority::Config config_;
  std::optional<authority::SystemClock> clock_;
  SystemRandom random_;
  std::unique_ptr<authority::SqliteStore> store_;
  std::unique_ptr<authority::KeyRing> ring_;
};

// "2020-12-31T08:30:00" or a day, in UTC.
Result<Instant> parse_instant(const std::string& text);

// Prints all faults of a configuration; whether there were any.
bool print_faults(const std::string& file, const std::vector<authority::ConfigFault>& faults);

}  // namespace nearzone::authority_tool
