#include "encounter_log/batch.h"

#include "core/crypto.h"
#include "encounter_log/block.h"

namespace nearzone::encounter_log {
namespace {

// Far beyond what a radio hears in one scan.
constexpr size_t kMostSightingsPerScan = size_t{1} << 20;

}  // namespace

Status check_batches(std::span<const SightingBatch> batches) {
  size_t record = 0;
  for (size_t i = 0; i < batches.size(); ++i) {
    if (const Status status = check_storable(batches[i].scan); !status.ok())
      return status.at_record(i);
    if (batches[i].sightings.size() > kMostSightingsPerScan)
      return Status(Code::limit_exceeded, "more than 1048576 in one scan", "sightings")
          .at_record(i);
    for (const Sighting& sighting : batches[i].sightings) {
      if (const Status status = check_storable(sighting); !status.ok())
        return status.at_record(record);
      ++record;
    }
  }
  return {};
}

uint64_t tag_of(const Secret<32>& day_key, ByteView plain) {
  return short_hash(derive_key(day_key, "nearzone encounter log: batches"), plain);
}

}  // namespace nearzone::encounter_log
