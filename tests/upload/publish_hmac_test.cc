#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "nearzone/upload.h"
#include "vectors/vectors.h"

namespace nearzone {
namespace {

// The vectors say "key" in base64 only: the 16 bytes whose base64 that is.
PublishedKey key_of(const nlohmann::json& described) {
  const auto text = described.at("key").get<std::string>();
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  PublishedKey key;
  uint32_t bits = 0;
  for (size_t i = 0, byte = 0; i < text.size() && text[i] != '='; ++i) {
    bits = bits << 6 | static_cast<uint32_t>(kDigits.find(text[i]));
    if (i % 4 != 0) key.bytes[byte++] = static_cast<uint8_t>(bits >> (6 - 2 * (i % 4)));
  }
  EXPECT_EQ(to_base64(std::span(key.bytes).first(16)), text);
  const Interval start{described.at("start").get<uint32_t>()};
  key.valid_from = start.start();
  key.valid_to = Interval{start.number + described.at("count").get<uint32_t>()}.start();
  key.transmission_risk_level = described.at("trisk").get<uint8_t>();
  return key;
}

TEST(PublishHmacVectors, AreExact) {
  const auto vectors = test::load_vectors("publish_hmac.json");
  const auto hex = vectors.at("secret_hex").get<std::string>();
  std::vector<uint8_t> secret(hex.size() / 2);
  ASSERT_TRUE(from_hex(hex, secret).ok());
  ASSERT_EQ(vectors.at("cases").size(), 3u);
  for (const auto& test : vectors.at("cases")) {
    SCOPED_TRACE(test.at("name").get<std::string>());
    std::vector<PublishedKey> keys;
    for (const auto& key : test.at("keys")) keys.push_back(key_of(key));
    const bool has_risk = test.at("name") != "risk_omitted_alt_form";
    const auto form = has_risk ? PublishHmacForm::with_risk : PublishHmacForm::without_risk;
    const auto expected = test.at("hmac_b64").get<std::string>();
    EXPECT_EQ(to_base64(publish_hmac(keys, secret, form)), expected);
    // The order in which the keys are held does not matter.
    std::ranges::reverse(keys);
    EXPECT_EQ(to_base64(publish_hmac(keys, secret, form)), expected);
    keys[0].valid_to = keys[0].valid_to + Interval::kLength;
    EXPECT_NE(to_base64(publish_hmac(keys, secret, form)), expected);
  }
}

}  // namespace
}  // namespace nearzone
