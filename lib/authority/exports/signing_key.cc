#include "authority/exports/signing_key.h"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>

namespace nearzone::authority {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

// Memory that is wiped when it is freed.
Bio secret_memory() { return Bio(BIO_new(BIO_s_secmem())); }

ByteView content_of(const Bio& bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {reinterpret_cast<const uint8_t*>(bytes), static_cast<size_t>(size)};
}

const Status kUnwritable(Code::internal, "the key cannot be written as text");

bool is_p256(evp_pkey_st* key) {
  char group[64] = {};
  return EVP_PKEY_get_group_name(key, group, sizeof(group), nullptr) == 1 &&
         std::string_view(group) == "prime256v1";
}

}  // namespace

void SigningKey::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

Result<SigningKey> SigningKey::generate(PublicKey::Algorithm algorithm) {
  SigningKey key;
  key.key_.reset(algorithm == PublicKey::Algorithm::ed25519
                     ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                     : EVP_EC_gen("P-256"));
  if (key.key_ == nullptr) return Status(Code::internal, "no key can be generated");
  return key;
}

Result<SigningKey> SigningKey::read(const std::string& path) {
  // Asked of the opened file: a name may come to mean another one in between.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Status(Code::io, "the key cannot be read");
  const std::unique_ptr<FILE, int (*)(FILE*)> file(::fdopen(descriptor, "rb"), std::fclose);
  struct stat found {};
  if (file == nullptr || ::fstat(descriptor, &found) != 0)
    return Status(Code::io, "the key cannot be read");
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return Status(Code::invalid_argument, "others may read this key; chmod it to 0600", "mode");
  SigningKey key;
  // An empty password, so that OpenSSL never asks on the terminal.
  char no_password[] = "";
  key.key_.reset(PEM_read_PrivateKey(file.get(), nullptr, nullptr, no_password));
  if (key.key_ == nullptr ||
      (EVP_PKEY_get_id(key.key_.get()) != EVP_PKEY_ED25519 && !is_p256(key.key_.get())))
    return Status(Code::invalid_argument, "not an Ed25519 or P-256 private key in PEM", "key");
  return key;
}

PublicKey::Algorithm SigningKey::algorithm() const {
  return EVP_PKEY_get_id(key_.get()) == EVP_PKEY_ED25519 ? PublicKey::Algorithm::ed25519
                                                         : PublicKey::Algorithm::ecdsa_p256;
}

Result<Secret<32>> SigningKey::ed25519_seed() const {
  Secret<32> seed;
  size_t size = Secret<32>::kSize;
  if (EVP_PKEY_get_raw_private_key(key_.get(), seed.replace().data(), &size) != 1 || size != 32)
    return Status(Code::internal, "the key does not give its seed");
  return seed;
}

Result<std::vector<uint8_t>> SigningKey::sign_p256(ByteView message) const {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  std::vector<uint8_t> signature(80);
  size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1)
    return Status(Code::internal, "the list could not be signed");
  signature.resize(size);
  return signature;
}

Result<SecretBytes> SigningKey::private_pem() const {
  const Bio bio = secret_memory();
  if (bio == nullptr || PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0,
                                                      nullptr, nullptr) != 1)
    return kUnwritable;
  return SecretBytes(content_of(bio));
}

Result<std::string> SigningKey::public_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || PEM_write_bio_PUBKEY(bio.get(), key_.get()) != 1) return kUnwritable;
  const ByteView text = content_of(bio);
  return std::string(text.begin(), text.end());
}

}  // namespace nearzone::authority
