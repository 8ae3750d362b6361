#include "signing.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <cerrno>

namespace nearzone::tools {

void SigningKey::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

Result<SigningKey> SigningKey::read(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    return Status(errno == ENOENT ? Code::not_found : Code::io, "the key cannot be read");
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return Status(Code::invalid_argument, "others may read this key; chmod it to 0600", "mode");
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (file == nullptr) return Status(Code::io, "the key cannot be read");
  SigningKey key;
  // An empty password, so that OpenSSL never asks on the terminal.
  char no_password[] = "";
  key.key_.reset(PEM_read_PrivateKey(file.get(), nullptr, nullptr, no_password));
  char group[64] = {};
  const bool known = key.key_ != nullptr &&
                     (key.is_ed25519() || (EVP_PKEY_get_group_name(key.key_.get(), group,
                                                                   sizeof(group), nullptr) == 1 &&
                                           std::string_view(group) == "prime256v1"));
  if (!known)
    return Status(Code::invalid_argument, "not an Ed25519 or P-256 private key in PEM", "key");
  return key;
}

bool SigningKey::is_ed25519() const { return EVP_PKEY_get_id(key_.get()) == EVP_PKEY_ED25519; }

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

}  // namespace nearzone::tools
