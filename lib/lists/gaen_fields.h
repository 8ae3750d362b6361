// The field numbers of the Exposure Notification export.
// Source: docs/formats/exposure_notification_export.proto
#pragma once

#include <string_view>

#include "lists/wire.h"

namespace nearzone::gaen_fields {

// export.bin
inline constexpr uint32_t kStartTimestamp = wire_tag(1, WireType::fixed64);
inline constexpr uint32_t kEndTimestamp = wire_tag(2, WireType::fixed64);
inline constexpr uint32_t kRegion = wire_tag(3, WireType::bytes);
inline constexpr uint32_t kBatchNumber = wire_tag(4, WireType::varint);
inline constexpr uint32_t kBatchSize = wire_tag(5, WireType::varint);
inline constexpr uint32_t kSignatureInfos = wire_tag(6, WireType::bytes);
inline constexpr uint32_t kKeys = wire_tag(7, WireType::bytes);
inline constexpr uint32_t kRevisedKeys = wire_tag(8, WireType::bytes);

// A key
inline constexpr uint32_t kKeyData = wire_tag(1, WireType::bytes);
inline constexpr uint32_t kTransmissionRiskLevel = wire_tag(2, WireType::varint);
inline constexpr uint32_t kRollingStart = wire_tag(3, WireType::varint);
inline constexpr uint32_t kRollingPeriod = wire_tag(4, WireType::varint);
inline constexpr uint32_t kReportType = wire_tag(5, WireType::varint);
inline constexpr uint32_t kDaysSinceOnset = wire_tag(6, WireType::varint);

// What is said of a signature
inline constexpr uint32_t kKeyVersion = wire_tag(3, WireType::bytes);
inline constexpr uint32_t kKeyId = wire_tag(4, WireType::bytes);
inline constexpr uint32_t kAlgorithm = wire_tag(5, WireType::bytes);

// export.sig
inline constexpr uint32_t kSignatures = wire_tag(1, WireType::bytes);
inline constexpr uint32_t kSignatureInfo = wire_tag(1, WireType::bytes);
inline constexpr uint32_t kSignatureBatchNumber = wire_tag(2, WireType::varint);
inline constexpr uint32_t kSignatureBatchSize = wire_tag(3, WireType::varint);
inline constexpr uint32_t kSignatureBytes = wire_tag(4, WireType::bytes);

inline constexpr std::string_view kEcdsaSha512 = "1.2.840.10045.4.3.4";

}  // namespace nearzone::gaen_fields
