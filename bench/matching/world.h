// Seeded inputs for matching: what was heard in fourteen days, and keys of which some were near.
#pragma once

#include <span>
#include <vector>

#include "baselines/found.h"
#include "nearzone/match.h"
#include "nearzone/scheme.h"

namespace nearzone::bench {

inline constexpr Day kFirstDay{18500};
inline constexpr int32_t kDays = 14;

struct World {
  const Scheme* scheme = nullptr;
  std::vector<PublishedKey> keys;
  std::vector<Identifier> heard;
  SightingTable table;
  FoundKeys near;  // the keys that have to be found, sorted
};

// When encounters happen.
enum class Hours : uint8_t {
  all,    // spread over every ten minutes of every day: nothing can be skipped
  eight,  // from 09:00 to 17:00 UTC of every day
};

// Exposure Notification keys of whole days, spread evenly over the days. No identifier is heard
// twice.
World exposure_notification_world(size_t keys, size_t identifiers, Hours hours);

// Bluezone records of all fourteen days, encounters spread over every quarter of an hour.
World bluezone_world(size_t records, size_t encounters);

// Those of the given keys that have to be found.
FoundKeys near_among(const World& world, std::span<const PublishedKey> keys);

// Sightings of nobody that a list names, spread evenly over the intervals of the hours.
std::vector<Sighting> make_sightings(size_t count, Hours hours, Random& random);
// A key of the given day with everything that a published one has.
PublishedKey make_key(Day day, Random& random);
// Gives the sighting an identifier of the key, and a time within its slot, in the hours.
void plant(const PublishedKey& key, Hours hours, uint32_t which, Sighting& sighting);

// Keys that lie in memory.
class MemoryStream final : public KeyStream {
 public:
  explicit MemoryStream(std::span<const PublishedKey> keys) : keys_(keys) {}
  Status next(size_t most, std::vector<PublishedKey>& batch) override;

 private:
  std::span<const PublishedKey> keys_;
};

// Prepares the log and matches the keys; nothing on a failure.
struct Matched {
  FoundKeys found;
  uint64_t identifiers_derived = 0;
};
Matched match_nearzone(const World& world, std::span<const PublishedKey> keys,
                       unsigned threads = 1);

// The bytes of matched keys, sorted.
FoundKeys keys_of(const MatchResult& result);

}  // namespace nearzone::bench
