// Publish requests as phones make them, and as they should not be made.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "authority/base64.h"
#include "authority/jwt.h"
#include "authority/publish_request.h"
#include "authority/world.h"

namespace nearzone::authority_test {

using authority::UploadedKey;

// A key with random bytes.
struct Key : UploadedKey {
  std::string raw_json;  // instead of what the members say
  std::vector<uint8_t> bytes() const { return *authority::from_base64(text); }
};

struct UploadParts {
  std::vector<Key> keys;
  std::string report_type = "confirmed";
  std::string app = kApp;
  bool hmac_with_risk = true;
  // Changes what would be right; empty texts leave a member out.
  std::optional<std::string> hmac_key;
  std::optional<std::string> certificate;
  std::string revision_token;
  std::optional<int64_t> symptom_onset;
  std::string more_members;  // ",\"foo\":1"
  std::string hmac_key_name = "hmacKey";
  // Of the certificate: seconds from now, claims that differ ("" leaves one out), another key.
  std::vector<std::pair<std::string, std::string>> claims;  // name and JSON
  std::string algorithm = "ES256";
  std::string key_id = "1";
  const authority::EcPrivateKey* signer = nullptr;
};

class Uploads {
 public:
  explicit Uploads(World& world) : world_(world) {}

  int64_t now_s() const { return world_.clock.now().ms / 1000; }
  int64_t interval() const { return now_s() / 600; }
  int64_t today() const { return now_s() / 86400 * 144; }  // its first interval

  Key key(int64_t days_ago = 1, int64_t period = 144, int64_t risk = 0) {
    return key_at(today() - 144 * days_ago, period, risk);
  }
  Key key_at(int64_t start, int64_t period = 144, int64_t risk = 0) {
    std::array<uint8_t, 16> bytes{};
    world_.random.fill(bytes);
    Key key;
    key.text = authority::base64(bytes);
    key.start = start;
    key.period = period;
    key.risk = risk;
    return key;
  }

  std::string body(const UploadParts& parts) {
    std::array<uint8_t, 16> secret{};
    world_.random.fill(secret);
    std::string json = "{\"temporaryExposureKeys\":[";
    for (const Key& key : parts.keys) {
      if (&key != parts.keys.data()) json += ',';
      json += key_json(key);
    }
    json += ']';
    add(json, "healthAuthorityID", parts.app);
    add(json, "verificationPayload",
        parts.certificate ? *parts.certificate : certificate(parts, secret));
    add(json, parts.hmac_key_name, parts.hmac_key ? *parts.hmac_key : authority::base64(secret));
    add(json, "revisionToken", parts.revision_token);
    if (parts.symptom_onset)
      json += ",\"symptomOnsetInterval\":" + std::to_string(*parts.symptom_onset);
    return json + parts.more_members + ",\"padding\":\"AAAA\"}";
  }
  Answer publish(const UploadParts& parts) { return world_.post("/v1/publish", body(parts)); }
  Answer publish(std::vector<Key> keys) {
    UploadParts parts;
    parts.keys = std::move(keys);
    return publish(parts);
  }

  std::string certificate(const UploadParts& parts, ByteView secret) {
    const std::vector<UploadedKey> keys(parts.keys.begin(), parts.keys.end());
    const std::string mac =
        authority::base64(authority::keys_hmac(keys, secret, parts.hmac_with_risk));
    std::vector<std::pair<std::string, std::string>> claims{
        {"iss", "\"iss-test\""},
        {"aud", "\"aud-test\""},
        {"iat", std::to_string(now_s() - 5)},
        {"nbf", std::to_string(now_s() - 5)},
        {"exp", std::to_string(now_s() + 900)},
        {"reportType", authority::json_text(parts.report_type)},
        {"tekmac", authority::json_text(mac)}};
    for (const auto& [name, json] : parts.claims) {
      bool is_there = false;
      for (auto& claim : claims)
        if (claim.first == name) {
          claim.second = json;
          is_there = true;
        }
      if (!is_there) claims.emplace_back(name, json);
    }
    std::string text = "{";
    for (const auto& [name, json] : claims)
      if (!json.empty())
        text += (text.size() > 1 ? "," : "") + authority::json_text(name) + ":" + json;
    return token(parts, text + "}");
  }

  std::string token(const UploadParts& parts, const std::string& claims) {
    std::string header = R"({"alg":)" + authority::json_text(parts.algorithm) + R"(,"typ":"JWT")";
    if (!parts.key_id.empty()) header += ",\"kid\":" + authority::json_text(parts.key_id);
    header += '}';
    const std::string text =
        authority::base64url(as_bytes(header)) + '.' + authority::base64url(as_bytes(claims));
    const authority::EcPrivateKey& key = parts.signer ? *parts.signer : world_.foreign;
    return text + '.' + authority::base64url(*key.sign(as_bytes(text)));
  }

 private:
  static std::string key_json(const Key& key) {
    if (!key.raw_json.empty()) return key.raw_json;
    std::string json = "{\"key\":" + authority::json_text(key.text) +
                       ",\"rollingStartNumber\":" + std::to_string(key.start) +
                       ",\"rollingPeriod\":" + std::to_string(key.period);
    if (key.risk != 0) json += ",\"transmissionRisk\":" + std::to_string(key.risk);
    return json + "}";
  }
  static void add(std::string& json, const std::string& name, const std::string& text) {
    if (!text.empty()) json += ',' + authority::json_text(name) + ':' + authority::json_text(text);
  }

  World& world_;
};

}  // namespace nearzone::authority_test
