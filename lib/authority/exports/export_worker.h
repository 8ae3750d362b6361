// Publishes what was uploaded: decides batches, writes their files, lists them in the index, and
// takes away what is too old. Each step is made so that a process killed at any moment leaves a
// state from which the next run goes on:
//
//   1. one transaction opens the batch, chooses its padding and closes it: what is in it is fixed
//   2. its files are written beside their places, synced, and renamed
//   3. one transaction stores what the files are
//   4. the indexes are replaced by ones that list them
//   5. the batch is marked as published
//
// Removal goes the other way round: marked, out of the index, deleted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authority/exports/batch_contents.h"
#include "authority/exports/durable_folder.h"
#include "authority/exports/series.h"
#include "authority/store.h"
#include "nearzone/random.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::authority {

// Of the files of a format, within the series' folder: index.txt lists archives (or Bluezone JSON),
// index-nzlist.txt NearZone lists.
const char* index_name(std::string_view format);

// What a run did.
struct ExportReport {
  uint64_t batches = 0;
  uint64_t files = 0;
  uint64_t keys = 0;
  uint64_t revised_keys = 0;
  uint64_t padding_keys = 0;
  uint64_t redecided = 0;  // batches that were closed with other keys than there are
};

class ExportWorker {
 public:
  // `folder` holds a folder for each series, `signing_keys` is the path of the one with the private
  // keys. All others are borrowed; `random` must be fit for keys.
  ExportWorker(Store& store, const DurableFolder& folder, std::string signing_keys,
               const FileCalls& calls, Random& random)
      : store_(store),
        folder_(folder),
        signing_keys_(std::move(signing_keys)),
        calls_(calls),
        random_(random) {}

  // Finishes what an earlier run left unfinished, then publishes what is due at `now`. `series`
  // must have passed check_series(). Fails with in_use where another process is at it.
  Result<ExportReport> run(const Series& series, Instant now);

  // Withdraws the files of batches that ended before now - series.retention, and finishes earlier
  // withdrawals. Gives the names of the files, relative to the folder; a dry run only tells them.
  Result<std::vector<std::string>> remove_old(const Series& series, Instant now, bool dry_run);

 private:
  // A batch that is closed, with what is in it.
  struct ClosedBatch {
    ExportBatch batch;
    BatchContents contents;
  };
  Result<std::optional<ClosedBatch>> close_due_batch(Writer& rows, const Series& series,
                                                     Instant now);
  Result<ClosedBatch> closed_before(const Series& series, const ExportBatch& batch,
                                    ExportReport& report);
  Result<ClosedBatch> decide_again(Writer& rows, const Series& series, ExportBatch batch);
  Status finish(const DurableFolder& folder, const Series& series, ClosedBatch closed, Instant now,
                ExportReport& report);
  Result<std::vector<ExportFile>> make_files(const DurableFolder& folder, const Series& series,
                                             ClosedBatch& closed, Instant now);
  Status write_indexes(const DurableFolder& folder, const Series& series, uint64_t with_batch);
  Result<std::vector<ExportBatch>> batches_of(const Series& series);

  Store& store_;
  const DurableFolder& folder_;
  const std::string signing_keys_;
  const FileCalls& calls_;
  Random& random_;
};

}  // namespace nearzone::authority
