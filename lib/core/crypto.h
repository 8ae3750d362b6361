// The cryptography that is not a scheme's own: thin wrappers of libsodium, the only place that may
// include it. All functions are safe from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/random.h"
#include "nearzone/secret.h"
#include "nearzone/status.h"

namespace nearzone {

// Idempotent; every wrapper that needs it calls it.
void initialise_crypto();

using Digest = std::array<uint8_t, 32>;

Digest sha256(ByteView message);

// SHA-256 of a message that arrives in pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  void update(ByteView piece);
  // Ends the message; the stream then starts a new one.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest hmac_sha256(ByteView key, ByteView message);

// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha, as in libsodium) with a random 24-byte nonce in
// front. Sealed text: nonce(24) || ciphertext || tag(16).
inline constexpr size_t kSealOverhead = 24 + 16;
std::vector<uint8_t> seal(const Secret<32>& key, ByteView plain, ByteView associated,
                          Random& random);
// Fails with Code::corrupt where key, associated data or a single bit differ: an AEAD cannot tell
// which. Callers that can, turn it into wrong_key.
Result<SecretBytes> open_sealed(const Secret<32>& key, ByteView sealed, ByteView associated);

// A 32-byte key for one purpose from a root key: keyed BLAKE2b-256 of the purpose's name.
Secret<32> derive_key(const Secret<32>& root, std::string_view purpose);

// SipHash-2-4 under the first 16 bytes of a key: tells messages apart to whoever has it, fast.
uint64_t short_hash(const Secret<32>& key, ByteView message);

// Ed25519 (RFC 8032).
using Ed25519PublicKey = std::array<uint8_t, 32>;
using Ed25519Signature = std::array<uint8_t, 64>;
Ed25519PublicKey ed25519_public_key(const Secret<32>& seed);
Ed25519Signature ed25519_sign(const Secret<32>& seed, ByteView message);
bool ed25519_verify(const Ed25519PublicKey& key, ByteView message, ByteView signature);

}  // namespace nearzone
