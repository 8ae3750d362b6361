// A phone is killed while it erases the day under which its own keys and its upload are stored:
// both are there all the same.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "crash/settings.h"
#include "encounter_log/support.h"
#include "nearzone/device.h"

namespace nearzone::crash_test {
namespace {

constexpr int kKillsOfRun = 15;

class OwnPhone {
 public:
  explicit OwnPhone(uint64_t seed) : random_(seed) { options_.log.durability = Durability::none; }

  std::unique_ptr<Device> open() {
    auto device = Device::open(folder_.log(), root_, clock_, system_, options_);
    EXPECT_TRUE(device.ok()) << device.status().text();
    return device.ok() ? *std::move(device) : nullptr;
  }

  // In a process of its own, which is killed once it has begun.
  void erase_today_and_die() {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto device = open();
      const bool begun = device && ::write(pipe[1], "x", 1) == 1;
      while (begun && device->erase_day(Day::of(clock_.now())).ok()) {
      }
      ::_exit(1);
    }
    ::close(pipe[1]);
    char begun = 0;
    EXPECT_EQ(::read(pipe[0], &begun, 1), 1);
    ::usleep(static_cast<useconds_t>(random_.below(20'000)));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it failed by itself";
    ::close(pipe[0]);
  }

 private:
  const log_test::TemporaryFolder folder_;
  SeededRandom random_;
  SystemRandom system_;
  const Secret<32> root_ = log_test::root_of(7);
  ManualClock clock_{log_test::kNoon};
  DeviceOptions options_;
};

TEST(KilledErasure, LosesNeitherOwnKeysNorTheUpload) {
  for (uint64_t seed = first_seed(); seed < first_seed() + runs(1); ++seed) {
    OwnPhone phone(seed);
    Identifier sent;
    {
      const auto device = phone.open();
      ASSERT_TRUE(device && device->advertisement().ok());
      ASSERT_OK(device->begin_upload(PersonConsents{}));
      sent = device->advertisement()->identifier;
    }
    for (int kill = 0; kill < kKillsOfRun; ++kill) {
      phone.erase_today_and_die();
      const auto device = phone.open();
      ASSERT_TRUE(device) << how_to_repeat(seed);
      ASSERT_OK(device->upload_status().status());
      EXPECT_EQ(device->upload_status()->keys, 1u);
      ASSERT_EQ(device->advertisement()->identifier, sent) << kill << ", " << how_to_repeat(seed);
    }
  }
}

}  // namespace
}  // namespace nearzone::crash_test
