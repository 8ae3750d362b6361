#include <algorithm>

#include "beacon/slot.h"
#include "nearzone/beacon_planner.h"
#include "nearzone/secret.h"

namespace nearzone::beacon {

ReadingCache::ReadingCache(Millis slot) : slot_(slot) {}

ReadingCache::~ReadingCache() { wipe(entries_.data(), sizeof(entries_)); }

// The monotonic clock tells a day apart from the same day again after the clock was set back.
bool ReadingCache::is_valid(const Entry& entry, Moment at) const {
  const Millis age = at.monotonic - entry.read_at;
  return entry.used && entry.slot_start == slot_of(at.utc, slot_).from && age >= Millis(0) &&
         age < slot_;
}

void ReadingCache::put(const Peer& peer, const Reading& reading, Moment at) {
  Entry* to = &entries_[0];
  for (Entry& entry : entries_) {
    if (entry.used && entry.peer == peer) {
      to = &entry;
      break;
    }
    if (!to->used) continue;
    if (!entry.used || entry.read_at < to->read_at) to = &entry;
  }
  *to = {peer, reading, slot_of(at.utc, slot_).from, at.monotonic, true};
}

std::optional<Reading> ReadingCache::find(const Peer& peer, Moment at) const {
  for (const Entry& entry : entries_)
    if (entry.peer == peer && is_valid(entry, at)) return entry.reading;
  return std::nullopt;
}

void ReadingCache::forget_expired(Moment at) {
  for (Entry& entry : entries_)
    if (entry.used && !is_valid(entry, at)) {
      wipe(&entry, sizeof(entry));
      entry = {};
    }
}

size_t ReadingCache::size() const {
  return static_cast<size_t>(std::count_if(entries_.begin(), entries_.end(),
                                           [](const Entry& entry) { return entry.used; }));
}

}  // namespace nearzone::beacon
