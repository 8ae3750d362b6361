// Which sightings of a scan are kept, where not all of them shall be.
#pragma once

#include <atomic>
#include <compare>
#include <set>
#include <span>
#include <vector>

#include "nearzone/encounter_log.h"
#include "nearzone/sighting.h"

namespace nearzone::encounter_log {

// Remembers what was kept in the last seconds, as Bluezone does, until the process ends.
class Deduplicator {
 public:
  explicit Deduplicator(Deduplication rule) : rule_(rule) {}

  // The sightings that the rule keeps, in their order, as if those of earlier calls were kept. Ends
  // early, with what it has, once `closing` is set.
  std::vector<const Sighting*> keep(std::span<const Sighting> sightings,
                                    const std::atomic<bool>& closing);
  // What keep() gave since the last of these two was stored, or was not.
  void stored();
  void not_stored() { new_.clear(); }

 private:
  struct Kept {
    SchemeTag scheme;
    Identifier identifier;
    Instant time;
    auto operator<=>(const Kept&) const = default;
  };
  // By identifier and time: a scan may hear a million.
  using Memory = std::set<Kept>;
  static bool repeats(const Memory& memory, const Kept& heard);

  Deduplication rule_;
  Memory stored_;
  Memory new_;
};

}  // namespace nearzone::encounter_log
