// This process from outside: its memory, and runs of its own program.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nearzone::bench {

// Peak of the memory that is resident, above what is resident when it is made. Linux only.
class PeakMemory {
 public:
  // Gives what the allocator keeps back to the system, and forgets earlier peaks.
  static std::optional<PeakMemory> start();
  // MiB above the start; and of the whole process.
  double extra_mib() const;
  double process_mib() const;

 private:
  explicit PeakMemory(double resident) : resident_mib_(resident) {}
  double resident_mib_;
};

// Runs this program again with other arguments and more of an environment, and waits for it. False
// where it failed.
bool run_again(const std::vector<std::string>& arguments,
               const std::map<std::string, std::string>& environment);

}  // namespace nearzone::bench
