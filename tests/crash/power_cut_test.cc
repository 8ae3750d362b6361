// The power goes off: what was acknowledged is there, once, and nothing is damaged. Where batches
// are not synced the last ones may be missing.
#include "crash/power_cuts.h"
#include "crash/settings.h"
#include "encounter_log/support.h"

namespace nearzone::crash_test {
namespace {

constexpr int kCutsOfRun = 2;

TEST(PowerCut, LosesDoublesAndDamagesNothing) {
  const uint64_t first = first_seed();
  uint64_t cuts = 0;
  for (uint64_t seed = first; seed < first + runs(1000); ++seed) {
    const Outcome outcome = cut_power(seed, kCutsOfRun);
    ASSERT_EQ(outcome.failure, "") << how_to_repeat(seed);
    cuts += outcome.cuts;
  }
  RecordProperty("cuts", std::to_string(cuts));
}

TEST(PowerCut, MakesNothingFalseWhereBatchesAreNotSynced) {
  for (uint64_t seed = first_seed(); seed < first_seed() + runs(300); ++seed)
    ASSERT_EQ(cut_power_unsynced(seed).failure, "") << how_to_repeat(seed);
}

}  // namespace
}  // namespace nearzone::crash_test
