// What a phone does with its log, at random but the same for the same seed; and what a log must
// hold after each step of it.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "encounter_log/support.h"
#include "nearzone/encounter_log.h"

namespace nearzone::crash_test {

// One call of a log.
struct Step {
  enum class Kind : uint8_t {
    append,
    repeat,  // of the append before it
    put_state,
    remove_state,
    erase_day,
    erase_all,
    purge,
    compact,  // one slice
    pack,     // all there is to compact
    suspend,  // and resume
    reopen,   // the log is closed and opened
  };
  Kind kind;
  Millis passes{0};  // before the call
  std::vector<log_test::Heard> heard;
  std::optional<BatchId> id;
  Day day;
  std::string state;
  std::vector<uint8_t> bytes;
};
const char* name_of(Step::Kind kind);

class Workload {
 public:
  explicit Workload(uint64_t seed) : random_(seed) {}
  Step next();

 private:
  Step::Kind random_kind();
  Step append();
  // Today, or one of the days before it.
  Day recent_day();

  SeededRandom random_;
  Instant now_ = log_test::kNoon;
  int64_t scans_ = 0;
  std::optional<Step> appended_;
  Day purged_ = Day::of(log_test::kNoon);
};

class Model {
 public:
  // What the step does to a log with 14 days of retention whose clock is credible.
  void apply(const Step& step, Instant now);
  // How the log differs from this; empty where it does not. Fails with what the log fails with.
  Result<std::string> difference(const EncounterLog& log) const;
  // What the log gives that is not of this; empty where everything is.
  Result<std::string> falsehood(const EncounterLog& log) const;
  // The same, or what is lost without being told; empty where the log is honest.
  Result<std::string> untruth(const EncounterLog& log) const;

 private:
  struct Stored {
    std::vector<log_test::Entry> entries;
    std::vector<Scan> scans;
    std::map<std::string, std::vector<uint8_t>> states;
  };
  void append(const std::vector<log_test::Heard>& heard);
  std::vector<log_test::Entry> entries() const;
  std::vector<Scan> scans() const;
  Result<std::string> difference_of_states(const EncounterLog& log) const;

  std::map<Day, Stored> days_;
};

// Does the step, but for reopening and the passing of time.
Status run(EncounterLog& log, const Step& step);

}  // namespace nearzone::crash_test
