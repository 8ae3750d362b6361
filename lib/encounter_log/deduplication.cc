#include "encounter_log/deduplication.h"

#include <algorithm>

namespace nearzone::encounter_log {
namespace {

// An identifier heard again within this time is not kept again; what was not kept does not count.
constexpr Millis kPause{5000};

}  // namespace

std::vector<const Sighting*> Deduplicator::keep(std::span<const Sighting> sightings) {
  std::vector<const Sighting*> kept;
  kept.reserve(sightings.size());
  const size_t first_of_scan = kept_.size();
  for (const Sighting& sighting : sightings) {
    if (rule_ != Deduplication::raw) {
      if (repeats(sighting, rule_ == Deduplication::scan ? first_of_scan : 0)) continue;
      kept_.push_back({sighting.scheme, sighting.identifier, sighting.time, false});
    }
    kept.push_back(&sighting);
  }
  return kept;
}

bool Deduplicator::repeats(const Sighting& sighting, size_t first) const {
  return std::ranges::any_of(std::span(kept_).subspan(first), [&](const Kept& kept) {
    if (kept.scheme != sighting.scheme || kept.identifier != sighting.identifier) return false;
    // A clock that was set back must not keep an identifier out until it has caught up.
    return rule_ == Deduplication::scan ||
           (sighting.time >= kept.time && sighting.time - kept.time < kPause);
  });
}

void Deduplicator::stored() {
  if (kept_.empty()) return;
  const Instant newest = std::ranges::max(kept_, {}, &Kept::time).time;
  std::erase_if(kept_, [&](const Kept& kept) {
    return rule_ == Deduplication::scan || newest - kept.time >= kPause;
  });
  for (Kept& kept : kept_) kept.stored = true;
}

void Deduplicator::not_stored() {
  std::erase_if(kept_, [](const Kept& kept) { return !kept.stored; });
}

}  // namespace nearzone::encounter_log
