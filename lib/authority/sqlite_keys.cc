// The rows of keys to publish.
#include <algorithm>
#include <limits>

#include "authority/sqlite_rows.h"

namespace nearzone::authority {
namespace {

// Recent keys were never revised: their last four columns are empty.
constexpr const char* kFind = R"(
SELECT created_at, scheme, bytes, valid_from, valid_to, identifiers_per_day, report_type,
       transmission_risk, days_since_onset, regions, traveler, authority, revised_at,
       revised_report_type, revised_transmission_risk, revised_days_since_onset
FROM exposure_key WHERE bytes = ?1 AND scheme = ?2)";

constexpr const char* kFindRecent = R"(
SELECT created_at, scheme, bytes, valid_from, valid_to, identifiers_per_day, report_type,
       transmission_risk, days_since_onset, regions, traveler, authority, NULL, NULL, NULL, NULL
FROM recent_exposure_key WHERE bytes = ?1 AND scheme = ?2)";

constexpr const char* kByCreation = R"(
SELECT created_at, scheme, bytes, valid_from, valid_to, identifiers_per_day, report_type,
       transmission_risk, days_since_onset, regions, traveler, authority, revised_at,
       revised_report_type, revised_transmission_risk, revised_days_since_onset
FROM exposure_key WHERE created_at >= ?1 AND created_at < ?2 AND scheme = ?3
ORDER BY created_at, scheme, bytes)";

constexpr const char* kByCreationWithRecent = R"(
SELECT created_at, scheme, bytes, valid_from, valid_to, identifiers_per_day, report_type,
       transmission_risk, days_since_onset, regions, traveler, authority, revised_at,
       revised_report_type, revised_transmission_risk, revised_days_since_onset
FROM exposure_key WHERE created_at >= ?1 AND created_at < ?2 AND scheme = ?3
UNION ALL
SELECT created_at, scheme, bytes, valid_from, valid_to, identifiers_per_day, report_type,
       transmission_risk, days_since_onset, regions, traveler, authority, NULL, NULL, NULL, NULL
FROM recent_exposure_key WHERE created_at >= ?1 AND created_at < ?2 AND scheme = ?3
ORDER BY created_at, scheme, bytes)";

constexpr const char* kByRevision = R"(
SELECT created_at, scheme, bytes, valid_from, valid_to, identifiers_per_day, report_type,
       transmission_risk, days_since_onset, regions, traveler, authority, revised_at,
       revised_report_type, revised_transmission_risk, revised_days_since_onset
FROM exposure_key WHERE revised_at >= ?1 AND revised_at < ?2 AND scheme = ?3
ORDER BY revised_at, bytes)";

std::optional<int8_t> onset_of(std::optional<int64_t> value) {
  if (!value) return std::nullopt;
  return static_cast<int8_t>(*value);
}

// Reuses the memory of `key`.
Status read_key(const Statement& row, StoredKey& key) {
  const ByteView bytes = row.blob(2);
  const int64_t scheme = row.integer(1);
  if (scheme != column(SchemeTag::bluezone) && scheme != column(SchemeTag::gaen))
    return {Code::corrupt, "the database is damaged", "scheme"};
  key.key.scheme = static_cast<SchemeTag>(scheme);
  if (bytes.size() != published_key_size(key.key.scheme))
    return {Code::corrupt, "the database is damaged", "bytes"};
  key.created_at = {row.integer(0)};
  key.key.bytes.fill(0);
  std::ranges::copy(bytes, key.key.bytes.begin());
  key.key.valid_from = {row.integer(3)};
  key.key.valid_to = {row.integer(4)};
  key.key.identifiers_per_day = static_cast<uint32_t>(row.integer(5));
  key.key.report_type = static_cast<ReportType>(row.integer(6));
  key.key.transmission_risk_level = static_cast<uint8_t>(row.integer(7));
  key.key.days_since_onset = onset_of(row.optional_integer(8));
  key.regions = split(row.text(9));
  key.traveler = row.integer(10) != 0;
  key.authority = row.text(11);
  key.revision.reset();
  if (!row.is_null(12))
    key.revision = {{row.integer(12)},
                    static_cast<ReportType>(row.integer(13)),
                    static_cast<uint8_t>(row.integer(14)),
                    onset_of(row.optional_integer(15))};
  return {};
}

SqlValue onset_column(std::optional<int8_t> days) {
  if (!days) return {};
  return int64_t{*days};
}

}  // namespace

Result<std::optional<StoredKey>> SqliteRows::find_key(SchemeTag scheme, ByteView bytes) {
  // The recent ones lie in no order: the writer knows whether to look at them.
  const bool is_recent = recent_ != nullptr && recent_->has(scheme, bytes);
  for (const char* sql : {kFind, kFindRecent}) {
    if (recent_ != nullptr && is_recent != (sql == kFindRecent)) continue;
    NEARZONE_ASSIGN(Statement* const row, first_row(sql, {bytes, column(scheme)}));
    if (row == nullptr) continue;
    const RowsOf rows(*row);
    StoredKey key;
    NEARZONE_TRY(read_key(*row, key));
    return std::optional(std::move(key));
  }
  return std::optional<StoredKey>();
}

Status SqliteRows::visit_keys(const KeyQuery& query, const VisitKey& visit) {
  // Where there are none, as the writer knows, reading takes half the time.
  const bool has_recent = recent_ == nullptr || recent_->size() > 0;
  const char* sql = query.by == KeyQuery::By::revised_at ? kByRevision
                    : has_recent                         ? kByCreationWithRecent
                                                         : kByCreation;
  NEARZONE_ASSIGN(Statement* const found, connection_.statement(sql));
  const RowsOf rows(*found);
  NEARZONE_TRY(
      found->start({column(query.when.from), column(query.when.to), column(query.scheme)}));
  StoredKey key;
  for (;;) {
    NEARZONE_ASSIGN(const bool is_row, found->next());
    if (!is_row) return {};
    NEARZONE_TRY(read_key(*found, key));
    if (query.wants(key)) NEARZONE_TRY(visit(key));
  }
}

Result<bool> SqliteRows::insert_key(const StoredKey& key) {
  const std::string regions = joined(key.regions);
  const ByteView bytes(key.key.bytes.data(), published_key_size(key.key.scheme));
  if (recent_->has(key.key.scheme, bytes)) return false;
  NEARZONE_ASSIGN(Statement* const known,
                  first_row("SELECT 1 FROM exposure_key WHERE bytes = ?1 AND scheme = ?2",
                            {bytes, column(key.key.scheme)}));
  if (known != nullptr) {
    known->finish();
    return false;
  }
  NEARZONE_TRY(
      change(R"(
INSERT INTO recent_exposure_key (created_at, scheme, bytes, valid_from, valid_to,
  identifiers_per_day, report_type, transmission_risk, days_since_onset, regions, traveler,
  authority)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12))",
             {column(key.created_at), column(key.key.scheme), bytes, column(key.key.valid_from),
              column(key.key.valid_to), int64_t{key.key.identifiers_per_day},
              column(key.key.report_type), int64_t{key.key.transmission_risk_level},
              onset_column(key.key.days_since_onset), std::string_view(regions),
              int64_t{key.traveler}, std::string_view(key.authority)})
          .status());
  recent_->add(key.key.scheme, bytes);
  if (key.revision) NEARZONE_TRY(revise_key(key.key.scheme, bytes, *key.revision));
  return true;
}

Status SqliteRows::settle_keys() {
  if (recent_->size() == 0) return {};
  NEARZONE_TRY(change(R"(
INSERT INTO exposure_key (created_at, scheme, bytes, valid_from, valid_to, identifiers_per_day,
  report_type, transmission_risk, days_since_onset, regions, traveler, authority)
SELECT created_at, scheme, bytes, valid_from, valid_to, identifiers_per_day, report_type,
  transmission_risk, days_since_onset, regions, traveler, authority
FROM recent_exposure_key ORDER BY created_at, scheme, bytes)",
                      {})
                   .status());
  NEARZONE_TRY(change("DELETE FROM recent_exposure_key", {}).status());
  recent_->clear();
  return {};
}

Status SqliteRows::revise_key(SchemeTag scheme, ByteView bytes, const Revision& revision) {
  if (recent_->has(scheme, bytes)) NEARZONE_TRY(settle_keys());
  NEARZONE_ASSIGN(
      const uint64_t revised,
      change(R"(
UPDATE exposure_key SET revised_at = ?3, revised_report_type = ?4, revised_transmission_risk = ?5,
  revised_days_since_onset = ?6
WHERE bytes = ?1 AND scheme = ?2 AND revised_at IS NULL)",
             {bytes, column(scheme), column(revision.at), column(revision.report_type),
              int64_t{revision.transmission_risk_level}, onset_column(revision.days_since_onset)}));
  if (revised == 1) return {};
  NEARZONE_ASSIGN(const std::optional<StoredKey> found, find_key(scheme, bytes));
  if (!found) return {Code::not_found, "this key is not stored"};
  return {Code::in_use, "this key was revised before"};
}

}  // namespace nearzone::authority
