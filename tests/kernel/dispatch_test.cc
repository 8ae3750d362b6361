#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "kernel/kernel.h"

namespace nearzone {
namespace {

TEST(KernelLevels, BeginWithThePortableOneWhichRunsEverywhere) {
  ASSERT_FALSE(kernel_levels().empty());
  EXPECT_STREQ(kernel_levels().front().name, "portable");
  EXPECT_TRUE(kernel_levels().front().supported);
  for (const KernelLevel& level : kernel_levels())
    EXPECT_EQ(kernel::find(level.name) != nullptr, level.supported) << level.name;
  EXPECT_EQ(kernel::find("no-such-level"), nullptr);
}

// CTest runs this once for each level with the variable set, and once without.
TEST(ForcedKernel, IsTheOneInUseOrAnErrorAndTheFastestRunsUnforced) {
  const char* forced = std::getenv("NEARZONE_KERNEL");
  const Result<std::string_view> level = active_kernel();
  if (forced == nullptr || *forced == '\0') {
    std::string fastest;
    for (const KernelLevel& each : kernel_levels())
      if (each.supported) fastest = each.name;
    ASSERT_TRUE(level.ok());
    EXPECT_EQ(*level, fastest);
    EXPECT_EQ(kernel::active().name, fastest);
  } else if (kernel::find(forced) != nullptr) {
    ASSERT_TRUE(level.ok());
    EXPECT_EQ(*level, forced);
    EXPECT_STREQ(kernel::active().name, forced);
  } else {
    EXPECT_EQ(level.status().code(), Code::unsupported);
    EXPECT_STREQ(level.status().field(), "NEARZONE_KERNEL");
  }
}

}  // namespace
}  // namespace nearzone
