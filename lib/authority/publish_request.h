// The body of POST /v1/publish, as far as its form goes. docs/authority.md
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/records.h"
#include "nearzone/status.h"

namespace nearzone::authority {

// A key as it was written; what it says may be impossible.
struct UploadedKey {
  std::string text;  // base64
  int64_t start = 0;
  int64_t period = 0;
  int64_t risk = 0;
};

struct PublishRequest {
  std::vector<UploadedKey> keys;
  std::string health_authority;
  std::string certificate;
  std::string hmac_key;  // base64
  std::optional<int64_t> symptom_onset;
  bool is_traveler = false;
  std::string revision_token;
};

// Names of members count in any case of their letters, null counts as absent; an unknown or
// repeated member, or one of another type, is a fault. Fails with corrupt.
Result<PublishRequest> read_publish_request(std::string_view body);

// The HMAC that ties keys to a certificate: under the phone's key, of "key.start.period.risk" of
// each, in the order of their base64 texts as they were sent, joined by commas. The form without
// the risk is valid only where every risk is 0.
Hash keys_hmac(const std::vector<UploadedKey>& keys, ByteView hmac_key, bool with_risk);

}  // namespace nearzone::authority
