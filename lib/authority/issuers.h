// Who may certify a diagnosis: the realms of this server, and health authorities with a
// verification server of their own.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "authority/jwt.h"
#include "authority/key_ring.h"
#include "authority/settings.h"

namespace nearzone::authority {

// Safe from any thread.
class Issuers {
 public:
  Issuers(const Settings& settings, KeyRing& ring) : settings_(settings), ring_(ring) {}

  struct Issuer {
    std::string health_authority;  // as it is configured
    const RealmSettings* realm = nullptr;
    const TrustedIssuer* trusted = nullptr;
    const std::string& issuer() const { return realm ? realm->issuer : trusted->issuer; }
    const std::string& audience() const { return realm ? realm->audience : trusted->audience; }
    const std::vector<std::string>& regions() const {
      return realm ? realm->regions : trusted->regions;
    }
  };
  // By the app's id in any case of its letters.
  std::optional<Issuer> find(std::string_view health_authority) const;

  // Whether the issuer made this token, for `audience`, and it is valid at `now`. Fails only where
  // the store does.
  Result<bool> vouches(const Issuer& issuer, const Jwt& token, std::string_view audience,
                       Instant now);

  // The key that a realm's certificates are signed with now, and its id.
  struct Signer {
    std::string key_id;
    EcPrivateKey key;
  };
  Result<Signer> signer(Instant now);

 private:
  Result<std::optional<EcPublicKey>> own_key(std::string_view key_id);

  const Settings& settings_;
  KeyRing& ring_;
  std::mutex mutex_;
  std::map<uint64_t, EcPublicKey> own_keys_;
};

}  // namespace nearzone::authority
