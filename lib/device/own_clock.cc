#include <ctime>

#include <chrono>

#include "nearzone/device.h"

namespace nearzone {

Instant SystemClock::now() const {
  return {std::chrono::duration_cast<Millis>(std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

Millis SystemClock::monotonic() const {
#ifdef CLOCK_BOOTTIME
  // That of the standard library stands still while an Android phone sleeps.
  timespec passed;
  if (::clock_gettime(CLOCK_BOOTTIME, &passed) == 0)
    return std::chrono::duration_cast<Millis>(std::chrono::seconds(passed.tv_sec) +
                                              std::chrono::nanoseconds(passed.tv_nsec));
#endif
  return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace nearzone
