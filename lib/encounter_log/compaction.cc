// StoredLog's maintenance: packing days that are over.
#include <algorithm>
#include <utility>

#include "core/crypto.h"
#include "encounter_log/associated.h"
#include "encounter_log/schema.h"
#include "encounter_log/snapshot.h"
#include "encounter_log/stored_log.h"

namespace nearzone::encounter_log {
namespace {

// How long appending waits for the writing of a slice is how much a slice writes.
constexpr int kChunksOfSlice = 4;
// The write-ahead log is emptied here before it is so long that an append would have to do it.
constexpr int kSlicesOfCheckpoint = 3;

}  // namespace

Result<bool> StoredLog::compact_step(Millis budget) {
  if (closing_) return kSuspended;
  const std::lock_guard maintenance(maintenance_mutex_);
  const Millis begin = clock_.monotonic();
  for (;;) {
    if (closing_) return kSuspended;
    NEARZONE_ASSIGN(const bool more, compact_slice());
    if (!more) return false;
    if (clock_.monotonic() - begin >= budget) return true;
  }
}

// The smallest part of the work that can be done at once; whether there is more.
Result<bool> StoredLog::compact_slice() {
  if (slices_since_checkpoint_ >= kSlicesOfCheckpoint) {
    NEARZONE_TRY(checkpoint());
    return true;
  }
  if (packing_ == nullptr) return begin_packing();
  if (!packing_->opened()) {
    NEARZONE_TRY(packing_->open_some());
    if (!packing_->opened() || packing_->whole()) return true;
    unpackable_.push_back(packing_->day());
    packing_.reset();
    return true;
  }
  const Status written = write_chunks();
  if (!written.ok() || packing_->done()) packing_.reset();
  if (!written.ok()) return written;
  return true;
}

Result<bool> StoredLog::begin_packing() {
  std::unique_lock lock(mutex_);
  NEARZONE_TRY(check_open());
  credible_.read(clock_.now(), clock_.monotonic());
  // What is left over from before might be half of the segment that is to be written.
  NEARZONE_ASSIGN(const bool deleted, database_->delete_some_leftovers());
  if (deleted) {
    ++slices_since_checkpoint_;
    return true;
  }
  NEARZONE_ASSIGN(std::vector<Day> days, database_->unpacked_days(credible_.latest()));
  std::erase_if(days, [&](Day day) {
    return keys_.find(day) == nullptr || std::ranges::find(unpackable_, day) != unpackable_.end();
  });
  if (days.empty()) {
    NEARZONE_ASSIGN(const bool shrunk, database_->shrink_somewhat());
    slices_since_checkpoint_ += shrunk ? 1 : 0;
    lock.unlock();
    if (!shrunk && slices_since_checkpoint_ != 0) NEARZONE_TRY(checkpoint());
    return shrunk;
  }
  NEARZONE_ASSIGN(LogReader reader, LogReader::open(paths_.database, storage_.vfs));
  NEARZONE_TRY(reader.begin());
  Secret<32> key = keys_.find(days.front())->duplicate();
  const DatabaseId id = keys_.database_id;
  lock.unlock();
  NEARZONE_ASSIGN(SealedDay sealed, reader.read(days.front()));
  packing_ = std::make_unique<Packing>(std::move(sealed), std::move(key), id);
  return true;
}

Status StoredLog::write_chunks() {
  std::vector<Packing::Chunk> chunks;
  for (int i = 0; i < kChunksOfSlice && !packing_->done(); ++i)
    chunks.push_back(packing_->next_chunk());

  const std::lock_guard lock(mutex_);
  NEARZONE_TRY(check_open());
  const Secret<32>* key = keys_.find(packing_->day());
  // The day was erased meanwhile.
  if (key == nullptr || !key->equals(packing_->key())) return {};
  NEARZONE_ASSIGN(Transaction transaction, database_->begin());
  for (const Packing::Chunk& chunk : chunks)
    NEARZONE_TRY(database_->add_segment_chunk(
        chunk.label, seal(*key, chunk.plain.expose(ForSealing{}),
                          associated_with_block(keys_.database_id, chunk.label), random_)));
  // From here on the blocks are read from the segment.
  if (packing_->done()) NEARZONE_TRY(database_->set_packed(packing_->day(), packing_->blocks()));
  ++slices_since_checkpoint_;
  return transaction.commit();
}

// Over a connection of its own, so that appending goes on meanwhile.
Status StoredLog::checkpoint() {
  slices_since_checkpoint_ = 0;
  NEARZONE_ASSIGN(Database database,
                  connect(paths_.database, Database::Access::read_write, storage_.vfs));
  NEARZONE_TRY(set_durability(database, options_.durability));
  return database.integer("PRAGMA wal_checkpoint(PASSIVE)").status();
}

}  // namespace nearzone::encounter_log
