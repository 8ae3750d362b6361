// The authority's store: everything it keeps, behind one interface that SQLite serves and
// PostgreSQL can. No SQL is written outside its implementations, and the tests of
// tests/authority/store_test.cc are written against this interface alone.
//
//     Status stored = store.write([&](Writer& rows) -> Status {
//       NEARZONE_ASSIGN(const bool is_new, rows.insert_key(key));
//       if (!is_new) return {Code::in_use, "this key was uploaded before"};
//       return rows.count(today, "authority/vn", "uploads", 1);
//     });
//
// A Writer or Reader lives only inside the function it is given to. Look-ups that find nothing give
// an empty optional or container; failures are those of the store itself: io, no_space, corrupt,
// in_use (it stays locked), internal.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "authority/records.h"
#include "nearzone/status.h"

namespace nearzone::authority {

// One consistent view of all rows. Not thread-safe.
class Reader {
 public:
  virtual ~Reader() = default;

  virtual Result<std::optional<StoredKey>> find_key(SchemeTag scheme, ByteView bytes) = 0;
  // Calls `visit` with every key that the query wants, in the order of (created_at or revised_at,
  // key bytes), without holding them in memory. A failure of `visit` ends it and is returned.
  using VisitKey = std::function<Status(const StoredKey&)>;
  virtual Status visit_keys(const KeyQuery& query, const VisitKey& visit) = 0;

  virtual Result<std::optional<ExportBatch>> find_batch(uint64_t id) = 0;
  // The batch of the series with the latest window.
  virtual Result<std::optional<ExportBatch>> latest_batch(std::string_view series) = 0;
  // All batches of a series in the order of their windows.
  virtual Result<std::vector<ExportBatch>> batches(std::string_view series) = 0;
  // The batch's padding in the order it was added.
  using VisitPadding = std::function<Status(const PublishedKey&)>;
  virtual Status visit_padding(uint64_t batch, const VisitPadding& visit) = 0;
  virtual Result<std::vector<ExportFile>> files(uint64_t batch) = 0;
  virtual Result<std::vector<SigningKeyInfo>> signing_keys() = 0;

  // The code one of whose hashes (made with `hash_key`) this is.
  virtual Result<std::optional<VerificationCode>> find_code(std::string_view realm,
                                                            uint64_t hash_key,
                                                            const Hash& hash) = 0;
  virtual Result<std::optional<VerificationCode>> find_code_by_uuid(std::string_view realm,
                                                                    std::string_view uuid) = 0;
  // How many codes the realm issued in a time.
  virtual Result<uint64_t> codes_issued(std::string_view realm, TimeRange when) = 0;
  virtual Result<std::optional<VerificationToken>> find_token(const Hash& hash) = 0;

  virtual Result<std::optional<ApiKey>> find_api_key(const Hash& hash) = 0;
  virtual Result<std::vector<ApiKey>> api_keys() = 0;
  // The last `most` entries of a realm, newest first.
  virtual Result<std::vector<AuditEntry>> audit(std::string_view realm, uint64_t most) = 0;

  // All keys of a purpose, newest first.
  virtual Result<std::vector<SealedKey>> sealed_keys(KeyPurpose purpose) = 0;

  // The counters of a scope, days in [first, end), by day and metric.
  virtual Result<std::vector<Statistic>> statistics(std::string_view scope, Day first, Day end) = 0;

  // Of the tables and columns that are there.
  virtual Result<uint32_t> schema_version() = 0;
};

// The same within a transaction that also changes rows.
class Writer : public Reader {
 public:
  // False, and nothing done, where the key is there already.
  virtual Result<bool> insert_key(const StoredKey& key) = 0;
  // Fails with not_found, or in_use where the key has been revised before.
  virtual Status revise_key(SchemeTag scheme, ByteView bytes, const Revision& revision) = 0;

  // Opens a batch; gives its id. The window must not overlap another one of its series (in_use).
  virtual Result<uint64_t> open_batch(std::string_view series, TimeRange window, Instant now) = 0;
  // Changes state, published_at and the counts of the batch with this id.
  virtual Status update_batch(const ExportBatch& batch) = 0;
  virtual Status add_padding(uint64_t batch, std::span<const PublishedKey> keys) = 0;
  virtual Status add_file(const ExportFile& file) = 0;
  virtual Status mark_file_removed(uint64_t batch, uint32_t number, Instant at) = 0;
  // Adds a signing key, or replaces the one with its id.
  virtual Status put_signing_key(const SigningKeyInfo& key) = 0;

  // Why a code was not inserted.
  enum class CodeInsertion : uint8_t { done, uuid_exists, code_exists };
  virtual Result<CodeInsertion> insert_code(const VerificationCode& code) = 0;
  // False where it was claimed before; of any number of callers, one gets true.
  virtual Result<bool> claim_code(std::string_view realm, std::string_view uuid, Instant at) = 0;
  // Ends both lives of an unclaimed code at `at`, where they do not end before. False where it was
  // claimed before or is not there.
  virtual Result<bool> expire_code(std::string_view realm, std::string_view uuid, Instant at) = 0;
  virtual Status insert_token(const VerificationToken& token) = 0;
  // False where it was used before; of any number of callers, one gets true.
  virtual Result<bool> use_token(const Hash& hash, Instant at) = 0;

  // Gives the id. Fails with in_use where the name is taken.
  virtual Result<uint64_t> insert_api_key(const ApiKey& key) = 0;
  // False where there is none of this name, or it was revoked before.
  virtual Result<bool> revoke_api_key(std::string_view name, Instant at) = 0;
  virtual Status append_audit(const AuditEntry& entry) = 0;

  // Gives the id.
  virtual Result<uint64_t> insert_sealed_key(KeyPurpose purpose, Instant created_at,
                                             ByteView sealed) = 0;
  virtual Status count(Day day, std::string_view scope, std::string_view metric, int64_t by) = 0;

  // Takes a lease that nobody else holds at `now`, or prolongs one's own. False where somebody
  // does.
  virtual Result<bool> take_lease(std::string_view name, std::string_view holder, Instant now,
                                  Instant until) = 0;
  virtual Status give_lease_back(std::string_view name, std::string_view holder) = 0;

  // What is removed stays until the transaction is committed; one that fails is a dry run.
  virtual Result<Removed> remove_expired(const RetentionLimits& limits) = 0;
};

// Safe from any thread.
class Store {
 public:
  using Read = std::function<Status(Reader&)>;
  using Write = std::function<Status(Writer&)>;

  virtual ~Store() = default;

  // Runs `work` on one consistent view of what is committed. Does not wait for writers.
  virtual Status read(const Read& work) = 0;
  // Runs `work` in one transaction: committed and durable when it returns success, undone where
  // `work` fails, with its failure. Writers wait for each other; none may call the store again.
  virtual Status write(const Write& work) = 0;
  // As write(), several at the price of one: each is undone on its own where it fails, all where
  // the commit does. `outcomes` has one element for each.
  virtual void write_each(std::span<const Write> works, std::span<Status> outcomes) = 0;
};

}  // namespace nearzone::authority
