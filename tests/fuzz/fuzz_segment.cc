#include <cstdlib>
#include <vector>

#include "encounter_log/segment.h"

// A chunk that is the whole segment, the number of its rows in front. What was read is written, and
// must read the same again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  using namespace nearzone::encounter_log;
  if (size < 2) return 0;
  constexpr Day kDay{18500};
  const uint32_t count = data[0] | uint32_t{data[1]} << 8;
  if (count > kSightingsPerSegmentChunk) return 0;
  SortedSightings sorted;
  SegmentReader reader(kDay);
  if (!reader.read({data + 2, size - 2}, true, count, 0, sorted).ok()) return 0;
  if (sorted.identifier.size() != count || sorted.time.size() != count ||
      sorted.rssi_dbm.size() != count || sorted.metadata.size() != count ||
      sorted.heard_by.size() != count || sorted.scan.size() != count || sorted.row.size() != count)
    std::abort();
  std::vector<StoredSighting> rows;
  for (const DaySlice& slice : sorted.days)
    for (size_t i = slice.first; i < slice.first + slice.count; ++i)
      rows.push_back({{sorted.identifier[i], slice.scheme, sorted.heard_by[i], sorted.time[i],
                       sorted.rssi_dbm[i], sorted.metadata[i]},
                      sorted.row[i],
                      sorted.scan[i]});
  for (size_t i = 1; i < rows.size(); ++i)
    if (comes_before(rows[i], rows[i - 1])) std::abort();
  const SecretBytes written = write_segment_chunk(kDay, reader.blocks(), true, rows);
  SortedSightings again;
  SegmentReader second(kDay);
  if (!second.read(written.expose(ForSealing{}), true, count, 0, again).ok() ||
      second.blocks() != reader.blocks() || again.identifier != sorted.identifier ||
      again.time != sorted.time || again.rssi_dbm != sorted.rssi_dbm ||
      again.metadata != sorted.metadata || again.heard_by != sorted.heard_by ||
      again.row != sorted.row)
    std::abort();
  return 0;
}
