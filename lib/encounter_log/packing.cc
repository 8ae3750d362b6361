#include "encounter_log/packing.h"

#include <algorithm>
#include <utility>

namespace nearzone::encounter_log {
namespace {

// Rows that are opened in one slice, blocks that hear nothing, and rows that are sorted at once.
constexpr size_t kRowsOfSlice = 2048;
constexpr size_t kBlocksOfSlice = 128;
constexpr size_t kRowsOfRun = 8192;

}  // namespace

Packing::Packing(SealedDay sealed, Secret<32> key, const DatabaseId& id)
    : sealed_(std::move(sealed)), key_(std::move(key)), id_(id), opener_(sealed_, key_, id_) {
  // Rows that grew would leave plain copies behind.
  rows_.reserve(most_sightings(sealed_));
}

Packing::~Packing() { wipe(rows_.data(), rows_.size() * sizeof(StoredSighting)); }

Status Packing::open_some() {
  if (!opened_segment_) return open_old_segment();
  const size_t before = rows_.size();
  for (size_t i = 0; !opener_.done() && i < kBlocksOfSlice && rows_.size() < before + kRowsOfSlice;
       ++i)
    NEARZONE_TRY(opener_.open_next(rows_, blocks_));
  if (opener_.done() || rows_.size() - run_begin_ >= kRowsOfRun) end_run();
  return {};
}

Status Packing::open_old_segment() {
  opened_segment_ = true;
  if (sealed_.packed == 0) return {};
  SortedSightings sorted;
  sorted.reserve(most_sightings(sealed_));
  NEARZONE_ASSIGN(OpenedSegment segment, open_segment(sealed_, key_, id_, 0, nullptr, sorted));
  read_ = segment.read;
  whole_ = segment.whole;
  blocks_ = std::move(segment.blocks);
  for (const DaySlice& slice : sorted.days)
    for (size_t i = slice.first; i < slice.first + slice.count; ++i)
      rows_.push_back(stored_sighting(sorted, slice.scheme, i));
  end_run();
  return {};
}

void Packing::end_run() {
  const auto begin = rows_.begin() + static_cast<std::ptrdiff_t>(run_begin_);
  if (!std::is_sorted(begin, rows_.end(), comes_before))
    std::sort(begin, rows_.end(), comes_before);
  if (run_begin_ < rows_.size()) runs_.push_back({run_begin_, rows_.size()});
  run_begin_ = rows_.size();
  if (!opener_.done()) return;
  const auto later = [this](const Run& a, const Run& b) {
    return comes_before(rows_[b.next], rows_[a.next]);
  };
  std::ranges::make_heap(runs_, later);
  const size_t chunks = (rows_.size() + kSightingsPerSegmentChunk - 1) / kSightingsPerSegmentChunk;
  chunks_ = static_cast<uint32_t>(std::max<size_t>(1, chunks));
}

bool Packing::whole() const {
  const Amount read = {read_.scans + opener_.read().scans,
                       read_.sightings + opener_.read().sightings};
  return whole_ && !sealed_.unreadable && opener_.whole() &&
         read == Amount{sealed_.counted.blocks, sealed_.counted.sightings};
}

Packing::Chunk Packing::next_chunk() {
  const size_t written = size_t{next_chunk_} * kSightingsPerSegmentChunk;
  const size_t count = std::min(rows_.size() - written, kSightingsPerSegmentChunk);
  std::vector<StoredSighting> rows;
  rows.reserve(count);
  while (rows.size() < count) rows.push_back(take_least());
  Chunk chunk;
  chunk.label = {day(),       blocks(), BlockKind::segment,
                 next_chunk_, chunks_,  static_cast<uint32_t>(count)};
  chunk.plain = write_segment_chunk(day(), blocks_, next_chunk_ == 0, rows);
  wipe(rows.data(), rows.size() * sizeof(StoredSighting));
  ++next_chunk_;
  return chunk;
}

StoredSighting Packing::take_least() {
  const auto later = [this](const Run& a, const Run& b) {
    return comes_before(rows_[b.next], rows_[a.next]);
  };
  std::ranges::pop_heap(runs_, later);
  const StoredSighting least = rows_[runs_.back().next++];
  if (runs_.back().next == runs_.back().end)
    runs_.pop_back();
  else
    std::ranges::push_heap(runs_, later);
  return least;
}

}  // namespace nearzone::encounter_log
