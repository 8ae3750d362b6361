// What a phone keeps to state its keys anew later: which keys they were, sealed so that only this
// server can read it, and of one length for any number of keys. docs/formats/revision-token.md
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/key_ring.h"
#include "authority/settings.h"

namespace nearzone::authority {

inline constexpr size_t kMostKeysOfAToken = 30;
// Of every token, as text.
inline constexpr size_t kRevisionTokenBytes = 920;

struct RevisableKey {
  std::array<uint8_t, 16> bytes{};
  uint32_t start = 0;   // ten-minute interval
  uint32_t period = 0;  // 1..144
  bool operator==(const RevisableKey&) const = default;
};

// Of at most 30 keys. Tokens that are replaced by one of more keys lose the oldest.
Result<std::string> make_revision_token(const std::vector<RevisableKey>& keys, KeyRing& ring,
                                        const PublishSettings& settings, Instant now,
                                        Random& random);

// Nothing where it is not one of this server's, or too old. Fails only where the store does.
Result<std::optional<std::vector<RevisableKey>>> open_revision_token(
    std::string_view token, KeyRing& ring, const PublishSettings& settings, Instant now);

}  // namespace nearzone::authority
