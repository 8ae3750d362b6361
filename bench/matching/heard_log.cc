#include "matching/heard_log.h"

#include <algorithm>
#include <filesystem>

#include "matching/lists.h"

namespace nearzone::bench {
namespace {

constexpr size_t kScansPerTransaction = 1440;

std::string log_folder(const std::string& folder) { return folder + "/log"; }

Result<std::unique_ptr<EncounterLog>> open(const std::string& folder) {
  static const ManualClock clock((kFirstDay + kDays).start() - Millis(1));
  static SystemRandom random;
  static const Secret<32> root = [] {
    Secret<32> secret;
    SeededRandom(7).fill(secret.replace());
    return secret;
  }();
  return EncounterLog::open(
      log_folder(folder), root, clock, random,
      {.retention_days = kDays, .durability = Durability::none, .byte_budget = uint64_t{1} << 30});
}

}  // namespace

bool write_heard_log(const std::string& folder) {
  const std::string done = log_folder(folder) + ".done";
  if (std::filesystem::exists(done)) return true;
  const auto log = open(folder);
  if (!log.ok()) return false;
  std::vector<Sighting> sightings = sightings_near_many(kLoggedSightings);
  std::ranges::stable_sort(sightings, {}, &Sighting::time);
  // Those of ten minutes, in ten scans.
  std::vector<SightingBatch> batches;
  for (size_t first = 0; first < sightings.size();) {
    const Instant start = sightings[first].time;
    size_t end = first;
    while (end < sightings.size() && sightings[end].time == start) ++end;
    for (int64_t minute = 0; minute < 10; ++minute) {
      const size_t from = first + (end - first) * static_cast<size_t>(minute) / 10;
      const size_t to = first + (end - first) * static_cast<size_t>(minute + 1) / 10;
      const Instant at = start + std::chrono::minutes(minute);
      for (size_t i = from; i < to; ++i) sightings[i].time = at;
      batches.push_back({{at, {}}, std::span(sightings).subspan(from, to - from)});
    }
    first = end;
  }
  for (size_t first = 0; first < batches.size(); first += kScansPerTransaction) {
    const size_t count = std::min(kScansPerTransaction, batches.size() - first);
    if (!(*log)->append(std::span(batches).subspan(first, count)).ok()) return false;
  }
  // As a phone does in quiet moments.
  for (Result<bool> more = true; !more.ok() || *more;) {
    more = (*log)->compact_step(std::chrono::seconds(1));
    if (!more.ok()) return false;
  }
  return std::filesystem::create_directory(done);
}

std::unique_ptr<EncounterLog> open_heard_log(const std::string& folder) {
  auto log = open(folder);
  return log.ok() ? std::move(*log) : nullptr;
}

}  // namespace nearzone::bench
