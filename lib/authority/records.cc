#include "authority/records.h"

#include <algorithm>

namespace nearzone::authority {

bool KeyQuery::wants(const StoredKey& key) const {
  const auto has_one_of = [&](const std::vector<std::string>& some) {
    return std::ranges::any_of(some, [&](const std::string& region) {
      return std::ranges::count(key.regions, region) > 0;
    });
  };
  if (has_one_of(excluded)) return false;
  return regions.empty() || has_one_of(regions) || (travelers && key.traveler);
}

}  // namespace nearzone::authority
