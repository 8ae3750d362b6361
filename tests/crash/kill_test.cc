// The process is killed at any moment, on a real file system: nothing acknowledged is lost, nothing
// is doubled.
#include "crash/kills.h"
#include "crash/settings.h"

namespace nearzone::crash_test {
namespace {

constexpr int kKillsOfRun = 20;

TEST(Kill, LosesAndDoublesNothing) {
  uint64_t steps = 0;
  for (uint64_t seed = first_seed(); seed < first_seed() + runs(6); ++seed) {
    KilledPhone phone(seed);
    for (int kill = 0; kill < kKillsOfRun; ++kill) {
      const std::chrono::milliseconds most(kill % 4 == 0 ? 8 : 80);
      ASSERT_EQ(phone.live_and_die(most), "") << "kill " << kill << ", " << how_to_repeat(seed);
    }
    steps += phone.steps();
  }
  EXPECT_GT(steps, runs(6)) << "killed before anything was done";
}

}  // namespace
}  // namespace nearzone::crash_test
