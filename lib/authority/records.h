// What the authority stores, as values. Nothing here knows how: see store.h.
//
// Times are kept as coarse as their use allows: `created_at` and `revised_at` of keys are multiples
// of the truncation window, or the end of a batch that was decided since, so that no row says when
// a person pressed a button. There is no column for an address, a phone number or an encounter
// anywhere.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nearzone/keys.h"
#include "nearzone/lists.h"
#include "nearzone/time.h"

namespace nearzone::authority {

using Hash = std::array<uint8_t, 32>;

// --- Keys to publish -----------------------------------------------------------------------------

// A later statement about a key. At most one is ever made.
struct Revision {
  Instant at;  // truncated, as created_at
  ReportType report_type = ReportType::unknown;
  uint8_t transmission_risk_level = 0;
  std::optional<int8_t> days_since_onset;
  bool operator==(const Revision&) const = default;
};

// A key that somebody gave away to be published. `key.record` and `key.revised` mean nothing here.
struct StoredKey {
  PublishedKey key;
  std::vector<std::string> regions;  // sorted, without commas
  bool traveler = false;
  std::string authority;  // who vouched for the diagnosis: the health authority's id
  // When it was accepted, truncated to the window; of a key that was still valid then, the end of
  // the window after its expiry. It is never published in a batch that ends before.
  Instant created_at;
  std::optional<Revision> revision;
  bool operator==(const StoredKey&) const = default;
};

// Which keys an export wants.
struct KeyQuery {
  enum class By : uint8_t { created_at, revised_at };
  SchemeTag scheme = SchemeTag::gaen;
  By by = By::created_at;
  TimeRange when;
  // Of the key's regions at least one is in `regions` (none given: any will do) and none in
  // `excluded`. Travelers' keys come along where `travelers` is set.
  std::vector<std::string> regions;
  std::vector<std::string> excluded;
  bool travelers = false;

  bool wants(const StoredKey& key) const;
};

// --- Exports -------------------------------------------------------------------------------------

enum class BatchState : uint8_t {
  open = 1,       // its rows may still change; a crash leaves it so
  closed = 2,     // keys and padding are decided for ever
  published = 3,  // its files are complete and the index lists them
  removed = 4,    // past retention: out of the index, files deleted
};

// The keys of one time window of one series (an export configuration's name).
struct ExportBatch {
  uint64_t id = 0;  // given by the store
  std::string series;
  TimeRange window;
  uint64_t sequence = 0;  // 1, 2, ... within its series, given by the store
  BatchState state = BatchState::open;
  Instant opened_at;
  std::optional<Instant> published_at;
  uint64_t keys = 0;
  uint64_t revised_keys = 0;
  uint64_t padding_keys = 0;
  bool operator==(const ExportBatch&) const = default;
};

// One published file of a batch.
struct ExportFile {
  uint64_t batch = 0;
  uint32_t number = 1;  // 1, 2, ... within the batch
  std::string format;   // list_format_name()
  std::string name;     // relative to the folder of exports
  uint64_t size = 0;
  Hash content_digest{};                  // SHA-256 of what is signed
  std::vector<std::string> signing_keys;  // ids, in the order of the signatures
  std::optional<Instant> removed_at;
  bool operator==(const ExportFile&) const = default;
};

// What an authority signs with. The private key is in a file or a device, never in the store.
struct SigningKeyInfo {
  std::string id;       // unique
  std::string version;  // "v1"
  PublicKey::Algorithm algorithm = PublicKey::Algorithm::ecdsa_p256;
  std::string public_key_pem;
  std::string location;  // of the private key: a file's name in the folder of signing keys
  Instant valid_from;
  std::optional<Instant> valid_thru;  // none: until further notice
  bool operator==(const SigningKeyInfo&) const = default;
};

// --- Verification --------------------------------------------------------------------------------

// What a health worker states about a test.
struct TestResult {
  ReportType report_type = ReportType::confirmed_test;
  std::optional<Day> symptom_date;
  std::optional<Day> test_date;
  bool operator==(const TestResult&) const = default;
};

// An issued code. The code itself is nowhere: only its HMAC under a key that rotates.
struct VerificationCode {
  std::string uuid;  // names the code to health workers; unique within its realm
  std::string realm;
  uint64_t hash_key = 0;  // the SealedKey that both hashes were made with
  Hash short_hash{};
  std::optional<Hash> long_hash;
  TestResult test;
  Instant issued_at;
  Instant short_expires_at;
  Instant long_expires_at;
  std::optional<Instant> claimed_at;
  std::string issued_by;  // name of an API key, or "command-line"
  bool operator==(const VerificationCode&) const = default;
};

// What a claimed code turns into; only the hash of its id is stored. Or a receipt: leave_receipt().
struct VerificationToken {
  Hash hash{};
  std::string realm;
  TestResult test;
  Instant expires_at;
  std::optional<Instant> used_at;
  bool operator==(const VerificationToken&) const = default;
};

enum class Role : uint8_t { device = 1, admin = 2, statistics = 3 };

// A key that callers of the interface name themselves with: 256 random bits, of which only the
// SHA-256 is stored.
struct ApiKey {
  uint64_t id = 0;   // given by the store
  std::string name;  // for people; unique
  std::string realm;
  Role role = Role::device;
  Hash hash{};
  Instant created_at;
  std::optional<Instant> revoked_at;
  bool operator==(const ApiKey&) const = default;
};

// One act of a person or a program. Never changed, removed only by retention.
struct AuditEntry {
  Instant at;
  std::string realm;
  std::string actor;    // name of an API key, or "command-line"
  std::string action;   // "code.issue", "api-key.revoke", ...
  std::string subject;  // a uuid or a name; never a code
  bool operator==(const AuditEntry&) const = default;
};

// --- Keys of the server's own --------------------------------------------------------------------

enum class KeyPurpose : uint8_t {
  code_hash = 1,       // HMAC of codes, and of requests into their tokens
  revision_token = 2,  // encrypts revision tokens
  certificate = 3,     // signs certificates: a P-256 private key
};

// A secret key that rotates, sealed under the root secret, which only a file has.
struct SealedKey {
  uint64_t id = 0;  // given by the store, unique among all purposes
  KeyPurpose purpose = KeyPurpose::code_hash;
  Instant created_at;
  std::vector<uint8_t> sealed;
  bool operator==(const SealedKey&) const = default;
};

// --- Statistics and retention --------------------------------------------------------------------

// One counter: how often something happened on a day.
struct Statistic {
  Day day;
  std::string scope;   // "realm/NAME" or "authority/ID"
  std::string metric;  // "codes_issued", "uploads", ...
  int64_t count = 0;
  bool operator==(const Statistic&) const = default;
};

// What is older than these goes.
struct RetentionLimits {
  Instant keys_created_before;   // and padding of batches that end before
  Instant codes_expired_before;  // and tokens
  Instant statistics_before;
  Instant audit_before;
  Instant sealed_keys_before;  // all but the newest of each purpose
};

struct Removed {
  uint64_t keys = 0;
  uint64_t padding = 0;
  uint64_t codes = 0;
  uint64_t tokens = 0;
  uint64_t statistics = 0;
  uint64_t audit = 0;
  uint64_t sealed_keys = 0;
  bool operator==(const Removed&) const = default;
};

}  // namespace nearzone::authority
