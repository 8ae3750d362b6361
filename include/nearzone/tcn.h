/// Temporary Contact Numbers: a ratchet of keys, and the signed reports that give a part of it
/// away. Source: docs/provenance.md, "TCN scheme".
///
///     auto rak = nearzone::tcn::ReportAuthorizationKey{nearzone::Secret<32>::random(random)};
///     std::vector<nearzone::Identifier> sent = nearzone::tcn::numbers(rak, 1, 24);
///     auto report = nearzone::tcn::make_report(rak, 1, 24, nearzone::tcn::MemoType::coepi_v1, {});
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"

namespace nearzone::tcn {

/// rak: an Ed25519 seed. All of a ratchet follows from it, and only its owner can report.
struct ReportAuthorizationKey {
  Secret<32> secret;
};
/// rvk: the Ed25519 public key of a rak.
struct ReportVerificationKey {
  std::array<uint8_t, 32> bytes{};
  bool operator==(const ReportVerificationKey&) const = default;
};
/// tck_i: together with the rvk it gives all later ones, and the numbers from i + 1 on. Secret
/// until it is reported.
struct TemporaryContactKey {
  uint16_t index = 0;
  std::array<uint8_t, 32> bytes{};
};

ReportVerificationKey verification_key(const ReportAuthorizationKey& rak);
/// tck_index. tck_0 follows from the rak alone.
TemporaryContactKey contact_key(const ReportAuthorizationKey& rak, uint16_t index);
/// tcn_first to tcn_last. 1 <= first <= last: tcn_0 is never used, and after 65535 a new rak is
/// due.
std::vector<Identifier> numbers(const ReportAuthorizationKey& rak, uint16_t first, uint16_t last);

/// What a memo is. Other numbers but the reserved one are passed on as they are.
enum class MemoType : uint8_t {
  coepi_v1 = 0,
  covid_watch_v1 = 1,
  ito_v1 = 2,
  hutch_trace = 3,
  reserved = 0xff,
};
inline constexpr size_t kMaxMemo = 255;
/// The most that lists take of one report: fifteen days of quarter hours.
inline constexpr uint32_t kMaxNumbers = 1440;
inline constexpr size_t kMaxReport = 32 + 32 + 2 + 2 + 1 + 1 + kMaxMemo + 64;

/// What a report says. It reveals tcn_first to tcn_last, and to whoever cares to compute them all
/// later numbers of the same rak.
struct Report {
  ReportVerificationKey key;
  TemporaryContactKey before;  ///< tck_(first - 1)
  uint16_t first = 1;
  uint16_t last = 1;  ///< below `first` where it reveals nothing
  MemoType memo_type = MemoType::coepi_v1;
  std::vector<uint8_t> memo;

  uint32_t size() const { return last < first ? 0 : uint32_t{last} - first + 1; }
};

/// A signed report of tcn_first to tcn_last; a `first` of 0 is raised to 1. Fails with
/// invalid_argument on a memo of more than 255 bytes or of the reserved type.
Result<std::vector<uint8_t>> make_report(const ReportAuthorizationKey& rak, uint16_t first,
                                         uint16_t last, MemoType memo_type, ByteView memo);
/// Reads a signed report without looking at its signature. Fails with corrupt on another length
/// than it says, an index of 0 or the reserved memo type.
Result<Report> read_report(ByteView signed_report);
/// The same, and fails with signature_refused where its own key did not sign it.
Result<Report> verify_report(ByteView signed_report);

}  // namespace nearzone::tcn
