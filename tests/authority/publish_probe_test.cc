// What a widely deployed key server answers to these cases
// (tests/vectors/publish_v1_observed.json), and where this one differs on purpose. Each recorded
// case is made here again by its name.
#include <gmock/gmock.h>

#include <map>

#include "authority/uploads.h"
#include "vectors/vectors.h"

namespace nearzone::authority_test {
namespace {

// Noon is no start of an interval's day: "now" lies within a day, as it did when it was recorded.
class Probe {
 public:
  Probe() : uploads_(world_) {
    world_.open();
    add_reports();
    add_keys();
    add_onsets();
    add_certificates();
    add_forms();
    add_others();
  }

  struct Seen {
    int status = 0;
    std::string code;
    int64_t inserted = 0;
    bool has_token = false;
  };
  using Case = std::function<Answer()>;
  const std::vector<std::pair<std::string, Case>>& cases() const { return cases_; }

 private:
  void add(const char* name, Case run) { cases_.emplace_back(name, std::move(run)); }
  void add(const char* name, std::function<UploadParts()> parts) {
    add(name, [this, parts] { return uploads_.publish(parts()); });
  }
  // One key of yesterday, and what is changed about it.
  void add_change(const char* name, std::function<void(UploadParts&)> change,
                  int64_t days_ago = 1) {
    add(name, [this, change, days_ago] {
      UploadParts parts;
      parts.keys = {uploads_.key(days_ago)};
      change(parts);
      return uploads_.publish(parts);
    });
  }
  UploadParts of(std::vector<Key> keys, const std::string& type = "confirmed",
                 const std::string& token = "") {
    UploadParts parts;
    parts.keys = std::move(keys);
    parts.report_type = type;
    parts.revision_token = token;
    return parts;
  }
  Case keeping_token(std::function<UploadParts()> parts) {
    return [this, parts] {
      Answer answer = uploads_.publish(parts());
      token_ = answer.text("revisionToken");
      return answer;
    };
  }
  Answer raw(const std::string& body, std::vector<net::Header> headers = {}) {
    return world_.post("/v1/publish", body, std::move(headers));
  }
  std::string good_body(int64_t days_ago = 1) {
    return uploads_.body(of({uploads_.key(days_ago)}));
  }
  Answer send(const char* method, const std::string& path, const std::string& body,
              std::vector<net::Header> headers) {
    return world_.ask({method, path, "", std::move(headers), body, world_.peer});
  }

  void add_reports() {
    for (int64_t days : {1, 2, 3}) first_.push_back(uploads_.key(days));
    for (int64_t days : {1, 2}) likely_.push_back(uploads_.key(days));
    add("ok_3_keys", keeping_token([this] { return of(first_); }));
    add("repeat_same_no_token", [this] { return of(first_); });
    add("repeat_same_with_token", [this] { return of(first_, "confirmed", token_); });
    add("confirmed_to_likely", [this] { return of(first_, "likely", token_); });
    add("confirmed_to_negative", [this] { return of(first_, "negative", token_); });
    add("likely_new", keeping_token([this] { return of(likely_, "likely"); }));
    add("likely_to_confirmed", keeping_token([this] { return of(likely_, "confirmed", token_); }));
    add("revise_again_negative", [this] { return of(likely_, "negative", token_); });
    add("likely_garbage_token", [this] { return of(likely_, "confirmed", "AAAA"); });
    add("negative_new", [this] { return of({uploads_.key(4)}, "negative"); });
    add("user_report_new", [this] { return of({uploads_.key(5)}, "user-report"); });
    add("bad_report_type", [this] { return of({uploads_.key()}, "banana"); });
  }

  void add_keys() {
    add("no_keys", [this] { return of({}); });
    add("31_keys", [this] {
      std::vector<Key> keys;
      for (int64_t i = 0; i < 31; ++i) keys.push_back(uploads_.key(1 + i / 3, 10));
      return of(keys);
    });
    add("30_keys_3_per_day", [this] {
      std::vector<Key> keys;
      for (int64_t i = 0; i < 30; ++i) keys.push_back(uploads_.key(1 + i / 3));
      return of(keys);
    });
    add("4_same_start", [this] {
      return of({uploads_.key(), uploads_.key(), uploads_.key(), uploads_.key()});
    });
    add("overlap_unaligned", [this] {
      return of({uploads_.key(2), uploads_.key_at(uploads_.today() - 200)});
    });
    add("key_15_bytes", [this] { return of({with_text(std::string(20, 'M'))}); });
    add("key_bad_b64", [this] { return of({with_text("!!!!")}); });
    add("key_no_padding_b64", [this] {
      std::string text = uploads_.key().text;
      while (text.ends_with('=')) text.pop_back();
      return of({with_text(text)});
    });
    add("one_bad_one_good", [this] {
      Key bad = with_text(std::string(20, 'M'));
      bad.start -= 144;
      return of({uploads_.key(), bad});
    });
    add("period_0", [this] { return of({uploads_.key(1, 0)}); });
    add("period_145", [this] { return of({uploads_.key(1, 145)}); });
    add("period_missing", [this] {
      Key key = uploads_.key(1, 0);
      key.raw_json =
          "{\"key\":\"" + key.text + "\",\"rollingStartNumber\":" + std::to_string(key.start) + "}";
      return of({key});
    });
    add("future_start", [this] { return of({uploads_.key_at(uploads_.interval() + 1, 10)}); });
    add("start_now", [this] { return of({uploads_.key_at(uploads_.interval())}); });
    add("today_still_valid", [this] { return of({uploads_.key(0)}); });
    add("too_old_16d", [this] { return of({uploads_.key(17)}); });
    add("old_15d", [this] { return of({uploads_.key(15)}); });
    add("old_16d_expires_at_limit", [this] { return of({uploads_.key(16)}); });
    add("trisk_9", [this] { return of({uploads_.key(1, 144, 9)}); });
    add("trisk_-1", [this] { return of({uploads_.key(1, 144, -1)}); });
    add("trisk_8", [this] { return of({uploads_.key(1, 144, 8)}); });
  }
  Key with_text(const std::string& text) {
    Key key = uploads_.key();
    key.text = text;
    return key;
  }

  void add_onsets() {
    add("onset_interval_today-3", [this] {
      UploadParts parts = of({uploads_.key(1), uploads_.key(2), uploads_.key(3)});
      parts.symptom_onset = uploads_.today() - 144 * 3;
      return parts;
    });
    add_change("onset_too_old_40d",
               [this](UploadParts& parts) { parts.symptom_onset = uploads_.today() - 144 * 40; });
    add("onset_20d_keys_out_of_14", [this] {
      UploadParts parts = of({uploads_.key(1), uploads_.key(8)});
      parts.symptom_onset = uploads_.today() - 144 * 20;
      return parts;
    });
    add_change(
        "traveler", [](UploadParts& parts) { parts.more_members = ",\"traveler\":true"; }, 6);
  }

  void add_certificates() {
    add_change("hmac_without_trisk_zero", [](UploadParts& parts) { parts.hmac_with_risk = false; });
    add("hmac_without_trisk_nonzero", [this] {
      UploadParts parts = of({uploads_.key(1, 144, 3)});
      parts.hmac_with_risk = false;
      return parts;
    });
    add_change("unknown_ha", [](UploadParts& parts) { parts.app = "nope"; });
    add_change("ha_uppercase", [](UploadParts& parts) { parts.app = "COM.EXAMPLE.IOS.APP"; });
    add_change("hmac_mismatch", [](UploadParts& parts) {
      parts.hmac_key = authority::base64(as_bytes("xxxxxxxxxxxxxxxx"));
    });
    add_change("hmac_key_missing", [](UploadParts& parts) { parts.hmac_key = ""; });
    add_change(
        "hmackey_lowercase_field",
        [](UploadParts& parts) {
          parts.hmac_key = "";
          parts.more_members = ",\"hmackey\":null";
        },
        7);
    add_change(
        "hmackey_lowercase_real", [](UploadParts& parts) { parts.hmac_key_name = "hmackey"; }, 7);
    add_change("cert_missing", [](UploadParts& parts) { parts.certificate = ""; });
    add_change("cert_garbage", [](UploadParts& parts) { parts.certificate = "a.b.c"; });
    const auto with_claim = [this](const char* name, const char* claim,
                                   std::function<std::string()> json) {
      add_change(name, [claim, json](UploadParts& parts) { parts.claims = {{claim, json()}}; });
    };
    const auto seconds = [this](int64_t from_now) {
      return [this, from_now] { return std::to_string(uploads_.now_s() + from_now); };
    };
    const auto text = [](const char* json) { return [json] { return std::string(json); }; };
    with_claim("cert_expired", "exp", seconds(-10));
    with_claim("cert_iat_future", "iat", seconds(600));
    with_claim("cert_nbf_future", "nbf", seconds(600));
    with_claim("cert_no_exp", "exp", text(""));
    with_claim("cert_wrong_iss", "iss", text("\"x\""));
    with_claim("cert_wrong_aud", "aud", text("\"x\""));
    with_claim("cert_no_report_type", "reportType", text(""));
    with_claim("cert_no_tekmac", "tekmac", text(""));
    add_change("cert_kid_unknown", [](UploadParts& parts) { parts.key_id = "9"; });
    add_change("cert_kid_missing", [](UploadParts& parts) { parts.key_id = ""; });
    add_change("cert_alg_HS256", [](UploadParts& parts) { parts.algorithm = "HS256"; });
    add_change("cert_alg_none", [](UploadParts& parts) { parts.algorithm = "none"; });
    add_change("cert_other_key", [this](UploadParts& parts) { parts.signer = &other_; });
    add("replay_cert_same_keys", [this] { return of({uploads_.key(9)}); });
    add("replay_1", [this] {
      replayed_ = good_body(10);
      return raw(replayed_);
    });
    add("replay_2_same_body", [this] { return raw(replayed_); });
  }

  void add_forms() {
    add_change("unknown_field", [](UploadParts& parts) { parts.more_members = ",\"foo\":1"; });
    add("extra_json", [this] { return raw(good_body() + "{}"); });
    add("empty_body", [this] { return raw(""); });
    add("not_json", [this] { return raw("hello"); });
    add("truncated_json", [this] { return raw("{\"temporaryExposureKeys\":["); });
    add("wrong_type", [this] { return raw("{\"temporaryExposureKeys\":42}"); });
    add("ct_text", [this] {
      return send("POST", "/v1/publish", good_body(), {{"Content-Type", "text/plain"}});
    });
    add("ct_missing", [this] { return send("POST", "/v1/publish", good_body(), {}); });
    add("ct_charset", [this] {
      return send("POST", "/v1/publish", good_body(11),
                  {{"Content-Type", "application/json; charset=utf-8"}});
    });
    // The server itself refuses what is too large; it is tests/net that sends such a body.
    add("body_65k", [this] {
      net::HttpRequest request{"POST", "/v1/publish", "", {}, "", world_.peer};
      Answer answer{world_.api->refuse(request, 413), {}};
      answer.json = *authority::Json::parse(answer.http.body);
      return answer;
    });
    add("body_63k", [this] {
      UploadParts parts = of({uploads_.key(12)});
      std::string body = uploads_.body(parts);
      body.replace(body.find("AAAA\"}"), 4, std::string(61'500, 'A'));
      return raw(body);
    });
  }

  void add_others() {
    add("GET", [this] { return send("GET", "/v1/publish", "", {}); });
    add("PUT_valid", [this] {
      return send("PUT", "/v1/publish", good_body(13), {{"Content-Type", "application/json"}});
    });
    add("path_slash", [this] { return world_.post("/v1/publish/", good_body()); });
    add("path_root", [this] { return world_.post("/", good_body()); });
    add("path_v2", [this] { return world_.post("/v2/publish", good_body()); });
    add("chaff", [this] { return raw(good_body(), {{"X-Chaff", "1"}}); });
    add("chaff_garbage_body", [this] { return raw("zzz", {{"X-Chaff", "1"}}); });
    add("chaff_GET", [this] { return send("GET", "/v1/publish", "", {{"X-Chaff", "1"}}); });
    const auto stats = [this](const char* name, const char* audience) {
      add(name, [this, audience] {
        const std::string claims = "{\"iss\":\"iss-test\",\"aud\":\"" + std::string(audience) +
                                   "\",\"iat\":" + std::to_string(uploads_.now_s() - 5) +
                                   ",\"exp\":" + std::to_string(uploads_.now_s() + 300) + "}";
        return world_.post("/v1/stats", "{\"padding\":\"AA\"}",
                           {{"Authorization", "Bearer " + uploads_.token({}, claims)}});
      });
    };
    add("stats_no_auth", [this] { return world_.post("/v1/stats", "{\"padding\":\"AA\"}"); });
    stats("stats_ok_jwt", "keyserver");
    stats("stats_bad_aud", "x");
  }

  World world_{kNoon + std::chrono::minutes(5)};
  Uploads uploads_;
  authority::EcPrivateKey other_ = *authority::EcPrivateKey::generate();
  std::vector<Key> first_;
  std::vector<Key> likely_;
  std::string token_;
  std::string replayed_;
  std::vector<std::pair<std::string, Case>> cases_;
};

// Where this server differs, as docs/authority.md lists it.
const std::map<std::string, std::pair<int, std::string>> kDifferences{
    {"cert_no_exp", {401, "health_authority_verification_certificate_invalid"}},
    {"GET", {405, "bad_request"}},
    {"PUT_valid", {405, "bad_request"}},
    {"chaff_GET", {405, "bad_request"}},
};

TEST(PublishVectors, AreAnsweredAsRecordedButForTheDifferencesThatAreStated) {
  std::map<std::string, nlohmann::json> recorded;
  const nlohmann::json vectors = test::load_vectors("publish_v1_observed.json");
  for (const auto& one : vectors.at("cases")) recorded[one.at("case")] = one;
  ASSERT_EQ(recorded.size(), 85u);
  Probe probe;
  for (const auto& [name, run] : probe.cases()) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(recorded.contains(name));
    const nlohmann::json one = recorded.at(name);
    recorded.erase(name);
    const Answer answer = run();
    std::pair expected(one.at("status").get<int>(), one.at("body").value("code", ""));
    int64_t inserted = one.at("body").value("insertedExposures", 0);
    bool has_token = one.at("revision_token_b64_len").is_number();
    if (const auto difference = kDifferences.find(name); difference != kDifferences.end()) {
      expected = difference->second;
      inserted = 0;
      has_token = false;
    }
    EXPECT_EQ(std::pair(answer.status(), answer.text("code")), expected) << answer.http.body;
    EXPECT_EQ(answer.number("insertedExposures"), inserted);
    EXPECT_EQ(!answer.text("revisionToken").empty(), has_token);
    if (expected.first == 405) {
      EXPECT_EQ(net::find_header(answer.http.headers, "Allow"), "POST");
    }
    if (expected.first != 404) {
      EXPECT_GE(answer.text("padding").size(), 1024u);
    }
  }
  EXPECT_THAT(recorded, testing::IsEmpty()) << "recorded, and not made again";
}

TEST(PublishVectors, HmacIsThatOfPhones) {
  const nlohmann::json vectors = test::load_vectors("publish_hmac.json");
  const std::string hex = vectors.at("secret_hex");
  std::vector<uint8_t> secret(hex.size() / 2);
  ASSERT_OK(from_hex(hex, secret));
  for (const auto& one : vectors.at("cases")) {
    std::vector<UploadedKey> keys;
    for (const auto& key : one.at("keys"))
      keys.push_back({key.at("key"), key.at("start"), key.at("count"), key.at("trisk")});
    const bool with_risk = one.at("name") != "risk_omitted_alt_form";
    EXPECT_EQ(authority::base64(authority::keys_hmac(keys, secret, with_risk)), one.at("hmac_b64"));
  }
}

}  // namespace
}  // namespace nearzone::authority_test
