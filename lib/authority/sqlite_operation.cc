// The rows of running a server: API keys, the audit log, sealed keys, counters, leases, retention.
#include "authority/sqlite_rows.h"

namespace nearzone::authority {
namespace {

Status read_api_key(const Statement& row, ApiKey& key) {
  key.id = static_cast<uint64_t>(row.integer(0));
  key.name = row.text(1);
  key.realm = row.text(2);
  key.role = static_cast<Role>(row.integer(3));
  NEARZONE_TRY(row.blob(4, key.hash));
  key.created_at = {row.integer(5)};
  key.revoked_at = instant_of(row.optional_integer(6));
  return {};
}

}  // namespace

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    if (!all.empty()) all += ',';
    all += text;
  }
  return all;
}

std::vector<std::string> split(std::string_view joined) {
  std::vector<std::string> texts;
  while (!joined.empty()) {
    const size_t comma = joined.find(',');
    texts.emplace_back(joined.substr(0, comma));
    joined.remove_prefix(comma == joined.npos ? joined.size() : comma + 1);
  }
  return texts;
}

Result<Statement*> SqliteRows::first_row(const char* sql, std::initializer_list<SqlValue> values) {
  NEARZONE_ASSIGN(Statement* const statement, connection_.statement(sql));
  NEARZONE_TRY(statement->start(values));
  NEARZONE_ASSIGN(const bool is_row, statement->next());
  return is_row ? statement : nullptr;
}

Result<uint64_t> SqliteRows::change(const char* sql, std::initializer_list<SqlValue> values) {
  NEARZONE_ASSIGN(Statement* const statement, connection_.statement(sql));
  NEARZONE_TRY(statement->run(values));
  return static_cast<uint64_t>(connection_.changes());
}

Result<std::optional<ApiKey>> SqliteRows::find_api_key(const Hash& hash) {
  NEARZONE_ASSIGN(Statement* const row, first_row(R"(
SELECT id, name, realm, role, hash, created_at, revoked_at FROM api_key WHERE hash = ?1)",
                                                  {ByteView(hash)}));
  if (row == nullptr) return std::optional<ApiKey>();
  const RowsOf rows(*row);
  ApiKey key;
  NEARZONE_TRY(read_api_key(*row, key));
  return std::optional(std::move(key));
}

Result<std::vector<ApiKey>> SqliteRows::api_keys() {
  std::vector<ApiKey> keys;
  NEARZONE_ASSIGN(Statement * row, first_row(R"(
SELECT id, name, realm, role, hash, created_at, revoked_at FROM api_key ORDER BY id)",
                                             {}));
  if (row == nullptr) return keys;
  const RowsOf rows(*row);
  for (;;) {
    NEARZONE_TRY(read_api_key(*row, keys.emplace_back()));
    NEARZONE_ASSIGN(const bool is_row, row->next());
    if (!is_row) return keys;
  }
}

Result<std::vector<AuditEntry>> SqliteRows::audit(std::string_view realm, uint64_t most) {
  std::vector<AuditEntry> entries;
  NEARZONE_ASSIGN(Statement * row, first_row(R"(
SELECT at, realm, actor, action, subject FROM audit WHERE realm = ?1 ORDER BY id DESC LIMIT ?2)",
                                             {realm, column(most)}));
  while (row != nullptr) {
    entries.push_back({{row->integer(0)},
                       std::string(row->text(1)),
                       std::string(row->text(2)),
                       std::string(row->text(3)),
                       std::string(row->text(4))});
    NEARZONE_ASSIGN(const bool is_row, row->next());
    if (!is_row) break;
  }
  return entries;
}

Result<std::vector<SealedKey>> SqliteRows::sealed_keys(KeyPurpose purpose) {
  std::vector<SealedKey> keys;
  NEARZONE_ASSIGN(Statement * row, first_row(R"(
SELECT id, created_at, sealed FROM sealed_key WHERE purpose = ?1 ORDER BY created_at DESC, id DESC)",
                                             {column(purpose)}));
  while (row != nullptr) {
    const ByteView sealed = row->blob(2);
    keys.push_back({static_cast<uint64_t>(row->integer(0)),
                    purpose,
                    {row->integer(1)},
                    {sealed.begin(), sealed.end()}});
    NEARZONE_ASSIGN(const bool is_row, row->next());
    if (!is_row) break;
  }
  return keys;
}

Result<std::vector<Statistic>> SqliteRows::statistics(std::string_view scope, Day first, Day end) {
  std::vector<Statistic> counters;
  NEARZONE_ASSIGN(Statement * row, first_row(R"(
SELECT day, metric, count FROM statistic WHERE scope = ?1 AND day >= ?2 AND day < ?3
ORDER BY day, metric)",
                                             {scope, column(first), column(end)}));
  while (row != nullptr) {
    counters.push_back({Day{static_cast<int32_t>(row->integer(0))}, std::string(scope),
                        std::string(row->text(1)), row->integer(2)});
    NEARZONE_ASSIGN(const bool is_row, row->next());
    if (!is_row) break;
  }
  return counters;
}

Result<uint32_t> SqliteRows::schema_version() {
  NEARZONE_ASSIGN(const int64_t version, connection_.integer("PRAGMA user_version"));
  return static_cast<uint32_t>(version);
}

Result<uint64_t> SqliteRows::insert_api_key(const ApiKey& key) {
  NEARZONE_ASSIGN(const uint64_t inserted,
                  change(R"(
INSERT OR IGNORE INTO api_key (name, realm, role, hash, created_at, revoked_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6))",
                         {std::string_view(key.name), std::string_view(key.realm), column(key.role),
                          ByteView(key.hash), column(key.created_at), column(key.revoked_at)}));
  if (inserted == 0) return Status(Code::in_use, "there is an API key of this name", "name");
  return static_cast<uint64_t>(connection_.last_row());
}

Result<bool> SqliteRows::revoke_api_key(std::string_view name, Instant at) {
  NEARZONE_ASSIGN(
      const uint64_t revoked,
      change("UPDATE api_key SET revoked_at = ?2 WHERE name = ?1 AND revoked_at IS NULL",
             {name, column(at)}));
  return revoked == 1;
}

Status SqliteRows::append_audit(const AuditEntry& entry) {
  return change("INSERT INTO audit (at, realm, actor, action, subject) VALUES (?1, ?2, ?3, ?4, ?5)",
                {column(entry.at), std::string_view(entry.realm), std::string_view(entry.actor),
                 std::string_view(entry.action), std::string_view(entry.subject)})
      .status();
}

Result<uint64_t> SqliteRows::insert_sealed_key(KeyPurpose purpose, Instant created_at,
                                               ByteView sealed) {
  NEARZONE_TRY(change("INSERT INTO sealed_key (purpose, created_at, sealed) VALUES (?1, ?2, ?3)",
                      {column(purpose), column(created_at), sealed})
                   .status());
  return static_cast<uint64_t>(connection_.last_row());
}

Status SqliteRows::count(Day day, std::string_view scope, std::string_view metric, int64_t by) {
  return change(R"(
INSERT INTO statistic (scope, day, metric, count) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET count = count + ?4)",
                {scope, column(day), metric, by})
      .status();
}

Result<bool> SqliteRows::take_lease(std::string_view name, std::string_view holder, Instant now,
                                    Instant until) {
  NEARZONE_ASSIGN(const uint64_t taken, change(R"(
INSERT INTO lease (name, holder, until) VALUES (?1, ?2, ?4)
ON CONFLICT DO UPDATE SET holder = ?2, until = ?4 WHERE holder = ?2 OR until <= ?3)",
                                               {name, holder, column(now), column(until)}));
  return taken == 1;
}

Status SqliteRows::give_lease_back(std::string_view name, std::string_view holder) {
  return change("DELETE FROM lease WHERE name = ?1 AND holder = ?2", {name, holder}).status();
}

Result<Removed> SqliteRows::remove_expired(const RetentionLimits& limits) {
  Removed removed;
  NEARZONE_TRY(settle_keys());
  NEARZONE_ASSIGN(removed.keys, change("DELETE FROM exposure_key WHERE created_at < ?1",
                                       {column(limits.keys_created_before)}));
  NEARZONE_ASSIGN(removed.padding, change(R"(
DELETE FROM export_padding WHERE batch IN (SELECT id FROM export_batch WHERE window_to < ?1))",
                                          {column(limits.keys_created_before)}));
  NEARZONE_ASSIGN(removed.codes, change(R"(
DELETE FROM verification_code WHERE short_expires_at < ?1 AND long_expires_at < ?1)",
                                        {column(limits.codes_expired_before)}));
  NEARZONE_ASSIGN(removed.tokens, change("DELETE FROM verification_token WHERE expires_at < ?1",
                                         {column(limits.codes_expired_before)}));
  NEARZONE_ASSIGN(removed.statistics, change("DELETE FROM statistic WHERE day < ?1",
                                             {column(Day::of(limits.statistics_before))}));
  NEARZONE_ASSIGN(removed.audit,
                  change("DELETE FROM audit WHERE at < ?1", {column(limits.audit_before)}));
  NEARZONE_ASSIGN(removed.sealed_keys, change(R"(
DELETE FROM sealed_key AS old WHERE created_at < ?1 AND EXISTS (
  SELECT 1 FROM sealed_key AS newer WHERE newer.purpose = old.purpose AND
    (newer.created_at > old.created_at OR
     (newer.created_at = old.created_at AND newer.id > old.id))))",
                                              {column(limits.sealed_keys_before)}));
  return removed;
}

}  // namespace nearzone::authority
