#include "authority/exports/series.h"

#include <algorithm>

#include "authority/exports/durable_folder.h"

namespace nearzone::authority {
namespace {

constexpr Millis kLongestRetention = std::chrono::hours(60 * 24);
constexpr size_t kLongestName = 64;
constexpr size_t kMostTextBytes = 256;

bool are_regions(const std::vector<std::string>& regions) {
  return std::ranges::all_of(regions, [](const std::string& region) {
    return !region.empty() && region.find(',') == region.npos;
  });
}

}  // namespace

Status check_series(const Series& series) {
  const auto fault = [](const char* text, const char* field) {
    return Status(Code::invalid_argument, text, field);
  };
  if (!is_file_name(series.name) || series.name.size() > kLongestName)
    return fault("a series' name is made of letters, digits, dots and hyphens", "name");
  NEARZONE_TRY(check_batch_rules(series.rules));
  if (!are_regions(series.regions)) return fault("a region is empty or has a comma", "regions");
  if (!are_regions(series.excluded_regions))
    return fault("a region is empty or has a comma", "excluded_regions");
  if (series.region.size() > kMostTextBytes)
    return fault("the region is longer than 256 bytes", "region");
  if (series.longest_hold < Millis(0) || series.longest_hold > std::chrono::hours(72))
    return fault("revised keys cannot be held back for more than 72 hours", "longest_hold");
  if (series.retention < kLeastRetention || series.retention > kLongestRetention)
    return fault("the retention is not within 10..60 days", "retention");
  return {};
}

}  // namespace nearzone::authority
