// A log with all that it needs: where it is stored, randomness, a clock.
#pragma once

#include <memory>
#include <string>

#include "crash/disk.h"
#include "crash/disk_calls.h"
#include "crash/disk_vfs.h"
#include "crash/workload.h"
#include "encounter_log/system_calls.h"
#include "nearzone/encounter_log.h"
#include "nearzone/random.h"
#include "nearzone/time.h"

namespace nearzone::crash_test {

class Phone {
 public:
  Phone(std::string directory, const encounter_log::Storage& storage,
        std::unique_ptr<Random> random);

  Status open();
  // Does the step; where no log is open, or the step is to open it again, it is opened first.
  Status run(const Step& step);
  // The process ends.
  void close() { log_.reset(); }

  EncounterLog& log() { return *log_; }
  const EncounterLog& log() const { return *log_; }
  bool is_open() const { return log_ != nullptr; }
  // Whether opening the log found nothing wrong with it.
  bool was_whole() const;
  Instant now() const { return clock_.now(); }
  ManualClock& clock() { return clock_; }

  EncounterLogOptions options;
  // Whether somebody vouches for its clock: days may have been erased by which the log could tell
  // that the time is right.
  bool time_is_confirmed = true;

 private:
  const std::string directory_;
  const encounter_log::Storage storage_;
  std::unique_ptr<Random> random_;
  Secret<32> root_;
  ManualClock clock_{log_test::kNoon};
  std::unique_ptr<EncounterLog> log_;
};

struct SimulatedStorage {
  explicit SimulatedStorage(uint64_t seed) : disk(seed) {}
  Disk disk;
  DiskCalls calls{disk};
  DiskVfs vfs{disk};
};

// One whose storage is simulated. The same seed gives the same phone.
class SimulatedPhone : private SimulatedStorage, public Phone {
 public:
  explicit SimulatedPhone(uint64_t seed);
  Disk& disk() { return SimulatedStorage::disk; }
  const DiskVfs& vfs() const { return SimulatedStorage::vfs; }
};

// A failure in words: what was being done, and the status.
std::string told(const std::string& what, const Status& status);

}  // namespace nearzone::crash_test
