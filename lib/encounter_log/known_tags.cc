#include "encounter_log/known_tags.h"

#include <algorithm>
#include <vector>

#include "encounter_log/batch.h"
#include "encounter_log/block.h"
#include "encounter_log/open_day.h"

namespace nearzone::encounter_log {
namespace {

void wipe_rows(std::vector<StoredSighting>& rows) {
  wipe(rows.data(), rows.size() * sizeof(StoredSighting));
  rows.clear();
}

// `rows` are those of `blocks`, whose `scan` counts them.
void add_tags(const Secret<32>& key, const std::vector<PackedBlock>& blocks,
              std::vector<StoredSighting>& rows, Tags& tags) {
  std::ranges::sort(rows, {}, &StoredSighting::row);
  auto row = rows.begin();
  for (size_t i = 0; i < blocks.size(); ++i) {
    auto end = row;
    while (end != rows.end() && end->scan == i) ++end;
    BlockWriter block(blocks[i].scan, std::nullopt, static_cast<size_t>(end - row));
    for (; row != end; ++row) block.add(row->sighting);
    tags.insert(tag_of(key, block.plain()));
    if (blocks[i].tag) tags.insert(*blocks[i].tag);
  }
}

}  // namespace

Result<Tags> tags_of(const SealedDay& day, const Secret<32>& key, const DatabaseId& id) {
  Tags tags;
  std::vector<StoredSighting> rows;
  rows.reserve(most_sightings(day));
  std::vector<PackedBlock> blocks;
  BlockOpener opener(day, key, id);
  while (!opener.done()) NEARZONE_TRY(opener.open_next(rows, blocks));
  add_tags(key, blocks, rows, tags);
  wipe_rows(rows);

  SortedSightings sorted;
  sorted.reserve(most_sightings(day));
  NEARZONE_ASSIGN(const OpenedSegment segment, open_segment(day, key, id, 0, nullptr, sorted));
  for (const DaySlice& slice : sorted.days)
    for (size_t i = slice.first; i < slice.first + slice.count; ++i)
      rows.push_back(stored_sighting(sorted, slice.scheme, i));
  add_tags(key, segment.blocks, rows, tags);
  wipe_rows(rows);
  return tags;
}

}  // namespace nearzone::encounter_log
