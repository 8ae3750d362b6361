#include "authority/budget.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/crypto.h"

namespace nearzone::authority {
namespace {

// ::ffff:a.b.c.d is IPv4.
constexpr std::array<uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

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

// Both kinds as one.
std::optional<std::array<uint8_t, 16>> address_bytes(std::string_view address) {
  const std::string text(address);
  std::array<uint8_t, 16> bytes{};
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  std::ranges::copy(kMapped, bytes.begin());
  if (::inet_pton(AF_INET, text.c_str(), &bytes[kMapped.size()]) == 1) return bytes;
  return {};
}

}  // namespace

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  const size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const auto bytes = address_bytes(address);
  if (!bytes) return {};
  AddressRange range;
  range.bytes_ = *bytes;
  if (slash == text.npos) return range;
  const size_t most = address.find(':') == address.npos ? 32 : 128;
  const std::string_view digits = text.substr(slash + 1);
  size_t bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size() || bits > most) return {};
  range.bits_ = 128 - most + bits;
  return range;
}

bool AddressRange::holds(std::string_view address) const {
  const auto bytes = address_bytes(address);
  if (!bytes) return false;
  for (size_t i = 0; i < bytes_.size(); ++i) {
    const size_t counted = bits_ > 8 * i ? std::min<size_t>(8, bits_ - 8 * i) : 0;
    const int mask = 0xff00 >> counted & 0xff;
    if ((((*bytes)[i] ^ bytes_[i]) & mask) != 0) return false;
  }
  return true;
}

std::string address_prefix(std::string_view address) {
  std::string text(address);
  std::array<uint8_t, 16> bytes{};
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
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
    return std::ranges::any_of(trusted_proxies, [&](const std::string& proxy) {
      const auto range = AddressRange::parse(proxy);
      return range && range->holds(address);
    });
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

std::optional<Millis> Budget::charge(std::string_view name, Instant now) {
  const std::lock_guard lock(mutex_);
  if (counts_.size() >= kMostNames)
    std::erase_if(counts_, [&](const auto& entry) { return entry.second.since + kWindow <= now; });
  const uint64_t hashed = hash(name);
  const auto found = counts_.find(hashed);
  if (found == counts_.end()) {
    // With a million prefixes at it, the realm's budget is what stops them.
    if (counts_.size() < kMostNames) counts_[hashed] = {now, 1};
    return {};
  }
  Count& count = found->second;
  const Instant end = count.since + kWindow;
  // A window that begins later than now was counted by another clock.
  if (end <= now || count.since > now) count = {now, 0};
  if (count.failures >= most_) return end - now;
  ++count.failures;
  return {};
}

void Budget::refund(std::string_view name, Instant charged_at) {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(hash(name));
  // A later window does not know of it.
  if (found == counts_.end() || found->second.since > charged_at) return;
  if (--found->second.failures == 0) counts_.erase(found);
}

}  // namespace nearzone::authority
