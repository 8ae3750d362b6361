// Which sightings of a scan are kept, where not all of them shall be.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nearzone/encounter_log.h"
#include "nearzone/sighting.h"

namespace nearzone::encounter_log {

// Remembers what was kept in the last seconds, as Bluezone does, until the process ends.
class Deduplicator {
 public:
  explicit Deduplicator(Deduplication rule) : rule_(rule) {}

  // The sightings that the rule keeps, in their order, as if those of earlier calls were kept.
  std::vector<const Sighting*> keep(std::span<const Sighting> sightings);
  // What keep() gave since the last of these two was stored, or was not.
  void stored();
  void not_stored();

 private:
  struct Kept {
    SchemeTag scheme;
    Identifier identifier;
    Instant time;
    bool stored;
  };
  bool repeats(const Sighting& sighting, size_t first) const;

  Deduplication rule_;
  std::vector<Kept> kept_;
};

}  // namespace nearzone::encounter_log
