#include <algorithm>

#include "lists/archive.h"
#include "lists/formats.h"
#include "lists/gaen_fields.h"
#include "lists/wire.h"
#include "lists/writing.h"

namespace nearzone {
namespace {

using namespace gaen_fields;

constexpr int64_t kDefaultRollingPeriod = 144;

uint64_t seconds_of(Instant at) { return static_cast<uint64_t>(at.ms / 1000); }

void write_key(const PublishedKey& key, std::vector<uint8_t>& out) {
  WireWriter writer(out);
  writer.bytes(kKeyData, ByteView(key.bytes).first(16));
  if (key.transmission_risk_level != 0)
    writer.varint(kTransmissionRiskLevel, key.transmission_risk_level);
  writer.varint(kRollingStart, Interval::of(key.valid_from).number);
  int64_t period = (key.valid_to - key.valid_from) / Interval::kLength;
  if (period != kDefaultRollingPeriod) writer.varint(kRollingPeriod, static_cast<uint64_t>(period));
  if (key.report_type != ReportType::unknown)
    writer.varint(kReportType, static_cast<uint64_t>(key.report_type));
  if (key.days_since_onset) writer.varint(kDaysSinceOnset, zigzag(*key.days_since_onset));
}

std::vector<uint8_t> signature_info(const SignatureInfo& info) {
  std::vector<uint8_t> message;
  WireWriter writer(message);
  writer.bytes(kKeyVersion, as_bytes(info.key_version));
  writer.bytes(kKeyId, as_bytes(info.key_id));
  writer.bytes(kAlgorithm, as_bytes(info.algorithm));
  return message;
}

std::vector<uint8_t> write_facts(const GaenExportHeader& header) {
  std::vector<uint8_t> out(kGaenHeader.begin(), kGaenHeader.end());
  WireWriter writer(out);
  writer.fixed64(kStartTimestamp, seconds_of(header.start));
  writer.fixed64(kEndTimestamp, seconds_of(header.end));
  writer.bytes(kRegion, as_bytes(header.region));
  writer.varint(kBatchNumber, static_cast<uint64_t>(header.batch_number));
  writer.varint(kBatchSize, static_cast<uint64_t>(header.batch_size));
  for (const SignatureInfo& info : header.signatures)
    writer.bytes(kSignatureInfos, signature_info(info));
  return out;
}

Status check(const GaenExportHeader& header) {
  if (header.start.ms < 0 || header.end < header.start)
    return {Code::invalid_argument, "the export window ends before it begins", "end"};
  if (header.batch_number < 1 || header.batch_number > header.batch_size)
    return {Code::invalid_argument, "the batch number is not within 1..batch size", "batch_number"};
  if (header.region.size() > kMostTextBytes)
    return {Code::invalid_argument, "the region is longer than 256 bytes", "region"};
  if (header.signatures.size() > kMostSignatures)
    return {Code::invalid_argument, "more than 16 signatures", "signatures"};
  for (const SignatureInfo& info : header.signatures)
    if (std::max({info.key_id.size(), info.key_version.size(), info.algorithm.size()}) >
        kMostTextBytes)
      return {Code::invalid_argument, "a text is longer than 256 bytes", "signatures"};
  return {};
}

}  // namespace

Result<std::vector<uint8_t>> write_gaen_export(const GaenExportHeader& header,
                                               std::span<const PublishedKey> keys) {
  NEARZONE_TRY(check(header));
  NEARZONE_TRY(check_writable(keys, SchemeTag::gaen));
  std::vector<uint8_t> out = write_facts(header);
  WireWriter writer(out);
  std::vector<uint8_t> record;
  std::vector<size_t> order = order_of_keys(keys);
  for (uint32_t tag : {kKeys, kRevisedKeys}) {
    for (size_t i : order) {
      if (keys[i].revised != (tag == kRevisedKeys)) continue;
      record.clear();
      write_key(keys[i], record);
      writer.bytes(tag, record);
    }
  }
  return out;
}

Result<std::vector<uint8_t>> write_gaen_archive(const GaenExportHeader& header, ByteView export_bin,
                                                std::span<const std::vector<uint8_t>> signatures) {
  NEARZONE_TRY(check(header));
  if (signatures.size() != header.signatures.size())
    return Status(Code::invalid_argument, "not as many signatures as the header announces",
                  "signatures");
  std::vector<uint8_t> list;
  for (size_t i = 0; i < signatures.size(); ++i) {
    std::vector<uint8_t> message;
    WireWriter writer(message);
    writer.bytes(kSignatureInfo, signature_info(header.signatures[i]));
    writer.varint(kSignatureBatchNumber, static_cast<uint64_t>(header.batch_number));
    writer.varint(kSignatureBatchSize, static_cast<uint64_t>(header.batch_size));
    writer.bytes(kSignatureBytes, signatures[i]);
    WireWriter(list).bytes(kSignatures, message);
  }
  ArchiveWriter archive;
  NEARZONE_TRY(archive.add("export.bin", export_bin));
  NEARZONE_TRY(archive.add("export.sig", list));
  return archive.finish();
}

}  // namespace nearzone
