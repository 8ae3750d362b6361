// OpenSSL 3 deprecates the plain SHA-256 calls, and they are several times faster than their heirs.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "baselines/bluezone_matcher.h"

#include <openssl/sha.h>

#include <boost/unordered/unordered_flat_set.hpp>
#include <string_view>

#include "nearzone/bytes.h"

namespace nearzone::bench {
namespace {

using Digest = std::array<uint8_t, 32>;

struct TakeEightBytes {
  using is_avalanching = void;
  size_t operator()(const Identifier& identifier) const {
    return load_le64(identifier.bytes.data());
  }
};

Digest hash(const Digest& key, std::string_view salt) {
  Digest digest;
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, key.data(), key.size());
  SHA256_Update(&state, salt.data(), salt.size());
  SHA256_Final(digest.data(), &state);
  return digest;
}

// The bytes of a sub-key that are broadcast.
Identifier picked(const Digest& key) {
  return {{key[0], key[4], key[8], key[12], key[16], key[18], key[20], key[22], key[24], key[26],
           key[28], key[30]}};
}

}  // namespace

FoundKeys match_bluezone(std::span<const PublishedKey> records, std::span<const Identifier> heard) {
  const boost::unordered_flat_set<Identifier, TakeEightBytes> log(heard.begin(), heard.end());
  FoundKeys found;
  for (const PublishedKey& record : records) {
    bool hit = false;
    Digest day_key = record.bytes;
    for (Instant day = record.valid_from; day < record.valid_to; day = day + Day::kLength) {
      Digest key = hash(day_key, "bluzonesubkey");
      for (uint32_t slot = 0; slot < record.identifiers_per_day; ++slot) {
        hit |= log.contains(picked(key));
        key = hash(key, {});
      }
      day_key = hash(day_key, {});
    }
    if (hit) found.push_back(record.bytes);
  }
  return sorted(std::move(found));
}

}  // namespace nearzone::bench
