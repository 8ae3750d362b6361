// Lets many small writes share the price of one commit: whatever came while the last commit was
// under way goes into the next one.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "authority/store.h"

namespace nearzone::authority {

// Safe from any thread.
class WriteQueue {
 public:
  // `done` is called on the queue's thread, after what was written is durable, or with the failure.
  using Done = std::function<void(const Status&)>;
  static constexpr size_t kMostTogether = 256;
  static constexpr size_t kMostWaiting = 8192;

  explicit WriteQueue(Store& store);
  // Writes what is waiting, then ends.
  ~WriteQueue();
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;

  // Where too many are waiting, `done` is called at once, with limit_exceeded.
  void submit(Store::Write work, Done done);

 private:
  void run();

  Store& store_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Store::Write> works_;
  std::vector<Done> dones_;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace nearzone::authority
