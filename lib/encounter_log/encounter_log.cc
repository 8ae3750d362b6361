#include "nearzone/encounter_log.h"

#include <map>
#include <utility>

#include "encounter_log/open_log.h"
#include "encounter_log/opening.h"
#include "encounter_log/private_file.h"
#include "encounter_log/stored_log.h"

namespace nearzone {
namespace encounter_log {
namespace {

constexpr int32_t kLongestRetention = 30;
constexpr uint64_t kLeastBudget = 1 << 20;

Status check_options(const std::string& directory, const EncounterLogOptions& options) {
  if (directory.empty())
    return {Code::invalid_argument, "the name of a folder is needed", "directory"};
  if (options.retention_days < 1 || options.retention_days > kLongestRetention)
    return {Code::invalid_argument, "must be 1 to 30", "retention_days"};
  if (options.byte_budget < kLeastBudget)
    return {Code::invalid_argument, "must be at least 1048576", "byte_budget"};
  return {};
}

}  // namespace

Result<std::unique_ptr<EncounterLog>> open_log(const std::string& directory, const Secret<32>& root,
                                               const Clock& clock, Random& random,
                                               const EncounterLogOptions& options,
                                               const Storage& storage) {
  NEARZONE_TRY(check_options(directory, options));
  NEARZONE_TRY(make_private_directory(*storage.calls, directory));
  const Paths paths(directory);
  NEARZONE_ASSIGN(OpenedLog opened, open_files(storage, paths, root, random, options.durability));
  opened.report.older_folder = opened.keys.sequence < options.least_counter;
  return std::unique_ptr<EncounterLog>(
      std::make_unique<StoredLog>(storage, paths, root, std::move(opened), clock, random, options));
}

}  // namespace encounter_log

Result<std::unique_ptr<EncounterLog>> EncounterLog::open(const std::string& directory,
                                                         const Secret<32>& root, const Clock& clock,
                                                         Random& random,
                                                         const EncounterLogOptions& options) {
  return encounter_log::open_log(directory, root, clock, random, options, {});
}

std::vector<LogDayStatistics> count_by_day(const SightingColumns& columns, Millis utc_offset) {
  std::map<Day, LogDayStatistics> days;
  const auto day_of = [&](Instant at) -> LogDayStatistics& {
    const Day day = Day::of(at + utc_offset);
    return days.try_emplace(day, LogDayStatistics{day}).first->second;
  };
  for (const Scan& scan : columns.scans) ++day_of(scan.start).scans;
  for (Instant time : columns.time) ++day_of(time).sightings;
  std::vector<LogDayStatistics> counts;
  counts.reserve(days.size());
  for (const auto& [day, count] : days) counts.push_back(count);
  return counts;
}

}  // namespace nearzone
