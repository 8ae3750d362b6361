#include "authority/publish_request.h"

#include <algorithm>

#include "authority/json.h"
#include "core/crypto.h"

namespace nearzone::authority {
namespace {

// As far as the interface goes; more keys than any server takes need not be read.
constexpr size_t kMostKeys = 1000;

const Status kMalformed(Code::corrupt, "not a publish request");

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return low;
}

bool take_text(const Json& value, std::string& text) {
  if (!value.is_text()) return false;
  text = value.text;
  return true;
}

bool take_number(const Json& value, int64_t& number) {
  constexpr int64_t kMost = INT32_MAX;
  if (!value.is_integer() || value.integer > kMost || value.integer < -kMost - 1) return false;
  number = value.integer;
  return true;
}

// Calls `take` with each member's name in lower case; null members are passed over.
template <typename Take>
bool take_members(const Json& object, Take take) {
  if (object.kind != Json::Kind::object) return false;
  std::vector<std::string> seen;
  for (size_t i = 0; i < object.names.size(); ++i) {
    const std::string& name = object.names[i];
    const Json& value = object.items[i];
    seen.push_back(lower(name));
    if (std::ranges::count(seen, seen.back()) > 1) return false;
    if (!take(seen.back(), value.kind == Json::Kind::null ? nullptr : &value)) return false;
  }
  return true;
}

bool take_key(const Json& object, UploadedKey& key) {
  return take_members(object, [&](const std::string& name, const Json* value) {
    if (name == "key") return value == nullptr || take_text(*value, key.text);
    if (name == "rollingstartnumber") return value == nullptr || take_number(*value, key.start);
    if (name == "rollingperiod") return value == nullptr || take_number(*value, key.period);
    if (name == "transmissionrisk") return value == nullptr || take_number(*value, key.risk);
    return false;
  });
}

bool take_keys(const Json& array, std::vector<UploadedKey>& keys) {
  if (array.kind != Json::Kind::array || array.items.size() > kMostKeys) return false;
  for (const Json& item : array.items)
    if (!take_key(item, keys.emplace_back())) return false;
  return true;
}

bool take_request(const Json& root, PublishRequest& request) {
  std::string passed_over;
  return take_members(root, [&](const std::string& name, const Json* value) {
    if (name == "temporaryexposurekeys") return value == nullptr || take_keys(*value, request.keys);
    if (name == "healthauthorityid")
      return value == nullptr || take_text(*value, request.health_authority);
    if (name == "verificationpayload")
      return value == nullptr || take_text(*value, request.certificate);
    if (name == "hmackey") return value == nullptr || take_text(*value, request.hmac_key);
    if (name == "symptomonsetinterval")
      return value == nullptr || take_number(*value, request.symptom_onset.emplace());
    if (name == "traveler") {
      if (value != nullptr) request.is_traveler = value->boolean;
      return value == nullptr || value->kind == Json::Kind::boolean;
    }
    if (name == "revisiontoken")
      return value == nullptr || take_text(*value, request.revision_token);
    if (name == "padding") return value == nullptr || take_text(*value, passed_over);
    return false;
  });
}

}  // namespace

Result<PublishRequest> read_publish_request(std::string_view body) {
  NEARZONE_ASSIGN(const Json root, Json::parse(body));
  PublishRequest request;
  if (!take_request(root, request)) return kMalformed;
  return request;
}

Hash keys_hmac(const std::vector<UploadedKey>& keys, ByteView hmac_key, bool with_risk) {
  std::vector<const UploadedKey*> sorted;
  sorted.reserve(keys.size());
  for (const UploadedKey& key : keys) sorted.push_back(&key);
  std::ranges::stable_sort(sorted, {}, &UploadedKey::text);
  std::string message;
  for (const UploadedKey* key : sorted) {
    if (!message.empty()) message += ',';
    message += key->text + '.' + std::to_string(key->start) + '.' + std::to_string(key->period);
    if (with_risk) message += '.' + std::to_string(key->risk);
  }
  const Hash hash = hmac_sha256(hmac_key, as_bytes(message));
  wipe(message.data(), message.size());
  return hash;
}

}  // namespace nearzone::authority
