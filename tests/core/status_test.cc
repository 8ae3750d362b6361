#include "nearzone/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

namespace nearzone {
namespace {

// The numbers are stored and mirrored elsewhere; this list may only grow.
TEST(Code, NumbersAndNamesAreFixed) {
  const char* const names[] = {"ok",
                               "invalid_argument",
                               "corrupt",
                               "wrong_key",
                               "signature_refused",
                               "not_found",
                               "io",
                               "no_space",
                               "in_use",
                               "newer_format",
                               "unsupported",
                               "cancelled",
                               "limit_exceeded",
                               "closed",
                               "consent_required",
                               "internal"};
  for (int32_t number = 0; number < 16; ++number)
    EXPECT_STREQ(code_name(static_cast<Code>(number)), names[number]);
  EXPECT_STREQ(code_name(static_cast<Code>(16)), "unknown");
  EXPECT_STREQ(code_name(static_cast<Code>(-1)), "unknown");
}

TEST(Status, IsSuccessUnlessTold) {
  Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), Code::ok);
  EXPECT_STREQ(status.text(), "");
  EXPECT_EQ(status.field(), nullptr);
  EXPECT_EQ(status.offset(), Status::kNone);
  EXPECT_EQ(status.record(), Status::kNone);
}

TEST(Status, CarriesWhereTheFaultIs) {
  constexpr Status bare(Code::corrupt, "too short");
  constexpr Status placed = bare.at_offset(7).at_record(3).in_field("key");
  EXPECT_FALSE(placed.ok());
  EXPECT_EQ(placed.code(), Code::corrupt);
  EXPECT_STREQ(placed.text(), "too short");
  EXPECT_STREQ(placed.field(), "key");
  EXPECT_EQ(placed.offset(), 7);
  EXPECT_EQ(placed.record(), 3);
  EXPECT_EQ(bare.offset(), Status::kNone);
  EXPECT_STREQ(Status(Code::io, "text", "field").field(), "field");
}

TEST(Result, HoldsAValueOrTheFailure) {
  Result<int> good = 5;
  ASSERT_TRUE(good.ok());
  EXPECT_TRUE(good.status().ok());
  EXPECT_EQ(*good, 5);

  Result<int> bad = Status(Code::not_found, "no such day");
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.status().code(), Code::not_found);
}

TEST(Result, CarriesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(9);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(**result, 9);
  std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 9);
}

Status fails_if(bool failing) {
  return failing ? Status(Code::closed, "it is closed").at_record(4) : Status();
}

Result<std::string> length_of(bool failing, int& steps) {
  ++steps;
  NEARZONE_TRY(fails_if(failing));
  ++steps;
  return std::string("done");
}

Result<size_t> chained(bool failing, int& steps) {
  NEARZONE_ASSIGN(std::string first, length_of(false, steps));
  NEARZONE_ASSIGN(const std::string second, length_of(failing, steps));
  return first.size() + second.size();
}

TEST(Macros, GoOnAfterSuccess) {
  int steps = 0;
  Result<size_t> result = chained(false, steps);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(*result, 8u);
  EXPECT_EQ(steps, 4);
}

TEST(Macros, ReturnTheWholeFailureAtOnce) {
  int steps = 0;
  Result<size_t> result = chained(true, steps);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), Code::closed);
  EXPECT_STREQ(result.status().text(), "it is closed");
  EXPECT_EQ(result.status().record(), 4);
  EXPECT_EQ(steps, 3);
}

}  // namespace
}  // namespace nearzone
