#include "authority/jwt.h"

#include <algorithm>
#include <optional>

#include "authority/base64.h"

namespace nearzone::authority {
namespace {

constexpr std::string_view kAlgorithm = "ES256";
const Status kNoToken(Code::corrupt, "not a JSON Web Token signed with ES256");

Result<Json> parse_part(std::string_view part) {
  const std::optional<std::vector<uint8_t>> bytes = from_base64url(part);
  if (!bytes || part.ends_with('=')) return kNoToken;
  NEARZONE_ASSIGN(Json json,
                  Json::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()}));
  if (json.kind != Json::Kind::object) return kNoToken;
  return json;
}

// Seconds since 1970, of a claim that is a whole number. Nothing where there is none.
std::optional<int64_t> seconds_of(const Json& claims, std::string_view name, bool& is_malformed) {
  const Json* value = claims.find(name);
  if (value == nullptr) return {};
  is_malformed = is_malformed || !value->is_integer();
  return value->integer;
}

}  // namespace

Result<Jwt> Jwt::parse(std::string_view text) {
  const size_t first = text.find('.');
  const size_t second = first == text.npos ? first : text.find('.', first + 1);
  if (text.size() > kMostJwtBytes || second == text.npos) return kNoToken;
  NEARZONE_ASSIGN(const Json header, parse_part(text.substr(0, first)));
  const Json* algorithm = header.find("alg");
  const Json* key_id = header.find("kid");
  if (algorithm == nullptr || algorithm->text != kAlgorithm) return kNoToken;
  // An extension that must be understood is not.
  if (header.find("crit") != nullptr) return kNoToken;
  Jwt token;
  if (key_id != nullptr) token.key_id = key_id->text;
  NEARZONE_ASSIGN(token.claims, parse_part(text.substr(first + 1, second - first - 1)));
  token.signed_part_ = text.substr(0, second);
  std::optional<std::vector<uint8_t>> signature = from_base64url(text.substr(second + 1));
  if (!signature) return kNoToken;
  token.signature_ = *std::move(signature);
  return token;
}

bool Jwt::is_signed_by(const EcPublicKey& key) const {
  return key.verify(as_bytes(signed_part_), signature_);
}

std::string_view Jwt::text(std::string_view claim) const {
  const Json* value = claims.find(claim);
  return value == nullptr ? std::string_view() : std::string_view(value->text);
}

bool Jwt::is_for(std::string_view audience) const {
  const Json* value = claims.find("aud");
  if (value == nullptr) return false;
  if (value->is_text()) return value->text == audience;
  return std::ranges::any_of(
      value->items, [&](const Json& item) { return item.is_text() && item.text == audience; });
}

bool Jwt::is_valid_at(Instant now, Millis leeway) const {
  bool is_malformed = false;
  const std::optional<int64_t> expires = seconds_of(claims, "exp", is_malformed);
  const std::optional<int64_t> issued = seconds_of(claims, "iat", is_malformed);
  const std::optional<int64_t> begins = seconds_of(claims, "nbf", is_malformed);
  if (is_malformed || !expires || Instant::from_seconds(*expires) + leeway <= now) return false;
  const auto has_come = [&](const std::optional<int64_t>& seconds) {
    return !seconds || Instant::from_seconds(*seconds) - leeway <= now;
  };
  return has_come(issued) && has_come(begins);
}

Result<std::string> make_jwt(std::string_view key_id, std::string_view claims,
                             const EcPrivateKey& key) {
  const std::string header = R"({"alg":"ES256","kid":)" + json_text(key_id) + R"(,"typ":"JWT"})";
  std::string token = base64url(as_bytes(header)) + '.' + base64url(as_bytes(claims));
  NEARZONE_ASSIGN(const EcSignature signature, key.sign(as_bytes(token)));
  return token + '.' + base64url(signature);
}

}  // namespace nearzone::authority
