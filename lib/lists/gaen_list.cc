// The Exposure Notification export. Source: docs/formats/exposure-notification-export.md
#include <algorithm>
#include <cstring>

#include "lists/archive.h"
#include "lists/ecdsa.h"
#include "lists/formats.h"
#include "lists/gaen_fields.h"
#include "lists/record_list.h"
#include "nearzone/scheme.h"

namespace nearzone {
namespace {

using namespace gaen_fields;

constexpr int32_t kDefaultRollingPeriod = 144;  // and the longest

constexpr Status refused(const char* text, const char* field) {
  return {Code::invalid_argument, text, field};
}

int32_t as_int32(const WireField& field) { return static_cast<int32_t>(field.value); }

Status read_key(uint32_t tag, ByteView record, PublishedKey& key) {
  ByteView data;
  int32_t start = 0;
  int32_t period = kDefaultRollingPeriod;
  int32_t report_type = 0;
  MessageReader reader(record);
  WireField field;
  while (reader.next(field)) {
    switch (field.tag) {
      case kKeyData: data = reader.take(field); break;
      case kTransmissionRiskLevel: {
        int32_t level = as_int32(field);
        key.transmission_risk_level = level >= 0 && level <= 8 ? static_cast<uint8_t>(level) : 0;
        break;
      }
      case kRollingStart: start = as_int32(field); break;
      case kRollingPeriod: period = as_int32(field); break;
      case kReportType: report_type = as_int32(field); break;
      case kDaysSinceOnset: {
        int32_t days = unzigzag(field.value);
        key.days_since_onset.reset();
        if (days >= -14 && days <= 14) key.days_since_onset = static_cast<int8_t>(days);
        break;
      }
      default: reader.skip(field);
    }
  }
  NEARZONE_TRY(reader.status());
  if (data.size() != 16) return refused("a key has not 16 bytes", "key_data");
  if (report_type < 0 || report_type > 5) return refused("a report type is unknown", "report_type");
  std::memcpy(key.bytes.data(), data.data(), 16);
  key.valid_from = {int64_t{start} * Interval::kLength.count()};
  key.valid_to = key.valid_from + period * Interval::kLength;
  key.report_type = static_cast<ReportType>(report_type);
  key.revised = tag == kRevisedKeys;
  // What the scheme asks of a key, in the export's own units, spares each key two divisions.
  if (start >= 0 && period >= 1 && period <= kDefaultRollingPeriod) return {};
  const Status status = gaen_scheme().check(key);
  return refused(status.text(), status.field());
}

Status read_signature_info(ByteView message, SignatureInfo& info) {
  MessageReader reader(message);
  WireField field;
  while (reader.next(field)) {
    std::string* text = field.tag == kKeyVersion  ? &info.key_version
                        : field.tag == kKeyId     ? &info.key_id
                        : field.tag == kAlgorithm ? &info.algorithm
                                                  : nullptr;
    if (text != nullptr)
      NEARZONE_TRY(copy_text(reader.take(field), *text));
    else
      reader.skip(field);
  }
  return reader.status();
}

Status read_fact(const WireField& field, StreamReader& reader, ListInfo& info) {
  constexpr uint64_t kLatest = uint64_t{1} << 62;  // what does not fit Instant saturates anyway
  ByteView bytes;
  switch (field.tag) {
    case kStartTimestamp:
      info.start = Instant::from_seconds(static_cast<int64_t>(std::min(field.value, kLatest)));
      return {};
    case kEndTimestamp:
      info.end = Instant::from_seconds(static_cast<int64_t>(std::min(field.value, kLatest)));
      return {};
    case kRegion: {
      NEARZONE_TRY(reader.take(field, bytes));
      Status status = copy_text(bytes, info.region);
      return status.ok() ? status : status.in_field("region").at_offset(field.offset);
    }
    case kBatchNumber: info.batch_number = as_int32(field); return {};
    case kBatchSize: info.batch_size = as_int32(field); return {};
    case kSignatureInfos: {
      NEARZONE_TRY(reader.take(field, bytes));
      SignatureInfo& signature = info.signatures.emplace_back();
      if (info.signatures.size() > kMostSignatures)
        return Status(Code::limit_exceeded, "the list names too many signatures", "signature_infos")
            .at_offset(field.offset);
      Status status = read_signature_info(bytes, signature);
      return status.ok() ? status : status.in_field("signature_infos").at_offset(field.offset);
    }
    default: return reader.skip(field);
  }
}

constexpr uint32_t kKeyTags[] = {kKeys, kRevisedKeys};
constexpr RecordFormat kFormat{kGaenHeader.size(), kKeyTags, read_key, read_fact, 1};

struct GaenSignature {
  SignatureInfo info;
  std::vector<uint8_t> der;
};

// One signature of export.sig.
Result<GaenSignature> read_signature(ByteView message) {
  GaenSignature signature;
  MessageReader reader(message);
  WireField field;
  while (reader.next(field)) {
    if (field.tag == kSignatureBytes) {
      ByteView bytes = reader.take(field);
      signature.der.assign(bytes.begin(), bytes.end());
    } else if (field.tag == kSignatureInfo) {
      NEARZONE_TRY(read_signature_info(reader.take(field), signature.info));
    } else {
      reader.skip(field);
    }
  }
  NEARZONE_TRY(reader.status());
  return signature;
}

Result<std::vector<GaenSignature>> read_signatures(ByteView message) {
  std::vector<GaenSignature> signatures;
  MessageReader reader(message);
  WireField field;
  while (reader.next(field)) {
    if (field.tag != kSignatures) {
      reader.skip(field);
      continue;
    }
    if (signatures.size() == kMostSignatures)
      return Status(Code::limit_exceeded, "the list carries too many signatures")
          .at_offset(field.offset);
    Result<GaenSignature> signature = read_signature(reader.take(field));
    if (!signature.ok()) return signature.status().at_offset(field.offset);
    signatures.push_back(*std::move(signature));
  }
  NEARZONE_TRY(reader.status());
  return signatures;
}

class GaenList final : public RecordList {
 public:
  // `signatures` are those of export.sig.
  static Result<std::unique_ptr<KeyList>> open(std::unique_ptr<Content> content,
                                               std::vector<GaenSignature> signatures,
                                               const ListOptions& options) {
    if (content->size() > most_content_bytes(options))
      return Status(Code::limit_exceeded, "export.bin is larger than the limit", "export.bin");
    NEARZONE_ASSIGN(content,
                    hold_if_small(std::move(content), options.hold_in_memory, options.cancel));
    NEARZONE_TRY(check_header(*content));
    auto list = std::unique_ptr<GaenList>(
        new GaenList(std::move(content), std::move(signatures), options.cancel));
    NEARZONE_TRY(list->scan());
    list->adopt_signatures();
    return std::unique_ptr<KeyList>(std::move(list));
  }

  SignatureReport verify(std::span<const PublicKey> keys) const override;

 private:
  GaenList(std::unique_ptr<Content> content, std::vector<GaenSignature> signatures,
           const Cancel* cancel)
      : RecordList(kFormat, std::move(content), cancel), signatures_(std::move(signatures)) {
    info_.format = ListFormat::gaen_export;
  }

  static Status check_header(const Content& content) {
    NEARZONE_ASSIGN(auto stream, content.stream());
    ByteView chunk;
    NEARZONE_TRY(stream->next(chunk));
    std::string_view start(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    if (start.starts_with(kGaenHeader)) return {};
    if (start.size() >= kGaenHeader.size() && start.starts_with(kGaenHeader.substr(0, 11)))
      return Status(Code::unsupported, "an export of another version than 1", "export.bin")
          .at_offset(11);
    return Status(Code::corrupt, "export.bin does not begin as an export", "export.bin")
        .at_offset(0);
  }

  // What export.sig says of its signatures counts; where there is none, what export.bin announces.
  void adopt_signatures() {
    if (signatures_.empty()) return;
    info_.signatures.clear();
    for (const GaenSignature& signature : signatures_) info_.signatures.push_back(signature.info);
  }

  std::vector<GaenSignature> signatures_;
};

SignatureReport GaenList::verify(std::span<const PublicKey> keys) const {
  using enum SignatureOutcome;
  if (signatures_.empty()) return {unsigned_list, 0, 0, "the list carries no signature"};
  if (keys.empty()) return {unknown_key, 0, 0, "no public key was given"};
  const char* detail = "none of the public keys is a P-256 key";
  for (size_t s = 0; s < signatures_.size(); ++s) {
    if (signatures_[s].info.algorithm == kEcdsaSha512) {
      detail = "the signature's algorithm, ECDSA with SHA-512, is not supported";
      continue;
    }
    for (size_t k = 0; k < keys.size(); ++k) {
      if (keys[k].algorithm() != PublicKey::Algorithm::ecdsa_p256) continue;
      if (!poll(cancel_).ok()) return {failed, 0, 0, kVerifyingCancelled};
      P256Point point;
      std::memcpy(point.data(), keys[k].bytes().data(), point.size());
      switch (p256_verify(point, content_digest(), signatures_[s].der)) {
        case EcdsaOutcome::verified:
          return {verified, k, s, "ECDSA P-256 with SHA-256 over export.bin"};
        case EcdsaOutcome::refused: detail = "no public key verifies any of the signatures"; break;
        case EcdsaOutcome::not_der: detail = "the signature is not in X9.62 DER form"; break;
      }
    }
  }
  return {failed, 0, 0, detail};
}

// The signatures of an archive: none where export.sig is missing or empty.
Result<std::vector<GaenSignature>> signatures_of(const Archive& archive) {
  const ArchiveMember* member = archive.find("export.sig");
  if (member == nullptr) return std::vector<GaenSignature>();
  if (member->size > kMostSignatureBytes)
    return Status(Code::limit_exceeded, "export.sig is larger than 64 KiB", "export.sig");
  NEARZONE_ASSIGN(auto stream, archive.content(*member)->stream());
  std::vector<uint8_t> bytes;
  for (ByteView chunk;;) {
    NEARZONE_TRY(stream->next(chunk));
    if (chunk.empty()) break;
    bytes.insert(bytes.end(), chunk.begin(), chunk.end());
  }
  auto signatures = read_signatures(bytes);
  if (!signatures.ok()) return signatures.status().in_field("export.sig");
  return signatures;
}

}  // namespace

Result<std::unique_ptr<KeyList>> open_gaen_export(ByteSource& source, const ListOptions& options) {
  return GaenList::open(content_of(source, 0, source.size()), {}, options);
}

Result<std::unique_ptr<KeyList>> open_gaen_archive(ByteSource& source, const ListOptions& options) {
  NEARZONE_ASSIGN(Archive archive, Archive::open(source, options.cancel));
  const ArchiveMember* member = archive.find("export.bin");
  if (member == nullptr)
    return Status(Code::corrupt, "the archive holds no export.bin", "export.bin");
  size_t expected = archive.find("export.sig") == nullptr ? 1 : 2;
  if (options.refuse_extra_members && archive.members().size() > expected)
    return Status(Code::corrupt, "the archive holds more than export.bin and export.sig", "zip");
  NEARZONE_ASSIGN(auto signatures, signatures_of(archive));
  return GaenList::open(archive.content(*member), std::move(signatures), options);
}

}  // namespace nearzone
