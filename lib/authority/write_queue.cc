#include "authority/write_queue.h"

#include <algorithm>
#include <iterator>

namespace nearzone::authority {

WriteQueue::WriteQueue(Store& store) : store_(store), thread_([this] { run(); }) {}

WriteQueue::~WriteQueue() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void WriteQueue::submit(Store::Write work, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (works_.size() < kMostWaiting) {
      works_.push_back(std::move(work));
      dones_.push_back(std::move(done));
      wake_.notify_one();
      return;
    }
  }
  done(Status(Code::limit_exceeded, "too many writes are waiting"));
}

void WriteQueue::run() {
  std::vector<Store::Write> works;
  std::vector<Done> dones;
  std::vector<Status> outcomes;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return is_ending_ || !works_.empty(); });
      if (works_.empty()) return;
      const auto count = static_cast<std::ptrdiff_t>(std::min(works_.size(), kMostTogether));
      works.assign(std::make_move_iterator(works_.begin()),
                   std::make_move_iterator(works_.begin() + count));
      dones.assign(std::make_move_iterator(dones_.begin()),
                   std::make_move_iterator(dones_.begin() + count));
      works_.erase(works_.begin(), works_.begin() + count);
      dones_.erase(dones_.begin(), dones_.begin() + count);
    }
    outcomes.assign(works.size(), Status());
    store_.write_each(works, outcomes);
    for (size_t i = 0; i < dones.size(); ++i) dones[i](outcomes[i]);
    works.clear();
    dones.clear();
  }
}

}  // namespace nearzone::authority
