#include "upload/record.h"

#include <algorithm>
#include <array>

#include "upload/answer.h"
#include "upload/takable_keys.h"

namespace nearzone::upload {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kHeaderBytes = 8 + 4 + 8 + 8 + 4 + 32;
constexpr size_t kKeyBytes = 32 + 8 + 8 + 4;
constexpr uint8_t kPartlyRefused = 1;
constexpr uint8_t kHasOnset = 2;

struct StoredText {
  SecretBytes Record::*text;
  size_t most;
};
constexpr std::array<StoredText, 4> kTexts{{{&Record::code, kMostCode},
                                            {&Record::token, kMostToken},
                                            {&Record::certificate, kMostCertificate},
                                            {&Record::revision_token, kMostRevisionToken}}};

void store_time(uint8_t* to, Instant time) { store_le64(to, static_cast<uint64_t>(time.ms)); }
Instant load_time(const uint8_t* from) { return {static_cast<int64_t>(load_le64(from))}; }

Status wrong_length() { return {Code::corrupt, "a stored upload has the wrong length"}; }

Result<PublishedKey> decode_key(const uint8_t* from, SchemeTag scheme) {
  PublishedKey key;
  key.scheme = scheme;
  std::copy_n(from, key.bytes.size(), key.bytes.begin());
  key.valid_from = load_time(from + 32);
  key.valid_to = load_time(from + 40);
  key.identifiers_per_day = load_le32(from + 48);
  if (!is_takable(key)) return Status(Code::corrupt, "a stored key could not be uploaded");
  return key;
}

Status decode_header(ByteView bytes, Record& record) {
  record.scheme = static_cast<SchemeTag>(bytes[1]);
  if (record.scheme != SchemeTag::gaen && record.scheme != SchemeTag::bluezone)
    return {Code::corrupt, "a stored upload is of an unknown scheme", "scheme"};
  if (bytes[2] > static_cast<uint8_t>(UploadState::accepted) ||
      bytes[3] > static_cast<uint8_t>(UploadProblem::answer_malformed) ||
      bytes[5] > static_cast<uint8_t>(ReportType::revoked) ||
      bytes[6] > (kPartlyRefused | kHasOnset))
    return {Code::corrupt, "a stored upload is in an unknown state", "state"};
  UploadStatus& status = record.status;
  status.state = static_cast<UploadState>(bytes[2]);
  status.problem = static_cast<UploadProblem>(bytes[3]);
  record.failures = bytes[4];
  status.report_type = static_cast<ReportType>(bytes[5]);
  status.partly_refused = (bytes[6] & kPartlyRefused) != 0;
  status.keys = bytes[7];
  status.keys_inserted = load_le32(&bytes[8]);
  status.consented_at = load_time(&bytes[12]);
  status.wake_at = load_time(&bytes[20]);
  if ((bytes[6] & kHasOnset) != 0) record.symptom_onset = Interval{load_le32(&bytes[28])};
  record.hmac_key = Secret<32>(bytes.subspan(32).first<32>());
  return {};
}

// What the next request needs must be there.
Status check(const Record& record) {
  const UploadState state = record.status.state;
  if ((state == UploadState::code_entered && record.code.empty()) ||
      (state == UploadState::verified && record.token.empty()) ||
      (state == UploadState::certified && record.certificate.empty()))
    return {Code::corrupt, "a stored upload lacks what its state needs", "state"};
  return {};
}

}  // namespace

Record::~Record() {
  for (PublishedKey& key : keys) wipe(key.bytes);
}

SecretBytes encode(const Record& record) {
  size_t size = kHeaderBytes + kKeyBytes * record.keys.size();
  for (const StoredText& stored : kTexts) size += 2 + (record.*(stored.text)).size();
  SecretBytes bytes(size);
  uint8_t* to = bytes.replace().data();
  const UploadStatus& status = record.status;
  to[0] = kVersion;
  to[1] = static_cast<uint8_t>(record.scheme);
  to[2] = static_cast<uint8_t>(status.state);
  to[3] = static_cast<uint8_t>(status.problem);
  to[4] = record.failures;
  to[5] = static_cast<uint8_t>(status.report_type);
  to[6] = static_cast<uint8_t>((status.partly_refused ? kPartlyRefused : 0) |
                               (record.symptom_onset ? kHasOnset : 0));
  to[7] = static_cast<uint8_t>(record.keys.size());
  store_le32(to + 8, status.keys_inserted);
  store_time(to + 12, status.consented_at);
  store_time(to + 20, status.wake_at);
  store_le32(to + 28, record.symptom_onset ? record.symptom_onset->number : 0);
  std::ranges::copy(record.hmac_key.expose(ForSealing{}), to + 32);
  to += kHeaderBytes;
  for (const StoredText& stored : kTexts) {
    const ByteView text = (record.*(stored.text)).expose(ForSealing{});
    to[0] = static_cast<uint8_t>(text.size());
    to[1] = static_cast<uint8_t>(text.size() >> 8);
    to = std::ranges::copy(text, to + 2).out;
  }
  for (const PublishedKey& key : record.keys) {
    std::ranges::copy(key.bytes, to);
    store_time(to + 32, key.valid_from);
    store_time(to + 40, key.valid_to);
    store_le32(to + 48, key.identifiers_per_day);
    to += kKeyBytes;
  }
  return bytes;
}

Result<Record> decode(ByteView bytes) {
  if (bytes.empty()) return wrong_length();
  if (bytes[0] > kVersion)
    return Status(Code::newer_format, "an upload was stored by a newer version");
  if (bytes[0] != kVersion || bytes.size() < kHeaderBytes) return wrong_length();
  Record record;
  NEARZONE_TRY(decode_header(bytes, record));
  ByteView rest = bytes.subspan(kHeaderBytes);
  for (const StoredText& stored : kTexts) {
    if (rest.size() < 2) return wrong_length();
    const size_t size = size_t{rest[0]} | size_t{rest[1]} << 8;
    rest = rest.subspan(2);
    if (size > stored.most || size > rest.size()) return wrong_length();
    record.*(stored.text) = SecretBytes(rest.first(size));
    rest = rest.subspan(size);
  }
  if (rest.size() != kKeyBytes * record.status.keys ||
      record.status.keys > most_keys(record.scheme))
    return wrong_length();
  for (; !rest.empty(); rest = rest.subspan(kKeyBytes)) {
    NEARZONE_ASSIGN(const PublishedKey key, decode_key(rest.data(), record.scheme));
    record.keys.push_back(key);
  }
  NEARZONE_TRY(check(record));
  return record;
}

}  // namespace nearzone::upload
