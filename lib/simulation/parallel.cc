#include "simulation/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace nearzone::simulation {

Status for_each_item(size_t count, unsigned threads, const std::function<Status(size_t)>& work,
                     const Progress& progress) {
  std::atomic<size_t> next{0};
  std::atomic<size_t> done{0};
  std::mutex mutex;  // guards the two below
  size_t failed_at = count;
  Status failure;
  const auto run = [&](bool report) {
    for (size_t i = next++; i < count; i = next++) {
      const Status status = work(i);
      if (!status.ok()) {
        next = count;
        const std::lock_guard lock(mutex);
        if (i < failed_at) failure = status.at_record(failed_at = i);
        return;
      }
      const size_t finished = ++done;
      if (report && progress) progress(finished, count);
    }
  };
  std::vector<std::thread> others;
  try {
    for (size_t i = 1; i < std::min<size_t>(threads, count); ++i) others.emplace_back(run, false);
  } catch (const std::system_error&) {
    // Fewer threads do the same work.
  }
  run(true);
  for (std::thread& other : others) other.join();
  return failure;
}

}  // namespace nearzone::simulation
