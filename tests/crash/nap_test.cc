// An app is put to sleep whatever its log is just doing: no lock and no file of it may stay open.
#include "crash/naps.h"
#include "crash/settings.h"

namespace nearzone::crash_test {
namespace {

constexpr int kNaps = 15;

TEST(Nap, LetsGoOfEverythingInTheMidstOfWork) {
  for (uint64_t seed = first_seed(); seed < first_seed() + runs(2); ++seed) {
    BusyPhone phone(seed);
    for (int i = 0; i < kNaps; ++i)
      ASSERT_EQ(phone.nap(), "") << "nap " << i << ", " << how_to_repeat(seed);
    ASSERT_EQ(phone.wake_up(), "") << how_to_repeat(seed);
    RecordProperty("longest_ms", std::to_string(phone.longest().count()));
  }
}

}  // namespace
}  // namespace nearzone::crash_test
