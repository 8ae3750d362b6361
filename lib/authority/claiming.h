// Turning a code into a token and a token into a certificate, each once. What runs inside of a
// transaction, and what hashing it needs before. docs/authority.md, "Verification".
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/json.h"
#include "authority/key_ring.h"
#include "authority/settings.h"
#include "authority/store.h"
#include "net/http.h"

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

// What tells a request that is sent again, because its answer was lost, from any other: the hash of
// all its bytes, among them padding that only its sender knows. Nothing where there is too little
// of that, or its sender does not say so (sends_again): then it counts as another one each time.
std::optional<Hash> repeatable(const net::HttpRequest& request, const Json& body);

// The tokens that the request of this hash would be given, by the keys of the ring, newest first.
Result<std::vector<std::string>> repeatable_tokens(const Hash& request, const RealmSettings& realm,
                                                   KeyRing& ring);
// The one of these that its code was turned into, if that is so and it was not used.
Result<std::optional<std::string>> find_unused_token(const std::vector<std::string>& tokens,
                                                     const RealmSettings& realm, Instant now,
                                                     Reader& rows, TestResult& test);

// A note that something was done, under a hash that whoever asked for it can show again. It is kept
// as a token that is used up, says nothing of what was done, and ends with a window of time.
Status leave_receipt(const Hash& hash, std::string_view scope, const TestResult& test, Instant now,
                     Millis window, Writer& rows);
// The receipt, where it has not ended.
Result<std::optional<VerificationToken>> find_receipt(const Hash& hash, std::string_view scope,
                                                      Instant now, Reader& rows);
// How long a request may be sent again.
constexpr Millis kReceiptLife = std::chrono::hours(72);

}  // namespace nearzone::authority
