#include "lists/formats.h"
#include "lists/nearzone_fields.h"
#include "lists/writing.h"

namespace nearzone {
namespace {

using namespace nearzone_fields;

Status check(const NearzoneListHeader& header) {
  if (header.valid_from.ms < 0 || header.valid_to <= header.valid_from)
    return {Code::invalid_argument, "the list's validity ends before it begins", "valid_to"};
  if (header.region.size() > kMostTextBytes)
    return {Code::invalid_argument, "the region is longer than 256 bytes", "region"};
  return {};
}

void write_key(const PublishedKey& key, std::vector<uint8_t>& out) {
  WireWriter writer(out);
  writer.bytes(kKey, ByteView(key.bytes).first(published_key_size(key.scheme)));
  if (key.scheme == SchemeTag::gaen) {
    writer.varint(kRollingStart, Interval::of(key.valid_from).number);
    uint64_t period = static_cast<uint64_t>((key.valid_to - key.valid_from) / Interval::kLength);
    if (period != 144) writer.varint(kRollingPeriod, period);
  } else {
    writer.varint(kTimeStart, static_cast<uint64_t>(key.valid_from.ms));
    writer.varint(kTimeEnd, static_cast<uint64_t>(key.valid_to.ms));
    writer.varint(kIdentifiersPerDay, key.identifiers_per_day);
  }
  if (key.report_type != ReportType::unknown)
    writer.varint(kReportType, static_cast<uint64_t>(key.report_type));
  if (key.days_since_onset) writer.varint(kDaysSinceOnset, zigzag(*key.days_since_onset));
  if (key.transmission_risk_level != 0)
    writer.varint(kTransmissionRiskLevel, key.transmission_risk_level);
  if (key.revised) writer.varint(kRevised, 1);
}

std::vector<uint8_t> write_body(const NearzoneListHeader& header,
                                std::span<const PublishedKey> keys) {
  std::vector<uint8_t> body;
  WireWriter writer(body);
  writer.varint(kListId, header.list_id);
  writer.varint(kSequence, header.sequence);
  writer.varint(kValidFrom, static_cast<uint64_t>(header.valid_from.ms));
  writer.varint(kValidTo, static_cast<uint64_t>(header.valid_to.ms));
  writer.bytes(kRegion, as_bytes(header.region));
  std::vector<uint8_t> record;
  for (size_t i : order_of_keys(keys)) {
    record.clear();
    write_key(keys[i], record);
    writer.bytes(keys[i].scheme == SchemeTag::gaen ? kGaenKeys : kBluezoneKeys, record);
  }
  return body;
}

}  // namespace

Result<std::vector<uint8_t>> write_nearzone_list(const NearzoneListHeader& header,
                                                 std::span<const PublishedKey> keys,
                                                 std::span<const Secret<32>> signing_seeds) {
  NEARZONE_TRY(check(header));
  if (signing_seeds.size() > kMostSignatures)
    return Status(Code::invalid_argument, "more than 16 signatures", "signing_seeds");
  NEARZONE_TRY(check_writable(keys, std::nullopt));
  std::vector<uint8_t> body = write_body(header, keys);
  std::vector<uint8_t> message = signed_message(sha256(body));
  std::vector<uint8_t> out(kNearzoneHeader.begin(), kNearzoneHeader.end());
  WireWriter writer(out);
  writer.bytes(kBody, body);
  for (const Secret<32>& seed : signing_seeds) {
    std::vector<uint8_t> signature;
    WireWriter signature_writer(signature);
    signature_writer.bytes(kKeyId, key_id_of(ed25519_public_key(seed)));
    signature_writer.bytes(kSignatureBytes, ed25519_sign(seed, message));
    writer.bytes(kSignatures, signature);
  }
  return out;
}

}  // namespace nearzone
