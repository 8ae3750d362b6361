#include "encounter_log/deduplication.h"

#include <algorithm>
#include <iterator>

namespace nearzone::encounter_log {
namespace {

// An identifier heard again within this time is not kept again; what was not kept does not count.
constexpr Millis kPause{5000};

}  // namespace

std::vector<const Sighting*> Deduplicator::keep(std::span<const Sighting> sightings,
                                                const std::atomic<bool>& closing) {
  std::vector<const Sighting*> kept;
  kept.reserve(sightings.size());
  Memory of_scan;
  for (const Sighting& sighting : sightings) {
    if (closing) break;
    // Within a scan time does not count.
    Kept heard{sighting.scheme, sighting.identifier, sighting.time};
    if (rule_ == Deduplication::scan) {
      heard.time = {};
      if (!of_scan.insert(heard).second) continue;
    } else if (rule_ == Deduplication::five_seconds) {
      if (repeats(stored_, heard) || repeats(new_, heard)) continue;
      new_.insert(heard);
    }
    kept.push_back(&sighting);
  }
  return kept;
}

// A clock that was set back must not keep an identifier out until it has caught up.
bool Deduplicator::repeats(const Memory& memory, const Kept& heard) {
  const auto later = memory.upper_bound(heard);
  if (later == memory.begin()) return false;
  const Kept& before = *std::prev(later);
  return before.scheme == heard.scheme && before.identifier == heard.identifier &&
         heard.time - before.time < kPause;
}

void Deduplicator::stored() {
  stored_.merge(new_);
  new_.clear();
  if (stored_.empty()) return;
  const Instant newest = std::ranges::max(stored_, {}, &Kept::time).time;
  std::erase_if(stored_, [&](const Kept& kept) { return newest - kept.time >= kPause; });
}

}  // namespace nearzone::encounter_log
