#include "authority/exports/explain.h"

#include <algorithm>
#include <optional>

#include "authority/exports/batch_contents.h"
#include "authority/exports/batch_plan.h"
#include "authority/exports/export_worker.h"
#include "nearzone/lists.h"

namespace nearzone::authority {
namespace {

constexpr uint64_t kLargestIndex = uint64_t{16} << 20;

std::string joined_with_blanks(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    if (!joined.empty()) joined += ' ';
    joined += text;
  }
  return joined.empty() ? "none" : joined;
}

std::string range_of(TimeRange range) {
  return format_instant(range.from) + " .. " + format_instant(range.to) + " UTC";
}

class Explainer {
 public:
  Explainer(Reader& rows, const DurableFolder& folder, const Series& series, ByteView key,
            Instant now)
      : rows_(rows), folder_(folder), series_(series), key_(key), now_(now) {}

  Result<Explanation> explain() {
    NEARZONE_ASSIGN(const std::optional<StoredKey> stored, rows_.find_key(series_.scheme, key_));
    if (!stored) return hopeless("stored", "no: it was never uploaded, or retention removed it");
    tell("stored", "accepted for " + format_instant(stored->created_at) + " UTC, vouched for by " +
                       stored->authority + ", regions " + joined_with_blanks(stored->regions));
    if (!wanted().wants(*stored))
      return hopeless("series", series_.name + " takes other regions only");
    NEARZONE_ASSIGN(const std::vector<ExportBatch> batches, rows_.batches(series_.name));
    const auto batch = std::ranges::find_if(batches, [&](const ExportBatch& candidate) {
      return candidate.window.contains(stored->created_at);
    });
    if (batch == batches.end()) return unpublished(*stored, batches);
    tell("window", range_of(batch->window) + " of series " + series_.name);
    if (is_withdrawn_before(*stored, batch->window.to)) return withdrawn();
    return in_batch(*batch);
  }

 private:
  void tell(const char* subject, std::string words) {
    told_.lines.push_back({subject, std::move(words)});
  }
  Explanation hopeless(const char* subject, std::string words) {
    tell(subject, std::move(words));
    told_.is_hopeless = true;
    return told_;
  }
  Explanation withdrawn() {
    return hopeless("batch", "none: it was revised to negative before it could go out");
  }

  KeyQuery wanted() const {
    KeyQuery query;
    query.regions = series_.regions;
    query.excluded = series_.excluded_regions;
    query.travelers = series_.travelers;
    return query;
  }

  static bool is_withdrawn_before(const StoredKey& stored, Instant end) {
    return stored.revision && stored.revision->at < end &&
           stored.revision->report_type == ReportType::revoked;
  }

  Explanation unpublished(const StoredKey& stored, const std::vector<ExportBatch>& batches) {
    if (!batches.empty() && stored.created_at < batches.back().window.to)
      return hopeless("window",
                      "none: its time lies before batches that are decided; the clock "
                      "was set back");
    const Instant from = window_start(series_.rules, stored.created_at);
    const TimeRange window{from, from + merged_period(series_.rules)};
    tell("window", range_of(window) + " of series " + series_.name);
    if (is_withdrawn_before(stored, window.to)) return withdrawn();
    const Instant until = window.to + series_.rules.embargo;
    tell("embargo", "until " + format_instant(until) + " UTC" + (now_ < until ? "" : ", over"));
    tell("batch", now_ < until ? "none yet" : "none yet: the next run of the worker makes it");
    return told_;
  }

  Result<Explanation> in_batch(const ExportBatch& batch) {
    tell("embargo",
         "over since " + format_instant(batch.window.to + series_.rules.embargo) + " UTC");
    const std::string number = std::to_string(batch.sequence);
    if (batch.state == BatchState::removed)
      return hopeless("batch", number + " of its series: withdrawn, its retention is over");
    tell("batch", number + " of its series, " + std::to_string(batch.keys) + " keys and " +
                      std::to_string(batch.padding_keys) + " of padding");
    NEARZONE_ASSIGN(const std::vector<ExportFile> files, rows_.files(batch.id));
    if (files.empty()) {
      tell("file", "not finished: the next run of the worker finishes it");
      return told_;
    }
    NEARZONE_ASSIGN(const size_t at, file_with_key(batch));
    if (at >= files.size()) return Status(Code::corrupt, "a file of the batch is not stored");
    return in_file(files[at]);
  }

  // Which of the batch's files has the key.
  Result<size_t> file_with_key(const ExportBatch& batch) {
    NEARZONE_ASSIGN(BatchContents contents, contents_of(rows_, series_, batch));
    const BatchKeys keys = split_into_files(series_, std::move(contents));
    for (size_t i = 0; i < keys.files.size(); ++i)
      for (const PublishedKey& key : keys.files[i])
        if (!key.revised && std::ranges::equal(ByteView(key.bytes).first(key_.size()), key_))
          return i;
    return Status(Code::corrupt, "the key is in none of its batch's files");
  }

  Result<Explanation> in_file(const ExportFile& file) {
    tell("file", file.name + ", " + std::to_string(file.size) + " bytes");
    NEARZONE_ASSIGN(const bool is_listed, is_in_index(file));
    if (!is_listed)
      tell("index", "not listed yet: the next run of the worker lists it");
    else
      tell("index", "listed in " + series_.name + "/" + index_name(file.format));
    tell("signature", file.signing_keys.empty() ? "none: this format has none"
                                                : "by " + joined_with_blanks(file.signing_keys));
    told_.is_published = is_listed;
    return told_;
  }

  Result<bool> is_in_index(const ExportFile& file) {
    NEARZONE_ASSIGN(
        const DurableFolder folder,
        DurableFolder::open(folder_.path() + "/" + series_.name, 0755, system_file_calls()));
    NEARZONE_ASSIGN(const auto index, folder.read(index_name(file.format), kLargestIndex));
    if (!index) return false;
    std::string lines = "\n";
    lines.append(index->begin(), index->end()).append("\n");
    std::string line = "\n";
    line.append(file.name).append("\n");
    return lines.find(line) != lines.npos;
  }

  Reader& rows_;
  const DurableFolder& folder_;
  const Series& series_;
  const ByteView key_;
  const Instant now_;
  Explanation told_;
};

}  // namespace

Result<Explanation> explain_key(Reader& rows, const DurableFolder& folder, const Series& series,
                                ByteView key, Instant now) {
  if (key.size() != published_key_size(series.scheme))
    return Status(Code::invalid_argument, "a key of this series has another length", "key");
  return Explainer(rows, folder, series, key, now).explain();
}

}  // namespace nearzone::authority
