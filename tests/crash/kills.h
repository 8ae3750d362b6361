// A log on a real file system whose process is killed again and again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crash/phone.h"
#include "crash/workload.h"
#include "encounter_log/support.h"

namespace nearzone::crash_test {

class KilledPhone {
 public:
  explicit KilledPhone(uint64_t seed);

  // Lives in a process of its own that is killed after at most `most`, and looks at what is left.
  // Empty where everything acknowledged is there, once.
  std::string live_and_die(std::chrono::microseconds most);
  uint64_t steps() const { return steps_; }

 private:
  Phone make_phone() const;
  [[noreturn]] void live(int acknowledgements);
  std::string look();

  const log_test::TemporaryFolder folder_;
  SeededRandom random_;
  Workload workload_;
  Model model_;
  Instant now_ = log_test::kNoon;
  Durability durability_;
  uint64_t steps_ = 0;
};

}  // namespace nearzone::crash_test
