// Issuing codes and looking after them: what the interface, the page for health workers and the
// command line all do. Each act leaves an audit row in the same transaction. Safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "authority/key_ring.h"
#include "authority/settings.h"
#include "authority/store.h"
#include "nearzone/random.h"
#include "nearzone/time.h"

namespace nearzone::authority {

// What stands between a request and a code.
enum class IssueProblem : uint8_t {
  none,
  unsupported_report_type,
  missing_date,
  invalid_date,
  malformed_uuid,
  uuid_exists,
  quota_exceeded,
};
const char* issue_problem_name(IssueProblem problem);  // as the interface has it: "missing_date"
const char* issue_problem_words(IssueProblem problem);

struct IssueRequest {
  TestResult test;
  std::string uuid;       // empty: a new one
  std::string issued_by;  // name of an API key, or "command-line"
};

struct IssuedCode {
  IssueProblem problem = IssueProblem::none;
  std::string uuid;
  std::string short_code;
  std::string long_code;
  Instant short_expires_at;
  Instant long_expires_at;
};

class Issuing {
 public:
  Issuing(const Settings& settings, KeyRing& ring, Random& random)
      : settings_(settings), ring_(ring), random_(random) {}

  // What a code of this realm may be for, without issuing one.
  IssueProblem check(const RealmSettings& realm, const IssueRequest& request, Instant now) const;
  // The key that hashes are made with now: to be asked for outside of transactions.
  Result<std::shared_ptr<const RingKey>> hash_key(Instant now);
  // Within a transaction.
  Result<IssuedCode> issue(const RealmSettings& realm, const IssueRequest& request,
                           const RingKey& hash_key, Writer& rows, Instant now);

  enum class Expiry : uint8_t { done, unknown, claimed };
  // Leaves the code as it then is in `code`.
  Result<Expiry> expire(const RealmSettings& realm, std::string_view uuid, std::string_view actor,
                        Writer& rows, Instant now, std::optional<VerificationCode>& code);
  // Looks a code up for somebody; that is audited, too.
  Result<std::optional<VerificationCode>> status(const RealmSettings& realm, std::string_view uuid,
                                                 std::string_view actor, Writer& rows, Instant now);

 private:
  const Settings& settings_;
  KeyRing& ring_;
  Random& random_;
};

}  // namespace nearzone::authority
