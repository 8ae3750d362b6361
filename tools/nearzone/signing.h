// Private keys of list publishers, from PEM files.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/secret.h"
#include "nearzone/status.h"

struct evp_pkey_st;

namespace nearzone::tools {

class SigningKey {
 public:
  // Ed25519 or P-256, PKCS #8 PEM without a password. The file must be readable
  // by its owner only.
  static Result<SigningKey> read(const std::string& path);

  bool is_ed25519() const;
  Result<Secret<32>> ed25519_seed() const;
  // ECDSA with SHA-256, X9.62 DER.
  Result<std::vector<uint8_t>> sign_p256(ByteView message) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  std::unique_ptr<evp_pkey_st, Free> key_;
};

}  // namespace nearzone::tools
