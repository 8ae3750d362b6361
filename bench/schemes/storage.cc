#include "schemes/storage.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "nearzone/broadcaster.h"
#include "nearzone/encounter_log.h"
#include "schemes/world.h"

namespace nearzone::bench {

using std::chrono::hours;
using std::chrono::minutes;

size_t own_key_bytes(SchemeTag tag) {
  SeededRandom random(1);
  const auto own = new_broadcaster(tag);
  for (int32_t day = 0; day < kDays; ++day)
    (void)own->advertise_at((kFirstDay + day).start(), {-20}, random);
  return own->save().size();
}

uint64_t log_bytes(SchemeTag tag) {
  std::string folder = (std::filesystem::temp_directory_path() / "nearzone-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 0;
  SeededRandom random(1);
  ManualClock clock(kFirstDay.start());
  bool complete = false;
  if (auto opened = EncounterLog::open(folder + "/log", Secret<32>(), clock, random); opened.ok()) {
    const std::unique_ptr<EncounterLog> log = *std::move(opened);
    // Every two hours thirty phones come, and stay for half an hour.
    bool stored = true;
    for (Instant at = kFirstDay.start(); at < (kFirstDay + kDays).start(); at = at + hours(2)) {
      std::vector<Sighting> heard(30);
      for (Sighting& sighting : heard) {
        random.fill(std::span(sighting.identifier.bytes).first(identifier_size(tag)));
        sighting.scheme = tag;
        sighting.rssi_dbm = static_cast<int8_t>(-95 + static_cast<int>(random.below(45)));
        sighting.metadata.size = tag == SchemeTag::gaen ? 4 : 0;
        random.fill(std::span(sighting.metadata.bytes).first(sighting.metadata.size));
      }
      for (int scan = 0; scan < 6; ++scan) {
        const Instant start = at + minutes(5 * scan);
        if (clock.now() < start) clock.advance(start - clock.now());
        for (Sighting& sighting : heard) sighting.time = start + Millis(random.below(4000));
        std::ranges::sort(heard, {}, &Sighting::time);
        stored &= log->append(Scan{start, start - minutes(5)}, heard).ok();
      }
    }
    clock.advance(hours(24));
    for (Result<bool> more = true; more.ok() && *more;) more = log->compact_step(Millis(1000));
    complete = stored;
  }
  // Closed, it has no write-ahead log.
  uint64_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (complete && file.is_regular_file()) bytes += file.file_size();
  std::filesystem::remove_all(folder);
  return bytes;
}

}  // namespace nearzone::bench
