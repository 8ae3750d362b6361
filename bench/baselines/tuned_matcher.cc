// OpenSSL 3 deprecates the plain SHA-256 calls, and they are several times faster than their heirs.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "baselines/tuned_matcher.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstring>
#include <memory>

#include "nearzone/bytes.h"
#include "nearzone/gaen.h"

namespace nearzone::bench {
namespace {

using Digest = std::array<uint8_t, 32>;

// Identifiers are uniform already.
struct TakeEightBytes {
  using is_avalanching = void;
  size_t operator()(const Identifier& identifier) const {
    return load_le64(identifier.bytes.data());
  }
};

SHA256_CTX after_padding(std::span<const uint8_t> key, uint8_t pad) {
  std::array<uint8_t, 64> block;
  block.fill(pad);
  for (size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, block.data(), block.size());
  return state;
}

Digest finish_hmac(SHA256_CTX inner, SHA256_CTX outer, std::span<const uint8_t> message) {
  Digest digest;
  SHA256_Update(&inner, message.data(), message.size());
  SHA256_Final(digest.data(), &inner);
  SHA256_Update(&outer, digest.data(), digest.size());
  SHA256_Final(digest.data(), &outer);
  return digest;
}

// AES-128-ECB fetched once: with the cipher named again, a new key would cost four times as much.
class Cipher {
 public:
  Cipher() : context_(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free) {
    EVP_EncryptInit_ex2(context_.get(), EVP_aes_128_ecb(), nullptr, nullptr, nullptr);
    EVP_CIPHER_CTX_set_padding(context_.get(), 0);
  }

  void encrypt(const uint8_t* key, const uint8_t* in, uint8_t* out, int size) {
    int written = 0;
    EVP_EncryptInit_ex2(context_.get(), nullptr, key, nullptr, nullptr);
    EVP_EncryptUpdate(context_.get(), out, &written, in, size);
  }

 private:
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context_;
};

}  // namespace

FoundKeys match_tuned(std::span<const PublishedKey> keys, std::span<const Identifier> heard) {
  const boost::unordered_flat_set<Identifier, TakeEightBytes> log(heard.begin(), heard.end());
  const SHA256_CTX salt_inner = after_padding({}, 0x36);
  const SHA256_CTX salt_outer = after_padding({}, 0x5c);
  static constexpr std::array<uint8_t, 8> kInfo = {'E', 'N', '-', 'R', 'P', 'I', 'K', 1};
  Cipher cipher;
  std::array<std::array<uint8_t, 16>, gaen::kIntervalsPerDay> padded{};
  for (auto& block : padded) std::memcpy(block.data(), "EN-RPI", 6);
  std::array<Identifier, gaen::kIntervalsPerDay> identifiers;
  FoundKeys found;
  for (const PublishedKey& key : keys) {
    const Digest secret = finish_hmac(salt_inner, salt_outer, std::span(key.bytes).first(16));
    const Digest derived =
        finish_hmac(after_padding(secret, 0x36), after_padding(secret, 0x5c), kInfo);
    const uint32_t start = Interval::of(key.valid_from).number;
    for (uint32_t i = 0; i < gaen::kIntervalsPerDay; ++i) store_le32(&padded[i][12], start + i);
    cipher.encrypt(derived.data(), padded[0].data(), identifiers[0].bytes.data(), sizeof(padded));
    bool hit = false;
    for (const Identifier& identifier : identifiers) hit |= log.contains(identifier);
    if (hit) found.push_back(key.bytes);
  }
  return sorted(std::move(found));
}

}  // namespace nearzone::bench
