#include "authority/ec_key.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace nearzone::authority {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
  void operator()(PKCS8_PRIV_KEY_INFO* info) const { PKCS8_PRIV_KEY_INFO_free(info); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

constexpr size_t kHalf = 32;

bool is_p256(EVP_PKEY* key) {
  char group[64] = {};
  return EVP_PKEY_get_group_name(key, group, sizeof(group), nullptr) == 1 &&
         std::string_view(group) == "prime256v1";
}

std::shared_ptr<EVP_PKEY> owned(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

const Status kFailed(Code::internal, "OpenSSL failed");

}  // namespace

Result<EcPublicKey> EcPublicKey::from_pem(std::string_view pem) {
  const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EcPublicKey key;
  if (EVP_PKEY* read = PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr))
    key.key_ = owned(read);
  if (key.key_ == nullptr) return Status(Code::corrupt, "not a public key in PEM");
  if (!is_p256(key.key_.get())) return Status(Code::unsupported, "not a key on P-256");
  return key;
}

bool EcPublicKey::verify(ByteView message, ByteView signature) const {
  if (signature.size() != 2 * kHalf) return false;
  const Owned<ECDSA_SIG> parts(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(signature.data(), kHalf, nullptr);
  BIGNUM* s = BN_bin2bn(signature.data() + kHalf, kHalf, nullptr);
  if (parts == nullptr || ECDSA_SIG_set0(parts.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return false;
  }
  std::array<uint8_t, 80> der{};
  uint8_t* end = der.data();
  const int size = i2d_ECDSA_SIG(parts.get(), &end);
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  return size > 0 &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), der.data(), static_cast<size_t>(size), message.data(),
                          message.size()) == 1;
}

Result<EcPrivateKey> EcPrivateKey::generate() {
  EVP_PKEY* made = EVP_EC_gen("prime256v1");
  if (made == nullptr) return kFailed;
  EcPrivateKey key;
  key.key_ = owned(made);
  return key;
}

Result<EcPrivateKey> EcPrivateKey::from_der(ByteView der) {
  const uint8_t* at = der.data();
  const Owned<PKCS8_PRIV_KEY_INFO> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  EcPrivateKey key;
  if (info != nullptr)
    if (EVP_PKEY* read = EVP_PKCS82PKEY(info.get())) key.key_ = owned(read);
  if (key.key_ == nullptr || !is_p256(key.key_.get()))
    return Status(Code::corrupt, "not a private key on P-256");
  return key;
}

Result<SecretBytes> EcPrivateKey::der() const {
  const Owned<PKCS8_PRIV_KEY_INFO> info(EVP_PKEY2PKCS8(key_.get()));
  const int size = info == nullptr ? 0 : i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr);
  if (size <= 0) return kFailed;
  SecretBytes bytes(static_cast<size_t>(size));
  uint8_t* at = bytes.replace().data();
  if (i2d_PKCS8_PRIV_KEY_INFO(info.get(), &at) != size) return kFailed;
  return bytes;
}

Result<EcSignature> EcPrivateKey::sign(ByteView message) const {
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  std::array<uint8_t, 80> der{};
  size_t size = der.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) != 1)
    return kFailed;
  const uint8_t* at = der.data();
  const Owned<ECDSA_SIG> parts(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  EcSignature signature{};
  if (parts == nullptr ||
      BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), signature.data(), kHalf) != kHalf ||
      BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), signature.data() + kHalf, kHalf) != kHalf)
    return kFailed;
  return signature;
}

EcPublicKey EcPrivateKey::public_key() const {
  EcPublicKey key;
  key.key_ = key_;
  return key;
}

Result<std::string> EcPrivateKey::public_pem() const {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PUBKEY(bio.get(), key_.get()) != 1) return kFailed;
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<size_t>(size));
}

}  // namespace nearzone::authority
