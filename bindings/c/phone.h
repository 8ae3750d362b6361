// The device behind an nz_device, with the clock and the randomness that it borrows.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

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

// In the handler of the button, and nowhere else.
inline Status check_consent(int32_t consent) {
  if (consent == NZ_THE_PERSON_CONSENTS) return {};
  return {Code::consent_required, "only the person can agree to give keys away", "consent"};
}

// Of a header Retry-After: negative where there was none.
inline std::optional<Millis> wait_of(int64_t retry_after_ms) {
  return retry_after_ms < 0 ? std::nullopt : std::optional(Millis(retry_after_ms));
}

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
