// Who calls: API keys with their roles, and budgets for those who guess. Safe from any thread.
#pragma once

#include <map>
#include <memory>
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

  // A try of a code that somebody may have guessed. It counts as a failure of the caller and of the
  // realm from the beginning until it is settled otherwise; one that dies before was none.
  class Try {
   public:
    Try(Callers& callers, std::string prefix, const RealmSettings& realm, Instant at)
        : callers_(callers), prefix_(std::move(prefix)), realm_(realm), at_(at) {}
    Try(const Try&) = delete;
    Try& operator=(const Try&) = delete;
    ~Try() { settle(false); }
    // Before it is answered: the next try of the same caller finds it counted or not.
    void settle(bool has_failed);

   private:
    Callers& callers_;
    const std::string prefix_;
    const RealmSettings& realm_;
    const Instant at_;
    bool is_settled_ = false;
  };
  // Exactly one of both: the try, or how long the caller or the realm must not try.
  struct Admission {
    std::shared_ptr<Try> granted;
    Millis wait{0};
  };
  Admission admit(const net::HttpRequest& request, const RealmSettings& realm);

 private:
  std::string prefix_of(const net::HttpRequest& request) const;

  const Services services_;
  Budget by_address_;
  std::map<std::string, std::unique_ptr<Budget>, std::less<>> by_realm_;
};

}  // namespace nearzone::authority
