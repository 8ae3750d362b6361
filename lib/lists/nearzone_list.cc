// NearZone's own signed list. Source: docs/formats/nearzone-list.md
#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "lists/formats.h"
#include "lists/nearzone_fields.h"
#include "lists/record_list.h"
#include "nearzone/scheme.h"

namespace nearzone {
namespace {

using namespace nearzone_fields;

constexpr uint64_t kDefaultRollingPeriod = 144;  // and the longest

constexpr Status damaged(const char* text, const char* field) {
  return {Code::corrupt, text, field};
}

// The values of a key's fields before any of them is judged.
struct RawKey {
  ByteView key;
  uint64_t first = 0;  // rolling start, or time_start
  uint64_t last = 0;   // rolling period, or time_end
  uint64_t per_day = 0;
  uint64_t report_type = 0;
  std::optional<uint64_t> days_since_onset;
  uint64_t risk = 0;
  bool revised = false;
};

Status read_raw_key(uint32_t tag, ByteView record, RawKey& raw) {
  if (tag == kGaenKeys) raw.last = kDefaultRollingPeriod;
  MessageReader reader(record);
  WireField field;
  while (reader.next(field)) {
    // Numbers 2 and 3 mean another thing in each kind of key, but are kept alike.
    static_assert(kRollingStart == kTimeStart && kRollingPeriod == kTimeEnd);
    switch (field.tag) {
      case kKey: raw.key = reader.take(field); break;
      case kTimeStart: raw.first = field.value; break;
      case kTimeEnd: raw.last = field.value; break;
      case kIdentifiersPerDay: raw.per_day = field.value; break;
      case kReportType: raw.report_type = field.value; break;
      case kDaysSinceOnset: raw.days_since_onset = field.value; break;
      case kTransmissionRiskLevel: raw.risk = field.value; break;
      case kRevised: raw.revised = field.value != 0; break;
      default: reader.skip(field);
    }
  }
  return reader.status();
}

Status set_statement(const RawKey& raw, PublishedKey& key) {
  if (raw.report_type > 5) return damaged("a report type is unknown", "report_type");
  if (raw.risk > 8) return damaged("a risk level is not within 0..8", "transmission_risk_level");
  key.report_type = static_cast<ReportType>(raw.report_type);
  key.transmission_risk_level = static_cast<uint8_t>(raw.risk);
  key.revised = raw.revised;
  if (!raw.days_since_onset) return {};
  int32_t days = unzigzag(*raw.days_since_onset);
  if (days < -14 || days > 14)
    return damaged("days since onset are not within -14..14", "days_since_onset");
  key.days_since_onset = static_cast<int8_t>(days);
  return {};
}

Status set_gaen(const RawKey& raw, PublishedKey& key) {
  if (raw.first > std::numeric_limits<uint32_t>::max())
    return damaged("a rolling start is beyond all intervals", "rolling_start_interval");
  if (raw.last > kDefaultRollingPeriod)
    return damaged("a rolling period is not within 1..144", "rolling_period");
  key.scheme = SchemeTag::gaen;
  key.valid_from = Interval{static_cast<uint32_t>(raw.first)}.start();
  key.valid_to = key.valid_from + static_cast<int64_t>(raw.last) * Interval::kLength;
  return {};
}

Status set_bluezone(const RawKey& raw, PublishedKey& key) {
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  if (raw.first > kMost || raw.last > kMost)
    return damaged("a time is beyond all calendars", "time_start_ms");
  if (raw.per_day > std::numeric_limits<uint32_t>::max())
    return damaged("identifiers per day are not within 1..1440", "identifiers_per_day");
  key.scheme = SchemeTag::bluezone;
  key.valid_from = {static_cast<int64_t>(raw.first)};
  key.valid_to = {static_cast<int64_t>(raw.last)};
  key.identifiers_per_day = static_cast<uint32_t>(raw.per_day);
  return {};
}

Status read_key(uint32_t tag, ByteView record, PublishedKey& key) {
  RawKey raw;
  NEARZONE_TRY(read_raw_key(tag, record, raw));
  bool is_gaen = tag == kGaenKeys;
  NEARZONE_TRY(is_gaen ? set_gaen(raw, key) : set_bluezone(raw, key));
  NEARZONE_TRY(set_statement(raw, key));
  if (raw.key.size() != published_key_size(key.scheme))
    return damaged("a key has the wrong length", "key");
  std::memcpy(key.bytes.data(), raw.key.data(), raw.key.size());
  const Scheme& scheme = is_gaen ? gaen_scheme() : bluezone_scheme();
  const Status status = scheme.check(key);
  if (!status.ok()) return damaged(status.text(), status.field());
  return {};
}

Status read_fact(const WireField& field, StreamReader& reader, ListInfo& info) {
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  switch (field.tag) {
    case kListId: info.list_id = field.value; return {};
    case kSequence: info.sequence = field.value; return {};
    case kValidFrom:
    case kValidTo: {
      if (field.value > kMost)
        return damaged("a time is beyond all calendars", "valid_to_ms").at_offset(field.offset);
      Instant at{static_cast<int64_t>(field.value)};
      (field.tag == kValidFrom ? info.start : info.end) = at;
      return {};
    }
    case kRegion: {
      ByteView bytes;
      NEARZONE_TRY(reader.take(field, bytes));
      Status status = copy_text(bytes, info.region);
      return status.ok() ? status : status.in_field("region").at_offset(field.offset);
    }
    default: return reader.skip(field);
  }
}

// The writer makes no malformed key, so a single one means damage.
constexpr RecordFormat kFormat{0, {kGaenKeys, kBluezoneKeys}, read_key, read_fact, 0};

struct NearzoneSignature {
  std::array<uint8_t, kKeyIdBytes> key_id{};
  Ed25519Signature signature{};
};

Result<NearzoneSignature> read_signature(ByteView message) {
  NearzoneSignature signature;
  bool has_id = false;
  bool has_signature = false;
  MessageReader reader(message);
  WireField field;
  while (reader.next(field)) {
    if (field.tag != kKeyId && field.tag != kSignatureBytes) {
      reader.skip(field);
      continue;
    }
    ByteView bytes = reader.take(field);
    MutableBytes target =
        field.tag == kKeyId ? MutableBytes(signature.key_id) : MutableBytes(signature.signature);
    if (bytes.size() != target.size())
      return damaged("a signature or its key id has the wrong length", "signatures");
    std::copy(bytes.begin(), bytes.end(), target.begin());
    (field.tag == kKeyId ? has_id : has_signature) = true;
  }
  NEARZONE_TRY(reader.status());
  if (!has_id || !has_signature) return damaged("a signature is incomplete", "signatures");
  return signature;
}

// The signatures behind the body, which begin at `offset` of the file.
Result<std::vector<NearzoneSignature>> read_signatures(ByteView message, uint64_t offset) {
  std::vector<NearzoneSignature> signatures;
  MessageReader reader(message);
  WireField field;
  while (reader.next(field)) {
    if (field.tag == kBody)
      return damaged("the list has two bodies", "body").at_offset(offset + field.offset);
    if (field.tag != kSignatures) {
      reader.skip(field);
      continue;
    }
    if (signatures.size() == kMostSignatures)
      return Status(Code::limit_exceeded, "the list carries too many signatures", "signatures");
    Result<NearzoneSignature> signature = read_signature(reader.take(field));
    if (!signature.ok()) return signature.status().at_offset(offset + field.offset);
    signatures.push_back(*signature);
  }
  if (reader.status().ok()) return signatures;
  return reader.status().in_field("signatures").at_offset(offset + field.offset);
}

class NearzoneList final : public RecordList {
 public:
  // `body` begins `body_offset` bytes into the file.
  static Result<std::unique_ptr<KeyList>> open(std::unique_ptr<Content> body, uint64_t body_offset,
                                               std::vector<NearzoneSignature> signatures,
                                               const ListOptions& options) {
    NEARZONE_ASSIGN(body, hold_if_small(std::move(body), options.hold_in_memory, options.cancel));
    auto list = std::unique_ptr<NearzoneList>(
        new NearzoneList(std::move(body), std::move(signatures), options.cancel));
    Status status = list->scan();
    if (status.offset() != Status::kNone)
      status = status.at_offset(static_cast<uint64_t>(status.offset()) + body_offset);
    NEARZONE_TRY(status);
    return std::unique_ptr<KeyList>(std::move(list));
  }

  SignatureReport verify(std::span<const PublicKey> keys) const override;

 private:
  NearzoneList(std::unique_ptr<Content> body, std::vector<NearzoneSignature> signatures,
               const Cancel* cancel)
      : RecordList(kFormat, std::move(body), cancel), signatures_(std::move(signatures)) {
    info_.format = ListFormat::nearzone;
    for (const NearzoneSignature& signature : signatures_)
      info_.signatures.push_back({to_hex(signature.key_id), "", "Ed25519"});
  }

  std::vector<NearzoneSignature> signatures_;
};

SignatureReport NearzoneList::verify(std::span<const PublicKey> keys) const {
  using enum SignatureOutcome;
  if (signatures_.empty()) return {unsigned_list, 0, 0, "the list carries no signature"};
  if (keys.empty()) return {unknown_key, 0, 0, "no public key was given"};
  std::vector<uint8_t> message = signed_message(content_digest());
  const char* detail = "none of the public keys is one the list names";
  for (size_t s = 0; s < signatures_.size(); ++s) {
    for (size_t k = 0; k < keys.size(); ++k) {
      if (keys[k].algorithm() != PublicKey::Algorithm::ed25519) continue;
      if (!poll(cancel_).ok()) return {failed, 0, 0, kVerifyingCancelled};
      Ed25519PublicKey key;
      std::copy(keys[k].bytes().begin(), keys[k].bytes().end(), key.begin());
      if (ed25519_verify(key, message, signatures_[s].signature))
        return {verified, k, s, "Ed25519 over the list's body"};
      if (key_id_of(key) == signatures_[s].key_id)
        detail = "the list names this public key, but its content was altered";
    }
  }
  return {failed, 0, 0, detail};
}

// "NearZone list " and two digits.
Status check_header(ByteView header) {
  std::string_view text(reinterpret_cast<const char*>(header.data()), header.size());
  if (text == kNearzoneHeader) return {};
  std::string_view version = text.substr(14);
  bool digits =
      std::all_of(version.begin(), version.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits && version > kNearzoneHeader.substr(14))
    return Status(Code::newer_format, "the list is of a newer major version", "header")
        .at_offset(14);
  return damaged("the list's version is damaged", "header").at_offset(14);
}

}  // namespace

Result<std::unique_ptr<KeyList>> open_nearzone_list(ByteSource& source,
                                                    const ListOptions& options) {
  // The header, the body's tag, and the longest length.
  std::array<uint8_t, kNearzoneHeader.size() + 1 + 10> start;
  size_t size = static_cast<size_t>(std::min<uint64_t>(source.size(), start.size()));
  if (size < kNearzoneHeader.size())
    return damaged("the list ends too early", "header").at_offset(size);
  NEARZONE_TRY(source.read(0, MutableBytes(start).first(size)));
  NEARZONE_TRY(check_header(ByteView(start).first(kNearzoneHeader.size())));

  const uint8_t* at = start.data() + kNearzoneHeader.size();
  const uint8_t* end = start.data() + size;
  uint64_t tag = 0, body_size = 0;
  if (!read_varint(at, end, tag) || tag != kBody || !read_varint(at, end, body_size))
    return damaged("the list does not begin with its body", "body")
        .at_offset(kNearzoneHeader.size());
  uint64_t body_offset = static_cast<uint64_t>(at - start.data());
  if (body_size > source.size() - body_offset)
    return damaged("the list ends within its body", "body").at_offset(source.size());

  uint64_t tail_offset = body_offset + body_size;
  if (source.size() - tail_offset > kMostSignatureBytes)
    return Status(Code::limit_exceeded, "the signatures are larger than 64 KiB", "signatures")
        .at_offset(tail_offset);
  std::vector<uint8_t> tail(static_cast<size_t>(source.size() - tail_offset));
  NEARZONE_TRY(source.read(tail_offset, tail));
  NEARZONE_ASSIGN(auto signatures, read_signatures(tail, tail_offset));
  return NearzoneList::open(content_of(source, body_offset, body_size), body_offset,
                            std::move(signatures), options);
}

}  // namespace nearzone
