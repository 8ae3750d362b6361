#include <cstdlib>
#include <string_view>

#include "authority/jwt.h"

// Nothing that was not made with a key is signed by it, and every token can be asked everything.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  static const authority::EcPublicKey key = authority::EcPrivateKey::generate()->public_key();
  const auto token = authority::Jwt::parse({reinterpret_cast<const char*>(data), size});
  if (!token.ok()) return 0;
  if (size > authority::kMostJwtBytes || token->is_signed_by(key)) std::abort();
  for (const Instant at : {Instant{0}, Instant{1'600'000'000'000}, Instant{INT64_MAX / 2}})
    if (token->is_valid_at(at, Millis(5000)) && token->claims.find("exp") == nullptr) std::abort();
  static_cast<void>(token->is_for("nearzone-key-server"));
  static_cast<void>(token->text("iss"));
  return 0;
}
