#include "baselines/textbook_matcher.h"

#include <openssl/core_names.h>
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

// HKDF as OpenSSL 3 teaches it, fetched once.
class Hkdf {
 public:
  Hkdf() : kdf_(EVP_KDF_fetch(nullptr, "HKDF", nullptr), EVP_KDF_free) {
    context_ = {EVP_KDF_CTX_new(kdf_.get()), EVP_KDF_CTX_free};
  }

  Block derive(std::span<const uint8_t, 16> key) {
    static char digest[] = "SHA256";
    static char info[] = "EN-RPIK";
    Block secret;
    std::memcpy(secret.data(), key.data(), secret.size());
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, 7),
        OSSL_PARAM_construct_end()};
    Block derived{};
    EVP_KDF_CTX_reset(context_.get());
    EVP_KDF_derive(context_.get(), derived.data(), derived.size(), parameters);
    return derived;
  }

 private:
  std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf_;
  std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context_{nullptr, EVP_KDF_CTX_free};
};

}  // namespace

FoundKeys match_textbook(std::span<const PublishedKey> keys, std::span<const Identifier> heard) {
  const std::unordered_set<Identifier, HashIdentifier> log(heard.begin(), heard.end());
  Hkdf hkdf;
  const std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> aes(
      EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr), EVP_CIPHER_free);
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher(EVP_CIPHER_CTX_new(),
                                                                               EVP_CIPHER_CTX_free);
  std::array<Block, gaen::kIntervalsPerDay> padded{};
  for (Block& block : padded) std::memcpy(block.data(), "EN-RPI", 6);
  std::array<Identifier, gaen::kIntervalsPerDay> identifiers;
  FoundKeys found;
  for (const PublishedKey& key : keys) {
    const Block identifier_key = hkdf.derive(std::span(key.bytes).first<16>());
    const uint32_t start = Interval::of(key.valid_from).number;
    for (uint32_t i = 0; i < gaen::kIntervalsPerDay; ++i) store_le32(&padded[i][12], start + i);
    EVP_EncryptInit_ex2(cipher.get(), aes.get(), identifier_key.data(), nullptr, nullptr);
    EVP_CIPHER_CTX_set_padding(cipher.get(), 0);
    int size = 0;
    EVP_EncryptUpdate(cipher.get(), identifiers[0].bytes.data(), &size, padded[0].data(),
                      static_cast<int>(sizeof(padded)));
    bool hit = false;
    for (const Identifier& identifier : identifiers) hit |= log.contains(identifier);
    if (hit) found.push_back(key.bytes);
  }
  return sorted(std::move(found));
}

}  // namespace nearzone::bench
