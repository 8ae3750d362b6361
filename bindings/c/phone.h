// The device behind an nz_device, with the clock and the randomness that it borrows.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "interface.h"
#include "nearzone/device.h"

namespace nearzone::c {

// Stands still until it is told. Safe from any thread.
class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(Instant at) : now_(at.ms) {}
  Instant now() const override { return {now_}; }
  Millis monotonic() const override { return Millis(passed_); }
  // Forwards, time passes; backwards, only the clock is set.
  void set(Instant at) {
    const int64_t before = now_.exchange(at.ms);
    if (at.ms > before) passed_ += at.ms - before;
  }

 private:
  std::atomic<int64_t> now_;
  std::atomic<int64_t> passed_{0};
};

// A seeded stream that may be shared between threads.
class SimulatedRandom final : public Random {
 public:
  explicit SimulatedRandom(uint64_t seed) : stream_(seed) {}
  void fill(std::span<uint8_t> out) override {
    const std::lock_guard lock(mutex_);
    stream_.fill(out);
  }

 private:
  std::mutex mutex_;
  SeededRandom stream_;
};

struct Phone {
  std::unique_ptr<Clock> clock;
  std::unique_ptr<Random> random;
  SimulatedClock* simulated = nullptr;  // the clock, where it is one
  std::unique_ptr<Device> device;
};

}  // namespace nearzone::c

struct nz_device {
  std::shared_ptr<nearzone::c::Phone> phone;
  nearzone::Device& device() const { return *phone->device; }
};
