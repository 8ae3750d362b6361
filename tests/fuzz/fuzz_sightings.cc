#include <cstdlib>

#include "nearzone/sighting_reader.h"
#include "nearzone/sighting_writer.h"

// What was read is written, and must read the same again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  auto read = read_sightings({data, size});
  if (!read.ok()) return 0;
  std::vector<StoredSighting> rows;
  std::vector<Scan> scans;
  for (const ReadScan& scan : read->scans) {
    for (const Sighting& sighting : scan.sightings)
      rows.push_back({sighting, RowId{}, static_cast<uint32_t>(scans.size())});
    scans.push_back(scan.scan);
  }
  if (rows.size() != read->sightings) std::abort();
  SightingTable table = SightingTable::from(std::move(rows), std::move(scans));
  auto again = read_sightings(as_bytes(write_sightings(table.columns(), SightingFormat::csv)));
  if (!again.ok() || again->sightings != read->sightings ||
      again->scans.size() != read->scans.size())
    std::abort();
  return 0;
}
