// The rows of batches, their padding, their files, and the keys that signed them.
#include <algorithm>

#include "authority/sqlite_rows.h"

namespace nearzone::authority {
namespace {

ExportBatch read_batch(const Statement& row) {
  ExportBatch batch;
  batch.id = static_cast<uint64_t>(row.integer(0));
  batch.series = row.text(1);
  batch.window = {{row.integer(2)}, {row.integer(3)}};
  batch.sequence = static_cast<uint64_t>(row.integer(4));
  batch.state = static_cast<BatchState>(row.integer(5));
  batch.opened_at = {row.integer(6)};
  batch.published_at = instant_of(row.optional_integer(7));
  batch.keys = static_cast<uint64_t>(row.integer(8));
  batch.revised_keys = static_cast<uint64_t>(row.integer(9));
  batch.padding_keys = static_cast<uint64_t>(row.integer(10));
  return batch;
}

}  // namespace

Result<std::optional<ExportBatch>> SqliteRows::find_batch(uint64_t id) {
  NEARZONE_ASSIGN(Statement* const row, first_row(R"(
SELECT id, series, window_from, window_to, sequence, state, opened_at, published_at, keys,
       revised_keys, padding_keys
FROM export_batch WHERE id = ?1)",
                                                  {column(id)}));
  if (row == nullptr) return std::optional<ExportBatch>();
  const RowsOf rows(*row);
  return std::optional(read_batch(*row));
}

Result<std::optional<ExportBatch>> SqliteRows::latest_batch(std::string_view series) {
  NEARZONE_ASSIGN(Statement* const row, first_row(R"(
SELECT id, series, window_from, window_to, sequence, state, opened_at, published_at, keys,
       revised_keys, padding_keys
FROM export_batch WHERE series = ?1 ORDER BY window_from DESC LIMIT 1)",
                                                  {series}));
  if (row == nullptr) return std::optional<ExportBatch>();
  const RowsOf rows(*row);
  return std::optional(read_batch(*row));
}

Result<std::vector<ExportBatch>> SqliteRows::batches(std::string_view series) {
  std::vector<ExportBatch> batches;
  NEARZONE_ASSIGN(Statement * row, first_row(R"(
SELECT id, series, window_from, window_to, sequence, state, opened_at, published_at, keys,
       revised_keys, padding_keys
FROM export_batch WHERE series = ?1 ORDER BY window_from)",
                                             {series}));
  while (row != nullptr) {
    batches.push_back(read_batch(*row));
    NEARZONE_ASSIGN(const bool is_row, row->next());
    if (!is_row) break;
  }
  return batches;
}

Status SqliteRows::visit_padding(uint64_t batch, const VisitPadding& visit) {
  NEARZONE_ASSIGN(Statement* const found, connection_.statement(R"(
SELECT scheme, bytes, valid_from, valid_to, identifiers_per_day, report_type, transmission_risk,
       days_since_onset
FROM export_padding WHERE batch = ?1 ORDER BY number)"));
  const RowsOf rows(*found);
  NEARZONE_TRY(found->start({column(batch)}));
  for (;;) {
    NEARZONE_ASSIGN(const bool is_row, found->next());
    if (!is_row) return {};
    PublishedKey key;
    key.scheme = static_cast<SchemeTag>(found->integer(0));
    const ByteView bytes = found->blob(1);
    if (bytes.size() > key.bytes.size()) return {Code::corrupt, "the database is damaged", "bytes"};
    std::ranges::copy(bytes, key.bytes.begin());
    key.valid_from = {found->integer(2)};
    key.valid_to = {found->integer(3)};
    key.identifiers_per_day = static_cast<uint32_t>(found->integer(4));
    key.report_type = static_cast<ReportType>(found->integer(5));
    key.transmission_risk_level = static_cast<uint8_t>(found->integer(6));
    if (!found->is_null(7)) key.days_since_onset = static_cast<int8_t>(found->integer(7));
    NEARZONE_TRY(visit(key));
  }
}

Result<std::vector<ExportFile>> SqliteRows::files(uint64_t batch) {
  std::vector<ExportFile> files;
  NEARZONE_ASSIGN(Statement * row, first_row(R"(
SELECT number, format, name, size, content_digest, signing_keys, removed_at
FROM export_file WHERE batch = ?1 ORDER BY number)",
                                             {column(batch)}));
  if (row == nullptr) return files;
  const RowsOf rows(*row);
  for (;;) {
    ExportFile file;
    file.batch = batch;
    file.number = static_cast<uint32_t>(row->integer(0));
    file.format = row->text(1);
    file.name = row->text(2);
    file.size = static_cast<uint64_t>(row->integer(3));
    NEARZONE_TRY(row->blob(4, file.content_digest));
    file.signing_keys = split(row->text(5));
    file.removed_at = instant_of(row->optional_integer(6));
    files.push_back(std::move(file));
    NEARZONE_ASSIGN(const bool is_row, row->next());
    if (!is_row) return files;
  }
}

Result<std::vector<SigningKeyInfo>> SqliteRows::signing_keys() {
  std::vector<SigningKeyInfo> keys;
  NEARZONE_ASSIGN(Statement * row, first_row(R"(
SELECT id, version, algorithm, public_key, location, valid_from, valid_thru
FROM signing_key ORDER BY valid_from DESC, id)",
                                             {}));
  while (row != nullptr) {
    SigningKeyInfo key;
    key.id = row->text(0);
    key.version = row->text(1);
    key.algorithm = static_cast<PublicKey::Algorithm>(row->integer(2));
    key.public_key_pem = row->text(3);
    key.location = row->text(4);
    key.valid_from = {row->integer(5)};
    key.valid_thru = instant_of(row->optional_integer(6));
    keys.push_back(std::move(key));
    NEARZONE_ASSIGN(const bool is_row, row->next());
    if (!is_row) break;
  }
  return keys;
}

Result<uint64_t> SqliteRows::open_batch(std::string_view series, TimeRange window, Instant now) {
  if (window.to <= window.from)
    return Status(Code::invalid_argument, "a batch needs a window", "window");
  NEARZONE_ASSIGN(const uint64_t opened, change(R"(
INSERT INTO export_batch (series, window_from, window_to, sequence, state, opened_at, published_at,
  keys, revised_keys, padding_keys)
SELECT ?1, ?2, ?3, 1 + coalesce((SELECT max(sequence) FROM export_batch WHERE series = ?1), 0), ?4,
  ?5, NULL, 0, 0, 0
WHERE NOT EXISTS (SELECT 1 FROM export_batch
                  WHERE series = ?1 AND window_from < ?3 AND window_to > ?2))",
                                                {series, column(window.from), column(window.to),
                                                 column(BatchState::open), column(now)}));
  if (opened == 0)
    return Status(Code::in_use, "another batch of the series has a part of this time");
  return static_cast<uint64_t>(connection_.last_row());
}

Status SqliteRows::update_batch(const ExportBatch& batch) {
  NEARZONE_ASSIGN(
      const uint64_t updated,
      change(R"(
UPDATE export_batch SET state = ?2, published_at = ?3, keys = ?4, revised_keys = ?5,
  padding_keys = ?6 WHERE id = ?1)",
             {column(batch.id), column(batch.state), column(batch.published_at), column(batch.keys),
              column(batch.revised_keys), column(batch.padding_keys)}));
  if (updated == 0) return {Code::not_found, "there is no such batch"};
  return {};
}

Status SqliteRows::add_padding(uint64_t batch, std::span<const PublishedKey> keys) {
  NEARZONE_ASSIGN(const std::optional<ExportBatch> found, find_batch(batch));
  if (!found) return {Code::not_found, "there is no such batch"};
  NEARZONE_ASSIGN(Statement* const last,
                  first_row("SELECT coalesce(max(number), 0) FROM export_padding WHERE batch = ?1",
                            {column(batch)}));
  int64_t number = last->integer(0);
  last->finish();
  for (const PublishedKey& key : keys) {
    const SqlValue onset =
        key.days_since_onset ? SqlValue(int64_t{*key.days_since_onset}) : SqlValue();
    NEARZONE_TRY(
        change(R"(
INSERT INTO export_padding (batch, number, scheme, bytes, valid_from, valid_to, identifiers_per_day,
  report_type, transmission_risk, days_since_onset)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))",
               {column(batch), ++number, column(key.scheme),
                ByteView(key.bytes.data(), published_key_size(key.scheme)), column(key.valid_from),
                column(key.valid_to), int64_t{key.identifiers_per_day}, column(key.report_type),
                int64_t{key.transmission_risk_level}, onset})
            .status());
  }
  return {};
}

Status SqliteRows::add_file(const ExportFile& file) {
  NEARZONE_ASSIGN(const std::optional<ExportBatch> found, find_batch(file.batch));
  if (!found) return {Code::not_found, "there is no such batch"};
  const std::string signing_keys = joined(file.signing_keys);
  NEARZONE_ASSIGN(
      const uint64_t added,
      change(R"(
INSERT OR IGNORE INTO export_file (batch, number, format, name, size, content_digest, signing_keys,
  removed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))",
             {column(file.batch), int64_t{file.number}, std::string_view(file.format),
              std::string_view(file.name), column(file.size), ByteView(file.content_digest),
              std::string_view(signing_keys), column(file.removed_at)}));
  if (added == 0) return {Code::in_use, "there is a file of this number or name"};
  return {};
}

Status SqliteRows::mark_file_removed(uint64_t batch, uint32_t number, Instant at) {
  NEARZONE_ASSIGN(const uint64_t marked,
                  change("UPDATE export_file SET removed_at = ?3 WHERE batch = ?1 AND number = ?2",
                         {column(batch), int64_t{number}, column(at)}));
  if (marked == 0) return {Code::not_found, "there is no such file"};
  return {};
}

Status SqliteRows::put_signing_key(const SigningKeyInfo& key) {
  return change(R"(
INSERT OR REPLACE INTO signing_key (id, version, algorithm, public_key, location, valid_from,
  valid_thru)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))",
                {std::string_view(key.id), std::string_view(key.version), column(key.algorithm),
                 std::string_view(key.public_key_pem), std::string_view(key.location),
                 column(key.valid_from), column(key.valid_thru)})
      .status();
}

}  // namespace nearzone::authority
