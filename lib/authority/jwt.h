// JSON Web Tokens (RFC 7519) signed with ES256, the only algorithm a certificate may have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "authority/ec_key.h"
#include "authority/json.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::authority {

inline constexpr size_t kMostJwtBytes = 8 << 10;

// A token that is well-formed, and so far nothing but a claim.
struct Jwt {
  std::string key_id;  // of the header; empty where it names none
  Json claims;

  // Fails with corrupt where it is not three parts of base64url, or its header does not say ES256.
  static Result<Jwt> parse(std::string_view text);

  // Whether this key made it. That it is a P-256 key decides the algorithm, not the header.
  bool is_signed_by(const EcPublicKey& key) const;
  // An empty text where there is no such claim, or it is no text.
  std::string_view text(std::string_view claim) const;
  // Whether `aud` is this text, or a list that has it.
  bool is_for(std::string_view audience) const;
  // Whether `exp` is there and not over, `iat` and `nbf`, where they are there, not to come; each
  // with this leeway.
  bool is_valid_at(Instant now, Millis leeway) const;

 private:
  std::string signed_part_;
  std::vector<uint8_t> signature_;
};

// `claims` is a JSON object.
Result<std::string> make_jwt(std::string_view key_id, std::string_view claims,
                             const EcPrivateKey& key);

}  // namespace nearzone::authority
