#include "authority/claiming.h"

#include "authority/base64.h"
#include "authority/codes.h"
#include "authority/endpoint.h"
#include "authority/publish_rules.h"
#include "core/crypto.h"

namespace nearzone::authority {

Result<CodeProbe> CodeProbe::of(std::string_view code, const RealmSettings& realm, KeyRing& ring) {
  NEARZONE_ASSIGN(const std::vector<std::shared_ptr<const RingKey>> keys,
                  ring.all(KeyPurpose::code_hash));
  std::string tidy = tidy_code(code);
  CodeProbe probe;
  for (const auto& key : keys)
    probe.hashes.push_back(
        {key->id, hash_code(key->bytes.expose(ForDerivation{}), realm.name, tidy)});
  wipe(tidy.data(), tidy.size());
  return probe;
}

Result<Claim> claim_code(const CodeProbe& probe, const RealmSettings& realm, Instant now,
                         Accepts accepts, const void* context, Writer& rows) {
  for (const CodeProbe::Hashed& hashed : probe.hashes) {
    NEARZONE_ASSIGN(const std::optional<VerificationCode> code,
                    rows.find_code(realm.name, hashed.key, hashed.hash));
    if (!code) continue;
    const bool is_long = code->long_hash && *code->long_hash == hashed.hash;
    const Instant expires_at = is_long ? code->long_expires_at : code->short_expires_at;
    if (code->claimed_at) return Claim{ClaimProblem::claimed, code->test};
    if (expires_at <= now) return Claim{ClaimProblem::expired, code->test};
    if (!accepts(code->test.report_type, context))
      return Claim{ClaimProblem::unaccepted, code->test};
    NEARZONE_ASSIGN(const bool is_claimed, rows.claim_code(realm.name, code->uuid, now));
    if (!is_claimed) return Claim{ClaimProblem::claimed, code->test};
    NEARZONE_TRY(rows.count(Day::of(now), "realm/" + realm.name, "codes_claimed", 1));
    return Claim{ClaimProblem::none, code->test};
  }
  return Claim{ClaimProblem::unknown, {}};
}

Result<Claim> use_token(const Hash& token, const RealmSettings& realm, Instant now, Writer& rows) {
  NEARZONE_ASSIGN(const std::optional<VerificationToken> found, rows.find_token(token));
  if (!found || found->realm != realm.name) return Claim{ClaimProblem::unknown, {}};
  if (found->used_at) return Claim{ClaimProblem::claimed, found->test};
  if (found->expires_at <= now) return Claim{ClaimProblem::expired, found->test};
  NEARZONE_ASSIGN(const bool is_used, rows.use_token(token, now));
  if (!is_used) return Claim{ClaimProblem::claimed, found->test};
  NEARZONE_TRY(rows.count(Day::of(now), "realm/" + realm.name, "tokens_claimed", 1));
  return Claim{ClaimProblem::none, found->test};
}

std::optional<Hash> repeatable(const net::HttpRequest& request, const Json& body) {
  constexpr size_t kLeastPadding = 22;  // 128 bits in base64
  const Json* padding = body.find("padding");
  if (!sends_again(request) || padding == nullptr || padding->text.size() < kLeastPadding)
    return {};
  std::string all = request.path + '\0' + request.body;
  const Hash hash = sha256(as_bytes(all));
  wipe(all.data(), all.size());
  return hash;
}

Result<std::vector<std::string>> repeatable_tokens(const Hash& request, const RealmSettings& realm,
                                                   KeyRing& ring) {
  NEARZONE_ASSIGN(const std::vector<std::shared_ptr<const RingKey>> keys,
                  ring.all(KeyPurpose::code_hash));
  std::vector<std::string> tokens;
  for (const auto& key : keys) {
    const std::string message = "token of " + to_hex(request);
    const Hash hash = hash_code(key->bytes.expose(ForDerivation{}), realm.name, message);
    tokens.push_back(base64url(ByteView(hash).first(12)));
  }
  return tokens;
}

Result<std::optional<std::string>> find_unused_token(const std::vector<std::string>& tokens,
                                                     const RealmSettings& realm, Instant now,
                                                     Reader& rows, TestResult& test) {
  for (const std::string& token : tokens) {
    NEARZONE_ASSIGN(const std::optional<VerificationToken> found,
                    rows.find_token(hash_token(token)));
    if (!found || found->realm != realm.name || found->used_at || found->expires_at <= now)
      continue;
    test = found->test;
    return std::optional(token);
  }
  return std::optional<std::string>();
}

Status leave_receipt(const Hash& hash, std::string_view scope, const TestResult& test, Instant now,
                     Millis window, Writer& rows) {
  const Instant at = truncate(now, window);
  return rows.insert_token({hash, std::string(scope), test, at + window + kReceiptLife, at});
}

Result<std::optional<VerificationToken>> find_receipt(const Hash& hash, std::string_view scope,
                                                      Instant now, Reader& rows) {
  NEARZONE_ASSIGN(std::optional<VerificationToken> found, rows.find_token(hash));
  if (found && (found->realm != scope || found->expires_at <= now)) found.reset();
  return found;
}

}  // namespace nearzone::authority
