#include "authority/exports/export_config.h"

#include <algorithm>

#include "authority/settings.h"

namespace nearzone::authority {
namespace {

constexpr Millis kMinute = std::chrono::minutes(1);
constexpr Millis kHour = std::chrono::hours(1);
constexpr Millis kDay = std::chrono::hours(24);

// Few people are published with their Bluezone keys, and each costs a phone much more.
SizeClasses bluezone_sizes() {
  return *SizeClasses::make({20, 50, 100, 200, 500, 1000, 2000, 5000, 10'000});
}

void read_sizes(ConfigSection& section, SizeClasses& sizes) {
  std::vector<std::string> texts;
  section.texts("size_classes", texts);
  if (!section.has("size_classes")) return;
  std::vector<uint32_t> numbers;
  for (const std::string& text : texts) {
    const bool is_number = !text.empty() && text.size() <= 7 &&
                           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    numbers.push_back(is_number ? static_cast<uint32_t>(std::stoul(text)) : 0);
  }
  const Result<SizeClasses> made = SizeClasses::make(std::move(numbers));
  if (made.ok())
    sizes = *made;
  else
    section.fault("size_classes", made.status().text());
}

}  // namespace

std::vector<Series> default_exports() {
  Series gaen;
  gaen.name = "en";
  gaen.region = "VN";
  Series bluezone = gaen;
  bluezone.name = "f0";
  bluezone.scheme = SchemeTag::bluezone;
  bluezone.sizes = bluezone_sizes();
  bluezone.list_id = 2;
  return {gaen, bluezone};
}

Series read_series(ConfigSection section) {
  Series series;
  std::string scheme = "gaen";
  section.text("scheme", scheme);
  if (scheme == "bluezone") {
    series.scheme = SchemeTag::bluezone;
    series.sizes = bluezone_sizes();
  } else if (scheme != "gaen") {
    section.fault("scheme", "must be gaen or bluezone");
  }
  section.text("name", series.name);
  section.duration("period_minutes", series.rules.period, kMinute, 1, 24 * 60);
  section.duration("embargo_minutes", series.rules.embargo, kMinute, 0, 24 * 60);
  section.integer("batches_per_day", series.rules.batches_per_day, 0, 1440);
  read_sizes(section, series.sizes);
  section.texts("regions", series.regions);
  section.texts("excluded_regions", series.excluded_regions);
  section.boolean("travelers", series.travelers);
  section.text("region", series.region);
  section.integer("list_id", series.list_id, 1, 1'000'000'000);
  section.boolean("publishes_empty", series.publishes_empty);
  section.integer("least_revised", series.least_revised, 1, 1'000'000);
  section.duration("longest_hold_hours", series.longest_hold, kHour, 0, 72);
  section.duration("retention_days", series.retention, kDay, 10, 60);
  const Status status = check_series(series);
  if (!status.ok()) {
    const std::string field = status.field();
    section.fault(field == "period" ? "period_minutes" : status.field(), status.text());
  }
  section.finish();
  return series;
}

void read_retention(ConfigSection section, RetentionSettings& retention) {
  section.duration("keys_days", retention.keys, kDay, 10, 60);
  section.duration("codes_days", retention.codes, kDay, 1, 60);
  section.duration("statistics_days", retention.statistics, kDay, 2, 3660);
  section.duration("audit_days", retention.audit, kDay, 7, 3660);
  section.finish();
}

}  // namespace nearzone::authority
