#include "authority/sqlite_schema.h"

#include <iterator>

namespace nearzone::authority {
namespace {

// "NZau": says whose database it is.
constexpr const char* kStamp = "PRAGMA application_id = 0x4e5a6175";
constexpr int64_t kApplicationId = 0x4e5a6175;

// Keys lie in the order in which exports read them and retention removes them; uploads of one
// window thus touch few pages. Each element takes the schema one version further.
constexpr const char* kSteps[] = {R"(
CREATE TABLE exposure_key (
  created_at INTEGER NOT NULL,
  scheme INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER NOT NULL,
  identifiers_per_day INTEGER NOT NULL,
  report_type INTEGER NOT NULL,
  transmission_risk INTEGER NOT NULL,
  days_since_onset INTEGER,
  regions TEXT NOT NULL,
  traveler INTEGER NOT NULL,
  authority TEXT NOT NULL,
  revised_at INTEGER,
  revised_report_type INTEGER,
  revised_transmission_risk INTEGER,
  revised_days_since_onset INTEGER,
  PRIMARY KEY (created_at, scheme, bytes)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX exposure_key_bytes ON exposure_key (bytes, scheme);
CREATE INDEX exposure_key_revised ON exposure_key (revised_at) WHERE revised_at IS NOT NULL;

CREATE TABLE export_batch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  series TEXT NOT NULL,
  window_from INTEGER NOT NULL,
  window_to INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  state INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  published_at INTEGER,
  keys INTEGER NOT NULL,
  revised_keys INTEGER NOT NULL,
  padding_keys INTEGER NOT NULL,
  UNIQUE (series, sequence),
  UNIQUE (series, window_from)
) STRICT;
CREATE TABLE export_padding (
  batch INTEGER NOT NULL REFERENCES export_batch (id),
  number INTEGER NOT NULL,
  scheme INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER NOT NULL,
  identifiers_per_day INTEGER NOT NULL,
  report_type INTEGER NOT NULL,
  transmission_risk INTEGER NOT NULL,
  days_since_onset INTEGER,
  PRIMARY KEY (batch, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE export_file (
  batch INTEGER NOT NULL REFERENCES export_batch (id),
  number INTEGER NOT NULL,
  format TEXT NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  content_digest BLOB NOT NULL,
  signing_keys TEXT NOT NULL,
  removed_at INTEGER,
  PRIMARY KEY (batch, number),
  UNIQUE (name)
) STRICT, WITHOUT ROWID;
CREATE TABLE signing_key (
  id TEXT PRIMARY KEY,
  version TEXT NOT NULL,
  algorithm INTEGER NOT NULL,
  public_key TEXT NOT NULL,
  location TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_thru INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE verification_code (
  realm TEXT NOT NULL,
  uuid TEXT NOT NULL,
  hash_key INTEGER NOT NULL,
  short_hash BLOB NOT NULL,
  long_hash BLOB,
  report_type INTEGER NOT NULL,
  symptom_date INTEGER,
  test_date INTEGER,
  issued_at INTEGER NOT NULL,
  short_expires_at INTEGER NOT NULL,
  long_expires_at INTEGER NOT NULL,
  claimed_at INTEGER,
  issued_by TEXT NOT NULL,
  PRIMARY KEY (realm, uuid)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX verification_code_short ON verification_code (short_hash, realm, hash_key);
CREATE UNIQUE INDEX verification_code_long ON verification_code (long_hash, realm, hash_key)
  WHERE long_hash IS NOT NULL;
CREATE INDEX verification_code_issued ON verification_code (realm, issued_at);
CREATE TABLE verification_token (
  hash BLOB PRIMARY KEY,
  realm TEXT NOT NULL,
  report_type INTEGER NOT NULL,
  symptom_date INTEGER,
  test_date INTEGER,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE api_key (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  realm TEXT NOT NULL,
  role INTEGER NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  realm TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL
) STRICT;
CREATE INDEX audit_realm ON audit (realm, id);

CREATE TABLE sealed_key (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  purpose INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE TABLE statistic (
  scope TEXT NOT NULL,
  day INTEGER NOT NULL,
  metric TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (scope, day, metric)
) STRICT, WITHOUT ROWID;
CREATE TABLE lease (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
)",
                                  R"(
CREATE TABLE recent_exposure_key (
  number INTEGER PRIMARY KEY,
  created_at INTEGER NOT NULL,
  scheme INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER NOT NULL,
  identifiers_per_day INTEGER NOT NULL,
  report_type INTEGER NOT NULL,
  transmission_risk INTEGER NOT NULL,
  days_since_onset INTEGER,
  regions TEXT NOT NULL,
  traveler INTEGER NOT NULL,
  authority TEXT NOT NULL
) STRICT;
PRAGMA user_version = 2;
)"};
static_assert(std::size(kSteps) == kSchemaVersion);

}  // namespace

Status prepare_schema(Connection& connection) {
  NEARZONE_TRY(connection.execute("BEGIN IMMEDIATE"));
  const auto prepare = [&]() -> Status {
    NEARZONE_ASSIGN(const int64_t version, connection.integer("PRAGMA user_version"));
    NEARZONE_ASSIGN(const int64_t application, connection.integer("PRAGMA application_id"));
    NEARZONE_ASSIGN(const int64_t tables, connection.integer("SELECT count(*) FROM sqlite_schema"));
    const bool is_empty = version == 0 && tables == 0;
    if (!is_empty && application != kApplicationId)
      return {Code::corrupt, "this database is not a health authority's"};
    if (version > int64_t{kSchemaVersion})
      return {Code::newer_format, "a newer NearZone made this database"};
    if (is_empty) NEARZONE_TRY(connection.execute(kStamp));
    for (auto step = static_cast<size_t>(version); step < std::size(kSteps); ++step)
      NEARZONE_TRY(connection.execute(kSteps[step]));
    return connection.execute("COMMIT");
  };
  const Status prepared = prepare();
  if (!prepared.ok() && connection.in_transaction())
    static_cast<void>(connection.execute("ROLLBACK").ok());
  return prepared;
}

}  // namespace nearzone::authority
