// Threads for the time of one call.
#pragma once

#include <functional>
#include <system_error>
#include <thread>
#include <vector>

#include "nearzone/match.h"

namespace nearzone::match {

class OwnThreads final : public Executor {
 public:
  // Where the system gives no more threads, the caller's does their work as well.
  void run(unsigned count, const std::function<void(unsigned)>& work) override {
    std::vector<std::thread> helpers;
    helpers.reserve(count);
    unsigned started = 1;
    try {
      for (; started < count; ++started) helpers.emplace_back(work, started);
    } catch (const std::system_error&) {
    }
    if (count > 0) work(0);
    for (; started < count; ++started) work(started);
    for (std::thread& helper : helpers) helper.join();
  }
};

}  // namespace nearzone::match
