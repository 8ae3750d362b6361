/// Exposure Notification's risk scores (version 1): eight-level tables for attenuation, age,
/// duration and transmission risk, whose product is the score. Exactly the published rules, by
/// either vendor's rounding. Pure functions, safe from any thread.
///
///     nearzone::RiskScoreConfig config;
///     config.attenuation_scores = {0, 0, 2, 4, 6, 8, 8, 8};
///     if (nearzone::Status good = config.check(); !good.ok()) return good;
///     for (const auto& exposure : nearzone::score_exposures(key, sightings, today, config))
///       show(exposure.risk_score);
///
/// Source: the behaviour of the published implementations of Google and Apple, as described in
/// docs/proximity.md.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "nearzone/exposure_window.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// Whose arithmetic is followed.
enum class RiskRounding : uint8_t {
  /// Whole numbers. An exposure's duration is rounded to five minutes (half of it and less, down);
  /// its attenuation is the mean over time, rounded, and scored as such. Buckets reach up to below
  /// their threshold. Weights are ignored.
  google,
  /// Floating point, with weights. Durations are rounded up to a minute and capped at thirty; the
  /// attenuation's score is the mean over time of the scores of the scans. Buckets reach up to
  /// their threshold and include it.
  apple,
};

using LevelScores = std::array<uint8_t, 8>;

struct RiskScoreConfig {
  RiskRounding rounding = RiskRounding::google;
  /// Scores of the eight levels, 0 to 8 each; 4 everywhere is the published default.
  /// Levels: above 73, 63, 51, 33, 27, 15, 10 dB, and 10 dB or less.
  LevelScores attenuation_scores{4, 4, 4, 4, 4, 4, 4, 4};
  /// Levels: 14, 12, 10, 8, 6, 4, 2 days ago or more, and less; counted from the key's day.
  LevelScores days_scores{4, 4, 4, 4, 4, 4, 4, 4};
  /// Levels: 0, up to 5, 10, 15, 20, 25, 30 minutes, and more.
  LevelScores duration_scores{4, 4, 4, 4, 4, 4, 4, 4};
  /// Transmission risk level 1 to 8; a key that states none counts 1.
  LevelScores transmission_scores{4, 4, 4, 4, 4, 4, 4, 4};
  /// Factors of the four scores, 0 to 100; Apple's only.
  double attenuation_weight = 1;
  double days_weight = 1;
  double duration_weight = 1;
  double transmission_weight = 1;
  int32_t minimum_risk_score = 4;  ///< 1..4096: what scores less scores 0
  /// Where the duration buckets end, ascending within 0..255 dB: three for Google, whose third
  /// threshold does not matter; four for Apple.
  std::array<int32_t, 3> attenuation_thresholds_db{50, 74, 255};

  /// Apple's defaults: thresholds 50 and 70 dB, Apple's rounding.
  static RiskScoreConfig apple();
  /// Fails with invalid_argument, the field named and the place in it as the record.
  Status check() const;
};

/// A stretch of a key's sightings without a gap of more than ten minutes.
struct ScoredExposure {
  Day day = {};  ///< the key's
  Millis duration{0};
  int32_t attenuation_db = 0;  ///< mean over time, rounded, halves up
  /// Time by attenuation, from near to far.
  std::array<Millis, 4> attenuation_durations{};
  uint8_t transmission_risk_level = 0;
  double risk_score = 0;  ///< a whole number with Google's rounding; 0 to 4096 without weights
  bool operator==(const ScoredExposure&) const = default;
};

/// Levels of the tables, 0 to 7.
size_t attenuation_level(int32_t attenuation_db);
size_t days_level(int32_t days_since_key);
size_t duration_level(Millis duration);

/// A key's exposures in the order of time; sightings in any order, those without an attenuation do
/// not count. Of each scan the strongest sighting counts, and holds until the next; 150 seconds are
/// added before the first and after the last. `config` must be good; `today` is the UTC day.
/// Minutes at a higher attenuation than the others raise the mean, and so may lower a score.
std::vector<ScoredExposure> score_exposures(const KeyEvidence& key,
                                            std::span<const KeySighting> sightings, Day today,
                                            const RiskScoreConfig& config);

}  // namespace nearzone
