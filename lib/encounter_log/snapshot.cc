#include "encounter_log/snapshot.h"

#include <algorithm>
#include <utility>

#include "encounter_log/open_day.h"

namespace nearzone::encounter_log {
namespace {

const Status kCancelled(Code::cancelled, "cancelled");

bool cancelled(const Cancel* cancel) { return cancel != nullptr && cancel->requested(); }

// Rows between two looks at the flag.
constexpr size_t kCancelStride = 256;

// Puts days together, in ascending order.
class Snapshot {
 public:
  // For at most so many rows: a column that grew would leave plain copies behind.
  Snapshot(const DatabaseId& id, const Cancel* cancel, size_t most) : id_(id), cancel_(cancel) {
    sorted_.reserve(most);
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot() {
    wipe_rows();
    wipe(doubtful_.data(), doubtful_.size() * sizeof(StoredSighting));
  }

  Result<Amount> add(const SealedDay& day, const Secret<32>& key) {
    wipe_rows();
    add_doubtful_before(day.day);
    rows_.reserve(most_sightings(day) + doubtful_.size() - next_doubtful_);
    NEARZONE_ASSIGN(Amount read, add_blocks(day, key));
    for (; next_doubtful_ < doubtful_.size() && claimed_day() == day.day; ++next_doubtful_)
      rows_.push_back(doubtful_[next_doubtful_]);
    // The rows of a segment are sorted already; only with others between them they are not.
    SortedSightings apart;
    if (!rows_.empty()) apart.reserve(most_sightings(day));
    NEARZONE_ASSIGN(const OpenedSegment segment,
                    open_segment(day, key, id_, static_cast<uint32_t>(sorted_.scans.size()),
                                 cancel_, rows_.empty() ? sorted_ : apart));
    for (const PackedBlock& block : segment.blocks) sorted_.scans.push_back(block.scan);
    if (!rows_.empty()) add_sorted(apart);
    read.scans += segment.read.scans;
    read.sightings += segment.read.sightings;
    return read;
  }
  // The doubtful day, which is before all others; its rows go with the days that they claim.
  Result<Amount> add_doubtful(const SealedDay& day, const Secret<32>& key) {
    rows_.reserve(most_sightings(day));
    NEARZONE_ASSIGN(const Amount read, add_blocks(day, key));
    std::ranges::sort(rows_, [](const StoredSighting& a, const StoredSighting& b) {
      const Day day_a = Day::of(a.sighting.time), day_b = Day::of(b.sighting.time);
      return day_a != day_b ? day_a < day_b : comes_before(a, b);
    });
    doubtful_ = std::exchange(rows_, {});
    return read;
  }
  SightingTable finish() {
    while (next_doubtful_ < doubtful_.size()) sorted_.add(doubtful_[next_doubtful_++]);
    return SightingTable(std::move(sorted_));
  }

 private:
  Result<Amount> add_blocks(const SealedDay& day, const Secret<32>& key) {
    BlockOpener blocks(day, key, id_);
    std::vector<PackedBlock> scans;
    for (size_t i = 0; !blocks.done(); ++i) {
      if (i % kCancelStride == 0 && cancelled(cancel_)) return kCancelled;
      NEARZONE_TRY(blocks.open_next(rows_, scans));
    }
    const auto first = static_cast<uint32_t>(sorted_.scans.size());
    for (StoredSighting& row : rows_) row.scan += first;
    for (const PackedBlock& block : scans) sorted_.scans.push_back(block.scan);
    return blocks.read();
  }

  Day claimed_day() const { return Day::of(doubtful_[next_doubtful_].sighting.time); }

  void add_doubtful_before(Day day) {
    for (; next_doubtful_ < doubtful_.size() && claimed_day() < day; ++next_doubtful_)
      sorted_.add(doubtful_[next_doubtful_]);
  }

  void add_sorted(const SortedSightings& segment) {
    for (const DaySlice& slice : segment.days)
      for (size_t i = slice.first; i < slice.first + slice.count; ++i)
        rows_.push_back(stored_sighting(segment, slice.scheme, i));
    std::ranges::sort(rows_, comes_before);
    for (const StoredSighting& row : rows_) sorted_.add(row);
  }

  void wipe_rows() {
    wipe(rows_.data(), rows_.size() * sizeof(StoredSighting));
    rows_.clear();
  }

  const DatabaseId& id_;
  const Cancel* cancel_;
  SortedSightings sorted_;
  std::vector<StoredSighting> rows_;      // of the day that is being added
  std::vector<StoredSighting> doubtful_;  // sorted
  size_t next_doubtful_ = 0;
};

}  // namespace

Result<std::vector<SealedDay>> copy_out(LogReader reader, const KeyTable& keys,
                                        const Cancel* cancel, const std::atomic<bool>& closing) {
  std::vector<SealedDay> days;
  days.reserve(keys.days.size());
  for (const DayKey& key : keys.days) {
    if (cancelled(cancel)) return kCancelled;
    if (closing) return kSuspended;
    NEARZONE_ASSIGN(SealedDay day, reader.read(key.day));
    days.push_back(std::move(day));
  }
  return days;
}

Result<SightingTable> open_snapshot(std::vector<SealedDay> days, const KeyTable& keys,
                                    const Cancel* cancel, std::vector<LogDayLoss>& lost) {
  lost.clear();
  size_t most = 0;
  for (const SealedDay& day : days) most += most_sightings(day);
  Snapshot snapshot(keys.database_id, cancel, most);
  for (SealedDay& sealed : days) {
    if (cancelled(cancel)) return kCancelled;
    // Freed when it is opened: all days sealed beside all days open would be the peak of memory.
    const SealedDay day = std::move(sealed);
    NEARZONE_ASSIGN(const Amount read, day.day == kDoubtfulDay
                                           ? snapshot.add_doubtful(day, *keys.find(day.day))
                                           : snapshot.add(day, *keys.find(day.day)));
    if (const auto loss = loss_of(day, read)) lost.push_back(*loss);
  }
  return snapshot.finish();
}

std::optional<LogDayLoss> loss_of(const SealedDay& day, const Amount& read) {
  const auto less = [](uint64_t counted, uint64_t found) {
    return counted > found ? counted - found : 0;
  };
  const LogDayLoss loss{day.day, less(day.counted.blocks, read.scans + day.known_lost.scans),
                        less(day.counted.sightings, read.sightings + day.known_lost.sightings)};
  if (loss.scans == 0 && loss.sightings == 0) return std::nullopt;
  return loss;
}

}  // namespace nearzone::encounter_log
