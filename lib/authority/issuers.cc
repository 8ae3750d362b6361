#include "authority/issuers.h"

#include <algorithm>
#include <charconv>

namespace nearzone::authority {
namespace {

constexpr Millis kCertificateKeyLife = std::chrono::hours(30 * 24);

bool is_same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

Result<SecretBytes> make_certificate_key(Random&) {
  NEARZONE_ASSIGN(const EcPrivateKey key, EcPrivateKey::generate());
  return key.der();
}

}  // namespace

const RealmSettings* Settings::find_realm(std::string_view name) const {
  const auto found = std::ranges::find(realms, name, &RealmSettings::name);
  return found == realms.end() ? nullptr : &*found;
}

std::optional<Issuers::Issuer> Issuers::find(std::string_view health_authority) const {
  for (const TrustedIssuer& trusted : settings_.trusted_issuers)
    if (is_same(trusted.health_authority, health_authority))
      return Issuer{trusted.health_authority, nullptr, &trusted};
  for (const RealmSettings& realm : settings_.realms)
    for (const std::string& app : realm.health_authorities)
      if (is_same(app, health_authority)) return Issuer{app, &realm, nullptr};
  return {};
}

Result<bool> Issuers::vouches(const Issuer& issuer, const Jwt& token, std::string_view audience,
                              Instant now) {
  if (token.text("iss") != issuer.issuer() || !token.is_for(audience) ||
      !token.is_valid_at(now, settings_.publish.certificate_leeway))
    return false;
  if (issuer.trusted != nullptr) {
    const auto key = issuer.trusted->keys.find(token.key_id);
    return key != issuer.trusted->keys.end() && token.is_signed_by(key->second);
  }
  NEARZONE_ASSIGN(const std::optional<EcPublicKey> key, own_key(token.key_id));
  return key && token.is_signed_by(*key);
}

Result<std::optional<EcPublicKey>> Issuers::own_key(std::string_view key_id) {
  const std::optional<EcPublicKey> none;
  uint64_t id = 0;
  const auto [end, error] = std::from_chars(key_id.data(), key_id.data() + key_id.size(), id);
  if (error != std::errc() || end != key_id.data() + key_id.size()) return none;
  const std::lock_guard lock(mutex_);
  if (const auto known = own_keys_.find(id); known != own_keys_.end())
    return std::optional(known->second);
  NEARZONE_ASSIGN(const std::shared_ptr<const RingKey> sealed,
                  ring_.find(KeyPurpose::certificate, id));
  if (sealed == nullptr) return none;
  NEARZONE_ASSIGN(const EcPrivateKey key,
                  EcPrivateKey::from_der(sealed->bytes.expose(ForDerivation{})));
  return std::optional(own_keys_.emplace(id, key.public_key()).first->second);
}

Result<Issuers::Signer> Issuers::signer(Instant now) {
  NEARZONE_ASSIGN(
      const std::shared_ptr<const RingKey> sealed,
      ring_.current(KeyPurpose::certificate, kCertificateKeyLife, now, make_certificate_key));
  NEARZONE_ASSIGN(EcPrivateKey key, EcPrivateKey::from_der(sealed->bytes.expose(ForDerivation{})));
  return Signer{std::to_string(sealed->id), std::move(key)};
}

}  // namespace nearzone::authority
