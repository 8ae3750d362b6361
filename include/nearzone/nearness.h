/// What the sightings of one key amount to on a day: minutes within two metres, expected and with
/// an interval, and in one word whether that was long. People are shown these, never metres. Pure
/// functions, safe from any thread.
///
///     nearzone::NearnessConfig config;
///     if (nearzone::Status good = config.check(); !good.ok()) return good;
///     for (const auto& day : nearzone::nearness_by_day(readings, reference, config))
///       show(day.minutes.expected, nearzone::exposure_band_name(day.band));
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "nearzone/distance.h"
#include "nearzone/proximity.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

struct NearnessConfig {
  double distance_m = 2;     ///< 0.1..20
  double long_minutes = 15;  ///< 1..1440: what counts as long
  Millis utc_offset{0};  ///< days are those of a clock that is so far ahead of UTC; at most 24 h
  DistanceModel model = shipped_distance_model();

  /// Vietnam's public criterion of a close contact in 2020: within 2 m for at least 15 minutes.
  /// (Bluezone's phone never computed it.)
  static NearnessConfig vietnam_2020() { return {}; }
  /// Fails with invalid_argument, the field named.
  Status check() const;
};

/// Minutes within the distance. `low` counts the scans that were near by at least four chances of
/// five, `high` those that were not far by as many; so that they enclose at least eight cases of
/// ten of somebody who kept one distance, as far as the model is right, even where one error lasted
/// all day.
struct NearMinutes {
  double expected = 0;
  double low = 0;
  double high = 0;
  bool operator==(const NearMinutes&) const = default;
};

/// Whether somebody was near for long. The numbers are stored.
enum class ExposureBand : uint8_t {
  unknown = 0,   ///< nothing was measured
  unlikely = 1,  ///< the whole interval of minutes is shorter
  possible = 2,  ///< the interval reaches it
  likely = 3,    ///< the whole interval is at least so long
};
/// "unknown", "unlikely", "possible", "likely".
std::string_view exposure_band_name(ExposureBand band);
ExposureBand exposure_band(const NearMinutes& minutes, double long_minutes);

struct DayNearness {
  Day day;  ///< by the configuration's clock
  NearMinutes minutes;
  ExposureBand band = ExposureBand::unknown;
};

/// One key's days, ascending; readings in any order. Time counts as in proximity_by_day; scans in
/// which no reading had an attenuation add none here. Attenuations of stays count in half decibels.
/// `config` must be good.
///
/// A lower attenuation of any reading never lowers the minutes. Nor does one more scan that heard
/// the key, of a radio that says when it scanned before, where no other scan lies within 70 s of
/// it. Scans that close are judged together, which is evidence for both sides: one more never
/// lowers the minutes where none of its stay was heard more strongly and all were heard at the
/// receiver's reference or more strongly; a weaker one may take from what the others seemed to say.
std::vector<DayNearness> nearness_by_day(std::span<const ProximityReading> readings,
                                         const ReceiverReference& reference,
                                         const NearnessConfig& config = {});

/// The same for many keys, each of which leaves to the next what it had to compute. Not
/// thread-safe.
class Nearness {
 public:
  /// `config` must be good.
  Nearness(const ReceiverReference& reference, const NearnessConfig& config);
  std::vector<DayNearness> by_day(std::span<const ProximityReading> readings);

 private:
  double within(double attenuation_db, uint32_t scans, bool sender_known);

  const ReceiverReference reference_;
  const NearnessConfig config_;
  std::vector<double> known_;  // below 0 where not computed yet
};

}  // namespace nearzone
