// A phone that lives day after day, with its process killed and its clock set wrong now and then,
// and that matches what it heard against a small list every evening.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crash/phone.h"
#include "encounter_log/support.h"
#include "nearzone/encounter_log.h"
#include "nearzone/gaen.h"
#include "nearzone/keys.h"

namespace nearzone::soak {

struct LifeCounts {
  uint64_t days = 0;
  uint64_t kills = 0;
  uint64_t clock_jumps = 0;
  uint64_t scans = 0;
  uint64_t sightings = 0;
  uint64_t matches = 0;
  uint64_t most_bytes = 0;  // of the log on the disk
};

class Life {
 public:
  Life(uint64_t seed, LifeCounts& counts);

  // Lives another day. Empty, or what was lost, doubled, false, not found or not forgotten.
  std::string live_a_day();

 private:
  // What happens in a scan, the same whenever it is asked for.
  struct Moment {
    Instant clock;  // what the phone's clock says
    log_test::Heard heard;
    bool clock_is_right;
    std::optional<uint32_t> contact;  // the person on the list who is near
  };
  Instant true_time(int scan) const;
  Moment moment(int scan) const;
  void plan_day();
  gaen::TemporaryExposureKey key_of(uint32_t person, Day day) const;

  crash_test::Phone make_phone() const;
  // Records from this scan on, in a process that may be killed; how many were acknowledged.
  Result<int> record(int from, bool kill);
  [[noreturn]] void record_apart(int from, int acknowledgements);
  std::string look(bool evening);
  std::string compare(const SightingTable& table, bool evening) const;
  std::string match(const SightingTable& table);

  const uint64_t seed_;
  LifeCounts& counts_;
  const log_test::TemporaryFolder folder_;
  SeededRandom random_;
  Day today_ = log_test::kToday;
  int scan_ = 0;  // of today, the next
  // Of today: the scans in which the clock is wrong, and by how much.
  int wrong_from_ = 0;
  int wrong_to_ = 0;
  Millis wrong_by_{0};

  struct Recorded {
    log_test::Heard heard;
    Day day;  // the true one
    bool clock_is_right;
  };
  std::vector<Recorded> recorded_;                  // of the last weeks
  std::vector<std::pair<uint32_t, Day>> contacts_;  // likewise
};

}  // namespace nearzone::soak
