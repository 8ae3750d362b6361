#include "core/text_lines.h"

#include <gtest/gtest.h>

#include <array>

namespace nearzone {
namespace {

TEST(TextLines, EndWithEitherBreakOrNone) {
  TextLines lines("\xEF\xBB\xBFone\r\n\nthree");
  ASSERT_TRUE(lines.next());
  EXPECT_EQ(lines.line(), "one");
  EXPECT_EQ(lines.index(), 0u);
  EXPECT_EQ(lines.offset_of(lines.line()), 3u);  // the mark in front counts
  ASSERT_TRUE(lines.next());
  EXPECT_EQ(lines.line(), "");
  ASSERT_TRUE(lines.next());
  EXPECT_EQ(lines.line(), "three");
  EXPECT_EQ(lines.index(), 2u);
  EXPECT_EQ(lines.offset_of(lines.line().substr(1)), 10u);
  EXPECT_FALSE(lines.next());
}

TEST(Split, CountsPiecesThatItHasNoRoomFor) {
  std::array<std::string_view, 2> pieces;
  EXPECT_EQ(split("a,,c", ',', pieces), 3u);
  EXPECT_EQ(pieces[0], "a");
  EXPECT_EQ(pieces[1], "");
  EXPECT_EQ(split("", ',', pieces), 1u);
}

TEST(WholeNumber, IsAllOfTheTextAndInRange) {
  EXPECT_EQ(whole_number("-12", -12, 0), -12);
  EXPECT_EQ(whole_number("-13", -12, 0), std::nullopt);
  EXPECT_EQ(whole_number("1x", 0, 9), std::nullopt);
  EXPECT_EQ(whole_number("", 0, 9), std::nullopt);
  EXPECT_EQ(whole_number("99999999999999999999", 0, 9), std::nullopt);
}

}  // namespace
}  // namespace nearzone
