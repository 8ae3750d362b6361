// StoredLog's recording of scans.
#include <algorithm>

#include "core/crypto.h"
#include "encounter_log/associated.h"
#include "encounter_log/block.h"
#include "encounter_log/repair.h"
#include "encounter_log/snapshot.h"
#include "encounter_log/stored_log.h"

namespace nearzone::encounter_log {
namespace {

// What a sealed sighting takes at most, and a block besides; and how often the budget is looked at.
constexpr uint64_t kBytesOfSighting = 48;
constexpr uint64_t kBytesOfBlock = 4096;
constexpr uint64_t kBytesBetweenLooks = 64 << 10;

uint64_t most_bytes(std::span<const NewBlock> blocks) {
  uint64_t bytes = 0;
  for (const NewBlock& block : blocks)
    bytes += kBytesOfBlock + block.kept.size() * kBytesOfSighting;
  return bytes;
}

NewBlock& block_of(std::vector<NewBlock>& blocks, size_t first_of_scan, Day day,
                   const SightingBatch& batch) {
  for (size_t i = first_of_scan; i < blocks.size(); ++i)
    if (blocks[i].day == day) return blocks[i];
  return blocks.emplace_back(NewBlock{day, &batch.scan, {}, {}, batch.sightings});
}

}  // namespace

Status StoredLog::append(std::span<const SightingBatch> batches, std::optional<BatchId> id) {
  NEARZONE_TRY(check_batches(batches));
  const std::lock_guard lock(mutex_);
  NEARZONE_TRY(check_open());
  credible_.read(clock_.now(), clock_.monotonic());
  std::vector<NewBlock> blocks = file(batches);
  const Status status = store(blocks, id);
  if (status.ok()) {
    deduplicator_.stored();
  } else {
    deduplicator_.not_stored();
    // Whether a commit that failed stands is known by what is read next.
    tags_.clear();
  }
  return status;
}

// The days that a batch has blocks in: those of its sightings, or of the scan itself where it heard
// nothing.
std::vector<NewBlock> StoredLog::file(std::span<const SightingBatch> batches) {
  std::vector<NewBlock> blocks;
  blocks.reserve(batches.size());
  for (const SightingBatch& batch : batches) {
    const size_t first = blocks.size();
    if (batch.sightings.empty()) block_of(blocks, first, filed_under(batch.scan.start), batch);
    std::vector<const Sighting*> heard;
    heard.reserve(batch.sightings.size());
    for (const Sighting& sighting : batch.sightings) heard.push_back(&sighting);
    file_sightings(blocks, first, batch, heard, &NewBlock::heard);
    if (options_.deduplication == Deduplication::raw) {
      for (size_t i = first; i < blocks.size(); ++i) blocks[i].kept = blocks[i].heard;
    } else {
      file_sightings(blocks, first, batch, deduplicator_.keep(batch.sightings, closing_),
                     &NewBlock::kept);
    }
    std::sort(blocks.begin() + static_cast<std::ptrdiff_t>(first), blocks.end(),
              [](const NewBlock& a, const NewBlock& b) { return a.day < b.day; });
  }
  return blocks;
}

void StoredLog::file_sightings(std::vector<NewBlock>& blocks, size_t first_of_scan,
                               const SightingBatch& batch,
                               std::span<const Sighting* const> sightings,
                               std::vector<const Sighting*> NewBlock::*list) const {
  while (!sightings.empty()) {
    // Nearly always all of them are of one day.
    const TimeRange day = Day::of(sightings[0]->time).range();
    size_t count = 1;
    while (count < sightings.size() && day.contains(sightings[count]->time)) ++count;
    NewBlock& block = block_of(blocks, first_of_scan, filed_under(sightings[0]->time), batch);
    (block.*list)
        .insert((block.*list).end(), sightings.begin(),
                sightings.begin() + static_cast<std::ptrdiff_t>(count));
    sightings = sightings.subspan(count);
  }
}

Day StoredLog::filed_under(Instant time) const {
  const Day day = Day::of(time);
  return credible_.may_be_recorded(day, first_kept()) ? day : kDoubtfulDay;
}

Status StoredLog::store(std::span<const NewBlock> blocks, std::optional<BatchId> id) {
  if (blocks.empty()) return {};
  std::vector<Day> days;
  for (const NewBlock& block : blocks) days.push_back(block.day);
  NEARZONE_TRY(make_room(most_bytes(blocks)));
  NEARZONE_TRY(make_keys(days));
  if (id) {
    for (const Day day : {blocks[0].day, kDoubtfulDay}) {
      if (keys_.find(day) == nullptr) continue;
      NEARZONE_ASSIGN(const Tags* known, known_tags(day));
      if (known->contains(id->number)) return {};
    }
  }
  NEARZONE_ASSIGN(Transaction transaction, database_->begin());
  std::vector<DayTotals> totals;
  std::optional<uint64_t> id_tag;
  if (id) id_tag = id->number;
  for (const NewBlock& block : blocks) {
    if (closing_) return kSuspended;  // whoever suspends the log waits; all of it is rolled back
    const Secret<32>& key = *keys_.find(block.day);
    NEARZONE_ASSIGN(Tags * known, known_tags(block.day));
    // Most blocks are stored as they are named: in one piece, with nothing left out.
    BlockWriter whole(*block.scan, std::nullopt, block.heard.size());
    for (const Sighting* sighting : block.heard) whole.add(*sighting);
    const uint64_t tag = tag_of(key, whole.plain());
    NEARZONE_ASSIGN(const bool doubted, was_doubtful(block, whole.plain()));
    if (doubted || !known->insert(tag).second) continue;
    if (id_tag) known->insert(*id_tag);
    // What is left after de-duplication does not tell what was heard.
    const bool shortened = block.kept.size() != block.heard.size();
    const std::optional<uint64_t> stored_tag = id_tag      ? id_tag
                                               : shortened ? std::optional(tag)
                                                           : std::nullopt;
    const bool as_named = !stored_tag && block.heard.size() <= kSightingsPerChunk;
    NEARZONE_ASSIGN(const DayTotals day,
                    add_block(block, stored_tag, as_named ? whole.plain() : ByteView()));
    totals.push_back(day);
    id_tag.reset();
  }
  NEARZONE_TRY(transaction.commit());
  if (!totals.empty()) credible_.use();
  note(totals);
  if (!states_are_settled_) settle_states();
  return {};
}

// Whether the block was stored as doubtful, before the clock was confirmed.
Result<bool> StoredLog::was_doubtful(const NewBlock& block, ByteView whole) {
  const Secret<32>* key = keys_.find(kDoubtfulDay);
  if (block.day == kDoubtfulDay || key == nullptr) return false;
  NEARZONE_ASSIGN(const Tags* known, known_tags(kDoubtfulDay));
  if (known->contains(tag_of(*key, whole))) return true;
  // Then all of the scan was one block, whatever its days.
  if (block.heard.size() == block.scan_heard.size()) return false;
  BlockWriter scan(*block.scan, std::nullopt, block.scan_heard.size());
  for (const Sighting& sighting : block.scan_heard) scan.add(sighting);
  return known->contains(tag_of(*key, scan.plain()));
}

// SQLite cuts a damaged write-ahead log short without a word: what was in it is missed by this.
void StoredLog::note(std::span<const DayTotals> totals) {
  if (totals.empty()) return;
  for (const DayTotals& day : totals) keys_.note({day.day, day.blocks, day.sightings, day.states});
  key_file_->note(keys_);
}

// What the day holds with it. `whole`: the plain content, where it is that of `kept` and of one
// chunk.
Result<DayTotals> StoredLog::add_block(const NewBlock& block, std::optional<uint64_t> tag,
                                       ByteView whole) {
  NEARZONE_ASSIGN(const DayTotals totals,
                  database_->add_block(block.day, static_cast<uint32_t>(block.kept.size())));
  BlockLabel label;
  label.day = block.day;
  label.sequence = totals.blocks - 1;
  const size_t chunks =
      std::max<size_t>(1, (block.kept.size() + kSightingsPerChunk - 1) / kSightingsPerChunk);
  label.chunks = static_cast<uint32_t>(chunks);
  std::span<const Sighting* const> rest = block.kept;
  for (label.chunk = 0; label.chunk < label.chunks; ++label.chunk) {
    if (closing_) return kSuspended;
    const auto part = rest.first(std::min(rest.size(), kSightingsPerChunk));
    rest = rest.subspan(part.size());
    label.count = static_cast<uint32_t>(part.size());
    if (!whole.empty()) {
      NEARZONE_TRY(add_chunk(label, whole));
      continue;
    }
    BlockWriter writer(*block.scan, label.chunk == 0 ? tag : std::nullopt, part.size());
    for (const Sighting* sighting : part) writer.add(*sighting);
    NEARZONE_TRY(add_chunk(label, writer.plain()));
  }
  return totals;
}

Status StoredLog::add_chunk(const BlockLabel& label, ByteView plain) {
  return database_->add_chunk(
      label, seal(*keys_.find(label.day), plain, associated_with_block(keys_.database_id, label),
                  random_));
}

// Read from the log where nothing was appended to that day since it was opened.
Result<Tags*> StoredLog::known_tags(Day day) {
  if (const auto known = tags_.find(day); known != tags_.end()) return &known->second;
  NEARZONE_ASSIGN(LogReader reader, LogReader::open(paths_.database, storage_.vfs));
  NEARZONE_ASSIGN(const SealedDay sealed, reader.read(day));
  NEARZONE_ASSIGN(Tags tags, tags_of(sealed, *keys_.find(day), keys_.database_id));
  return &tags_.emplace(day, std::move(tags)).first->second;
}

// Drops what was set aside, and then the oldest days, until `bytes` more fit into the budget.
Status StoredLog::make_room(uint64_t bytes) {
  bytes_since_look_ += bytes;
  if (bytes_since_look_ < kBytesBetweenLooks) return {};
  for (;;) {
    NEARZONE_ASSIGN(const uint64_t used, database_->used_bytes());
    NEARZONE_ASSIGN(const uint64_t set_aside, bytes_set_aside(storage_, paths_));
    if (used + set_aside + bytes + kBytesBetweenLooks <= options_.byte_budget) break;
    if (set_aside != 0) {
      NEARZONE_TRY(forget_damaged(storage_, paths_));
      continue;
    }
    NEARZONE_ASSIGN(const bool dropped, drop_oldest());
    if (!dropped) return {Code::no_space, "today alone fills the byte budget", "byte_budget"};
  }
  bytes_since_look_ = 0;
  return {};
}

// The blocks of days first, the oldest first; then those that are doubtful, unless that is all that
// can be recorded now. Never today's; and never own state, which is small and cannot be heard
// again.
Result<bool> StoredLog::drop_oldest() {
  NEARZONE_ASSIGN(const std::vector<DayTotals> totals, database_->totals());
  NEARZONE_ASSIGN(const LogDatabase::Losses losses, database_->losses());
  const DayTotals* oldest = nullptr;
  const DayTotals* doubtful = nullptr;
  for (const DayTotals& day : totals) {
    const auto lost = std::ranges::find(losses.damaged, day.day, &LogDayLoss::day);
    if (day.blocks <= (lost == losses.damaged.end() ? 0 : lost->scans)) continue;
    if (day.day == kDoubtfulDay && !credible_.in_doubt()) doubtful = &day;
    if (day.day != kDoubtfulDay && day.day < credible_.today() && oldest == nullptr) oldest = &day;
  }
  if (oldest == nullptr) oldest = doubtful;
  if (oldest == nullptr) return false;
  tags_.erase(oldest->day);
  // First, so that what goes is not taken for what damage took.
  NEARZONE_TRY(write_keys(keys_.duplicate(), {}, oldest->day));
  NEARZONE_TRY(database_->drop_blocks(oldest->day).status());
  return true;
}

}  // namespace nearzone::encounter_log
