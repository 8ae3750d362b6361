#include "upload/answer.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "vectors/vectors.h"

namespace nearzone::upload {
namespace {

Result<AnswerMembers> read(std::string_view text) { return read_answer(as_bytes(text)); }

TEST(Answer, ReadsWhatServersSay) {
  const auto verified = read(
      R"({"token":"t.o-k_en","testtype":"likely","symptomDate":"2020-07-22","padding":"AAAA"})");
  ASSERT_TRUE(verified.ok()) << verified.status().text();
  EXPECT_EQ(verified->token, "t.o-k_en");
  EXPECT_EQ(verified->test_type, "likely");
  EXPECT_EQ(verified->symptom_date, "2020-07-22");
  EXPECT_EQ(verified->error_code, "");
  const auto published =
      read(R"({"revisionToken":"cmV2","insertedExposures":14,"warnings":["w"]})");
  ASSERT_TRUE(published.ok());
  EXPECT_EQ(published->revision_token, "cmV2");
  EXPECT_EQ(published->inserted, 14);
}

TEST(Answer, TakesAnErrorThatIsSaidTwice) {
  const auto failed =
      read(R"({"error":"any words","errorCode":"code_expired","error_code":"code_expired"})");
  ASSERT_TRUE(failed.ok());
  EXPECT_EQ(failed->error_code, "code_expired");
}

TEST(Answer, PassesOverWhatItDoesNotKnowHoweverDeep) {
  const auto answer = read(
      R"({"x":{"token":"inner","y":[{"token":"inner"}]},"certificate":"c","z":null,"token":null})");
  ASSERT_TRUE(answer.ok()) << answer.status().text();
  EXPECT_EQ(answer->token, "");
  EXPECT_EQ(answer->certificate, "c");
}

TEST(Answer, RefusesWhatIsMalformedAndSaysWhere) {
  struct Case {
    std::string text;
    const char* field;
  };
  const std::string long_token(kMostToken + 1, 'a');
  for (const Case& bad : {
           Case{"", nullptr},
           Case{"[]", nullptr},
           Case{"\"token\"", nullptr},
           Case{"17", nullptr},
           Case{"{", nullptr},
           Case{"{} {}", nullptr},
           Case{R"({"token":"a\"b"})", "token"},
           Case{R"({"token":"a\\b"})", "token"},
           Case{R"({"token":"a b"})", "token"},
           Case{R"({"certificate":"\u0000"})", "certificate"},
           Case{R"({"revisionToken":"é"})", "revisionToken"},
           Case{R"({"token":"a","token":"b"})", "token"},
           Case{R"({"errorCode":"a","error_code":"b"})", "error_code"},
           Case{R"({"token":")" + long_token + "\"}", "token"},
           Case{R"({"insertedExposures":-1})", "insertedExposures"},
           Case{R"({"insertedExposures":1001})", "insertedExposures"},
           Case{std::string(100, '[') + std::string(100, ']'), nullptr},
           Case{std::string(R"({"a":)") + std::string(100, '[') + std::string(100, ']') + "}",
                nullptr},
           Case{"{\"token\":\"\xff\"}", nullptr},
       }) {
    SCOPED_TRACE(bad.text);
    const auto answer = read(bad.text);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.status().code(), Code::corrupt);
    if (bad.field != nullptr) {
      EXPECT_STREQ(answer.status().field(), bad.field);
      EXPECT_NE(answer.status().offset(), Status::kNone);
    }
  }
}

TEST(Answer, RefusesWhatIsHuge) {
  const std::string huge = R"({"padding":")" + std::string(kMostAnswerBytes, 'a') + "\"}";
  EXPECT_EQ(read(huge).status().code(), Code::limit_exceeded);
  const std::string most = R"({"padding":")" + std::string(kMostAnswerBytes - 14, 'a') + "\"}";
  ASSERT_EQ(most.size(), kMostAnswerBytes);
  EXPECT_TRUE(read(most).ok());
}

// Every refusal that a widely deployed server was seen to give has its meaning.
TEST(AnswerVectors, EveryObservedRefusalHasAMeaning) {
  const std::map<std::string, UploadProblem> meanings{
      {"bad_request", UploadProblem::keys_refused},
      {"missing_revision_token", UploadProblem::revision_refused},
      {"invalid_revision_token", UploadProblem::revision_refused},
      {"key_already_revised", UploadProblem::revision_refused},
      {"invalid_report_type_transition", UploadProblem::revision_refused},
      {"unknown_health_authority_id", UploadProblem::app_refused},
      {"health_authority_verification_certificate_invalid", UploadProblem::certificate_refused},
  };
  const auto vectors = test::load_vectors("publish_v1_observed.json");
  size_t refusals = 0;
  for (const auto& observed : vectors.at("cases")) {
    const auto status = observed.at("status").get<int32_t>();
    const auto name = observed.at("case").get<std::string>();
    // Statistics are no affair of a phone's.
    if ((status != 400 && status != 401) || name.starts_with("stats")) continue;
    SCOPED_TRACE(name);
    AnswerMembers members;
    members.error_code = observed.at("body").value("code", "");
    if (members.error_code.empty()) continue;
    ASSERT_TRUE(meanings.contains(members.error_code)) << members.error_code;
    EXPECT_EQ(problem_of(UploadStep::publish, status, members), meanings.at(members.error_code));
    ++refusals;
  }
  EXPECT_GT(refusals, 30u);
}

TEST(Answer, KnowsWhatWillPassFromWhatWillNot) {
  const auto problem = [](UploadStep step, int32_t status, const char* code) {
    AnswerMembers members;
    members.error_code = code;
    return problem_of(step, status, members);
  };
  EXPECT_EQ(problem(UploadStep::verify, 0, ""), UploadProblem::unreachable);
  EXPECT_EQ(problem(UploadStep::verify, 400, "code_invalid"), UploadProblem::code_refused);
  EXPECT_EQ(problem(UploadStep::verify, 400, "code_not_found"), UploadProblem::code_refused);
  EXPECT_EQ(problem(UploadStep::verify, 400, "code_expired"), UploadProblem::code_expired);
  EXPECT_EQ(problem(UploadStep::verify, 412, "unsupported_test_type"),
            UploadProblem::report_refused);
  EXPECT_EQ(problem(UploadStep::verify, 429, "code_invalid"), UploadProblem::busy);
  EXPECT_EQ(problem(UploadStep::verify, 401, ""), UploadProblem::app_refused);
  EXPECT_EQ(problem(UploadStep::verify, 301, ""), UploadProblem::server_failed);
  EXPECT_EQ(problem(UploadStep::verify, 400, "unparsable_request"), UploadProblem::server_failed);
  EXPECT_EQ(problem(UploadStep::certify, 400, "token_expired"), UploadProblem::token_refused);
  EXPECT_EQ(problem(UploadStep::certify, 500, "token_expired"), UploadProblem::server_failed);
  EXPECT_EQ(problem(UploadStep::publish, 404, ""), UploadProblem::app_refused);
  EXPECT_EQ(problem(UploadStep::publish, 413, "bad_request"), UploadProblem::server_failed);
  EXPECT_EQ(problem(UploadStep::report_bluezone, 401, "otp_invalid"), UploadProblem::code_refused);
  EXPECT_EQ(problem(UploadStep::report_bluezone, 401, "otp_expired"), UploadProblem::code_expired);
  EXPECT_EQ(problem(UploadStep::report_bluezone, 400, "bad_request"), UploadProblem::keys_refused);
}

}  // namespace
}  // namespace nearzone::upload
