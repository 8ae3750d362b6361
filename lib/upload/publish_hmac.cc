#include <algorithm>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "nearzone/gaen.h"
#include "nearzone/upload.h"

namespace nearzone {

std::array<uint8_t, 32> publish_hmac(std::span<const PublishedKey> keys, ByteView hmac_key,
                                     PublishHmacForm form) {
  std::vector<std::string> parts;
  size_t size = 0;
  for (const PublishedKey& key : keys) {
    const uint32_t start = Interval::of(key.valid_from).number;
    std::string part = to_base64(std::span(key.bytes).first(gaen::TemporaryExposureKey::kSize));
    part += '.' + std::to_string(start);
    part += '.' + std::to_string(Interval::of(key.valid_to).number - start);
    if (form == PublishHmacForm::with_risk)
      part += '.' + std::to_string(key.transmission_risk_level);
    size += part.size() + 1;
    parts.push_back(std::move(part));
  }
  // Base64 has the same length for every key, and dots sort before its digits.
  std::ranges::sort(parts);
  std::string message;
  message.reserve(size);
  for (std::string& part : parts) {
    if (!message.empty()) message += ',';
    message += part;
    wipe(part.data(), part.size());
  }
  const Digest digest = hmac_sha256(hmac_key, as_bytes(message));
  wipe(message.data(), message.size());
  return digest;
}

}  // namespace nearzone
