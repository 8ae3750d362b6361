#include "authority/callers.h"

#include <utility>

#include "authority/codes.h"

namespace nearzone::authority {

Callers::Callers(const Services& services)
    : services_(services), by_address_(services.settings.budget.failures_an_hour, services.random) {
  for (const RealmSettings& realm : services.settings.realms)
    by_realm_[realm.name] = std::make_unique<Budget>(realm.failures_an_hour, services.random);
}

Result<std::optional<Caller>> Callers::identify(const net::HttpRequest& request, Role role) {
  const std::optional<Caller> nobody;
  const std::string_view text = net::find_header(request.headers, "X-API-Key");
  if (text.empty()) return nobody;
  const Hash hash = hash_token(text);
  std::optional<ApiKey> key;
  NEARZONE_TRY(services_.store.read([&](Reader& rows) -> Status {
    NEARZONE_ASSIGN(key, rows.find_api_key(hash));
    return {};
  }));
  if (!key || key->role != role || key->revoked_at) return nobody;
  const RealmSettings* realm = services_.settings.find_realm(key->realm);
  if (realm == nullptr) return nobody;
  return std::optional(Caller{key->name, realm});
}

std::string Callers::prefix_of(const net::HttpRequest& request) const {
  return address_prefix(client_of(request.peer,
                                  net::joined_headers(request.headers, "X-Forwarded-For"),
                                  services_.settings.server.trusted_proxies));
}

void Callers::Try::settle(bool has_failed) {
  if (std::exchange(is_settled_, true) || has_failed) return;
  callers_.by_address_.refund(prefix_, at_);
  callers_.by_realm_.at(realm_.name)->refund(realm_.name, at_);
}

Callers::Admission Callers::admit(const net::HttpRequest& request, const RealmSettings& realm) {
  const Instant now = services_.clock.now();
  std::string prefix = prefix_of(request);
  if (const auto wait = by_address_.charge(prefix, now)) return {nullptr, *wait};
  if (const auto wait = by_realm_.at(realm.name)->charge(realm.name, now)) {
    by_address_.refund(prefix, now);
    return {nullptr, *wait};
  }
  return {std::make_shared<Try>(*this, std::move(prefix), realm, now), Millis(0)};
}

}  // namespace nearzone::authority
