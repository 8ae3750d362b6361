#include <algorithm>
#include <cstdlib>
#include <vector>

#include "encounter_log/block.h"

// What was read is written, and must read the same again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  using namespace nearzone::encounter_log;
  std::optional<uint64_t> tag;
  const auto read = [&](ByteView plain, Scan& scan, std::vector<Sighting>& sightings) -> Status {
    NEARZONE_ASSIGN(BlockReader reader, BlockReader::open(plain));
    scan = reader.scan();
    tag = reader.tag();
    while (!reader.at_end()) NEARZONE_TRY(reader.next(sightings.emplace_back()));
    return {};
  };
  Scan scan;
  std::vector<Sighting> sightings;
  if (!read({data, size}, scan, sightings).ok()) return 0;
  const std::optional<uint64_t> first_tag = tag;
  if (!check_storable(scan).ok()) std::abort();
  BlockWriter writer(scan, tag, sightings.size());
  for (const Sighting& sighting : sightings) {
    if (!check_storable(sighting).ok()) std::abort();
    writer.add(sighting);
  }
  Scan scan_again;
  std::vector<Sighting> again;
  if (!read(writer.plain(), scan_again, again).ok() || scan_again != scan || again != sightings ||
      tag != first_tag)
    std::abort();
  return 0;
}
