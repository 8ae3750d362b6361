#include "nearzone/tcn.h"

#include <algorithm>

#include "core/crypto.h"
#include "scheme/tcn_ratchet.h"

namespace nearzone::tcn {
namespace {

constexpr size_t kSignature = 64;
constexpr size_t kFirst = 32 + 32;
constexpr size_t kLast = kFirst + 2;
constexpr size_t kMemoType = kLast + 2;
constexpr size_t kMemoSize = kMemoType + 1;
constexpr size_t kMemo = kMemoSize + 1;

uint16_t load_le16(const uint8_t* from) { return static_cast<uint16_t>(from[0] | from[1] << 8); }

Status malformed(const char* text, const char* field) { return {Code::corrupt, text, field}; }

}  // namespace

ReportVerificationKey verification_key(const ReportAuthorizationKey& rak) {
  return {ed25519_public_key(rak.secret)};
}

TemporaryContactKey contact_key(const ReportAuthorizationKey& rak, uint16_t index) {
  SecretBytes message(5 + 32);
  uint8_t* const to = std::ranges::copy(as_bytes("H_TCK"), message.replace().data()).out;
  std::ranges::copy(rak.secret.expose(ForDerivation{}), to);
  Digest key = sha256(message.expose(ForDerivation{}));
  RatchetLanes ratchet;
  ratchet.load(0, verification_key(rak).bytes.data(), key.data(), 0);
  Identifier unused;
  for (uint16_t i = 0; i < index; ++i) ratchet.advance(1, &unused);
  std::copy_n(ratchet.contact_key(0), 32, key.begin());
  return {index, key};
}

std::vector<Identifier> numbers(const ReportAuthorizationKey& rak, uint16_t first, uint16_t last) {
  TemporaryContactKey before = contact_key(rak, static_cast<uint16_t>(first - 1));
  RatchetLanes ratchet;
  ratchet.load(0, verification_key(rak).bytes.data(), before.bytes.data(), before.index);
  wipe(before.bytes);
  std::vector<Identifier> numbers(size_t{last} - first + 1);
  for (Identifier& number : numbers) ratchet.advance(1, &number);
  return numbers;
}

Result<std::vector<uint8_t>> make_report(const ReportAuthorizationKey& rak, uint16_t first,
                                         uint16_t last, MemoType memo_type, ByteView memo) {
  if (memo.size() > kMaxMemo)
    return Status(Code::invalid_argument, "longer than 255 bytes", "memo");
  if (memo_type == MemoType::reserved)
    return Status(Code::invalid_argument, "is reserved", "memo_type");
  first = std::max<uint16_t>(first, 1);
  const TemporaryContactKey before = contact_key(rak, static_cast<uint16_t>(first - 1));
  std::vector<uint8_t> report;
  report.reserve(kMemo + memo.size() + kSignature);
  std::ranges::copy(verification_key(rak).bytes, std::back_inserter(report));
  std::ranges::copy(before.bytes, std::back_inserter(report));
  for (uint16_t index : {first, last}) {
    report.push_back(static_cast<uint8_t>(index));
    report.push_back(static_cast<uint8_t>(index >> 8));
  }
  report.push_back(static_cast<uint8_t>(memo_type));
  report.push_back(static_cast<uint8_t>(memo.size()));
  report.insert(report.end(), memo.begin(), memo.end());
  const Ed25519Signature signature = ed25519_sign(rak.secret, report);
  report.insert(report.end(), signature.begin(), signature.end());
  return report;
}

Result<Report> read_report(ByteView bytes) {
  if (bytes.size() < kMemo + kSignature) return malformed("a report ends too early", "report");
  if (bytes.size() != kMemo + bytes[kMemoSize] + kSignature)
    return malformed("a report has another length than it says", "report");
  Report report;
  std::ranges::copy(bytes.first(32), report.key.bytes.begin());
  std::ranges::copy(bytes.subspan(32, 32), report.before.bytes.begin());
  report.first = load_le16(&bytes[kFirst]);
  report.last = load_le16(&bytes[kLast]);
  if (report.first == 0) return malformed("a report begins with number 0", "first");
  report.before.index = static_cast<uint16_t>(report.first - 1);
  report.memo_type = static_cast<MemoType>(bytes[kMemoType]);
  if (report.memo_type == MemoType::reserved)
    return malformed("a report has the reserved type of memo", "memo_type");
  const ByteView memo = bytes.subspan(kMemo, bytes[kMemoSize]);
  report.memo.assign(memo.begin(), memo.end());
  return report;
}

Result<Report> verify_report(ByteView bytes) {
  NEARZONE_ASSIGN(Report report, read_report(bytes));
  const size_t size = bytes.size() - kSignature;
  if (!ed25519_verify(report.key.bytes, bytes.first(size), bytes.subspan(size)))
    return Status(Code::signature_refused, "the report was not signed with its key", "report");
  return report;
}

}  // namespace nearzone::tcn
