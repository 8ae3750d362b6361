// A series of published lists: what one configuration of exports says.
#pragma once

#include <string>
#include <vector>

#include "authority/exports/batch_plan.h"
#include "authority/exports/size_class.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::authority {

struct Series {
  std::string name;  // also of its folder
  // Exposure Notification keys are published as archives and NearZone lists, Bluezone keys as
  // NearZone lists and Bluezone JSON.
  SchemeTag scheme = SchemeTag::gaen;
  BatchRules rules;
  SizeClasses sizes;
  // Whose keys go out: see KeyQuery.
  std::vector<std::string> regions;
  std::vector<std::string> excluded_regions;
  bool travelers = false;
  std::string region;    // that the lists state
  uint64_t list_id = 1;  // of its NearZone lists
  // Whether a batch without a key makes a file without a key, or none.
  bool publishes_empty = false;
  // Later statements about published keys are not padded: what is revised was surely no padding.
  // They are held back until there are so many of them, or the oldest has waited so long.
  uint64_t least_revised = 10;
  Millis longest_hold = std::chrono::hours(24);
  // How long files stay published; also how long its NearZone lists are valid.
  Millis retention = std::chrono::hours(14 * 24);
};

// Phones look back two weeks, and not all of them every day.
inline constexpr Millis kLeastRetention = std::chrono::hours(10 * 24);

// Fails with invalid_argument, naming the field. It is called as in a configuration.
Status check_series(const Series& series);

}  // namespace nearzone::authority
