// How often callers may be wrong. A wrong code cannot be tied to the code it was meant for, so what
// is counted is who guesses: an address prefix, and a realm as a whole. Safe from any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nearzone/random.h"
#include "nearzone/secret.h"
#include "nearzone/time.h"

namespace nearzone::authority {

// Of IPv4 the whole address, of IPv6 its first 64 bits; the port is no part of it. A text that is
// no address stands for itself.
std::string address_prefix(std::string_view address);

// Who a request comes from: `peer`, or where that is a trusted proxy, the last entry of
// X-Forwarded-For that is not.
std::string client_of(std::string_view peer, std::string_view forwarded_for,
                      const std::vector<std::string>& trusted_proxies);

class Budget {
 public:
  static constexpr Millis kWindow = std::chrono::hours(1);

  // Names are kept hashed under a key that lives as long as this object.
  Budget(uint64_t most, Random& random) : most_(most), key_(Secret<32>::random(random)) {}

  // How long until `name` may try again; nothing where it may.
  std::optional<Millis> blocked_for(std::string_view name, Instant now);
  void count_failure(std::string_view name, Instant now);

 private:
  struct Count {
    Instant since;
    uint64_t failures = 0;
  };
  static constexpr size_t kMostNames = 1'000'000;
  uint64_t hash(std::string_view name) const;

  const uint64_t most_;
  const Secret<32> key_;
  std::mutex mutex_;
  std::unordered_map<uint64_t, Count> counts_;
};

}  // namespace nearzone::authority
