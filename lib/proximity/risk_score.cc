#include "nearzone/risk_score.h"

#include <algorithm>

#include "proximity/bounds.h"
#include "proximity/sighting_order.h"

namespace nearzone {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Millis kLongestGap = seconds(600);
constexpr Millis kMargin = seconds(150);  // before the first scan, and after the last
constexpr uint8_t kMostScore = 8;
constexpr double kMostWeight = 100;
constexpr int32_t kMostRiskScore = 4096;

// A scan's strongest sighting, and how long it holds.
struct Held {
  int32_t attenuation_db = 0;
  seconds duration{0};
};

seconds whole(Instant at) { return std::chrono::floor<seconds>(Millis(at.ms)); }

// Of one stretch: one sighting a scan, in order.
std::vector<Held> hold(std::span<const KeySighting> scans) {
  std::vector<Held> held;
  held.reserve(scans.size());
  for (size_t i = 0; i < scans.size(); ++i) {
    seconds duration{0};
    if (i == 0) duration += std::chrono::duration_cast<seconds>(kMargin);
    duration += i + 1 < scans.size() ? whole(scans[i + 1].time) - whole(scans[i].time)
                                     : std::chrono::duration_cast<seconds>(kMargin);
    held.push_back({*scans[i].attenuation_db, duration});
  }
  return held;
}

Millis rounded(Millis duration, RiskRounding rounding) {
  if (rounding == RiskRounding::apple)
    return std::min<Millis>(std::chrono::ceil<minutes>(duration), minutes(30));
  const Millis beyond = duration % minutes(5);
  return duration - beyond + (beyond > kMargin ? Millis(minutes(5)) : Millis(0));
}

size_t bucket_of(int32_t attenuation_db, const RiskScoreConfig& config) {
  const auto& thresholds = config.attenuation_thresholds_db;
  if (config.rounding == RiskRounding::apple)
    return static_cast<size_t>(std::ranges::lower_bound(thresholds, attenuation_db) -
                               thresholds.begin());
  return attenuation_db < thresholds[0] ? 0 : attenuation_db < thresholds[1] ? 1 : 2;
}

// The levels by which a stretch is scored.
struct Levels {
  double attenuation_score = 0;
  size_t days = 0;
  size_t duration = 0;
};

double risk_score(const Levels& levels, uint8_t transmission_risk_level,
                  const RiskScoreConfig& config) {
  const double transmission =
      transmission_risk_level == 0
          ? 1
          : config.transmission_scores[std::min<size_t>(transmission_risk_level, 8) - 1];
  double score = levels.attenuation_score * config.days_scores[levels.days] *
                 config.duration_scores[levels.duration] * transmission;
  if (config.rounding == RiskRounding::apple)
    score *= config.attenuation_weight * config.days_weight * config.duration_weight *
             config.transmission_weight;
  return score < config.minimum_risk_score ? 0 : score;
}

ScoredExposure score_stretch(const KeyEvidence& key, std::span<const KeySighting> scans, Day today,
                             const RiskScoreConfig& config) {
  ScoredExposure exposure{.day = key.day, .transmission_risk_level = key.transmission_risk_level};
  int64_t seconds_db = 0;
  int64_t seconds_score = 0;
  int64_t total = 0;
  for (const Held& held : hold(scans)) {
    const int64_t lasted = held.duration.count();
    total += lasted;
    seconds_db += lasted * held.attenuation_db;
    seconds_score += lasted * config.attenuation_scores[attenuation_level(held.attenuation_db)];
    exposure.attenuation_durations[bucket_of(held.attenuation_db, config)] += held.duration;
  }
  if (config.rounding == RiskRounding::apple)
    for (Millis& duration : exposure.attenuation_durations)
      duration = rounded(duration, config.rounding);
  exposure.duration = rounded(seconds(total), config.rounding);
  exposure.attenuation_db = static_cast<int32_t>((2 * seconds_db + total) / (2 * total));
  const double attenuation_score =
      config.rounding == RiskRounding::apple
          ? static_cast<double>(seconds_score) / static_cast<double>(total)
          : config.attenuation_scores[attenuation_level(exposure.attenuation_db)];
  exposure.risk_score = risk_score(
      {attenuation_score, days_level(today - key.day), duration_level(exposure.duration)},
      key.transmission_risk_level, config);
  return exposure;
}

// How many of the ascending bounds do not lie below `value`, so that larger values give less.
template <size_t kBounds>
size_t level(const std::array<int32_t, kBounds>& bounds, int64_t value) {
  return static_cast<size_t>(std::ranges::count_if(bounds, [&](int64_t b) { return value <= b; }));
}

Status check_scores(const LevelScores& scores, const char* field) {
  const auto bad = std::ranges::find_if(scores, [](uint8_t s) { return s > kMostScore; });
  if (bad == scores.end()) return {};
  return Status(Code::invalid_argument, "a score must be from 0 to 8", field)
      .at_record(static_cast<uint64_t>(bad - scores.begin()));
}

}  // namespace

size_t attenuation_level(int32_t attenuation_db) {
  return level(std::array<int32_t, 7>{73, 63, 51, 33, 27, 15, 10}, attenuation_db);
}

size_t days_level(int32_t days_since_key) {
  return level(std::array<int32_t, 7>{13, 11, 9, 7, 5, 3, 1}, days_since_key);
}

size_t duration_level(Millis duration) {
  constexpr std::array<int32_t, 7> kMinutes{0, 5, 10, 15, 20, 25, 30};
  return static_cast<size_t>(
      std::ranges::count_if(kMinutes, [&](int32_t bound) { return duration > minutes(bound); }));
}

RiskScoreConfig RiskScoreConfig::apple() {
  RiskScoreConfig config;
  config.rounding = RiskRounding::apple;
  config.attenuation_thresholds_db = {50, 70, 255};
  return config;
}

Status RiskScoreConfig::check() const {
  if (rounding > RiskRounding::apple)
    return {Code::invalid_argument, "not a way of rounding", "rounding"};
  NEARZONE_TRY(check_scores(attenuation_scores, "attenuation_scores"));
  NEARZONE_TRY(check_scores(days_scores, "days_scores"));
  NEARZONE_TRY(check_scores(duration_scores, "duration_scores"));
  NEARZONE_TRY(check_scores(transmission_scores, "transmission_scores"));
  constexpr const char* kWeight = "a weight must be a number from 0 to 100";
  NEARZONE_TRY(
      proximity::check_within(attenuation_weight, 0, kMostWeight, kWeight, "attenuation_weight"));
  NEARZONE_TRY(proximity::check_within(days_weight, 0, kMostWeight, kWeight, "days_weight"));
  NEARZONE_TRY(
      proximity::check_within(duration_weight, 0, kMostWeight, kWeight, "duration_weight"));
  NEARZONE_TRY(
      proximity::check_within(transmission_weight, 0, kMostWeight, kWeight, "transmission_weight"));
  NEARZONE_TRY(proximity::check_within(minimum_risk_score, 1, kMostRiskScore,
                                       "a risk score must be from 1 to 4096",
                                       "minimum_risk_score"));
  return proximity::check_thresholds(attenuation_thresholds_db, "attenuation_thresholds_db");
}

std::vector<ScoredExposure> score_exposures(const KeyEvidence& key,
                                            std::span<const KeySighting> sightings, Day today,
                                            const RiskScoreConfig& config) {
  const std::vector<KeySighting> sorted = proximity::measured_in_order(sightings);
  std::vector<KeySighting> scans;
  for (size_t first = 0; first < sorted.size();) {
    const size_t end = proximity::end_of_scan(sorted, first);
    scans.push_back(*std::ranges::min_element(
        std::span(sorted).subspan(first, end - first), {},
        [](const KeySighting& sighting) { return *sighting.attenuation_db; }));
    first = end;
  }
  std::vector<ScoredExposure> exposures;
  for (size_t first = 0; first < scans.size();) {
    size_t end = first + 1;
    while (end < scans.size() && scans[end].time - scans[end - 1].time <= kLongestGap) ++end;
    exposures.push_back(
        score_stretch(key, std::span(scans).subspan(first, end - first), today, config));
    first = end;
  }
  return exposures;
}

}  // namespace nearzone
