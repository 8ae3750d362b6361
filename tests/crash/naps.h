// A log that is suspended while several threads work on it.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "crash/phone.h"
#include "encounter_log/support.h"

namespace nearzone::crash_test {

// Records, reads, packs and keeps own state on a real file system, without a pause, until it goes.
class BusyPhone {
 public:
  explicit BusyPhone(uint64_t seed);
  BusyPhone(const BusyPhone&) = delete;
  BusyPhone& operator=(const BusyPhone&) = delete;
  ~BusyPhone();

  // Lets it work for a moment, suspends it, looks whether anything of it is still held, and goes
  // on. Empty where nothing was.
  std::string nap();
  // The longest that suspending took.
  std::chrono::duration<double, std::milli> longest() const { return longest_; }
  // Ends the work; empty where the log holds what was acknowledged.
  std::string wake_up();

 private:
  // Tries every lock of the log from another process, which it starts: this one would not be told
  // of its own.
  class Neighbour {
   public:
    explicit Neighbour(const log_test::TemporaryFolder& folder);
    ~Neighbour();
    bool finds_it_free();

   private:
    pid_t process_;
    int question_[2];
    int answer_[2];
  };

  // Repeats the work until the end; notes a failure other than that the log is suspended.
  template <typename Work>
  void repeat(Work work);
  void record(uint64_t seed);

  const log_test::TemporaryFolder folder_;
  Neighbour neighbour_;
  Phone phone_;
  SeededRandom random_;
  std::atomic<bool> done_ = false;
  std::atomic<bool> failed_ = false;
  std::atomic<uint64_t> recorded_ = 0;  // sightings
  std::chrono::duration<double, std::milli> longest_{0};
  std::vector<std::thread> threads_;
};

}  // namespace nearzone::crash_test
