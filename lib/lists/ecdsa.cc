#include "lists/ecdsa.h"

// mbedTLS 3 calls the members below private, and has no function in their place that 2.28 has, too.
#define MBEDTLS_ALLOW_PRIVATE_ACCESS
#include <mbedtls/ecdsa.h>

namespace nearzone {
namespace {

// mbedTLS's own record of a public key, freed when it goes.
class Verifier {
 public:
  Verifier() { mbedtls_ecdsa_init(&context_); }
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;
  ~Verifier() { mbedtls_ecdsa_free(&context_); }

  bool load(const P256Point& point) {
    return mbedtls_ecp_group_load(&context_.grp, MBEDTLS_ECP_DP_SECP256R1) == 0 &&
           mbedtls_ecp_point_read_binary(&context_.grp, &context_.Q, point.data(), point.size()) ==
               0 &&
           mbedtls_ecp_check_pubkey(&context_.grp, &context_.Q) == 0;
  }
  int verify(ByteView digest, ByteView signature) {
    return mbedtls_ecdsa_read_signature(&context_, digest.data(), digest.size(), signature.data(),
                                        signature.size());
  }

 private:
  mbedtls_ecdsa_context context_;
};

}  // namespace

bool p256_is_on_curve(const P256Point& point) { return Verifier().load(point); }

EcdsaOutcome p256_verify(const P256Point& key, ByteView digest, ByteView signature) {
  Verifier verifier;
  if (!verifier.load(key)) return EcdsaOutcome::refused;
  // A longest DER signature of this curve has 72 bytes and begins as a sequence.
  if (signature.empty() || signature.size() > 72 || signature[0] != 0x30)
    return EcdsaOutcome::not_der;
  switch (verifier.verify(digest, signature)) {
    case 0: return EcdsaOutcome::verified;
    case MBEDTLS_ERR_ECP_VERIFY_FAILED: return EcdsaOutcome::refused;
    default: return EcdsaOutcome::not_der;
  }
}

}  // namespace nearzone
