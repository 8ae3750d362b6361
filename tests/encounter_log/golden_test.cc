#include "encounter_log/golden.h"
#include "tests_folder.h"

namespace nearzone::log_test {
namespace {

class GoldenLog : public testing::TestWithParam<const char*> {};

TEST_P(GoldenLog, IsReadForEver) {
  TemporaryFolder folder;
  std::filesystem::copy(test::tests_folder() + "/encounter_log/golden/" + GetParam(), folder.log());
  World world;
  world.root = root_of(kGoldenRoot);
  auto log = world.open(folder);
  ASSERT_OK(log.status());
  EXPECT_FALSE((*log)->opening().repaired);
  std::vector<Heard> scans = golden_scans();
  expect_holds(**log, scans);
  EXPECT_EQ((*log)->snapshot()->columns().scans.size(), scans.size());
  const auto state = (*log)->get_state(kToday, "ledger");
  ASSERT_OK(state.status());
  EXPECT_TRUE(std::ranges::equal(state->expose(ForSealing{}), as_bytes(kGoldenState)));
  // And goes on.
  for (const Heard& heard : golden_scans()) ASSERT_OK(append(**log, heard));
  scans.push_back(random_scan(world.random, kNoon + Day::kLength, 3));
  ASSERT_OK(append(**log, scans.back()));
  log->reset();
  log = world.open(folder);
  expect_holds(**log, scans);
  world.clock.advance(3 * Day::kLength);
  while (*(*log)->compact_step(Millis(0))) {
  }
  expect_holds(**log, scans);
}

INSTANTIATE_TEST_SUITE_P(Versions, GoldenLog, testing::Values("v1", "v2"),
                         [](const auto& version) { return std::string(version.param); });

}  // namespace
}  // namespace nearzone::log_test
