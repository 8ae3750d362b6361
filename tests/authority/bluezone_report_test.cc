#include "authority/bluezone_report.h"

#include "authority/world.h"

namespace nearzone::authority_test {
namespace {

using authority::Role;

class BluezoneReport : public testing::Test {
 protected:
  BluezoneReport() { world_.open(); }
  std::string otp(const std::string& type = "confirmed") {
    return world_.post_as(Role::admin, "/api/issue", "{\"testType\":\"" + type + "\"}")
        .text("code");
  }
  static std::string record(int days_ago, uint8_t byte, int64_t more_end = 0) {
    const int64_t start = (kToday + -days_ago).start().ms / 1000;
    return "{\"daily_key\":\"" + to_hex(hash_of(byte)) +
           "\",\"time_start\":" + std::to_string(start) +
           ",\"time_end\":" + std::to_string(start + 86'400 + more_end) + ",\"max\":96}";
  }
  Answer report(const std::string& otp, const std::string& records) {
    return world_.post("/v1/bluezone/report", "{\"version\":1,\"otp\":\"" + otp + "\",\"data\":[" +
                                                  records + "],\"padding\":\"AAAA\"}");
  }
  std::optional<authority::StoredKey> stored(uint8_t byte) {
    const authority::Hash hash = hash_of(byte);
    return world_.stored({hash.begin(), hash.end()}, SchemeTag::bluezone);
  }

  World world_;
};

TEST_F(BluezoneReport, TakesDayKeysWithACode) {
  const Answer answer = report(otp(), record(2, 1) + "," + record(1, 2));
  ASSERT_EQ(answer.status(), 200) << answer.http.body;
  EXPECT_EQ(answer.number("insertedExposures"), 2);
  const auto key = stored(1);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->key.valid_from, (kToday + -2).start());
  EXPECT_EQ(key->key.valid_to, (kToday + -1).start());
  EXPECT_EQ(key->key.identifiers_per_day, 96u);
  EXPECT_EQ(key->regions, std::vector<std::string>{"VN"});
  EXPECT_EQ(key->created_at, kNoon);
}

TEST_F(BluezoneReport, UsesACodeUpOnlyWithWhatItTakes) {
  const std::string code = otp();
  EXPECT_EQ(report(code, record(1, 1, 1)).status(), 400);
  EXPECT_EQ(report(code, record(1, 1)).status(), 200);
  EXPECT_EQ(report(code, record(2, 2)).text("code"), "otp_invalid");
  const std::string second = otp();
  EXPECT_EQ(report(second, record(3, 3) + "," + record(1, 1)).text("code"), "key_already_reported");
  EXPECT_FALSE(stored(3));
  EXPECT_EQ(report(second, record(3, 3)).status(), 200);
}

TEST_F(BluezoneReport, RefusesCodesThatAreUnknownExpiredOrOfANegativeTest) {
  EXPECT_EQ(report("00000000", record(1, 1)).text("code"), "otp_invalid");
  EXPECT_EQ(report(otp("negative"), record(1, 1)).text("code"), "otp_invalid");
  const std::string late = otp();
  world_.clock.advance(std::chrono::minutes(15));
  EXPECT_EQ(report(late, record(1, 1)).text("code"), "otp_expired");
  for (int i = 0; i < 47; ++i) EXPECT_EQ(report("00000000", record(1, 1)).status(), 400);
  const Answer blocked = report(otp(), record(1, 1));
  EXPECT_EQ(blocked.status(), 429);
  EXPECT_TRUE(net::has_header(blocked.http.headers, "Retry-After"));
}

TEST_F(BluezoneReport, TakesNoKeyThatWouldTellMoreThanItsDay) {
  const std::string code = otp();
  const int64_t yesterday = (kToday + -1).start().ms / 1000;
  const std::string key = "\"daily_key\":\"" + to_hex(hash_of(1)) + "\"";
  for (const std::string& bad :
       {record(1, 1, 86'400), record(15, 1), record(-1, 1), record(1, 1) + "," + record(1, 2),
        record(1, 1) + "," + record(2, 1), std::string(),
        "{" + key + ",\"time_start\":" + std::to_string(yesterday + 900) +
            ",\"time_end\":" + std::to_string(yesterday + 1800) + ",\"max\":96}",
        "{" + key + ",\"time_start\":" + std::to_string(yesterday) +
            ",\"time_end\":" + std::to_string(yesterday) + ",\"max\":96}",
        "{" + key + ",\"time_start\":" + std::to_string(yesterday) +
            ",\"time_end\":" + std::to_string(yesterday + 900) + ",\"max\":1441}",
        "{\"daily_key\":\"00\",\"time_start\":" + std::to_string(yesterday) +
            ",\"time_end\":" + std::to_string(yesterday + 900) + ",\"max\":96}"}) {
    const Answer answer = report(code, bad);
    EXPECT_EQ(answer.status(), 400) << bad;
    EXPECT_EQ(answer.text("code"), "bad_request") << bad;
  }
  for (const std::string body :
       {R"({"version":2,"otp":"1","data":[]})", R"({"version":1,"data":[]})", "[]",
        R"({"version":1,"otp":"1","data":[],"base_id":"x"})",
        R"({"version":1,"otp":"1","data":[7]})"})
    EXPECT_EQ(world_.post("/v1/bluezone/report", body).text("code"), "bad_request") << body;
  EXPECT_FALSE(stored(1));
}

TEST_F(BluezoneReport, HoldsTodaysKeyBack) {
  ASSERT_EQ(report(otp(), record(0, 1)).status(), 200);
  EXPECT_GT(stored(1)->created_at, stored(1)->key.valid_to);
}

TEST_F(BluezoneReport, AnswersCoverTrafficWithoutKeepingAnything) {
  const Answer answer = world_.post("/v1/bluezone/report", "{}", {{"X-Chaff", "1"}});
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(world_.counted("realm/hanoi", "bluezone_reports"), 0);
}

}  // namespace
}  // namespace nearzone::authority_test
