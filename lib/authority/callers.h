// Who calls: API keys with their roles, and budgets for those who guess. Safe from any thread.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "authority/budget.h"
#include "authority/services.h"
#include "net/http.h"

namespace nearzone::authority {

struct Caller {
  std::string name;
  const RealmSettings* realm = nullptr;
};

class Callers {
 public:
  explicit Callers(const Services& services);

  // Whose X-API-Key it is; nothing where there is none of this role. Fails where the store does.
  Result<std::optional<Caller>> identify(const net::HttpRequest& request, Role role);

  // How long the caller or the realm must not try; nothing where it may.
  std::optional<Millis> blocked_for(const net::HttpRequest& request, const RealmSettings& realm);
  void count_failure(const net::HttpRequest& request, const RealmSettings& realm);

 private:
  std::string prefix_of(const net::HttpRequest& request) const;

  const Services services_;
  Budget by_address_;
  std::map<std::string, std::unique_ptr<Budget>, std::less<>> by_realm_;
};

}  // namespace nearzone::authority
