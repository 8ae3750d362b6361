#include "lists/formats.h"
#include "lists/nearzone_envelope.h"
#include "lists/nearzone_fields.h"
#include "lists/writing.h"

namespace nearzone {
namespace {

using namespace nearzone_fields;

void write_release(const PublishedKey& key, WireWriter& writer) {
  writer.varint(kReleasedAt, static_cast<uint64_t>(key.released_at->ms / 1000));
  if (key.identifiers_per_day != 96) writer.varint(kIdentifiersPerDay, key.identifiers_per_day);
}

void write_time(const PublishedKey& key, WireWriter& writer) {
  const Millis length = key.valid_to - key.valid_from;
  switch (key.scheme) {
    case SchemeTag::gaen:
      writer.varint(kRollingStart, Interval::of(key.valid_from).number);
      if (length != Day::kLength)
        writer.varint(kRollingPeriod, static_cast<uint64_t>(length / Interval::kLength));
      return;
    case SchemeTag::dp3t_low_cost:
      writer.varint(kDay, static_cast<uint64_t>(Day::of(key.valid_from).number));
      return write_release(key, writer);
    case SchemeTag::dp3t_hybrid:
      writer.varint(kWindow, static_cast<uint64_t>(key.valid_from.ms / length.count()));
      write_release(key, writer);
      if (length != std::chrono::hours(2))
        writer.varint(kWindowMinutes, static_cast<uint64_t>(length / std::chrono::minutes(1)));
      return;
    case SchemeTag::tcn:
      if (key.released_at)
        writer.varint(kReleasedAt, static_cast<uint64_t>(key.released_at->ms / 1000));
      return;
    default:
      writer.varint(kTimeStart, static_cast<uint64_t>(key.valid_from.ms));
      writer.varint(kTimeEnd, static_cast<uint64_t>(key.valid_to.ms));
      writer.varint(kIdentifiersPerDay, key.identifiers_per_day);
  }
}

uint32_t field_of(SchemeTag scheme) {
  switch (scheme) {
    case SchemeTag::gaen: return kGaenKeys;
    case SchemeTag::dp3t_low_cost: return kDp3tLowCostKeys;
    case SchemeTag::dp3t_hybrid: return kDp3tHybridKeys;
    case SchemeTag::tcn: return kTcnReports;
    default: return kBluezoneKeys;
  }
}

void write_key(const PublishedKey& key, std::vector<uint8_t>& out) {
  WireWriter writer(out);
  writer.bytes(kKey, key.report.empty() ? ByteView(key.bytes).first(published_key_size(key.scheme))
                                        : ByteView(key.report));
  write_time(key, writer);
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
  write_facts(header, writer);
  std::vector<uint8_t> record;
  for (size_t i : order_of_keys(keys)) {
    record.clear();
    write_key(keys[i], record);
    writer.bytes(field_of(keys[i].scheme), record);
  }
  return body;
}

}  // namespace

Result<std::vector<uint8_t>> write_nearzone_list(const NearzoneListHeader& header,
                                                 std::span<const PublishedKey> keys,
                                                 std::span<const Secret<32>> signing_seeds) {
  NEARZONE_TRY(check(header));
  NEARZONE_TRY(check_writable(keys, std::nullopt));
  return write_envelope(kNearzoneHeader, kContext, write_body(header, keys), signing_seeds);
}

}  // namespace nearzone
