#include "authority/budget.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "core/crypto.h"

namespace nearzone::authority {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Some proxies add the port from which they were reached: "192.0.2.1:5000", "[2001:db8::1]:5000".
std::string_view without_port(std::string_view address) {
  if (address.starts_with('[')) {
    const size_t end = address.find(']');
    return end == address.npos ? address : address.substr(1, end - 1);
  }
  const size_t colon = address.find(':');
  const bool is_ipv6 = colon != address.npos && address.find(':', colon + 1) != address.npos;
  return is_ipv6 ? address : address.substr(0, colon);
}

}  // namespace

std::string address_prefix(std::string_view address) {
  std::string text(address);
  std::array<uint8_t, 16> bytes{};
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  // ::ffff:a.b.c.d is IPv4.
  constexpr std::array<uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) {
    char plain[INET_ADDRSTRLEN] = {};
    ::inet_ntop(AF_INET, &bytes[12], plain, sizeof(plain));
    return plain;
  }
  return to_hex(ByteView(bytes).first(8)) + "/64";
}

std::string client_of(std::string_view peer, std::string_view forwarded_for,
                      const std::vector<std::string>& trusted_proxies) {
  const auto is_trusted = [&](std::string_view address) {
    return std::ranges::find(trusted_proxies, address) != trusted_proxies.end();
  };
  std::string client(peer);
  while (is_trusted(client) && !forwarded_for.empty()) {
    const size_t comma = forwarded_for.rfind(',');
    const std::string_view last =
        trimmed(comma == forwarded_for.npos ? forwarded_for : forwarded_for.substr(comma + 1));
    if (last.empty()) break;
    client = without_port(last);
    forwarded_for = comma == forwarded_for.npos ? "" : forwarded_for.substr(0, comma);
  }
  return client;
}

uint64_t Budget::hash(std::string_view name) const { return short_hash(key_, as_bytes(name)); }

std::optional<Millis> Budget::blocked_for(std::string_view name, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(hash(name));
  if (found == counts_.end()) return {};
  const Instant end = found->second.since + kWindow;
  // A window that begins later than now was counted by another clock.
  if (end <= now || found->second.since > now) {
    counts_.erase(found);
    return {};
  }
  if (found->second.failures < most_) return {};
  return end - now;
}

void Budget::count_failure(std::string_view name, Instant now) {
  const std::lock_guard lock(mutex_);
  if (counts_.size() >= kMostNames)
    std::erase_if(counts_, [&](const auto& entry) { return entry.second.since + kWindow <= now; });
  // With a million prefixes at it, the realm's budget is what stops them.
  if (counts_.size() >= kMostNames) return;
  Count& count = counts_[hash(name)];
  if (count.failures == 0 || count.since + kWindow <= now) count = {now, 0};
  ++count.failures;
}

}  // namespace nearzone::authority
