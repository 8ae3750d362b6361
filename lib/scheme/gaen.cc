#include "nearzone/gaen.h"

#include <algorithm>
#include <cstring>

#include "kernel/kernel.h"
#include "nearzone/bytes.h"
#include "scheme/gaen_derivation.h"

namespace nearzone::gaen {
namespace {

constexpr size_t kLanes = kDerivationLanes;
using State = uint32_t[8];
using Block = uint8_t[64];

void start(State& state) { std::copy_n(kernel::kSha256Initial, 8, state); }

// Ends a block that follows one block of HMAC padding: `size` message bytes are in place.
void finish_hmac_block(Block& block, size_t size) {
  block[size] = 0x80;
  std::memset(block + size + 1, 0, 64 - size - 1);
  store_be32(block + 60, static_cast<uint32_t>((64 + size) * 8));
}

void store_digest(const State& state, uint8_t* out) {
  for (size_t word = 0; word < 8; ++word) store_be32(out + 4 * word, state[word]);
}

// SHA-256 states after the padding blocks of HMAC under HKDF's absent salt, 32 zero bytes.
struct ZeroSalt {
  ZeroSalt() {
    Block blocks[2];
    std::memset(blocks[0], 0x36, 64);
    std::memset(blocks[1], 0x5c, 64);
    start(states[0]);
    start(states[1]);
    kernel::active().sha256_compress(states, blocks, 2);
  }
  State states[2];
};

struct Lanes {
  ~Lanes() { wipe(this, sizeof(*this)); }

  void compress(size_t count) { kernel::active().sha256_compress(state, block, count); }

  // The HMAC's outer hash: states after its padding block, the inner digests as message.
  void finish_outer(const State* after_padding, size_t stride, size_t count) {
    for (size_t lane = 0; lane < count; ++lane) {
      store_digest(state[lane], block[lane]);
      finish_hmac_block(block[lane], 32);
      std::copy_n(after_padding[lane * stride], 8, state[lane]);
    }
    compress(count);
  }

  State state[kLanes];
  State inner[kLanes];
  State outer[kLanes];
  Block block[kLanes];
};

}  // namespace

void derive_keys(const uint8_t* const* keys, size_t count, const char (&info)[8],
                 uint8_t (*derived)[16]) {
  static const ZeroSalt zero_salt;
  Lanes lanes;
  // Extract: PRK = HMAC(zero salt, key); two compressions, the padding blocks being known.
  for (size_t lane = 0; lane < count; ++lane) {
    std::memcpy(lanes.block[lane], keys[lane], 16);
    finish_hmac_block(lanes.block[lane], 16);
    std::copy_n(zero_salt.states[0], 8, lanes.state[lane]);
  }
  lanes.compress(count);
  lanes.finish_outer(&zero_salt.states[1], 0, count);

  // Expand: HMAC(PRK, info || 0x01), its two padding blocks first.
  for (uint8_t pad : {uint8_t{0x36}, uint8_t{0x5c}}) {
    State(&to)[kLanes] = pad == 0x36 ? lanes.inner : lanes.outer;
    uint8_t prk[32];
    for (size_t lane = 0; lane < count; ++lane) {
      store_digest(lanes.state[lane], prk);
      for (size_t i = 0; i < 32; ++i) lanes.block[lane][i] = prk[i] ^ pad;
      std::memset(lanes.block[lane] + 32, pad, 32);
      start(to[lane]);
    }
    wipe(prk, sizeof(prk));
    kernel::active().sha256_compress(to, lanes.block, count);
  }
  for (size_t lane = 0; lane < count; ++lane) {
    std::memcpy(lanes.block[lane], info, 7);
    lanes.block[lane][7] = 1;
    finish_hmac_block(lanes.block[lane], 8);
    std::copy_n(lanes.inner[lane], 8, lanes.state[lane]);
  }
  lanes.compress(count);
  lanes.finish_outer(lanes.outer, 1, count);
  for (size_t lane = 0; lane < count; ++lane)
    for (size_t word = 0; word < 4; ++word)
      store_be32(derived[lane] + 4 * word, lanes.state[lane][word]);
}

void encrypt_intervals(const uint8_t (&identifier_key)[16], uint32_t first, size_t count,
                       uint8_t (*identifiers)[16]) {
  static constexpr uint8_t kPadding[12] = {'E', 'N', '-', 'R', 'P', 'I', 0, 0, 0, 0, 0, 0};
  for (size_t i = 0; i < count; ++i) {
    std::memcpy(identifiers[i], kPadding, 12);
    store_le32(identifiers[i] + 12, first + static_cast<uint32_t>(i));
  }
  kernel::active().aes128_encrypt(&identifier_key, identifiers, identifiers, 1, count);
}

Metadata apply_metadata_keystream(const uint8_t (&metadata_key)[16], const Identifier& identifier,
                                  Metadata metadata) {
  uint8_t keystream[1][16];
  std::memcpy(keystream[0], identifier.bytes.data(), 16);
  kernel::active().aes128_encrypt(&metadata_key, keystream, keystream, 1, 1);
  for (size_t i = 0; i < Metadata::kCapacity; ++i)
    if (i < metadata.size) metadata.bytes[i] ^= keystream[0][i];
  return metadata;
}

std::vector<Identifier> rolling_proximity_identifiers(const TemporaryExposureKey& key,
                                                      Interval first, uint32_t count) {
  uint8_t identifier_key[1][16];
  const uint8_t* bytes = key.expose(ForDerivation{}).data();
  derive_keys(&bytes, 1, kIdentifierKeyInfo, identifier_key);
  std::vector<Identifier> identifiers(count);
  static_assert(sizeof(Identifier) == 16);
  encrypt_intervals(identifier_key[0], first.number, count,
                    reinterpret_cast<uint8_t(*)[16]>(identifiers.data()));
  wipe(identifier_key, sizeof(identifier_key));
  return identifiers;
}

Identifier rolling_proximity_identifier(const TemporaryExposureKey& key, Interval interval) {
  return rolling_proximity_identifiers(key, interval, 1)[0];
}

Metadata apply_metadata_cipher(const TemporaryExposureKey& key, const Identifier& identifier,
                               const Metadata& metadata) {
  uint8_t metadata_key[1][16];
  const uint8_t* bytes = key.expose(ForDerivation{}).data();
  derive_keys(&bytes, 1, kMetadataKeyInfo, metadata_key);
  const Metadata result = apply_metadata_keystream(metadata_key[0], identifier, metadata);
  wipe(metadata_key, sizeof(metadata_key));
  return result;
}

Metadata AssociatedMetadata::encode() const {
  const int version =
      (major_version & 3) << 6 | (minor_version & 3) << 4 | (calibration_confidence & 3) << 2;
  return {{static_cast<uint8_t>(version), static_cast<uint8_t>(transmit_power_dbm), 0, 0}, 4};
}

AssociatedMetadata AssociatedMetadata::decode(const Metadata& metadata) {
  const uint8_t version = metadata.bytes[0];
  return {static_cast<uint8_t>(version >> 6), static_cast<uint8_t>(version >> 4 & 3),
          static_cast<uint8_t>(version >> 2 & 3), static_cast<int8_t>(metadata.bytes[1])};
}

}  // namespace nearzone::gaen
