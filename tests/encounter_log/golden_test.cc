#include "encounter_log/golden.h"

namespace nearzone::log_test {
namespace {

TEST(GoldenLog, OfVersion1IsReadForEver) {
  TemporaryFolder folder;
  std::filesystem::copy(NEARZONE_TEST_DIR "/encounter_log/golden/v1", folder.log());
  World world;
  world.root = root_of(kGoldenRoot);
  auto log = world.open(folder);
  ASSERT_OK(log.status());
  std::vector<Heard> scans = golden_scans();
  expect_holds(**log, scans);
  EXPECT_EQ((*log)->snapshot()->columns().scans.size(), scans.size());
  const auto state = (*log)->get_state(kToday, "ledger");
  ASSERT_OK(state.status());
  EXPECT_TRUE(std::ranges::equal(state->expose(ForSealing{}), as_bytes(kGoldenState)));
  // And goes on.
  scans.push_back(random_scan(world.random, kNoon + Day::kLength, 3));
  ASSERT_OK(append(**log, scans.back()));
  log->reset();
  log = world.open(folder);
  expect_holds(**log, scans);
}

}  // namespace
}  // namespace nearzone::log_test
