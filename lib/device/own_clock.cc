#include <chrono>

#include "nearzone/device.h"

namespace nearzone {

Instant SystemClock::now() const {
  return {std::chrono::duration_cast<Millis>(std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

Millis SystemClock::monotonic() const {
  return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace nearzone
