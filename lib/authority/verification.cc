#include "authority/verification.h"

#include <algorithm>

#include "authority/base64.h"
#include "authority/codes.h"
#include "authority/report_types.h"

namespace nearzone::authority {
namespace {

constexpr Refusal kUnparsable{400, "unparsable_request",
                              "the request is not of the form it should have"};
constexpr Refusal kNotJson{415, "unparsable_request", "the body must be application/json"};
constexpr Refusal kUnauthorized{401, "unauthorized", "this needs a device's API key"};
constexpr Refusal kTooMany{429, "quota_exceeded", "too many wrong codes; try again later"};
constexpr Refusal kCodeInvalid{400, "code_invalid", "the code is not known, or was used"};
constexpr Refusal kCodeExpired{400, "code_expired", "the code is no longer valid"};
constexpr Refusal kUnaccepted{412, "unsupported_test_type",
                              "the code is for a kind of report that was not accepted"};
constexpr Refusal kUnknownType{400, "invalid_test_type", "an accepted kind of report is unknown"};
constexpr Refusal kTokenInvalid{400, "token_invalid", "the token is not known, or was used"};
constexpr Refusal kTokenExpired{400, "token_expired", "the token is no longer valid"};
constexpr Refusal kHmacInvalid{400, "hmac_invalid", "the HMAC must be 32 bytes in base64"};

constexpr size_t kMostCodeBytes = 256;

// The kinds of report that a phone takes: each name stands for those that are surer, too.
struct Accepted {
  std::vector<ReportType> types;
  static bool accepts(ReportType type, const void* context) {
    const auto& types = static_cast<const Accepted*>(context)->types;
    return std::ranges::find(types, type) != types.end();
  }
};

std::optional<Accepted> accepted_of(const Json* list) {
  Accepted accepted;
  if (list == nullptr || list->kind != Json::Kind::array || list->items.empty()) {
    accepted.types = {ReportType::confirmed_test};
    return accepted;
  }
  for (const Json& item : list->items) {
    const std::optional<ReportType> type = report_type_of(item.text);
    if (!type) return {};
    accepted.types.push_back(*type);
    if (*type == ReportType::self_report) continue;
    accepted.types.push_back(ReportType::confirmed_test);
    if (*type == ReportType::revoked)
      accepted.types.push_back(ReportType::confirmed_clinical_diagnosis);
  }
  return accepted;
}

// The first ten-minute interval of the day that counts as the onset; 0 where none is known.
uint32_t onset_of(const TestResult& test) {
  return test.symptom_date ? Interval::of(test.symptom_date->start()).number : 0;
}

Refusal refusal_of(ClaimProblem problem, const Refusal& invalid, const Refusal& expired) {
  switch (problem) {
    case ClaimProblem::none: return {};
    case ClaimProblem::expired: return expired;
    case ClaimProblem::unaccepted: return kUnaccepted;
    case ClaimProblem::unknown:
    case ClaimProblem::claimed: return invalid;
  }
  return kServerFault;
}

}  // namespace

std::string date_text(const std::optional<Day>& day) { return day ? format_day(*day) : ""; }

std::optional<VerificationApi::Asked> VerificationApi::read(const net::HttpRequest& request,
                                                            Disguise& disguise,
                                                            const Respond& respond) {
  const auto refuse_with = [&](const Refusal& refusal) {
    respond(disguise.error(refusal));
    return std::optional<Asked>();
  };
  const Result<std::optional<Caller>> caller = callers_.identify(request, Role::device);
  if (!caller.ok()) return refuse_with(kServerFault);
  if (!*caller) return refuse_with(kUnauthorized);
  if (is_chaff(request)) {
    respond(disguise.chaff());
    return {};
  }
  Callers::Admission admission = callers_.admit(request, *(*caller)->realm);
  if (admission.granted == nullptr) {
    respond(too_many(disguise, admission.wait));
    return {};
  }
  if (!has_json(request)) return refuse_with(kNotJson);
  Result<Json> body = Json::parse(request.body);
  if (!body.ok() || body->kind != Json::Kind::object) return refuse_with(kUnparsable);
  return Asked{(*caller)->realm, *std::move(body), std::move(admission.granted)};
}

net::HttpResponse VerificationApi::too_many(Disguise& disguise, Millis wait) {
  net::HttpResponse response = disguise.error(kTooMany);
  const int64_t seconds = (wait.count() + 999) / 1000;
  response.headers.push_back({"Retry-After", std::to_string(seconds)});
  return response;
}

void VerificationApi::verify(const net::HttpRequest& request, const Respond& respond) {
  const std::optional<Asked> asked = read(request, verify_, respond);
  if (!asked) return;
  const Json* code = asked->body.find("code");
  if (code == nullptr || !code->is_text() || code->text.size() > kMostCodeBytes)
    return respond(verify_.error(kUnparsable));
  const std::optional<Accepted> accepted = accepted_of(asked->body.find("accept"));
  if (!accepted) return respond(verify_.error(kUnknownType));
  const RealmSettings& realm = *asked->realm;
  const Result<CodeProbe> probe = CodeProbe::of(code->text, realm, services_.ring);
  if (!probe.ok()) return respond(verify_.error(kServerFault));

  struct Work {
    CodeProbe probe;
    Accepted accepted;
    std::vector<std::string> tokens;  // of this request, where it could be sent again
    std::string token;
    Claim claim;
  };
  std::vector<std::string> tokens;
  if (const auto hash = repeatable(request, asked->body)) {
    Result<std::vector<std::string>> found = repeatable_tokens(*hash, realm, services_.ring);
    if (!found.ok()) return respond(verify_.error(kServerFault));
    tokens = *std::move(found);
  }
  const std::string first = tokens.empty() ? draw_token(services_.random) : tokens.front();
  const auto work = std::make_shared<Work>(Work{*probe, *accepted, std::move(tokens), first, {}});
  const Instant now = services_.clock.now();
  services_.writes.submit(
      [work, &realm, now](Writer& rows) -> Status {
        NEARZONE_ASSIGN(work->claim, claim_code(work->probe, realm, now, Accepted::accepts,
                                                &work->accepted, rows));
        if (work->claim.problem == ClaimProblem::claimed) {
          // Perhaps by this very request, whose answer did not arrive.
          NEARZONE_ASSIGN(const std::optional<std::string> given,
                          find_unused_token(work->tokens, realm, now, rows, work->claim.test));
          if (given) {
            work->token = *given;
            work->claim.problem = ClaimProblem::none;
            return {};
          }
        }
        if (work->claim.problem != ClaimProblem::none) return {};
        return rows.insert_token({hash_token(work->token), realm.name, work->claim.test,
                                  now + realm.token_life, std::nullopt});
      },
      [this, work, attempt = asked->attempt, respond](const Status& stored) {
        const Refusal refusal = stored.ok()
                                    ? refusal_of(work->claim.problem, kCodeInvalid, kCodeExpired)
                                    : kServerFault;
        services_.log.write(stored.ok() ? LogLevel::debug : LogLevel::error, "verify",
                            {{"status", refusal.status}});
        attempt->settle(refusal.status == 400);
        if (refusal.is_refusal()) return respond(verify_.error(refusal));
        const TestResult& test = work->claim.test;
        respond(verify_.success("\"testtype\":" + json_text(report_type_name(test.report_type)) +
                                ",\"symptomDate\":" + json_text(date_text(test.symptom_date)) +
                                ",\"testDate\":" + json_text(date_text(test.test_date)) +
                                ",\"token\":" + json_text(work->token)));
      });
}

void VerificationApi::certificate(const net::HttpRequest& request, const Respond& respond) {
  const std::optional<Asked> asked = read(request, certificate_, respond);
  if (!asked) return;
  const Json* token = asked->body.find("token");
  const Json* hmac = asked->body.find("ekeyhmac");
  if (token == nullptr || !token->is_text() || hmac == nullptr || !hmac->is_text())
    return respond(certificate_.error(kUnparsable));
  const std::optional<std::vector<uint8_t>> mac = from_base64(hmac->text);
  if (!mac || mac->size() != 32) return respond(certificate_.error(kHmacInvalid));
  const RealmSettings& realm = *asked->realm;
  const Instant now = services_.clock.now();
  const Result<Issuers::Signer> signer = issuers_.signer(now);
  if (!signer.ok()) return respond(certificate_.error(kServerFault));

  struct Work {
    Hash token{};
    std::optional<Hash> repeatable;
    std::string mac;
    Issuers::Signer signer;
    Claim claim;
    std::string certificate;
  };
  const auto work = std::make_shared<Work>(Work{
      hash_token(token->text), repeatable(request, asked->body), base64(*mac), *signer, {}, {}});
  const Millis window = services_.settings.publish.truncation_window;
  services_.writes.submit(
      [work, &realm, now, window](Writer& rows) -> Status {
        // Using the token up is the last step: whatever fails before, the phone may ask again.
        NEARZONE_ASSIGN(work->claim, use_token(work->token, realm, now, rows));
        if (work->repeatable && work->claim.problem == ClaimProblem::none)
          NEARZONE_TRY(
              leave_receipt(*work->repeatable, realm.name, work->claim.test, now, window, rows));
        if (work->repeatable && work->claim.problem == ClaimProblem::claimed) {
          NEARZONE_ASSIGN(const auto receipt,
                          find_receipt(*work->repeatable, realm.name, now, rows));
          if (receipt) work->claim = {ClaimProblem::none, receipt->test};
        }
        if (work->claim.problem != ClaimProblem::none) return {};
        const int64_t seconds = now.ms / 1000;
        std::string claims =
            "{\"iss\":" + json_text(realm.issuer) + ",\"aud\":" + json_text(realm.audience) +
            ",\"iat\":" + std::to_string(seconds) + ",\"nbf\":" + std::to_string(seconds) +
            ",\"exp\":" + std::to_string(seconds + realm.certificate_life.count() / 1000) +
            ",\"reportType\":" + json_text(report_type_name(work->claim.test.report_type)) +
            ",\"tekmac\":" + json_text(work->mac);
        if (const uint32_t onset = onset_of(work->claim.test))
          claims += ",\"symptomOnsetInterval\":" + std::to_string(onset);
        NEARZONE_ASSIGN(work->certificate,
                        make_jwt(work->signer.key_id, claims + '}', work->signer.key));
        return {};
      },
      [this, work, attempt = asked->attempt, respond](const Status& stored) {
        const Refusal refusal = stored.ok()
                                    ? refusal_of(work->claim.problem, kTokenInvalid, kTokenExpired)
                                    : kServerFault;
        services_.log.write(stored.ok() ? LogLevel::debug : LogLevel::error, "certificate",
                            {{"status", refusal.status}});
        attempt->settle(refusal.status == 400);
        if (refusal.is_refusal()) return respond(certificate_.error(refusal));
        respond(certificate_.success("\"certificate\":" + json_text(work->certificate)));
      });
}

net::HttpResponse VerificationApi::refuse(int status) {
  return verify_.error({status, "unparsable_request", "the request could not be read"});
}

}  // namespace nearzone::authority
