#include "authority/issuing.h"

#include <algorithm>

#include "authority/codes.h"

namespace nearzone::authority {
namespace {

// Codes that are drawn twice are drawn again.
constexpr int kTries = 6;
constexpr int32_t kOldestDateDays = 28;

bool is_possible(const std::optional<Day>& day, Instant now) {
  // A day that began somewhere on earth may be tomorrow here.
  const Day today = Day::of(now);
  return !day || (*day >= today + -kOldestDateDays && *day <= today + 1);
}

}  // namespace

const char* issue_problem_name(IssueProblem problem) {
  switch (problem) {
    case IssueProblem::none: return "";
    case IssueProblem::unsupported_report_type: return "unsupported_test_type";
    case IssueProblem::missing_date: return "missing_date";
    case IssueProblem::invalid_date: return "invalid_date";
    case IssueProblem::malformed_uuid: return "unparsable_request";
    case IssueProblem::uuid_exists: return "uuid_already_exists";
    case IssueProblem::quota_exceeded: return "quota_exceeded";
  }
  return "";
}

const char* issue_problem_words(IssueProblem problem) {
  switch (problem) {
    case IssueProblem::none: return "";
    case IssueProblem::unsupported_report_type: return "the realm issues no codes for such a test";
    case IssueProblem::missing_date: return "the date of symptoms or of the test is needed";
    case IssueProblem::invalid_date: return "a date must lie within the last 28 days";
    case IssueProblem::malformed_uuid: return "the uuid is none";
    case IssueProblem::uuid_exists: return "a code of this uuid was issued before";
    case IssueProblem::quota_exceeded: return "the realm issued all of today's codes";
  }
  return "";
}

IssueProblem Issuing::check(const RealmSettings& realm, const IssueRequest& request,
                            Instant now) const {
  if (std::ranges::find(realm.report_types, request.test.report_type) == realm.report_types.end())
    return IssueProblem::unsupported_report_type;
  if (realm.is_date_needed && !request.test.symptom_date && !request.test.test_date)
    return IssueProblem::missing_date;
  if (!is_possible(request.test.symptom_date, now) || !is_possible(request.test.test_date, now))
    return IssueProblem::invalid_date;
  if (!request.uuid.empty() && !is_uuid(request.uuid)) return IssueProblem::malformed_uuid;
  return IssueProblem::none;
}

Result<std::shared_ptr<const RingKey>> Issuing::hash_key(Instant now) {
  return ring_.current(KeyPurpose::code_hash, settings_.code_key_life, now, make_secret_key);
}

Result<IssuedCode> Issuing::issue(const RealmSettings& realm, const IssueRequest& request,
                                  const RingKey& hash_key, Writer& rows, Instant now) {
  IssuedCode issued;
  issued.problem = check(realm, request, now);
  if (issued.problem != IssueProblem::none) return issued;
  const Day today = Day::of(now);
  NEARZONE_ASSIGN(const uint64_t issued_today, rows.codes_issued(realm.name, today.range()));
  if (issued_today >= realm.codes_a_day) {
    issued.problem = IssueProblem::quota_exceeded;
    return issued;
  }
  issued.uuid = request.uuid.empty() ? draw_uuid(random_) : request.uuid;
  issued.short_expires_at = now + realm.short_code_life;
  issued.long_expires_at = now + realm.long_code_life;
  const ByteView key = hash_key.bytes.expose(ForDerivation{});
  auto inserted = Writer::CodeInsertion::code_exists;
  for (int i = 0; i < kTries && inserted == Writer::CodeInsertion::code_exists; ++i) {
    issued.short_code = draw_short_code(realm.short_code_digits, random_);
    issued.long_code = draw_long_code(realm.long_code_characters, random_);
    NEARZONE_ASSIGN(
        inserted,
        rows.insert_code(
            {issued.uuid, realm.name, hash_key.id, hash_code(key, realm.name, issued.short_code),
             hash_code(key, realm.name, issued.long_code), request.test, now,
             issued.short_expires_at, issued.long_expires_at, std::nullopt, request.issued_by}));
  }
  if (inserted == Writer::CodeInsertion::uuid_exists) {
    issued = {};
    issued.problem = IssueProblem::uuid_exists;
    return issued;
  }
  if (inserted == Writer::CodeInsertion::code_exists)
    return Status(Code::limit_exceeded, "the realm's codes are used up: make them longer");
  NEARZONE_TRY(rows.append_audit({now, realm.name, request.issued_by, "code.issue", issued.uuid}));
  NEARZONE_TRY(rows.count(today, "realm/" + realm.name, "codes_issued", 1));
  return issued;
}

Result<Issuing::Expiry> Issuing::expire(const RealmSettings& realm, std::string_view uuid,
                                        std::string_view actor, Writer& rows, Instant now,
                                        std::optional<VerificationCode>& code) {
  NEARZONE_ASSIGN(code, rows.find_code_by_uuid(realm.name, uuid));
  if (!code) return Expiry::unknown;
  NEARZONE_ASSIGN(const bool is_expired, rows.expire_code(realm.name, uuid, now));
  if (!is_expired) return Expiry::claimed;
  NEARZONE_ASSIGN(code, rows.find_code_by_uuid(realm.name, uuid));
  NEARZONE_TRY(
      rows.append_audit({now, realm.name, std::string(actor), "code.expire", std::string(uuid)}));
  return Expiry::done;
}

Result<std::optional<VerificationCode>> Issuing::status(const RealmSettings& realm,
                                                        std::string_view uuid,
                                                        std::string_view actor, Writer& rows,
                                                        Instant now) {
  NEARZONE_ASSIGN(std::optional<VerificationCode> code, rows.find_code_by_uuid(realm.name, uuid));
  if (code)
    NEARZONE_TRY(
        rows.append_audit({now, realm.name, std::string(actor), "code.status", std::string(uuid)}));
  return code;
}

}  // namespace nearzone::authority
