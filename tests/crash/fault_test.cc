// Every single call of the disk fails in turn: a clear error, and a log that goes on.
#include "crash/faults.h"
#include "crash/settings.h"
#include "encounter_log/support.h"

namespace nearzone::crash_test {
namespace {

constexpr int kSteps = 24;

void fail_every_call(Fault fault, bool lasting) {
  for (uint64_t seed = first_seed(); seed < first_seed() + runs(1); ++seed) {
    FaultPlan plan{seed, kSteps, fault, lasting, 0};
    const uint64_t calls = calls_of(plan);
    ASSERT_GT(calls, 50u);
    for (; plan.nth < calls; ++plan.nth)
      ASSERT_EQ(meet_fault(plan), "") << "call " << plan.nth << ", " << how_to_repeat(seed);
  }
}

TEST(InputOutputError, OfOneCallIsToldAndPasses) { fail_every_call(Fault::io, false); }

TEST(InputOutputError, OfAllCallsIsToldAndPasses) { fail_every_call(Fault::io, true); }

TEST(FullDisk, ForAMomentIsToldAndPasses) { fail_every_call(Fault::full, false); }

TEST(FullDisk, IsToldAndPasses) { fail_every_call(Fault::full, true); }

}  // namespace
}  // namespace nearzone::crash_test
