// A phone whose answers get lost, beside a server that did what it was asked: what the person is
// told in the end must be what happened, and the phone must be able to take its report back.
#include <gmock/gmock.h>

#include "authority/base64.h"
#include "authority/world.h"
#include "device/phone.h"

namespace nearzone::authority_test {
namespace {

using authority::Role;
using std::chrono::hours;
using std::chrono::minutes;

class LostAnswers : public testing::Test {
 protected:
  void be(SchemeTag scheme) {
    world_.settings.publish.truncation_window = minutes(60);
    world_.open();
    phone_ = std::make_unique<test::Phone>(7, scheme, kNoon - hours(48));
    for (int day = 0; day < 3; ++day) {
      phone_->advertisement();
      if (day < 2) phone_->clock.advance(hours(24));
    }
    upload_.emplace(
        *Upload::begin(*phone_->device->disclose(PersonConsents{}, 14), now(), phone_->random));
  }
  Instant now() const { return phone_->clock.now(); }
  void wait(Millis how_long) {
    phone_->clock.advance(how_long);
    world_.clock.advance(how_long);
  }
  std::string code(const std::string& type) {
    return world_.post_as(Role::admin, "/api/issue", "{\"testType\":\"" + type + "\"}")
        .text("code");
  }
  Answer send(const UploadRequest& request) {
    const ByteView bytes = request.body.expose(ForDisclosure{});
    return world_.post(
        request.path(), {bytes.begin(), bytes.end()},
        {{"X-API-Key", world_.key_of_role(Role::device)}, {request.marking_header(), "1"}});
  }
  // Goes on until nothing is to be sent. The first answer to `lost` gets lost, and the next try
  // comes so much later.
  void go_on(std::optional<UploadStep> lost, Millis later) {
    for (int requests = 0; requests < 20; ++requests) {
      auto request = upload_->next_request(kOptions, now(), phone_->random);
      ASSERT_TRUE(request.ok()) << request.status().text();
      if (!*request) {
        if (upload_->wake_at() <= now()) return;
        wait(upload_->wake_at() - now());
        continue;
      }
      const Answer answer = send(**request);
      const bool is_lost = lost == (*request)->step;
      if (is_lost) {
        EXPECT_EQ(answer.status(), 200) << answer.http.body;
        lost.reset();
      }
      const ServerAnswer seen =
          is_lost ? ServerAnswer{} : ServerAnswer{answer.status(), as_bytes(answer.http.body)};
      upload_->answered((*request)->step, seen, now(), phone_->random);
      if (is_lost) {
        EXPECT_EQ(upload_->status().problem, UploadProblem::unreachable);
        wait(later);
      }
    }
  }

  const UploadOptions kOptions{.health_authority = "org.nearzone.example"};
  World world_;
  std::unique_ptr<test::Phone> phone_;
  std::optional<Upload> upload_;
};

struct Case {
  UploadStep step;
  Millis later;
};

class LostAnswersOf : public LostAnswers, public testing::WithParamInterface<Case> {};

TEST_P(LostAnswersOf, AStepLoseNeitherTheUploadNorItsRevision) {
  const auto [step, later] = GetParam();
  be(SchemeTag::gaen);
  const std::string scope = "authority/org.nearzone.example";
  ASSERT_TRUE(upload_->enter_code(code("likely")).ok());
  go_on(step, later);
  ASSERT_EQ(upload_->status().state, UploadState::accepted)
      << upload_problem_name(upload_->status().problem);
  EXPECT_EQ(upload_->status().keys, 3u);
  EXPECT_EQ(upload_->status().keys_inserted, 3u);
  world_.clock.set(kNoon);
  EXPECT_EQ(world_.counted(scope, "uploads"), step == UploadStep::publish || later < hours(12));
  world_.clock.set(now());
  // Taken back, and these answers are lost as well.
  ASSERT_TRUE(upload_->enter_code(code("negative")).ok());
  go_on(step, later);
  EXPECT_EQ(upload_->status().state, UploadState::accepted)
      << upload_problem_name(upload_->status().problem);
  EXPECT_EQ(upload_->status().report_type, ReportType::revoked);
}

INSTANTIATE_TEST_SUITE_P(
    SoonAndLate, LostAnswersOf,
    testing::Values(Case{UploadStep::verify, minutes(1)}, Case{UploadStep::verify, hours(2)},
                    Case{UploadStep::certify, minutes(1)}, Case{UploadStep::certify, hours(2)},
                    Case{UploadStep::publish, minutes(1)}, Case{UploadStep::publish, hours(20)}));

TEST_F(LostAnswers, OfABluezoneReportDoNotRefuseIt) {
  be(SchemeTag::bluezone);
  ASSERT_TRUE(upload_->enter_code(code("confirmed")).ok());
  go_on(UploadStep::report_bluezone, hours(2));
  EXPECT_EQ(upload_->status().state, UploadState::accepted)
      << upload_problem_name(upload_->status().problem);
  EXPECT_EQ(upload_->status().keys_inserted, 3u);
  EXPECT_EQ(world_.counted("realm/hanoi", "bluezone_reports"), 1);
}

// Who has seen a code, a token or a certificate has not seen the request.
TEST_F(LostAnswers, OfSomebodyElseGiveNobodyAnything) {
  be(SchemeTag::gaen);
  const std::string used = code("likely");
  ASSERT_TRUE(upload_->enter_code(used).ok());
  const auto ask = [&](const std::string& path, const std::string& members, char padding) {
    return world_.post(path, "{" + members + ",\"padding\":\"" + std::string(64, padding) + "\"}",
                       {{"X-API-Key", world_.key_of_role(Role::device)}, {"X-Grain", "1"}});
  };
  const std::string code_member = "\"code\":\"" + used + "\",\"accept\":[\"likely\"]";
  const std::string token = ask("/api/verify", code_member, 'A').text("token");
  ASSERT_FALSE(token.empty());
  EXPECT_EQ(ask("/api/verify", code_member, 'A').text("token"), token);
  EXPECT_EQ(ask("/api/verify", code_member, 'B').text("errorCode"), "code_invalid");
  const std::string hmac = "\"ekeyhmac\":\"" + authority::base64(hash_of(7)) + "\"";
  const std::string other = "\"ekeyhmac\":\"" + authority::base64(hash_of(8)) + "\"";
  const std::string token_member = "\"token\":\"" + token + "\",";
  EXPECT_EQ(ask("/api/certificate", token_member + hmac, 'A').status(), 200);
  EXPECT_EQ(ask("/api/certificate", token_member + hmac, 'A').status(), 200);
  EXPECT_EQ(ask("/api/certificate", token_member + other, 'A').text("errorCode"), "token_invalid");
  EXPECT_EQ(ask("/api/certificate", token_member + hmac, 'B').text("errorCode"), "token_invalid");
  // Once the token went into a certificate, the code gives no other.
  EXPECT_EQ(ask("/api/verify", code_member, 'A').text("errorCode"), "code_invalid");
}

}  // namespace
}  // namespace nearzone::authority_test
