// Recording and checking lists beside each other; meant for ThreadSanitizer as well.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "device/phone.h"

namespace nearzone {
namespace {

using test::Authority;
using test::disclosed_keys;
using test::Phone;
using test::TemporaryFolder;

TEST(Concurrency, RecordingGoesOnWhileListsAreChecked) {
  TemporaryFolder folder;
  const ManualClock clock(Day{18500}.start() + std::chrono::hours(12));
  SystemRandom random;
  DeviceOptions options;
  options.log.durability = Durability::none;
  const auto opened =
      Device::open(folder.path() + "/log", Secret<32>::random(random), clock, random, options);
  ASSERT_TRUE(opened.ok());
  Device& device = **opened;

  Phone infected(2);
  const Advertisement air = infected.advertisement();
  const Authority authority(9);
  const auto keys = disclosed_keys(infected);

  constexpr int kScans = 300;
  std::atomic<int> recorded{0};
  std::thread recorder([&] {
    for (int i = 0; i < kScans; ++i) {
      const Instant at = clock.now() - std::chrono::seconds(i);
      Sighting sighting{air.identifier, air.scheme, HeardBy::advertisement, at, -70, air.metadata};
      if (i % 2 == 0) sighting.identifier.bytes[0] ^= 0xff;  // a stranger
      if (device.record({at, {}}, {&sighting, 1}).ok()) ++recorded;
    }
  });
  std::thread asker([&] {
    while (recorded < kScans) {
      EXPECT_TRUE(device.advertisement().ok());
      EXPECT_TRUE(device.exposures().ok());
    }
  });
  uint64_t sequence = 0;
  for (int before = 0; before < kScans;) {
    before = recorded;
    const auto list = authority.publish(keys, ++sequence, clock.now());
    MemorySource source(list);
    const auto report =
        device.check(source, {.public_keys = authority.public_keys(), .match = {.threads = 2}});
    ASSERT_TRUE(report.ok()) << report.status().text();
    EXPECT_TRUE(before < 2 || report->exposures.size() == 1);
  }
  recorder.join();
  asker.join();
  EXPECT_EQ(recorded, kScans);
  const auto heard = device.log().snapshot();
  ASSERT_TRUE(heard.ok());
  EXPECT_EQ(heard->columns().size(), static_cast<size_t>(kScans));
}

}  // namespace
}  // namespace nearzone
