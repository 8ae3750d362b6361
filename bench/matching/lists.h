// Signed Exposure Notification exports on disk, and how an app reads them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matching/world.h"
#include "nearzone/lists.h"

namespace nearzone::bench {

// Lists and the key that verifies them.
struct ListFiles {
  std::vector<std::string> paths;
  std::vector<PublicKey> keys;
};

// Writes one signed zip of the keys.
std::optional<ListFiles> write_list(const std::string& folder, std::span<const PublishedKey> keys);

// 2.1 million keys of fourteen days in 40 signed zips, which are written unless the folder has them
// already, and a row of sightings of the worst kind of which some were near.
inline constexpr size_t kManyKeys = 2'100'000;
std::optional<ListFiles> many_lists(const std::string& folder);
std::vector<Sighting> sightings_near_many(size_t count);
FoundKeys near_many();

// Opens, verifies, parses and matches every list, the lists shared among the threads. Nothing on a
// failure.
FoundKeys match_lists(const SightingColumns& columns, const ListFiles& lists, unsigned threads = 1);

}  // namespace nearzone::bench
