#include "authority/callers.h"

#include <algorithm>

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
                                  net::find_header(request.headers, "X-Forwarded-For"),
                                  services_.settings.server.trusted_proxies));
}

std::optional<Millis> Callers::blocked_for(const net::HttpRequest& request,
                                           const RealmSettings& realm) {
  const Instant now = services_.clock.now();
  const std::optional<Millis> address = by_address_.blocked_for(prefix_of(request), now);
  const std::optional<Millis> all = by_realm_.at(realm.name)->blocked_for(realm.name, now);
  return std::max(address, all);
}

void Callers::count_failure(const net::HttpRequest& request, const RealmSettings& realm) {
  const Instant now = services_.clock.now();
  by_address_.count_failure(prefix_of(request), now);
  by_realm_.at(realm.name)->count_failure(realm.name, now);
}

}  // namespace nearzone::authority
