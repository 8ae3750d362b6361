#include "authority/exports/batch_contents.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "nearzone/secret.h"

namespace nearzone::authority {
namespace {

PublishedKey as_revised(const StoredKey& stored) {
  PublishedKey key = stored.key;
  key.report_type = stored.revision->report_type;
  if (stored.revision->transmission_risk_level != 0)
    key.transmission_risk_level = stored.revision->transmission_risk_level;
  if (stored.revision->days_since_onset) key.days_since_onset = stored.revision->days_since_onset;
  return key;
}

KeyQuery query(const Series& series, KeyQuery::By by, TimeRange when) {
  KeyQuery query;
  query.scheme = series.scheme;
  query.by = by;
  query.when = when;
  query.regions = series.regions;
  query.excluded = series.excluded_regions;
  query.travelers = series.travelers;
  return query;
}

// Asks the source for much at once: one call of the system a key would be most of the work.
class BufferedRandom final : public Random {
 public:
  explicit BufferedRandom(Random& source) : source_(source) {}
  ~BufferedRandom() override { wipe(buffer_); }
  void fill(std::span<uint8_t> out) override {
    for (uint8_t& byte : out) {
      if (used_ == buffer_.size()) {
        source_.fill(buffer_);
        used_ = 0;
      }
      byte = buffer_[used_++];
    }
  }

 private:
  Random& source_;
  std::array<uint8_t, 4096> buffer_{};
  size_t used_ = buffer_.size();
};

// Their first bytes tell random keys apart: few others are looked at, and each key moves once.
void sort_by_bytes(std::vector<PublishedKey>& keys) {
  struct Place {
    uint32_t first_bytes;
    uint32_t place;
  };
  std::vector<Place> order(keys.size());
  for (size_t i = 0; i < keys.size(); ++i)
    order[i] = {load_be32(keys[i].bytes.data()), static_cast<uint32_t>(i)};
  std::ranges::sort(order, [&](const Place& a, const Place& b) {
    if (a.first_bytes != b.first_bytes) return a.first_bytes < b.first_bytes;
    return keys[a.place].bytes < keys[b.place].bytes;
  });
  std::vector<PublishedKey> sorted;
  sorted.reserve(keys.size());
  for (const Place& next : order) sorted.push_back(keys[next.place]);
  keys = std::move(sorted);
}

// Where the batch ends in which a key of `created_at` goes out: one of `batches`, or that which
// ends at `end`.
Instant published_at_end_of(std::span<const ExportBatch> batches, Instant created_at, Instant end) {
  const auto batch = std::ranges::upper_bound(
      batches, created_at, {}, [](const ExportBatch& candidate) { return candidate.window.to; });
  return batch == batches.end() ? end : batch->window.to;
}

// The statements of earlier batches reach up to here.
Instant told_up_to(std::span<const ExportBatch> batches) {
  Instant told;
  for (const ExportBatch& batch : batches)
    if (batch.revised_keys > 0) told = batch.window.to;
  return told;
}

}  // namespace

Result<Instant> decided_up_to(Reader& rows, std::span<const Series> all) {
  Instant decided;
  for (const Series& series : all) {
    NEARZONE_ASSIGN(const std::optional<ExportBatch> latest, rows.latest_batch(series.name));
    if (latest) decided = std::max(decided, latest->window.to);
  }
  return decided;
}

Result<std::vector<PublishedKey>> real_keys(Reader& rows, const Series& series, TimeRange window,
                                            Instant* first) {
  std::vector<PublishedKey> keys;
  NEARZONE_TRY(rows.visit_keys(query(series, KeyQuery::By::created_at, window),
                               [&](const StoredKey& stored) {
                                 if (first != nullptr) *first = std::min(*first, stored.created_at);
                                 if (!stored.revision || stored.revision->at >= window.to)
                                   keys.push_back(stored.key);
                                 else if (stored.revision->report_type != ReportType::revoked)
                                   keys.push_back(as_revised(stored));
                                 return Status();
                               }));
  return keys;
}

Result<std::vector<PublishedKey>> pending_revisions(Reader& rows, const Series& series,
                                                    std::span<const ExportBatch> batches,
                                                    Instant end, Instant* oldest) {
  std::vector<PublishedKey> revised;
  *oldest = end;
  const TimeRange when{told_up_to(batches), end};
  NEARZONE_TRY(
      rows.visit_keys(query(series, KeyQuery::By::revised_at, when), [&](const StoredKey& stored) {
        const Instant published = published_at_end_of(batches, stored.created_at, end);
        // Before that, the key's first appearance tells it all.
        if (stored.revision->at < published || stored.created_at >= end) return Status();
        *oldest = std::min(*oldest, stored.revision->at);
        revised.push_back(as_revised(stored));
        revised.back().revised = true;
        return Status();
      }));
  return revised;
}

std::vector<PublishedKey> choose_padding(const Series& series, const BatchContents& contents,
                                         Random& random) {
  // A batch of revisions alone has a file, too, and that file its padding.
  const size_t real = contents.keys.size();
  const std::vector<PublishedKey>& models = real > 0 ? contents.keys : contents.revised;
  if (models.empty()) return {};
  size_t total = 0;
  for (const size_t size : series.sizes.files_for(std::max<size_t>(real, 1))) total += size;
  std::vector<PublishedKey> padding(total - real);
  BufferedRandom buffered(random);
  for (PublishedKey& key : padding) {
    key = models[buffered.below(models.size())];
    key.revised = false;
    buffered.fill(std::span(key.bytes).first(published_key_size(key.scheme)));
  }
  return padding;
}

Result<BatchContents> contents_of(Reader& rows, const Series& series, const ExportBatch& batch) {
  BatchContents contents;
  NEARZONE_ASSIGN(contents.keys, real_keys(rows, series, batch.window));
  if (contents.keys.size() != batch.keys)
    return Status(Code::corrupt, "the keys of a closed batch are not those it was closed with",
                  "keys");
  NEARZONE_TRY(rows.visit_padding(batch.id, [&](const PublishedKey& key) {
    contents.keys.push_back(key);
    return Status();
  }));
  if (contents.keys.size() != batch.keys + batch.padding_keys)
    return Status(Code::corrupt, "the padding of a closed batch is incomplete", "padding_keys");
  if (batch.revised_keys == 0) return contents;
  NEARZONE_ASSIGN(std::vector<ExportBatch> earlier, rows.batches(series.name));
  std::erase_if(earlier,
                [&](const ExportBatch& other) { return other.window.from >= batch.window.from; });
  Instant oldest;
  NEARZONE_ASSIGN(contents.revised,
                  pending_revisions(rows, series, earlier, batch.window.to, &oldest));
  if (contents.revised.size() != batch.revised_keys)
    return Status(Code::corrupt, "the revisions of a closed batch are not those it was closed with",
                  "revised_keys");
  return contents;
}

BatchKeys split_into_files(const Series& series, BatchContents contents) {
  BatchKeys keys;
  keys.all = std::move(contents.keys);
  const size_t primary = keys.all.size();
  sort_by_bytes(keys.all);
  sort_by_bytes(contents.revised);
  std::ranges::copy(contents.revised, std::back_inserter(keys.all));
  const std::span<const PublishedKey> all = keys.all;
  size_t begin = 0;
  for (; primary - begin > series.sizes.largest(); begin += series.sizes.largest())
    keys.files.push_back(all.subspan(begin, series.sizes.largest()));
  keys.files.push_back(all.subspan(begin));
  return keys;
}

}  // namespace nearzone::authority
