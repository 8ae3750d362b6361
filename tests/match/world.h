// Small random worlds for the matcher's properties.
#pragma once

#include <vector>

#include "nearzone/keys.h"
#include "nearzone/random.h"
#include "nearzone/scheme.h"
#include "nearzone/sighting.h"

namespace nearzone::test {

inline constexpr Day kFirstDay{18500};
inline constexpr int32_t kDays = 4;

// Keys of every scheme, sightings planted at the edges of their windows, strangers, duplicates, and
// keys of days on which nothing was heard.
class World {
 public:
  explicit World(uint64_t seed);

  const std::vector<PublishedKey>& keys() const { return keys_; }
  const std::vector<Sighting>& sightings() const { return sightings_; }
  SightingColumns columns() const { return table_.columns(); }

  // A log that has heard the first `count` sightings, each in a batch of its own. The order in
  // which rows lie in a log says nothing; `shuffle` makes another of it.
  SightingTable heard(size_t count, Random& shuffle) const;

 private:
  int32_t below(uint64_t bound) { return static_cast<int32_t>(random_.below(bound)); }
  void add_key();
  void make_dp3t(PublishedKey& key, Day day);
  void make_tcn(PublishedKey& key, Day day);
  void plant();
  void add_stranger();

  SeededRandom random_;
  std::vector<PublishedKey> keys_;
  std::vector<Sighting> sightings_;
  SightingTable table_;
};

}  // namespace nearzone::test
