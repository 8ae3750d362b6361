#include "authority/exports/export_worker.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "authority/exports/batch_plan.h"
#include "authority/exports/list_files.h"

namespace nearzone::authority {
namespace {

constexpr mode_t kFolderMode = 0755;
constexpr mode_t kPublic = 0644;
constexpr uint64_t kLargestIndex = uint64_t{16} << 20;
constexpr const char* kIndex = "index.txt";
constexpr const char* kNearzoneIndex = "index-nzlist.txt";

// ExportFile::name without the series' folder.
std::string name_in_folder(const Series& series, const ExportFile& file) {
  return file.name.substr(series.name.size() + 1);
}

// The files of the series' batches in a state, and of the batch `besides`, that are not removed.
Result<std::vector<ExportFile>> files_in(Reader& rows, const Series& series, BatchState state,
                                         uint64_t besides) {
  std::vector<ExportFile> files;
  NEARZONE_ASSIGN(const std::vector<ExportBatch> batches, rows.batches(series.name));
  for (const ExportBatch& batch : batches) {
    if (batch.state != state && batch.id != besides) continue;
    NEARZONE_ASSIGN(const std::vector<ExportFile> found, rows.files(batch.id));
    std::ranges::copy_if(found, std::back_inserter(files),
                         [](const ExportFile& file) { return !file.removed_at; });
  }
  return files;
}

}  // namespace

const char* index_name(std::string_view format) {
  return format == "nearzone" ? kNearzoneIndex : kIndex;
}

Result<std::optional<ExportWorker::ClosedBatch>> ExportWorker::close_due_batch(Writer& rows,
                                                                               const Series& series,
                                                                               Instant now) {
  const std::optional<ClosedBatch> none;
  NEARZONE_ASSIGN(const std::vector<ExportBatch> batches, rows.batches(series.name));
  const Instant done = batches.empty() ? Instant{} : batches.back().window.to;
  const std::optional<TimeRange> due = due_batch(series.rules, done, now);
  if (!due) return none;
  // The window is no longer than it must be: it begins with its first key, or is a single one.
  const Instant last = due->to - merged_period(series.rules);
  Instant first = last;
  BatchContents contents;
  NEARZONE_ASSIGN(contents.keys, real_keys(rows, series, *due, &first));
  const TimeRange window{std::max(done, std::min(last, window_start(series.rules, first))),
                         due->to};
  Instant oldest;
  NEARZONE_ASSIGN(contents.revised, pending_revisions(rows, series, batches, window.to, &oldest));
  if (contents.revised.size() < series.least_revised && oldest > now - series.longest_hold)
    contents.revised.clear();
  if (contents.keys.empty() && contents.revised.empty() && !series.publishes_empty) return none;
  const std::vector<PublishedKey> padding = choose_padding(series, contents, random_);

  NEARZONE_ASSIGN(const uint64_t id, rows.open_batch(series.name, window, now));
  NEARZONE_TRY(rows.add_padding(id, padding));
  NEARZONE_ASSIGN(std::optional<ExportBatch> batch, rows.find_batch(id));
  if (!batch) return Status(Code::internal, "the batch that was opened is not there");
  batch->state = BatchState::closed;
  batch->keys = contents.keys.size();
  batch->revised_keys = contents.revised.size();
  batch->padding_keys = padding.size();
  NEARZONE_TRY(rows.update_batch(*batch));
  contents.keys.insert(contents.keys.end(), padding.begin(), padding.end());
  return std::optional(ClosedBatch{*std::move(batch), std::move(contents)});
}

// A batch that an earlier run closed and did not finish. Its contents are read only where its files
// are not all known. Where they are not those that it was closed with (rows were removed, or put in
// by hand), it is decided again: nobody was told of its files yet, and no later batch could go out
// before it.
Result<ExportWorker::ClosedBatch> ExportWorker::closed_before(const Series& series,
                                                              const ExportBatch& batch,
                                                              ExportReport& report) {
  ClosedBatch closed{batch, {}};
  const auto read = [&](Reader& rows) -> Status {
    NEARZONE_ASSIGN(const std::vector<ExportFile> files, rows.files(batch.id));
    if (!files.empty()) return {};
    NEARZONE_ASSIGN(closed.contents, contents_of(rows, series, batch));
    return {};
  };
  const Status found = store_.read(read);
  if (found.code() != Code::corrupt) {
    if (!found.ok()) return found;
    return closed;
  }
  const Status decided = store_.write([&](Writer& rows) -> Status {
    NEARZONE_ASSIGN(closed, decide_again(rows, series, batch));
    return {};
  });
  if (!decided.ok()) return decided;
  ++report.redecided;
  return closed;
}

Result<ExportWorker::ClosedBatch> ExportWorker::decide_again(Writer& rows, const Series& series,
                                                             ExportBatch batch) {
  BatchContents contents;
  NEARZONE_ASSIGN(contents.keys, real_keys(rows, series, batch.window));
  NEARZONE_ASSIGN(std::vector<ExportBatch> earlier, rows.batches(series.name));
  std::erase_if(earlier,
                [&](const ExportBatch& other) { return other.window.from >= batch.window.from; });
  Instant oldest;
  if (batch.revised_keys > 0) {
    NEARZONE_ASSIGN(contents.revised,
                    pending_revisions(rows, series, earlier, batch.window.to, &oldest));
  }
  batch.keys = contents.keys.size();
  batch.revised_keys = contents.revised.size();
  // The padding that is there stays, and fills up like keys.
  NEARZONE_TRY(rows.visit_padding(batch.id, [&](const PublishedKey& key) {
    contents.keys.push_back(key);
    return Status();
  }));
  const std::vector<PublishedKey> more = choose_padding(series, contents, random_);
  NEARZONE_TRY(rows.add_padding(batch.id, more));
  contents.keys.insert(contents.keys.end(), more.begin(), more.end());
  batch.padding_keys = contents.keys.size() - batch.keys;
  NEARZONE_TRY(rows.update_batch(batch));
  return ClosedBatch{std::move(batch), std::move(contents)};
}

// What the store says of the files, once they are written.
Result<std::vector<ExportFile>> ExportWorker::make_files(const DurableFolder& folder,
                                                         const Series& series, ClosedBatch& closed,
                                                         Instant now) {
  std::vector<ExportFile> files;
  Signers signers;
  const Status read = store_.read([&](Reader& rows) -> Status {
    NEARZONE_ASSIGN(files, rows.files(closed.batch.id));
    NEARZONE_ASSIGN(signers, signers_at(rows, now, signing_keys_));
    return {};
  });
  if (!read.ok()) return read;
  if (!files.empty()) return files;
  const BatchKeys keys = split_into_files(series, std::move(closed.contents));
  NEARZONE_ASSIGN(files, write_list_files(folder, series, closed.batch, keys, signers));
  const Status stored = store_.write([&](Writer& rows) -> Status {
    for (const ExportFile& file : files) NEARZONE_TRY(rows.add_file(file));
    return {};
  });
  if (!stored.ok()) return stored;
  return files;
}

Status ExportWorker::finish(const DurableFolder& folder, const Series& series, ClosedBatch closed,
                            Instant now, ExportReport& report) {
  NEARZONE_ASSIGN(const std::vector<ExportFile> files, make_files(folder, series, closed, now));
  ExportBatch& batch = closed.batch;
  NEARZONE_TRY(write_indexes(folder, series, batch.id));
  batch.state = BatchState::published;
  batch.published_at = now;
  NEARZONE_TRY(store_.write([&](Writer& rows) { return rows.update_batch(batch); }));
  ++report.batches;
  report.files += files.size();
  report.keys += batch.keys;
  report.revised_keys += batch.revised_keys;
  report.padding_keys += batch.padding_keys;
  return {};
}

Status ExportWorker::write_indexes(const DurableFolder& folder, const Series& series,
                                   uint64_t with_batch) {
  std::vector<ExportFile> files;
  const Status read = store_.read([&](Reader& rows) -> Status {
    NEARZONE_ASSIGN(files, files_in(rows, series, BatchState::published, with_batch));
    return {};
  });
  if (!read.ok()) return read;
  std::ranges::sort(files, {}, &ExportFile::name);
  std::map<std::string, std::string> texts{{kIndex, ""}, {kNearzoneIndex, ""}};
  for (const ExportFile& file : files) {
    std::string& text = texts[index_name(file.format)];
    text += (text.empty() ? "" : "\n") + file.name;
  }
  for (const auto& [name, text] : texts)
    NEARZONE_TRY(folder.replace(name, as_bytes(text), kPublic));
  return {};
}

Result<std::vector<ExportBatch>> ExportWorker::batches_of(const Series& series) {
  std::vector<ExportBatch> batches;
  const Status read = store_.read([&](Reader& rows) -> Status {
    NEARZONE_ASSIGN(batches, rows.batches(series.name));
    return {};
  });
  if (!read.ok()) return read;
  return batches;
}

Result<ExportReport> ExportWorker::run(const Series& series, Instant now) {
  NEARZONE_ASSIGN(const DurableFolder folder,
                  DurableFolder::open(folder_.path() + "/" + series.name, kFolderMode, calls_));
  NEARZONE_ASSIGN(const FolderLock lock, FolderLock::take(folder));
  NEARZONE_TRY(folder.sweep());
  ExportReport report;
  NEARZONE_ASSIGN(const std::vector<ExportBatch> batches, batches_of(series));
  for (const ExportBatch& batch : batches) {
    if (batch.state != BatchState::closed) continue;
    NEARZONE_ASSIGN(ClosedBatch closed, closed_before(series, batch, report));
    NEARZONE_TRY(finish(folder, series, std::move(closed), now, report));
  }
  std::optional<ClosedBatch> closed;
  NEARZONE_TRY(store_.write([&](Writer& rows) -> Status {
    NEARZONE_ASSIGN(closed, close_due_batch(rows, series, now));
    return {};
  }));
  if (closed) NEARZONE_TRY(finish(folder, series, *std::move(closed), now, report));
  // A series without a batch has an empty index: phones and monitors find it from the first day.
  NEARZONE_ASSIGN(const auto index, folder.read(kIndex, kLargestIndex));
  if (!index) NEARZONE_TRY(write_indexes(folder, series, 0));
  return report;
}

Result<std::vector<std::string>> ExportWorker::remove_old(const Series& series, Instant now,
                                                          bool dry_run) {
  NEARZONE_ASSIGN(const DurableFolder folder,
                  DurableFolder::open(folder_.path() + "/" + series.name, kFolderMode, calls_));
  NEARZONE_ASSIGN(const FolderLock lock, FolderLock::take(folder));
  std::vector<ExportFile> files;
  const auto mark = [&](Writer& rows) -> Status {
    NEARZONE_ASSIGN(std::vector<ExportBatch> batches, rows.batches(series.name));
    for (ExportBatch& batch : batches) {
      if (batch.state != BatchState::published || batch.window.to >= now - series.retention)
        continue;
      batch.state = BatchState::removed;
      NEARZONE_TRY(rows.update_batch(batch));
    }
    NEARZONE_ASSIGN(files, files_in(rows, series, BatchState::removed, 0));
    // Told, and undone.
    return dry_run ? Status(Code::cancelled, "a dry run") : Status();
  };
  const Status marked = store_.write(mark);
  if (!marked.ok() && !(dry_run && marked.code() == Code::cancelled)) return marked;
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const ExportFile& file : files) names.push_back(file.name);
  if (dry_run || files.empty()) return names;
  NEARZONE_TRY(write_indexes(folder, series, 0));
  for (const ExportFile& file : files) NEARZONE_TRY(folder.remove(name_in_folder(series, file)));
  const Status removed = store_.write([&](Writer& rows) -> Status {
    for (const ExportFile& file : files)
      NEARZONE_TRY(rows.mark_file_removed(file.batch, file.number, now));
    return {};
  });
  if (!removed.ok()) return removed;
  return names;
}

}  // namespace nearzone::authority
