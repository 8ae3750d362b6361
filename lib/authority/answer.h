// Answers that tell an observer of lengths and times nothing: a success, an error and the answer to
// cover traffic have the same headers, lengths drawn from one law, and delays drawn from one law.
#pragma once

#include <chrono>
#include <mutex>
#include <string_view>
#include <vector>

#include "nearzone/random.h"
#include "net/http.h"

namespace nearzone::authority {

// Head and body together have kLeast + 0..kSpread bytes, each equally likely, whatever is in them;
// counted with the status line and the body, as all other lines are the same.
struct LengthLaw {
  uint32_t least = 3072;
  static constexpr uint32_t kSpread = 1023;
  // For the padding that there is at least, and all that stands around the members.
  static constexpr uint32_t kRoom = 1200;
};

// `members` is what stands between the braces of a JSON object, without "padding". Beyond
// `law.least` - kRoom bytes of them, their length shows in steps of a kibibyte.
net::HttpResponse padded_answer(int status, std::string_view members, const LengthLaw& law,
                                Random& random);

// How long the last successes took, from when a request was read until its answer went out; what
// has less to do takes as long as one of them, drawn at random. Safe from any thread.
class DelayLaw {
 public:
  using Duration = std::chrono::microseconds;
  // So few that they follow what the machine and its disk do meanwhile.
  static constexpr size_t kRemembered = 64;
  // Before anything was measured.
  static constexpr Duration kFirst{10'000};

  void record(Duration took);
  Duration draw(Random& random);

 private:
  std::mutex mutex_;
  std::vector<Duration> last_;
  size_t next_ = 0;
};

}  // namespace nearzone::authority
