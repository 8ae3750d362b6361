#include "matching/heard_log.h"

#include <algorithm>
#include <filesystem>

#include "matching/lists.h"

namespace nearzone::bench {
namespace {

constexpr size_t kScansPerTransaction = 1440;
constexpr size_t kTimesHeard = kLoggedSightings / kLoggedIdentifiers;

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
  std::vector<Sighting> sightings;
  for (const Sighting& once : sightings_near_many(kLoggedIdentifiers)) {
    const size_t minute = sightings.size() / kTimesHeard % (10 - kTimesHeard);
    for (size_t i = 0; i < kTimesHeard; ++i) {
      sightings.push_back(once);
      sightings.back().time = once.time + std::chrono::minutes(minute + i);
    }
  }
  std::ranges::stable_sort(sightings, {}, &Sighting::time);
  std::vector<SightingBatch> batches;
  for (size_t first = 0, end = 0; first < sightings.size(); first = end) {
    while (end < sightings.size() && sightings[end].time == sightings[first].time) ++end;
    batches.push_back(
        {{sightings[first].time, {}}, std::span(sightings).subspan(first, end - first)});
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
