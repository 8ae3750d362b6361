// Turning a code into a token and a token into a certificate, each once. What runs inside of a
// transaction, and what hashing it needs before. docs/authority.md, "Verification".
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/key_ring.h"
#include "authority/settings.h"
#include "authority/store.h"

namespace nearzone::authority {

// A code as it might be stored: hashed with each key that is still known.
struct CodeProbe {
  struct Hashed {
    uint64_t key = 0;
    Hash hash{};
  };
  std::vector<Hashed> hashes;

  static Result<CodeProbe> of(std::string_view code, const RealmSettings& realm, KeyRing& ring);
};

enum class ClaimProblem : uint8_t { none, unknown, expired, claimed, unaccepted };

struct Claim {
  ClaimProblem problem = ClaimProblem::none;
  TestResult test;
};

// Claims the code, where `accepts` says yes to its kind of report.
using Accepts = bool (*)(ReportType type, const void* context);
Result<Claim> claim_code(const CodeProbe& probe, const RealmSettings& realm, Instant now,
                         Accepts accepts, const void* context, Writer& rows);

// Uses a token up.
Result<Claim> use_token(const Hash& token, const RealmSettings& realm, Instant now, Writer& rows);

}  // namespace nearzone::authority
