#include "nearzone/gaen.h"

#include <algorithm>
#include <cstring>

#include "kernel/kernel.h"
#include "nearzone/bytes.h"
#include "scheme/gaen_derivation.h"

namespace nearzone::gaen {
namespace {

constexpr uint8_t kPadding[12] = {'E', 'N', '-', 'R', 'P', 'I'};

}  // namespace

void derive_keys(const uint8_t (*keys)[16], size_t count, const char (&info)[8],
                 uint8_t (*derived)[16]) {
  kernel::active().hkdf_sha256(keys, reinterpret_cast<const uint8_t*>(info), derived, count);
}

void encrypt_intervals(const uint8_t (*identifier_keys)[16], const uint32_t* firsts,
                       const uint32_t* counts, size_t keys, uint8_t (*identifiers)[16]) {
  kernel::active().aes128_number(identifier_keys, kPadding, firsts, counts, keys, identifiers);
}

size_t encrypt_and_find_intervals(const uint8_t (*identifier_keys)[16], const uint32_t* firsts,
                                  const uint32_t* counts, size_t keys,
                                  const kernel::FilterView& filter, uint8_t (*identifiers)[16],
                                  uint32_t* found) {
  return kernel::active().aes128_number_find(identifier_keys, kPadding, firsts, counts, keys,
                                             filter, identifiers, found);
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
  std::ranges::copy(key.expose(ForDerivation{}), identifier_key[0]);
  derive_keys(identifier_key, 1, kIdentifierKeyInfo, identifier_key);
  std::vector<Identifier> identifiers(count);
  static_assert(sizeof(Identifier) == 16);
  encrypt_intervals(identifier_key, &first.number, &count, 1,
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
  std::ranges::copy(key.expose(ForDerivation{}), metadata_key[0]);
  derive_keys(metadata_key, 1, kMetadataKeyInfo, metadata_key);
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
