#include "core/crypto.h"

#include <sodium.h>

#include <cstdlib>

namespace nearzone {

void initialise_crypto() {
  // sodium_init fails only where the system has no source of randomness; nothing sound can follow.
  static const bool ready = sodium_init() >= 0;
  if (!ready) std::abort();
}

void wipe(void* memory, size_t size) {
  if (size != 0) sodium_memzero(memory, size);
}

Digest sha256(ByteView message) {
  Digest digest;
  crypto_hash_sha256(digest.data(), message.data(), message.size());
  return digest;
}

struct Sha256Stream::State {
  crypto_hash_sha256_state sodium;
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  crypto_hash_sha256_init(&state_->sodium);
}
Sha256Stream::~Sha256Stream() {
  if (state_) wipe(state_.get(), sizeof(State));
}
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(ByteView piece) {
  crypto_hash_sha256_update(&state_->sodium, piece.data(), piece.size());
}

Digest Sha256Stream::finish() {
  Digest digest;
  crypto_hash_sha256_final(&state_->sodium, digest.data());
  crypto_hash_sha256_init(&state_->sodium);
  return digest;
}

Digest hmac_sha256(ByteView key, ByteView message) {
  Digest tag;
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  crypto_auth_hmacsha256_update(&state, message.data(), message.size());
  crypto_auth_hmacsha256_final(&state, tag.data());
  wipe(&state, sizeof(state));
  return tag;
}

std::vector<uint8_t> seal(const Secret<32>& key, ByteView plain, ByteView associated,
                          Random& random) {
  constexpr size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  static_assert(kNonce + crypto_aead_xchacha20poly1305_ietf_ABYTES == kSealOverhead);
  initialise_crypto();
  std::vector<uint8_t> sealed(plain.size() + kSealOverhead);
  random.fill({sealed.data(), kNonce});
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      sealed.data() + kNonce, nullptr, plain.data(), plain.size(), associated.data(),
      associated.size(), nullptr, sealed.data(), key.expose(ForSealing{}).data());
  return sealed;
}

Result<SecretBytes> open_sealed(const Secret<32>& key, ByteView sealed, ByteView associated) {
  constexpr size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  if (sealed.size() < kSealOverhead) return Status(Code::corrupt, "sealed bytes are too short");
  initialise_crypto();
  SecretBytes plain(sealed.size() - kSealOverhead);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          plain.replace().data(), nullptr, nullptr, sealed.data() + kNonce, sealed.size() - kNonce,
          associated.data(), associated.size(), sealed.data(),
          key.expose(ForSealing{}).data()) != 0)
    return Status(Code::corrupt, "sealed bytes do not authenticate");
  return plain;
}

Secret<32> derive_key(const Secret<32>& root, std::string_view purpose) {
  Secret<32> derived;
  auto key = root.expose(ForDerivation{});
  crypto_generichash(derived.replace().data(), 32, as_bytes(purpose).data(), purpose.size(),
                     key.data(), key.size());
  return derived;
}

uint64_t short_hash(const Secret<32>& key, ByteView message) {
  static_assert(crypto_shorthash_KEYBYTES == 16 && crypto_shorthash_BYTES == 8);
  uint8_t hash[crypto_shorthash_BYTES];
  crypto_shorthash(hash, message.data(), message.size(), key.expose(ForDerivation{}).data());
  return load_le64(hash);
}

namespace {

// libsodium's secret key is seed || public key.
struct Ed25519KeyPair {
  explicit Ed25519KeyPair(const Secret<32>& seed) {
    crypto_sign_seed_keypair(public_key.data(), secret.replace().data(),
                             seed.expose(ForDerivation{}).data());
  }
  Ed25519PublicKey public_key;
  Secret<crypto_sign_SECRETKEYBYTES> secret;
};

}  // namespace

Ed25519PublicKey ed25519_public_key(const Secret<32>& seed) {
  return Ed25519KeyPair(seed).public_key;
}

Ed25519Signature ed25519_sign(const Secret<32>& seed, ByteView message) {
  Ed25519KeyPair pair(seed);
  Ed25519Signature signature;
  crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                       pair.secret.expose(ForDerivation{}).data());
  return signature;
}

bool ed25519_verify(const Ed25519PublicKey& key, ByteView message, ByteView signature) {
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                     key.data()) == 0;
}

}  // namespace nearzone
