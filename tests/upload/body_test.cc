#include "upload/body.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace nearzone::upload {
namespace {

constexpr std::array kSteps{UploadStep::verify, UploadStep::certify, UploadStep::publish,
                            UploadStep::report_bluezone};

std::string text_of(const SecretBytes& body) {
  const ByteView bytes = body.expose(ForDisclosure{});
  return {bytes.begin(), bytes.end()};
}

// However much a body says, it has the length of its step.
TEST(BodyProperties, LengthSaysNothing) {
  SeededRandom random(1);
  for (const UploadStep step : kSteps) {
    // Down to the last byte that there is room for: the end takes `,"padding":""}`.
    const size_t most = request_bytes(step) - 7 - 14;
    for (size_t said = 0; said <= most; said += said + 40 < most ? 37 : 1) {
      const auto body =
          Body(step).append("{\"a\":\"").append(std::string(said, 'x')).append("\"").finish(random);
      ASSERT_TRUE(body.ok()) << said;
      ASSERT_EQ(body->size(), request_bytes(step)) << said;
      const auto json = nlohmann::json::parse(text_of(*body));
      ASSERT_EQ(json.at("a").get<std::string>().size(), said);
      ASSERT_EQ(json.at("padding").get<std::string>().size() % 4, 0u);
    }
    const auto overflown = Body(step)
                               .append("{\"a\":\"")
                               .append(std::string(most + 1, 'x'))
                               .append("\"")
                               .finish(random);
    EXPECT_EQ(overflown.status().code(), Code::limit_exceeded);
  }
}

TEST(Body, ChaffIsAsLongAndHoldsNothing) {
  SeededRandom random(2);
  for (const UploadStep step : kSteps) {
    const SecretBytes body = chaff_body(step, random);
    EXPECT_EQ(body.size(), request_bytes(step));
    const auto json = nlohmann::json::parse(text_of(body));
    EXPECT_EQ(json.size(), 1u);
    EXPECT_TRUE(json.contains("padding"));
  }
}

TEST(Body, PaddingCannotBeCompressedAway) {
  SeededRandom random(3);
  const std::string one = text_of(chaff_body(UploadStep::verify, random));
  const std::string other = text_of(chaff_body(UploadStep::verify, random));
  EXPECT_NE(one, other);
  EXPECT_EQ(std::set<char>(one.begin() + 20, one.end() - 10).size(), 64u);
}

}  // namespace
}  // namespace nearzone::upload
