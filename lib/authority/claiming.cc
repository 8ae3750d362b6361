#include "authority/claiming.h"

#include "authority/codes.h"

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

}  // namespace nearzone::authority
