// How often callers may be wrong. A wrong code cannot be tied to the code it was meant for, so what
// is counted is who guesses: an address prefix, and a realm as a whole. Safe from any thread.
#pragma once

#include <array>
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

// An IP address, or all that begin with the same bits: "10.0.0.0/8", "2001:db8::/32".
class AddressRange {
 public:
  static std::optional<AddressRange> parse(std::string_view text);
  // False for a text that is no address.
  bool holds(std::string_view address) const;

 private:
  std::array<uint8_t, 16> bytes_{};  // IPv4 as ::ffff:a.b.c.d
  size_t bits_ = 128;
};

// Who a request comes from: `peer`, or where that is a trusted proxy, the last entry of
// X-Forwarded-For that is not. Of proxies that are no ranges none is trusted.
std::string client_of(std::string_view peer, std::string_view forwarded_for,
                      const std::vector<std::string>& trusted_proxies);

class Budget {
 public:
  static constexpr Millis kWindow = std::chrono::hours(1);

  // Names are kept hashed under a key that lives as long as this object.
  Budget(uint64_t most, Random& random) : most_(most), key_(Secret<32>::random(random)) {}

  // Counts a failure before it is known to be one, so that no more can be under way than may fail.
  // Gives how long until `name` may try again where it may not, and counts nothing.
  std::optional<Millis> charge(std::string_view name, Instant now);
  // It was none: takes back what was charged at `charged_at`.
  void refund(std::string_view name, Instant charged_at);

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
