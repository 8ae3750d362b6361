#include "baselines/textbook_matcher.h"

#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <array>
#include <cstring>
#include <memory>
#include <string_view>
#include <unordered_set>

#include "nearzone/bytes.h"
#include "nearzone/gaen.h"

namespace nearzone::bench {
namespace {

struct HashIdentifier {
  size_t operator()(const Identifier& identifier) const {
    return std::hash<std::string_view>()(
        {reinterpret_cast<const char*>(identifier.bytes.data()), identifier.bytes.size()});
  }
};

using Block = std::array<uint8_t, 16>;

Block derive_identifier_key(const PublishedKey& key) {
  Block derived{};
  size_t size = derived.size();
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr), EVP_PKEY_CTX_free);
  static constexpr unsigned char kInfo[] = "EN-RPIK";
  if (EVP_PKEY_derive_init(context.get()) <= 0 ||
      EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) <= 0 ||
      EVP_PKEY_CTX_set1_hkdf_key(context.get(), key.bytes.data(), 16) <= 0 ||
      EVP_PKEY_CTX_add1_hkdf_info(context.get(), kInfo, 7) <= 0 ||
      EVP_PKEY_derive(context.get(), derived.data(), &size) <= 0)
    return {};
  return derived;
}

}  // namespace

size_t match_textbook(std::span<const PublishedKey> keys, std::span<const Identifier> heard) {
  const std::unordered_set<Identifier, HashIdentifier> log(heard.begin(), heard.end());
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher(EVP_CIPHER_CTX_new(),
                                                                         EVP_CIPHER_CTX_free);
  size_t matched = 0;
  for (const PublishedKey& key : keys) {
    const Block identifier_key = derive_identifier_key(key);
    EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_ecb(), nullptr, identifier_key.data(), nullptr);
    EVP_CIPHER_CTX_set_padding(cipher.get(), 0);
    const uint32_t start = Interval::of(key.valid_from).number;
    bool hit = false;
    for (uint32_t i = 0; i < gaen::kIntervalsPerDay; ++i) {
      Block padded{'E', 'N', '-', 'R', 'P', 'I'};
      store_le32(&padded[12], start + i);
      Identifier identifier;
      int size = 0;
      EVP_EncryptUpdate(cipher.get(), identifier.bytes.data(), &size, padded.data(), 16);
      hit |= log.contains(identifier);
    }
    matched += hit ? 1 : 0;
  }
  return matched;
}

}  // namespace nearzone::bench
