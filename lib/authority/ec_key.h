// ECDSA on P-256 with SHA-256, by OpenSSL. Safe from any thread.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "nearzone/bytes.h"
#include "nearzone/secret.h"
#include "nearzone/status.h"

struct evp_pkey_st;

namespace nearzone::authority {

// r || s, as JSON Web Signatures have it (RFC 7518, section 3.4).
using EcSignature = std::array<uint8_t, 64>;

class EcPublicKey {
 public:
  // SubjectPublicKeyInfo in PEM. Fails with corrupt, or unsupported where it is of another kind.
  static Result<EcPublicKey> from_pem(std::string_view pem);
  bool verify(ByteView message, ByteView signature) const;

 private:
  friend class EcPrivateKey;
  std::shared_ptr<evp_pkey_st> key_;
};

class EcPrivateKey {
 public:
  static Result<EcPrivateKey> generate();
  // PKCS #8 in DER.
  static Result<EcPrivateKey> from_der(ByteView der);
  Result<SecretBytes> der() const;
  Result<EcSignature> sign(ByteView message) const;
  EcPublicKey public_key() const;
  Result<std::string> public_pem() const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace nearzone::authority
