// All rows of the SQLite store, through one connection within a transaction that is not its own.
#pragma once

#include <type_traits>

#include "authority/recent_keys.h"
#include "authority/sqlite.h"
#include "authority/store.h"

namespace nearzone::authority {

class SqliteRows final : public Writer {
 public:
  // Of a reader.
  explicit SqliteRows(Connection& connection) : connection_(connection) {}
  // Of the writer.
  SqliteRows(Connection& connection, RecentKeys& recent)
      : connection_(connection), recent_(&recent) {}

  // sqlite_keys.cc
  Result<std::optional<StoredKey>> find_key(SchemeTag scheme, ByteView bytes) override;
  Status visit_keys(const KeyQuery& query, const VisitKey& visit) override;
  Result<bool> insert_key(const StoredKey& key) override;
  Status revise_key(SchemeTag scheme, ByteView bytes, const Revision& revision) override;
  // Brings the recent keys to their places.
  Status settle_keys();

  // sqlite_exports.cc
  Result<std::optional<ExportBatch>> find_batch(uint64_t id) override;
  Result<std::optional<ExportBatch>> latest_batch(std::string_view series) override;
  Result<std::vector<ExportBatch>> batches(std::string_view series) override;
  Status visit_padding(uint64_t batch, const VisitPadding& visit) override;
  Result<std::vector<ExportFile>> files(uint64_t batch) override;
  Result<std::vector<SigningKeyInfo>> signing_keys() override;
  Result<uint64_t> open_batch(std::string_view series, TimeRange window, Instant now) override;
  Status update_batch(const ExportBatch& batch) override;
  Status add_padding(uint64_t batch, std::span<const PublishedKey> keys) override;
  Status add_file(const ExportFile& file) override;
  Status mark_file_removed(uint64_t batch, uint32_t number, Instant at) override;
  Status put_signing_key(const SigningKeyInfo& key) override;

  // sqlite_codes.cc
  Result<std::optional<VerificationCode>> find_code(std::string_view realm, uint64_t hash_key,
                                                    const Hash& hash) override;
  Result<std::optional<VerificationCode>> find_code_by_uuid(std::string_view realm,
                                                            std::string_view uuid) override;
  Result<uint64_t> codes_issued(std::string_view realm, TimeRange when) override;
  Result<std::optional<VerificationToken>> find_token(const Hash& hash) override;
  Result<CodeInsertion> insert_code(const VerificationCode& code) override;
  Result<bool> claim_code(std::string_view realm, std::string_view uuid, Instant at) override;
  Result<bool> expire_code(std::string_view realm, std::string_view uuid, Instant at) override;
  Status insert_token(const VerificationToken& token) override;
  Result<bool> use_token(const Hash& hash, Instant at) override;

  // sqlite_operation.cc
  Result<std::optional<ApiKey>> find_api_key(const Hash& hash) override;
  Result<std::vector<ApiKey>> api_keys() override;
  Result<std::vector<AuditEntry>> audit(std::string_view realm, uint64_t most) override;
  Result<std::vector<SealedKey>> sealed_keys(KeyPurpose purpose) override;
  Result<std::vector<Statistic>> statistics(std::string_view scope, Day first, Day end) override;
  Result<uint32_t> schema_version() override;
  Result<uint64_t> insert_api_key(const ApiKey& key) override;
  Result<bool> revoke_api_key(std::string_view name, Instant at) override;
  Status append_audit(const AuditEntry& entry) override;
  Result<uint64_t> insert_sealed_key(KeyPurpose purpose, Instant created_at,
                                     ByteView sealed) override;
  Status count(Day day, std::string_view scope, std::string_view metric, int64_t by) override;
  Result<bool> take_lease(std::string_view name, std::string_view holder, Instant now,
                          Instant until) override;
  Status give_lease_back(std::string_view name, std::string_view holder) override;
  Result<Removed> remove_expired(const RetentionLimits& limits) override;

 private:
  // Binds and steps once. The statement stands on the row, or none.
  Result<Statement*> first_row(const char* sql, std::initializer_list<SqlValue> values);
  // Runs a change; gives how many rows it changed.
  Result<uint64_t> change(const char* sql, std::initializer_list<SqlValue> values);

  Connection& connection_;
  RecentKeys* recent_ = nullptr;
};

// How values lie in columns.
inline int64_t column(Instant at) { return at.ms; }
inline int64_t column(Day day) { return day.number; }
inline int64_t column(uint64_t number) { return static_cast<int64_t>(number); }
template <typename Enum>
  requires std::is_enum_v<Enum>
int64_t column(Enum value) {
  return static_cast<int64_t>(value);
}
template <typename T>
SqlValue column(const std::optional<T>& value) {
  if (!value) return {};
  return column(*value);
}
inline std::optional<Instant> instant_of(std::optional<int64_t> value) {
  if (!value) return std::nullopt;
  return Instant{*value};
}
// Texts without commas, as one text.
std::string joined(const std::vector<std::string>& texts);
std::vector<std::string> split(std::string_view joined);

}  // namespace nearzone::authority
