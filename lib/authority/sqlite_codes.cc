// The rows of verification: codes and tokens.
#include "authority/sqlite_rows.h"

namespace nearzone::authority {
namespace {

std::optional<Day> day_of(std::optional<int64_t> value) {
  if (!value) return std::nullopt;
  return Day{static_cast<int32_t>(*value)};
}

TestResult read_test(const Statement& row, int first) {
  return {static_cast<ReportType>(row.integer(first)), day_of(row.optional_integer(first + 1)),
          day_of(row.optional_integer(first + 2))};
}

Status read_code(const Statement& row, VerificationCode& code) {
  code.uuid = row.text(0);
  code.realm = row.text(1);
  code.hash_key = static_cast<uint64_t>(row.integer(2));
  NEARZONE_TRY(row.blob(3, code.short_hash));
  if (!row.is_null(4)) NEARZONE_TRY(row.blob(4, code.long_hash.emplace()));
  code.test = read_test(row, 5);
  code.issued_at = {row.integer(8)};
  code.short_expires_at = {row.integer(9)};
  code.long_expires_at = {row.integer(10)};
  code.claimed_at = instant_of(row.optional_integer(11));
  code.issued_by = row.text(12);
  return {};
}

Result<std::optional<VerificationCode>> read_one(Statement* row) {
  if (row == nullptr) return std::optional<VerificationCode>();
  const RowsOf rows(*row);
  VerificationCode code;
  NEARZONE_TRY(read_code(*row, code));
  return std::optional(std::move(code));
}

}  // namespace

Result<std::optional<VerificationCode>> SqliteRows::find_code(std::string_view realm,
                                                              uint64_t hash_key, const Hash& hash) {
  NEARZONE_ASSIGN(Statement* const row, first_row(R"(
SELECT uuid, realm, hash_key, short_hash, long_hash, report_type, symptom_date, test_date, issued_at,
       short_expires_at, long_expires_at, claimed_at, issued_by
FROM verification_code
WHERE (short_hash = ?1 AND realm = ?2 AND hash_key = ?3)
   OR (long_hash = ?1 AND realm = ?2 AND hash_key = ?3))",
                                                  {ByteView(hash), realm, column(hash_key)}));
  return read_one(row);
}

Result<std::optional<VerificationCode>> SqliteRows::find_code_by_uuid(std::string_view realm,
                                                                      std::string_view uuid) {
  NEARZONE_ASSIGN(Statement* const row, first_row(R"(
SELECT uuid, realm, hash_key, short_hash, long_hash, report_type, symptom_date, test_date, issued_at,
       short_expires_at, long_expires_at, claimed_at, issued_by
FROM verification_code WHERE realm = ?1 AND uuid = ?2)",
                                                  {realm, uuid}));
  return read_one(row);
}

Result<uint64_t> SqliteRows::codes_issued(std::string_view realm, TimeRange when) {
  NEARZONE_ASSIGN(Statement* const row, first_row(R"(
SELECT count(*) FROM verification_code WHERE realm = ?1 AND issued_at >= ?2 AND issued_at < ?3)",
                                                  {realm, column(when.from), column(when.to)}));
  const RowsOf rows(*row);
  return static_cast<uint64_t>(row->integer(0));
}

Result<std::optional<VerificationToken>> SqliteRows::find_token(const Hash& hash) {
  NEARZONE_ASSIGN(Statement* const row, first_row(R"(
SELECT realm, report_type, symptom_date, test_date, expires_at, used_at
FROM verification_token WHERE hash = ?1)",
                                                  {ByteView(hash)}));
  if (row == nullptr) return std::optional<VerificationToken>();
  const RowsOf rows(*row);
  return std::optional(VerificationToken{hash,
                                         std::string(row->text(0)),
                                         read_test(*row, 1),
                                         {row->integer(4)},
                                         instant_of(row->optional_integer(5))});
}

Result<Writer::CodeInsertion> SqliteRows::insert_code(const VerificationCode& code) {
  NEARZONE_ASSIGN(const std::optional<VerificationCode> same_name,
                  find_code_by_uuid(code.realm, code.uuid));
  if (same_name) return CodeInsertion::uuid_exists;
  const SqlValue long_hash = code.long_hash ? SqlValue(ByteView(*code.long_hash)) : SqlValue();
  NEARZONE_ASSIGN(
      const uint64_t inserted,
      change(R"(
INSERT OR IGNORE INTO verification_code (realm, uuid, hash_key, short_hash, long_hash, report_type,
  symptom_date, test_date, issued_at, short_expires_at, long_expires_at, claimed_at, issued_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13))",
             {std::string_view(code.realm), std::string_view(code.uuid), column(code.hash_key),
              ByteView(code.short_hash), long_hash, column(code.test.report_type),
              column(code.test.symptom_date), column(code.test.test_date), column(code.issued_at),
              column(code.short_expires_at), column(code.long_expires_at), column(code.claimed_at),
              std::string_view(code.issued_by)}));
  return inserted == 1 ? CodeInsertion::done : CodeInsertion::code_exists;
}

Result<bool> SqliteRows::claim_code(std::string_view realm, std::string_view uuid, Instant at) {
  NEARZONE_ASSIGN(const uint64_t claimed, change(R"(
UPDATE verification_code SET claimed_at = ?3
WHERE realm = ?1 AND uuid = ?2 AND claimed_at IS NULL)",
                                                 {realm, uuid, column(at)}));
  return claimed == 1;
}

Result<bool> SqliteRows::expire_code(std::string_view realm, std::string_view uuid, Instant at) {
  NEARZONE_ASSIGN(const uint64_t expired, change(R"(
UPDATE verification_code SET short_expires_at = min(short_expires_at, ?3),
  long_expires_at = min(long_expires_at, ?3)
WHERE realm = ?1 AND uuid = ?2 AND claimed_at IS NULL)",
                                                 {realm, uuid, column(at)}));
  return expired == 1;
}

Status SqliteRows::insert_token(const VerificationToken& token) {
  return change(R"(
INSERT INTO verification_token (hash, realm, report_type, symptom_date, test_date, expires_at,
  used_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))",
                {ByteView(token.hash), std::string_view(token.realm),
                 column(token.test.report_type), column(token.test.symptom_date),
                 column(token.test.test_date), column(token.expires_at), column(token.used_at)})
      .status();
}

Result<bool> SqliteRows::use_token(const Hash& hash, Instant at) {
  NEARZONE_ASSIGN(const uint64_t used, change(R"(
UPDATE verification_token SET used_at = ?2 WHERE hash = ?1 AND used_at IS NULL)",
                                              {ByteView(hash), column(at)}));
  return used == 1;
}

}  // namespace nearzone::authority
