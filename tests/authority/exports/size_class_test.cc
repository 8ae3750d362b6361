#include "authority/exports/size_class.h"

#include <gtest/gtest.h>

#include "authority/support.h"

namespace nearzone::authority_test {
namespace {

using authority::SizeClasses;

TEST(SizeClassTest, FilesAreOfTheSmallestClassThatTakesTheirKeys) {
  const SizeClasses classes = *SizeClasses::make({10, 20, 50});
  EXPECT_EQ(classes.files_for(0), std::vector<size_t>{});
  EXPECT_EQ(classes.files_for(1), std::vector<size_t>{10});
  EXPECT_EQ(classes.files_for(10), std::vector<size_t>{10});
  EXPECT_EQ(classes.files_for(11), std::vector<size_t>{20});
  EXPECT_EQ(classes.files_for(50), std::vector<size_t>{50});
  EXPECT_EQ(classes.files_for(51), (std::vector<size_t>{50, 10}));
  EXPECT_EQ(classes.files_for(100), (std::vector<size_t>{50, 50}));
  EXPECT_EQ(classes.files_for(121), (std::vector<size_t>{50, 50, 50}));
}

TEST(SizeClassTest, ASizeTellsNothingButItsClass) {
  const SizeClasses classes;
  for (size_t keys = 1; keys <= 1000; ++keys)
    ASSERT_EQ(classes.files_for(keys), std::vector<size_t>{1000});
  for (size_t keys = 1001; keys <= 1250; ++keys)
    ASSERT_EQ(classes.files_for(keys), std::vector<size_t>{1250});
}

TEST(SizeClassTest, LargeFilesAreNearlyFull) {
  const SizeClasses classes;
  for (size_t keys = 1001; keys <= classes.largest(); keys += 97)
    ASSERT_LE(static_cast<double>(classes.files_for(keys)[0]), 1.281 * static_cast<double>(keys));
}

TEST(SizeClassTest, SizesThatCannotBeAreRefused) {
  EXPECT_CODE(SizeClasses::make({}).status(), Code::invalid_argument);
  EXPECT_CODE(SizeClasses::make({0, 10}).status(), Code::invalid_argument);
  EXPECT_CODE(SizeClasses::make({10, 10}).status(), Code::invalid_argument);
  EXPECT_CODE(SizeClasses::make({20, 10}).status(), Code::invalid_argument);
  EXPECT_CODE(SizeClasses::make({1, 1'000'001}).status(), Code::invalid_argument);
}

}  // namespace
}  // namespace nearzone::authority_test
