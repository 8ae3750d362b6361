// The time of this machine, or one that began elsewhere and runs as fast: to travel in time in
// tests.
#pragma once

#include "nearzone/time.h"

namespace nearzone::authority {

// Safe from any thread.
class SystemClock final : public Clock {
 public:
  SystemClock() = default;
  // It is `begin` now.
  explicit SystemClock(Instant begin) : ahead_(begin - system_now()) {}

  Instant now() const override { return system_now() + ahead_; }
  Millis monotonic() const override {
    return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
  }

 private:
  static Instant system_now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<Millis>(since).count()};
  }
  Millis ahead_{0};
};

}  // namespace nearzone::authority
