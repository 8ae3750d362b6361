#include "authority/publish_rules.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "authority/base64.h"
#include "authority/report_types.h"

namespace nearzone::authority {
namespace {

constexpr int64_t kIntervalsADay = 144;
constexpr int64_t kMostRisk = 8;
constexpr size_t kKeyBytes = 16;

int64_t interval_of(Instant at) { return Interval::of(at).number; }

// Days since 1970 of an interval.
int64_t day_of(int64_t interval) { return interval / kIntervalsADay; }

// Whether its interval can be reckoned with at all.
bool has_span(const UploadedKey& key) {
  return key.period >= 1 && key.period <= kIntervalsADay && key.start >= 0 &&
         key.start <= std::numeric_limits<uint32_t>::max() - kIntervalsADay;
}

// Why whole requests are refused.
Status check_together(const PublishRequest& request, const PublishSettings& settings) {
  if (request.keys.empty() || request.keys.size() > settings.most_keys)
    return {Code::invalid_argument, "no keys, or more than are taken in one request"};
  std::map<int64_t, uint32_t> starts;
  std::set<std::string> texts;
  for (const UploadedKey& key : request.keys) {
    if (++starts[key.start] > settings.most_keys_of_one_start)
      return {Code::invalid_argument, "too many keys begin at one time"};
    if (!texts.insert(key.text).second) return {Code::invalid_argument, "a key is there twice"};
  }
  for (const UploadedKey& a : request.keys)
    for (const UploadedKey& b : request.keys) {
      if (!has_span(a) || !has_span(b)) continue;
      const bool is_same = a.start == b.start && a.period == b.period;
      if (!is_same && a.start <= b.start && b.start < a.start + a.period)
        return {Code::invalid_argument, "keys overlap in part"};
    }
  return {};
}

bool is_possible(const UploadedKey& key, const PublishSettings& settings, Instant now) {
  if (!has_span(key) || key.start > interval_of(now)) return false;
  if (key.risk < 0 || key.risk > kMostRisk) return false;
  const Instant end = Interval{static_cast<uint32_t>(key.start + key.period)}.start();
  return end > now - settings.oldest_key;
}

}  // namespace

Instant truncate(Instant at, Millis window) {
  const int64_t length = window.count();
  return {at.ms - (at.ms % length + length) % length};
}

Instant creation_of(Instant now, Instant valid_to, Millis window) {
  if (valid_to <= now) return truncate(now, window);
  return truncate(valid_to, window) + window;
}

Result<TakenKeys> take_keys(const PublishRequest& request, const CertifiedReport& report,
                            const PublishSettings& settings, Instant now) {
  NEARZONE_TRY(check_together(request, settings));
  TakenKeys taken;
  const int64_t today = interval_of(now);
  // What the health authority certified counts more than what the phone says.
  std::optional<int64_t> onset =
      report.symptom_onset ? report.symptom_onset : request.symptom_onset;
  if (onset && *onset == 0) onset.reset();
  if (onset && (*onset > today || *onset < today - settings.oldest_onset_days * kIntervalsADay)) {
    onset.reset();
    taken.is_onset_ignored = true;
  }
  const int64_t onset_day = onset ? day_of(*onset) : day_of(today) - settings.presumed_onset_days;
  for (const UploadedKey& uploaded : request.keys) {
    const std::optional<std::vector<uint8_t>> bytes = from_base64(uploaded.text);
    if (!bytes || bytes->size() != kKeyBytes || !is_possible(uploaded, settings, now)) {
      ++taken.malformed;
      continue;
    }
    const int64_t days = day_of(uploaded.start) - onset_day;
    if (days > settings.most_days_from_onset || days < -settings.most_days_from_onset) {
      ++taken.too_far_from_onset;
      continue;
    }
    StoredKey stored;
    std::ranges::copy(*bytes, stored.key.bytes.begin());
    stored.key.valid_from = Interval{static_cast<uint32_t>(uploaded.start)}.start();
    stored.key.valid_to = Interval{static_cast<uint32_t>(uploaded.start + uploaded.period)}.start();
    stored.key.report_type = report.type;
    stored.key.transmission_risk_level =
        uploaded.risk != 0 ? static_cast<uint8_t>(uploaded.risk) : default_risk(report.type);
    stored.key.days_since_onset = static_cast<int8_t>(days);
    stored.traveler = request.is_traveler;
    stored.created_at = creation_of(now, stored.key.valid_to, settings.truncation_window);
    taken.keys.push_back(std::move(stored));
  }
  return taken;
}

}  // namespace nearzone::authority
