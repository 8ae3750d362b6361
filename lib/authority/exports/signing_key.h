// A private key that lists are signed with.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/lists.h"
#include "nearzone/secret.h"
#include "nearzone/status.h"

struct evp_pkey_st;

namespace nearzone::authority {

class SigningKey {
 public:
  static Result<SigningKey> generate(PublicKey::Algorithm algorithm);
  // Ed25519 or P-256, PKCS #8 PEM without a password. Fails with invalid_argument where anybody
  // but its owner may read the file, or it is something else; with io where it cannot be read.
  static Result<SigningKey> read(const std::string& path);

  PublicKey::Algorithm algorithm() const;
  Result<Secret<32>> ed25519_seed() const;
  // ECDSA with SHA-256, X9.62 DER. Only of a P-256 key.
  Result<std::vector<uint8_t>> sign_p256(ByteView message) const;

  // PKCS #8 PEM.
  Result<SecretBytes> private_pem() const;
  // SubjectPublicKeyInfo in PEM.
  Result<std::string> public_pem() const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  std::unique_ptr<evp_pkey_st, Free> key_;
};

}  // namespace nearzone::authority
