#include "authority/verification.h"

#include <gmock/gmock.h>

#include <thread>

#include "authority/uploads.h"

namespace nearzone::authority_test {
namespace {

using authority::Role;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kOwnApp = "org.nearzone.example";

class Verification : public testing::Test {
 protected:
  Verification() { world_.open(); }
  Answer issue(const std::string& members = "") {
    return world_.post_as(Role::admin, "/api/issue", "{\"testType\":\"confirmed\"" + members + "}");
  }
  std::string code() { return issue().text("code"); }
  Answer verify(const std::string& code, const std::string& more = "") {
    return world_.post_as(Role::device, "/api/verify", "{\"code\":\"" + code + "\"" + more + "}");
  }
  Answer certify(const std::string& token, const std::string& hmac) {
    return world_.post_as(Role::device, "/api/certificate",
                          "{\"token\":\"" + token + "\",\"ekeyhmac\":\"" + hmac + "\"}");
  }
  std::string status_of(const std::string& uuid) {
    return world_.post_as(Role::admin, "/api/checkcodestatus", "{\"uuid\":\"" + uuid + "\"}")
        .http.body;
  }
  std::vector<std::string> audit() {
    std::vector<std::string> actions;
    EXPECT_TRUE(world_.sqlite
                    ->read([&](authority::Reader& rows) -> Status {
                      NEARZONE_ASSIGN(const auto entries, rows.audit("hanoi", 100));
                      for (const auto& entry : entries)
                        actions.push_back(entry.action + " by " + entry.actor);
                      return {};
                    })
                    .ok());
    return actions;
  }

  World world_;
  Uploads uploads_{world_};
  const std::string hmac_ = authority::base64(hash_of(7));
};

TEST_F(Verification, LeadsFromACodeToPublishedKeysWithEachKindOfReport) {
  int64_t day = 0;
  for (const std::string type : {"confirmed", "likely", "user-report", "negative"}) {
    SCOPED_TRACE(type);
    const Answer issued =
        world_.post_as(Role::admin, "/api/issue",
                       "{\"testType\":\"" + type +
                           "\",\"symptomDate\":\"2020-09-10\",\"testDate\":\"2020-09-12\"}");
    ASSERT_EQ(issued.status(), 200) << issued.http.body;
    EXPECT_EQ(issued.text("code").size(), 9u);
    EXPECT_EQ(issued.text("longCode").size(), 16u);
    EXPECT_EQ(issued.number("expiresAtTimestamp"), kNoon.ms / 1000 + 15 * 60);
    EXPECT_EQ(issued.number("longExpiresAtTimestamp"), kNoon.ms / 1000 + 24 * 3600);
    EXPECT_EQ(issued.text("expiresAt"), "Sun, 13 Sep 2020 12:15:00 GMT");

    const Answer verified = verify(issued.text("code"),
                                   ",\"accept\":[\"negative\",\"user-report\"],\"padding\":\"AA\"");
    ASSERT_EQ(verified.status(), 200) << verified.http.body;
    EXPECT_EQ(verified.text("testtype"), type);
    EXPECT_EQ(verified.text("symptomDate"), "2020-09-10");
    EXPECT_EQ(verified.text("testDate"), "2020-09-12");

    UploadParts parts;
    parts.app = kOwnApp;
    parts.keys = {uploads_.key(1 + day++)};
    const std::string secret(16, 's');
    parts.hmac_key = authority::base64(as_bytes(secret));
    const std::vector<UploadedKey> keys(parts.keys.begin(), parts.keys.end());
    const Answer certified =
        certify(verified.text("token"),
                authority::base64(authority::keys_hmac(keys, as_bytes(secret), true)));
    ASSERT_EQ(certified.status(), 200) << certified.http.body;
    parts.certificate = certified.text("certificate");
    const Answer published = uploads_.publish(parts);
    ASSERT_EQ(published.status(), 200) << published.http.body;
    const auto stored = world_.stored(parts.keys[0].bytes());
    ASSERT_EQ(stored.has_value(), type != "negative");
    if (!stored) continue;
    EXPECT_EQ(stored->regions, std::vector<std::string>{"VN"});
    EXPECT_EQ(stored->key.days_since_onset, 3 - day);
  }
}

TEST_F(Verification, LetsACodeAndATokenBeUsedOnceBy64AtOnce) {
  const std::string code = this->code();
  world_.key_of_role(Role::device);
  const auto race = [](const std::function<Answer()>& ask) {
    std::vector<Answer> answers(64);
    std::vector<std::thread> callers;
    for (Answer& answer : answers) callers.emplace_back([&] { answer = ask(); });
    for (std::thread& caller : callers) caller.join();
    return answers;
  };
  world_.settings.budget.failures_an_hour = 1000;
  world_.open();
  std::string token;
  int good = 0;
  for (const Answer& answer : race([&] { return verify(code); })) {
    if (answer.status() == 200) {
      token = answer.text("token");
      ++good;
    } else {
      EXPECT_EQ(answer.text("errorCode"), "code_invalid");
    }
  }
  EXPECT_EQ(good, 1);
  good = 0;
  for (const Answer& answer : race([&] { return certify(token, hmac_); })) {
    if (answer.status() == 200) {
      ++good;
    } else {
      EXPECT_EQ(answer.text("errorCode"), "token_invalid");
    }
  }
  EXPECT_EQ(good, 1);
}

TEST_F(Verification, EndsShortAndLongCodesAndTokensInTheirTime) {
  const Answer issued = issue();
  world_.clock.advance(std::chrono::minutes(15) - Millis(1));
  const std::string token = verify(code()).text("token");
  EXPECT_FALSE(token.empty());
  world_.clock.advance(Millis(1));
  EXPECT_EQ(verify(issued.text("code")).text("error_code"), "code_expired");
  world_.clock.advance(std::chrono::hours(23));
  EXPECT_EQ(verify(issued.text("longCode")).status(), 200);
  const std::string late = issue().text("longCode");
  world_.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(certify(token, hmac_).text("errorCode"), "token_expired");
  world_.clock.advance(std::chrono::hours(23));
  EXPECT_EQ(verify(late).text("errorCode"), "code_expired");
}

TEST_F(Verification, TakesCodesAsPeopleTypeThem) {
  std::string typed = issue().text("longCode");
  for (char& c : typed)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  EXPECT_EQ(verify(typed.substr(0, 4) + "-" + typed.substr(4, 4) + " " + typed.substr(8)).status(),
            200);
}

TEST_F(Verification, KnowsCodesThatWereHashedBeforeTheKeyRotated) {
  world_.settings.code_key_life = std::chrono::hours(1);
  const std::string first = issue().text("longCode");
  world_.clock.advance(std::chrono::hours(2));
  const std::string second = issue().text("longCode");
  EXPECT_EQ(world_.ring->all(authority::KeyPurpose::code_hash)->size(), 2u);
  EXPECT_EQ(verify(first).status(), 200);
  EXPECT_EQ(verify(second).status(), 200);
}

TEST_F(Verification, KeepsNoCodeInClear) {
  std::vector<std::string> codes;
  for (int i = 0; i < 20; ++i) {
    const Answer issued = issue();
    codes.insert(codes.end(), {issued.text("code"), issued.text("longCode"),
                               verify(issued.text("code")).text("token")});
  }
  const std::string files = read_text(world_.folder.file("authority.db")) +
                            read_text(world_.folder.file("authority.db-wal"));
  EXPECT_GT(files.size(), 4096u);
  for (const std::string& code : codes) {
    EXPECT_THAT(files, Not(HasSubstr(code)));
    EXPECT_THAT(world_.lines.text, Not(HasSubstr(code)));
  }
}

TEST_F(Verification, TakesOnlyKindsOfReportThatThePhoneAccepts) {
  const auto of_type = [&](const std::string& type) {
    return world_.post_as(Role::admin, "/api/issue", "{\"testType\":\"" + type + "\"}")
        .text("code");
  };
  const std::string likely = of_type("likely");
  EXPECT_EQ(verify(likely).status(), 412);
  EXPECT_EQ(verify(likely, ",\"accept\":[\"confirmed\",\"user-report\"]").text("errorCode"),
            "unsupported_test_type");
  EXPECT_EQ(verify(likely, ",\"accept\":[\"cured\"]").text("errorCode"), "invalid_test_type");
  // It was not used up by that.
  EXPECT_EQ(verify(likely, ",\"accept\":[\"likely\"]").status(), 200);
  EXPECT_EQ(verify(of_type("confirmed"), ",\"accept\":[\"likely\"]").status(), 200);
  EXPECT_EQ(verify(of_type("user-report"), ",\"accept\":[\"negative\"]").status(), 412);
}

TEST_F(Verification, StopsGuessersByTheirAddressPrefixWithoutTheirPort) {
  for (int i = 0; i < 50; ++i) EXPECT_EQ(verify("00000000").status(), 400);
  const Answer blocked = verify(code());
  EXPECT_EQ(blocked.status(), 429);
  EXPECT_EQ(net::find_header(blocked.http.headers, "Retry-After"), "3600");
  world_.peer = "192.0.2.2";
  EXPECT_EQ(verify(code()).status(), 200);
  world_.peer = "192.0.2.1";
  world_.clock.advance(std::chrono::minutes(59));
  EXPECT_EQ(net::find_header(verify(code()).http.headers, "Retry-After"), "60");
  world_.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(verify(code()).status(), 200);

  world_.peer = "2001:db8:1:2::1";
  for (int i = 0; i < 50; ++i) {
    world_.peer = "2001:db8:1:2::" + std::to_string(i + 1);
    EXPECT_EQ(verify("00000000").status(), 400);
  }
  world_.peer = "2001:db8:1:2:ffff::1";
  EXPECT_EQ(verify(code()).status(), 429);
  world_.peer = "2001:db8:1:3::1";
  EXPECT_EQ(verify(code()).status(), 200);
}

TEST_F(Verification, StopsGuessersOfARealmWhereverTheyAre) {
  world_.settings.realms.front().failures_an_hour = 60;
  world_.open();
  for (int i = 0; i < 60; ++i) {
    world_.peer = "198.51.100." + std::to_string(i);
    EXPECT_EQ(verify("00000000").status(), 400);
  }
  world_.peer = "203.0.113.1";
  EXPECT_EQ(verify(code()).status(), 429);
}

TEST_F(Verification, WantsTheRightKindOfKey) {
  const std::vector<std::pair<std::string, Role>> paths{
      {"/api/verify", Role::device},         {"/api/certificate", Role::device},
      {"/api/issue", Role::admin},           {"/api/batch-issue", Role::admin},
      {"/api/checkcodestatus", Role::admin}, {"/api/expirecode", Role::admin}};
  for (const auto& [path, needed] : paths)
    for (const Role role : {Role::device, Role::admin, Role::statistics}) {
      const Answer answer = world_.post_as(role, path, "{}");
      EXPECT_EQ(answer.status() == 401, role != needed) << path;
    }
  for (const auto& [path, needed] : paths) {
    EXPECT_EQ(world_.post(path, "{}").status(), 401);
    EXPECT_EQ(world_.post(path, "{}", {{"X-API-Key", "nobody's"}}).status(), 401);
    EXPECT_EQ(world_.ask({"GET", path, "", {}, "", world_.peer}).status(), 405);
  }
  ASSERT_OK(world_.sqlite->write(
      [&](authority::Writer& rows) { return rows.revoke_api_key("key-1", kNoon).status(); }));
  EXPECT_EQ(verify("1").status(), 401);
}

TEST_F(Verification, ShowsARealmsDaysThatHadEnoughCodes) {
  for (int i = 0; i < 12; ++i) code();
  for (int i = 0; i < 11; ++i) EXPECT_EQ(verify(code()).status(), 200);
  world_.clock.advance(Day::kLength);
  for (int i = 0; i < 9; ++i) code();
  const auto ask = [&](const char* path, Role role) {
    return world_.ask(
        {"GET", path, "", {{"X-API-Key", world_.key_of_role(role)}}, "", world_.peer});
  };
  EXPECT_EQ(ask("/api/stats/realm.json", Role::admin).status(), 401);
  EXPECT_EQ(ask("/api/stats/realm.csv", Role::device).status(), 401);
  const std::string head =
      "day,codes_issued,codes_claimed,tokens_claimed,uploads,bluezone_reports,keys\n";
  EXPECT_EQ(ask("/api/stats/realm.csv", Role::statistics).http.body, head);
  world_.clock.advance(2 * Day::kLength);
  // A day of few codes does not show, nor does a small count.
  EXPECT_EQ(ask("/api/stats/realm.csv", Role::statistics).http.body,
            head + format_day(kToday) + ",23,11,,,,\n");
  const Answer answer = ask("/api/stats/realm.json", Role::statistics);
  EXPECT_EQ(answer.text("realm"), "hanoi");
  ASSERT_EQ(answer.json.find("days")->items.size(), 1u);
  const authority::Json& day = answer.json.find("days")->items.front();
  EXPECT_EQ(day.find("codes_claimed")->integer, 11);
  EXPECT_EQ(day.find("keys")->kind, authority::Json::Kind::null);
}

TEST_F(Verification, SaysWhatIsWrongWithARequest) {
  EXPECT_EQ(verify("1\"").text("errorCode"), "unparsable_request");
  EXPECT_EQ(certify("nobody's", hmac_).text("errorCode"), "token_invalid");
  EXPECT_EQ(certify("x", "AAAA").text("errorCode"), "hmac_invalid");
  EXPECT_EQ(issue(",\"symptomDate\":\"2020-13-01\"").text("errorCode"), "invalid_date");
  EXPECT_EQ(issue(",\"symptomDate\":\"2020-08-01\"").text("errorCode"), "invalid_date");
  EXPECT_EQ(issue(",\"testDate\":\"2020-09-16\"").text("errorCode"), "invalid_date");
  EXPECT_EQ(issue(",\"uuid\":\"x\"").text("errorCode"), "unparsable_request");
  EXPECT_EQ(issue(",\"phone\":\"0123\"").text("errorCode"), "phone_number_invalid");
  EXPECT_EQ(issue(",\"phone\":\"+84912345678\"").text("errorCode"), "sms_failure");
  EXPECT_EQ(world_.post_as(Role::admin, "/api/issue", "{\"testType\":\"cured\"}").text("errorCode"),
            "invalid_test_type");
  for (const char* wrong : {",\"phone\":84912345678", ",\"symptomDate\":20200910", ",\"uuid\":5",
                            ",\"testDate\":null", ",\"phone\":[\"+84912345678\"]"})
    EXPECT_EQ(issue(wrong).text("errorCode"), "unparsable_request") << wrong;
  EXPECT_EQ(issue(",\"testDate\":\"2020-09-12garbage\"").text("errorCode"), "invalid_date");
  for (const char* path : {"/api/checkcodestatus", "/api/expirecode"})
    EXPECT_EQ(world_.post_as(Role::admin, path, "{\"uuid\":5}").text("errorCode"),
              "unparsable_request");
  world_.settings.realms.front().is_date_needed = true;
  EXPECT_EQ(issue().text("errorCode"), "missing_date");
  world_.settings.realms.front().report_types = {ReportType::revoked};
  EXPECT_EQ(issue().text("errorCode"), "unsupported_test_type");
}

TEST_F(Verification, IssuesNoMoreCodesADayThanTheRealmMay) {
  world_.settings.realms.front().codes_a_day = 2;
  EXPECT_EQ(issue().status(), 200);
  EXPECT_EQ(issue().status(), 200);
  const Answer refused = issue();
  EXPECT_EQ(refused.status(), 429);
  EXPECT_EQ(refused.text("errorCode"), "quota_exceeded");
  EXPECT_EQ(net::find_header(refused.http.headers, "Retry-After"), "43201");
  world_.clock.advance(std::chrono::hours(12));
  EXPECT_EQ(issue().status(), 200);
}

TEST_F(Verification, IssuesSeveralAtOnce) {
  const Answer answer =
      world_.post_as(Role::admin, "/api/batch-issue",
                     R"({"codes":[{"testType":"confirmed"},{"testType":"cured"}]})");
  EXPECT_EQ(answer.status(), 400);
  const auto& codes = answer.json.find("codes")->items;
  ASSERT_EQ(codes.size(), 2u);
  EXPECT_EQ(verify(codes[0].find("code")->text).status(), 200);
  EXPECT_EQ(codes[1].find("errorCode")->text, "invalid_test_type");
  std::string many = "{\"testType\":\"confirmed\"}";
  for (int i = 0; i < 10; ++i) many += ",{\"testType\":\"confirmed\"}";
  EXPECT_EQ(world_.post_as(Role::admin, "/api/batch-issue", "{\"codes\":[" + many + "]}").status(),
            400);
}

TEST_F(Verification, LooksCodesUpAndExpiresThemAndLeavesATrace) {
  const std::string uuid = "11111111-2222-4333-8444-555555555555";
  const Answer issued = issue(",\"uuid\":\"" + uuid + "\"");
  EXPECT_EQ(issued.text("uuid"), uuid);
  EXPECT_EQ(issue(",\"uuid\":\"" + uuid + "\"").status(), 409);
  EXPECT_THAT(status_of(uuid), HasSubstr("\"claimed\":false"));
  EXPECT_THAT(status_of("another"), HasSubstr("code_not_found"));
  const auto expire = [&] {
    return world_.post_as(Role::admin, "/api/expirecode", "{\"uuid\":\"" + uuid + "\"}");
  };
  EXPECT_EQ(expire().number("expiresAtTimestamp"), kNoon.ms / 1000);
  EXPECT_EQ(verify(issued.text("code")).text("errorCode"), "code_expired");
  EXPECT_THAT(audit(),
              ElementsAre("code.expire by key-2", "code.status by key-2", "code.issue by key-2"));
  const Answer used = issue();
  EXPECT_EQ(verify(used.text("code")).status(), 200);
  EXPECT_THAT(status_of(used.text("uuid")), HasSubstr("\"claimed\":true"));
  EXPECT_EQ(
      world_.post_as(Role::admin, "/api/expirecode", "{\"uuid\":\"" + used.text("uuid") + "\"}")
          .status(),
      400);
}

TEST_F(Verification, SendsCodesThroughAProgramThatGetsThemOnItsInput) {
  const std::string sent = world_.folder.file("sent");
  world_.settings.realms.front().sms_command = {
      "/bin/sh", "-c", "cat > " + sent + ".part && mv " + sent + ".part " + sent};
  world_.settings.realms.front().sms_text = "Code {code} or {longcode}.";
  const Answer issued = issue(",\"phone\":\"+84912345678\"");
  ASSERT_EQ(issued.status(), 200);
  for (int i = 0; i < 500 && !std::filesystem::exists(sent); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(read_text(sent),
            "+84912345678\nCode " + issued.text("code") + " or " + issued.text("longCode") + ".");
  EXPECT_THAT(world_.lines.text, Not(HasSubstr("84912345678")));
}

TEST_F(Verification, AnswersCoverTrafficAsPhonesSendIt) {
  for (const char* path : {"/api/verify", "/api/certificate"}) {
    const Answer answer = world_.post(
        path, "{}", {{"X-Chaff", "1"}, {"X-API-Key", world_.key_of_role(Role::device)}});
    EXPECT_EQ(answer.status(), 200);
    EXPECT_GE(answer.http.body.size(), authority::LengthLaw().least - 2);
    EXPECT_EQ(world_.post(path, "{}", {{"X-Chaff", "1"}}).status(), 401);
  }
}

}  // namespace
}  // namespace nearzone::authority_test
