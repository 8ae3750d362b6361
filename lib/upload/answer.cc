#include "upload/answer.h"

#include <algorithm>
#include <array>

#include "json/json_reader.h"

namespace nearzone::upload {
namespace {

struct TextMember {
  std::string_view name;  // a literal
  std::string AnswerMembers::*value;
  size_t most;
};

// The publish API says "code"; the verification API says the same thing twice.
constexpr std::array<TextMember, 8> kTexts{{
    {"token", &AnswerMembers::token, kMostToken},
    {"certificate", &AnswerMembers::certificate, kMostCertificate},
    {"revisionToken", &AnswerMembers::revision_token, kMostRevisionToken},
    {"testtype", &AnswerMembers::test_type, 64},
    {"symptomDate", &AnswerMembers::symptom_date, 64},
    {"code", &AnswerMembers::error_code, 64},
    {"errorCode", &AnswerMembers::error_code, 64},
    {"error_code", &AnswerMembers::error_code, 64},
}};
constexpr const char* kInserted = "insertedExposures";

// Whether it can stand in a later request as it is.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

class AnswerReader final : public JsonEvents {
 public:
  explicit AnswerReader(JsonFeed& feed) : feed_(feed) {}
  AnswerMembers take() { return std::move(members_); }

  bool begin_object() override {
    ++depth_;
    return true;
  }
  bool end_object() override { return leave(); }
  bool begin_array() override {
    if (depth_ == 0) return no_object();
    ++depth_;
    return true;
  }
  bool end_array() override { return leave(); }

  bool name(const std::string& name) override {
    if (depth_ != 1) return true;
    member_ = std::ranges::find(kTexts, name, &TextMember::name);
    is_inserted_ = name == kInserted;
    return true;
  }

  bool text(const std::string& value) override {
    if (depth_ != 1 || member_ == kTexts.end()) return other_value();
    std::string& text = members_.*(member_->value);
    if (value.size() > member_->most) return refuse("longer than any server makes it");
    if (!is_plain(value)) return refuse("holds a character that does not belong there");
    if (!text.empty() && text != value) return refuse("is there twice");
    text = value;
    return true;
  }

  bool integer(int64_t value) override {
    if (depth_ != 1 || !is_inserted_) return other_value();
    constexpr int64_t kMostKeys = 1000;
    if (value < 0 || value > kMostKeys)
      return stop(
          Status(Code::corrupt, "not a number of keys", kInserted).at_offset(feed_.consumed()));
    members_.inserted = value;
    return true;
  }

  bool other_value() override { return depth_ > 0 || no_object(); }

 private:
  bool leave() {
    --depth_;
    return true;
  }
  bool no_object() { return stop({Code::corrupt, "the answer is not a JSON object"}); }
  bool refuse(const char* why) {
    return stop(Status(Code::corrupt, why, member_->name.data()).at_offset(feed_.consumed()));
  }

  JsonFeed& feed_;
  int depth_ = 0;
  std::array<TextMember, 8>::const_iterator member_ = kTexts.end();  // whose value comes next
  bool is_inserted_ = false;
  AnswerMembers members_;
};

struct Meaning {
  std::string_view code;
  UploadProblem problem;
};

constexpr std::array<Meaning, 21> kMeanings{{
    {"code_invalid", UploadProblem::code_refused},
    {"code_not_found", UploadProblem::code_refused},
    {"code_user_unauthorized", UploadProblem::code_refused},
    {"otp_invalid", UploadProblem::code_refused},
    {"code_expired", UploadProblem::code_expired},
    {"otp_expired", UploadProblem::code_expired},
    {"unsupported_test_type", UploadProblem::report_refused},
    {"invalid_test_type", UploadProblem::report_refused},
    {"token_invalid", UploadProblem::token_refused},
    {"token_expired", UploadProblem::token_refused},
    {"hmac_invalid", UploadProblem::token_refused},
    {"health_authority_verification_certificate_invalid", UploadProblem::certificate_refused},
    {"unknown_health_authority_id", UploadProblem::app_refused},
    {"missing_revision_token", UploadProblem::revision_refused},
    {"invalid_revision_token", UploadProblem::revision_refused},
    {"key_already_revised", UploadProblem::revision_refused},
    {"invalid_report_type_transition", UploadProblem::revision_refused},
    {"key_already_reported", UploadProblem::revision_refused},
    {"quota_exceeded", UploadProblem::busy},
    {"maintenance_mode", UploadProblem::busy},
    {"internal_error", UploadProblem::server_failed},
}};

}  // namespace

AnswerMembers::~AnswerMembers() {
  for (std::string* secret : {&token, &certificate, &revision_token})
    wipe(secret->data(), secret->size());
}

Result<AnswerMembers> read_answer(ByteView body) {
  if (body.size() > kMostAnswerBytes)
    return Status(Code::limit_exceeded, "the answer is larger than any server makes it");
  HeldBytes bytes(body);
  JsonFeed feed(bytes);
  AnswerReader reader(feed);
  NEARZONE_TRY(read_json(feed, reader));
  return reader.take();
}

UploadProblem problem_of(UploadStep step, int32_t http_status, const AnswerMembers& members) {
  if (http_status == 0) return UploadProblem::unreachable;
  if (http_status == 429) return UploadProblem::busy;
  if (http_status >= 500) return UploadProblem::server_failed;
  const auto meaning = std::ranges::find(kMeanings, members.error_code, &Meaning::code);
  if (meaning != kMeanings.end()) return meaning->problem;
  if (http_status == 401 || http_status == 403 || http_status == 404)
    return UploadProblem::app_refused;
  const bool sends_keys = step == UploadStep::publish || step == UploadStep::report_bluezone;
  return http_status == 400 && sends_keys ? UploadProblem::keys_refused
                                          : UploadProblem::server_failed;
}

ReportType report_type_of(std::string_view test_type) {
  if (test_type == "confirmed") return ReportType::confirmed_test;
  if (test_type == "likely") return ReportType::confirmed_clinical_diagnosis;
  if (test_type == "user-report") return ReportType::self_report;
  if (test_type == "negative") return ReportType::revoked;
  return ReportType::unknown;
}

}  // namespace nearzone::upload
