// The field numbers and the signed text of NearZone's own list.
// Source: docs/formats/nearzone-list.md, docs/formats/nearzone_list.proto
#pragma once

#include <string_view>
#include <vector>

#include "core/crypto.h"
#include "lists/wire.h"

namespace nearzone::nearzone_fields {

// The envelope
inline constexpr uint32_t kBody = wire_tag(1, WireType::bytes);
inline constexpr uint32_t kSignatures = wire_tag(2, WireType::bytes);

// A signature
inline constexpr uint32_t kKeyId = wire_tag(1, WireType::bytes);
inline constexpr uint32_t kSignatureBytes = wire_tag(2, WireType::bytes);

// The body
inline constexpr uint32_t kListId = wire_tag(1, WireType::varint);
inline constexpr uint32_t kSequence = wire_tag(2, WireType::varint);
inline constexpr uint32_t kValidFrom = wire_tag(3, WireType::varint);
inline constexpr uint32_t kValidTo = wire_tag(4, WireType::varint);
inline constexpr uint32_t kRegion = wire_tag(5, WireType::bytes);
inline constexpr uint32_t kGaenKeys = wire_tag(8, WireType::bytes);
inline constexpr uint32_t kBluezoneKeys = wire_tag(9, WireType::bytes);
inline constexpr uint32_t kDp3tLowCostKeys = wire_tag(10, WireType::bytes);
inline constexpr uint32_t kDp3tHybridKeys = wire_tag(11, WireType::bytes);
inline constexpr uint32_t kTcnReports = wire_tag(12, WireType::bytes);

// A key of any kind
inline constexpr uint32_t kKey = wire_tag(1, WireType::bytes);
inline constexpr uint32_t kReportType = wire_tag(5, WireType::varint);
inline constexpr uint32_t kDaysSinceOnset = wire_tag(6, WireType::varint);
inline constexpr uint32_t kTransmissionRiskLevel = wire_tag(7, WireType::varint);
inline constexpr uint32_t kRevised = wire_tag(8, WireType::varint);
// An Exposure Notification key
inline constexpr uint32_t kRollingStart = wire_tag(2, WireType::varint);
inline constexpr uint32_t kRollingPeriod = wire_tag(3, WireType::varint);
// A Bluezone key
inline constexpr uint32_t kTimeStart = wire_tag(2, WireType::varint);
inline constexpr uint32_t kTimeEnd = wire_tag(3, WireType::varint);
inline constexpr uint32_t kIdentifiersPerDay = wire_tag(4, WireType::varint);

// A DP-3T key
inline constexpr uint32_t kDay = wire_tag(2, WireType::varint);     // low-cost
inline constexpr uint32_t kWindow = wire_tag(2, WireType::varint);  // hybrid
inline constexpr uint32_t kReleasedAt = wire_tag(3, WireType::varint);
inline constexpr uint32_t kWindowMinutes = wire_tag(9, WireType::varint);

// The body of a set
inline constexpr uint32_t kScheme = wire_tag(6, WireType::varint);
inline constexpr uint32_t kItems = wire_tag(7, WireType::varint);
inline constexpr uint32_t kCoded = wire_tag(8, WireType::bytes);

inline constexpr std::string_view kContext = "NearZone key list v1";
inline constexpr std::string_view kSetContext = "NearZone key set v1";

// What an Ed25519 signature covers: the context with its final zero byte, then the body's SHA-256.
inline std::vector<uint8_t> signed_message(const Digest& body,
                                           std::string_view context = kContext) {
  std::vector<uint8_t> message(context.begin(), context.end());
  message.push_back(0);
  message.insert(message.end(), body.begin(), body.end());
  return message;
}

inline constexpr size_t kKeyIdBytes = 8;
inline std::array<uint8_t, kKeyIdBytes> key_id_of(ByteView public_key) {
  Digest digest = sha256(public_key);
  std::array<uint8_t, kKeyIdBytes> id;
  for (size_t i = 0; i < id.size(); ++i) id[i] = digest[i];
  return id;
}

}  // namespace nearzone::nearzone_fields
