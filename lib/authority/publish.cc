#include "authority/publish.h"

#include <algorithm>

#include "authority/base64.h"
#include "authority/claiming.h"
#include "authority/codes.h"
#include "authority/exports/batch_contents.h"
#include "authority/report_types.h"

namespace nearzone::authority {
namespace {

constexpr Refusal kAccepted;
constexpr Refusal kNotJson{415, "bad_request", "the body must be application/json"};
constexpr Refusal kMalformed{400, "bad_request", "the request is not of the form it should have"};
constexpr Refusal kNoUsableKey{400, "bad_request", "no key can be taken"};
constexpr Refusal kUnknownAuthority{401, "unknown_health_authority_id",
                                    "this health authority is not known here"};
constexpr Refusal kBadCertificate{401, "health_authority_verification_certificate_invalid",
                                  "the certificate does not vouch for these keys"};
constexpr Refusal kTokenMissing{400, "missing_revision_token",
                                "these keys are known: stating them anew needs their token"};
constexpr Refusal kTokenInvalid{400, "invalid_revision_token",
                                "the revision token is not these keys'"};
constexpr Refusal kRevisedBefore{400, "key_already_revised", "a key is stated anew only once"};
constexpr Refusal kBadTransition{400, "invalid_report_type_transition",
                                 "this report may not follow the one before"};

RevisableKey revisable_of(const StoredKey& stored) {
  RevisableKey key;
  std::copy_n(stored.key.bytes.begin(), key.bytes.size(), key.bytes.begin());
  key.start = Interval::of(stored.key.valid_from).number;
  key.period = Interval::of(stored.key.valid_to).number - key.start;
  return key;
}

}  // namespace

struct PublishApi::Upload {
  std::string health_authority;
  const std::vector<std::string>* regions = nullptr;
  CertifiedReport report;
  TakenKeys taken;
  bool has_token = false;
  std::vector<RevisableKey> revisable;  // of the token that came with it
  std::string new_token;
  bool has_onset = false;
  Day day;
  Instant now;
  Instant revised_at;
  Millis window;
  std::optional<Hash> receipt;  // of the certificate, where its sender may send it again
  bool is_over = false;         // it was good once: only what came with it then may come again

  // Decided by storing it.
  Refusal refusal;
  uint64_t inserted = 0;
  uint64_t revised = 0;
  uint64_t repeated = 0;  // taken before with the same certificate

  Status store(Writer& rows, const std::vector<Series>& exports);

 private:
  Status store_key(Writer& rows, const StoredKey& key);
  std::string scope() const { return "authority/" + health_authority; }
  Status refuse(const Refusal& why) {
    refusal = why;
    return {Code::cancelled, why.words};
  }
};

Status PublishApi::Upload::store(Writer& rows, const std::vector<Series>& exports) {
  // A transaction may be run again.
  refusal = kAccepted;
  inserted = revised = repeated = 0;
  if (receipt) {
    NEARZONE_ASSIGN(const auto before, find_receipt(*receipt, scope(), now, rows));
    // The certificate holds for these keys alone: they were taken with it.
    if (before) {
      repeated = taken.keys.size();
      return {};
    }
  }
  if (is_over) return refuse(kBadCertificate);
  NEARZONE_ASSIGN(const Instant decided, decided_up_to(rows, exports));
  revised_at = std::max(revised_at, decided);
  for (StoredKey& key : taken.keys) {
    key.created_at = std::max(key.created_at, decided);
    NEARZONE_TRY(store_key(rows, key));
  }
  if (receipt)
    NEARZONE_TRY(leave_receipt(*receipt, scope(), {report.type, {}, {}}, now, window, rows));
  NEARZONE_TRY(rows.count(day, scope(), "uploads", 1));
  if (!has_onset) NEARZONE_TRY(rows.count(day, scope(), "uploads_without_onset", 1));
  if (inserted > 0) NEARZONE_TRY(rows.count(day, scope(), "keys", static_cast<int64_t>(inserted)));
  if (revised > 0)
    NEARZONE_TRY(rows.count(day, scope(), "keys_revised", static_cast<int64_t>(revised)));
  return {};
}

Status PublishApi::Upload::store_key(Writer& rows, const StoredKey& key) {
  const ByteView bytes = ByteView(key.key.bytes).first(published_key_size(key.key.scheme));
  const bool is_negative = report.type == ReportType::revoked;
  // There is nothing to tell of somebody who was never reported.
  if (!is_negative) {
    NEARZONE_ASSIGN(const bool is_new, rows.insert_key(key));
    if (is_new) {
      ++inserted;
      return {};
    }
  }
  NEARZONE_ASSIGN(const std::optional<StoredKey> known, rows.find_key(key.key.scheme, bytes));
  if (!known) return {};
  if (!has_token) return refuse(kTokenMissing);
  const bool is_own = std::ranges::find(revisable, revisable_of(key)) != revisable.end();
  if (!is_own || revisable_of(*known) != revisable_of(key)) return refuse(kTokenInvalid);
  const ReportType stated = known->revision ? known->revision->report_type : known->key.report_type;
  if (stated == report.type) return {};
  if (known->revision) return refuse(kRevisedBefore);
  if (!may_become(known->key.report_type, report.type)) return refuse(kBadTransition);
  ++revised;
  return rows.revise_key(
      key.key.scheme, bytes,
      {revised_at, report.type, key.key.transmission_risk_level, key.key.days_since_onset});
}

Result<Refusal> PublishApi::check_certificate(const PublishRequest& request, Upload& upload,
                                              Instant now) {
  const std::optional<Issuers::Issuer> issuer = issuers_.find(request.health_authority);
  if (!issuer) return kUnknownAuthority;
  upload.health_authority = issuer->health_authority;
  upload.regions = &issuer->regions();
  const Result<Jwt> token = Jwt::parse(request.certificate);
  if (!token.ok()) return kBadCertificate;
  NEARZONE_ASSIGN(bool vouches, issuers_.vouches(*issuer, *token, issuer->audience(), now));
  if (!vouches) {
    // One that is over may come again with what it came with before, if the answer was lost.
    const Json* issued = token->claims.find("iat");
    if (issued == nullptr || !issued->is_integer() || issued->integer < 0 ||
        issued->integer > now.ms / 1000)
      return kBadCertificate;
    const Instant then = Instant::from_seconds(issued->integer);
    if (now - then > kReceiptLife) return kBadCertificate;
    NEARZONE_ASSIGN(vouches, issuers_.vouches(*issuer, *token, issuer->audience(), then));
    if (!vouches) return kBadCertificate;
    upload.is_over = true;
  }
  const std::optional<ReportType> type = report_type_of(token->text("reportType"));
  const std::optional<std::vector<uint8_t>> mac = from_base64(token->text("tekmac"));
  const std::optional<std::vector<uint8_t>> key = from_base64(request.hmac_key);
  if (!type || !mac || !key || key->empty() || request.keys.empty()) return kBadCertificate;
  const bool without_risk_fits =
      equal_in_constant_time(*mac, keys_hmac(request.keys, *key, false)) &&
      std::ranges::all_of(request.keys, [](const UploadedKey& each) { return each.risk == 0; });
  if (!equal_in_constant_time(*mac, keys_hmac(request.keys, *key, true)) && !without_risk_fits)
    return kBadCertificate;
  upload.report.type = *type;
  if (const Json* onset = token->claims.find("symptomOnsetInterval");
      onset != nullptr && onset->is_integer() && onset->integer > 0)
    upload.report.symptom_onset = onset->integer;
  return kAccepted;
}

Result<Refusal> PublishApi::check(const net::HttpRequest& http, Upload& upload, Instant now) {
  if (!has_json(http)) return kNotJson;
  const Result<PublishRequest> request = read_publish_request(http.body);
  if (!request.ok()) return kMalformed;
  NEARZONE_ASSIGN(const Refusal uncertified, check_certificate(*request, upload, now));
  if (uncertified.is_refusal()) return uncertified;
  const PublishSettings& settings = services_.settings.publish;
  if (!request->revision_token.empty()) {
    NEARZONE_ASSIGN(std::optional<std::vector<RevisableKey>> revisable,
                    open_revision_token(request->revision_token, services_.ring, settings, now));
    if (!revisable) return kTokenInvalid;
    upload.has_token = true;
    upload.revisable = *std::move(revisable);
  }
  Result<TakenKeys> taken = take_keys(*request, upload.report, settings, now);
  if (!taken.ok()) return kMalformed;
  upload.taken = *std::move(taken);
  if (upload.taken.keys.empty() && upload.taken.malformed > 0) return kNoUsableKey;
  for (StoredKey& key : upload.taken.keys) {
    key.regions = *upload.regions;
    key.authority = upload.health_authority;
  }
  upload.has_onset = upload.report.symptom_onset || request->symptom_onset;
  upload.day = Day::of(now);
  if (sends_again(http)) upload.receipt = hash_token("certificate " + request->certificate);
  upload.now = now;
  upload.window = settings.truncation_window;
  upload.revised_at = truncate(now, settings.truncation_window);

  std::vector<RevisableKey> revisable;
  revisable.reserve(upload.taken.keys.size());
  for (const StoredKey& key : upload.taken.keys) revisable.push_back(revisable_of(key));
  for (const RevisableKey& key : upload.revisable)
    if (revisable.size() < kMostKeysOfAToken &&
        std::ranges::find(revisable, key) == revisable.end())
      revisable.push_back(key);
  NEARZONE_ASSIGN(upload.new_token,
                  make_revision_token(revisable, services_.ring, settings, now, services_.random));
  return kAccepted;
}

void PublishApi::answer(const Upload& upload, const Status& stored, const Respond& respond) {
  const bool is_fault = !stored.ok() && !upload.refusal.is_refusal();
  const Refusal refusal = is_fault ? kServerFault : upload.refusal;
  if (is_fault) {
    services_.log.write(LogLevel::error, "publish.not_stored",
                        {{"reason", Literal::of(stored.code())}});
  } else {
    services_.log.write(LogLevel::debug, "publish",
                        {{"status", refusal.status},
                         {"inserted", static_cast<int64_t>(upload.inserted)},
                         {"revised", static_cast<int64_t>(upload.revised)},
                         {"repeated", static_cast<int64_t>(upload.repeated)},
                         {"refused_keys", static_cast<int64_t>(upload.taken.malformed)}});
  }
  on_result_(is_fault                     ? "failed"
             : refusal.is_refusal()       ? "refused"
             : upload.repeated > 0        ? "repeated"
             : upload.taken.malformed > 0 ? "partial"
                                          : "accepted");
  if (refusal.is_refusal()) return respond(disguise_.error(refusal));
  std::string members = "\"revisionToken\":\"" + upload.new_token + '"';
  if (const uint64_t taken = upload.inserted + upload.repeated; taken > 0)
    members += ",\"insertedExposures\":" + std::to_string(taken);
  if (upload.taken.malformed > 0)
    members += R"(,"code":"partial_failure","error":"some keys could not be taken")";
  std::string warnings;
  if (upload.taken.is_onset_ignored)
    warnings += "\"the symptom onset is impossible and was ignored\"";
  if (upload.taken.too_far_from_onset > 0) {
    if (!warnings.empty()) warnings += ',';
    warnings += '"';
    warnings += std::to_string(upload.taken.too_far_from_onset);
    warnings += " keys lie too far from the symptom onset and were left out\"";
  }
  if (!warnings.empty()) members += ",\"warnings\":[" + warnings + "]";
  respond(disguise_.success(members));
}

void PublishApi::handle(const net::HttpRequest& request, const Respond& respond) {
  if (is_chaff(request)) return respond(disguise_.chaff());
  const auto upload = std::make_shared<Upload>();
  const Result<Refusal> checked = check(request, *upload, services_.clock.now());
  if (!checked.ok()) return answer(*upload, checked.status(), respond);
  if (checked->is_refusal()) {
    upload->refusal = *checked;
    return answer(*upload, {}, respond);
  }
  services_.writes.submit(
      [this, upload](Writer& rows) { return upload->store(rows, services_.settings.exports); },
      [this, upload, respond](const Status& stored) { answer(*upload, stored, respond); });
}

net::HttpResponse PublishApi::refuse(int status) {
  return disguise_.error({status, "bad_request", "the request could not be read"});
}

}  // namespace nearzone::authority
