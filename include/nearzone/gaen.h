/// Exposure Notification's cryptography. Source: Exposure Notification Cryptography Specification
/// v1.2 (April 2020) and Bluetooth Specification v1.2.
///
///     nearzone::Identifier rpi = nearzone::gaen::rolling_proximity_identifier(tek, interval);
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/time.h"

namespace nearzone::gaen {

inline constexpr uint32_t kIntervalsPerDay = 144;

using TemporaryExposureKey = Secret<16>;

/// RPI = AES-128(RPIK, "EN-RPI" || 6 zero bytes || interval as 32-bit little-endian).
Identifier rolling_proximity_identifier(const TemporaryExposureKey& key, Interval interval);
/// The identifiers of `count` intervals from `first`.
std::vector<Identifier> rolling_proximity_identifiers(const TemporaryExposureKey& key,
                                                      Interval first, uint32_t count);

/// Encrypts or decrypts associated metadata: AES-128-CTR(AEMK, counter block = the identifier).
Metadata apply_metadata_cipher(const TemporaryExposureKey& key, const Identifier& identifier,
                               const Metadata& metadata);

/// Associated metadata in the open. Byte 0 holds the version, byte 1 the transmit power.
struct AssociatedMetadata {
  uint8_t major_version = 1;
  uint8_t minor_version = 0;
  uint8_t calibration_confidence = 0;  ///< 0..3, since version 1.1
  int8_t transmit_power_dbm = 0;

  Metadata encode() const;
  /// Reads any 4 bytes; what a newer version adds is ignored.
  static AssociatedMetadata decode(const Metadata& metadata);
};

}  // namespace nearzone::gaen
