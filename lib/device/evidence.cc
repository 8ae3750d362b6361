// From a match to what is said of it: by our own measure, and as others' rules want it.
#include <algorithm>
#include <cmath>
#include <map>

#include "device/exposures.h"
#include "nearzone/gaen.h"

namespace nearzone {
namespace {

// What a sender says of the power that it sends with.
struct StatedPower {
  std::optional<int8_t> dbm;  // as stated, however absurd
  uint8_t calibration_confidence = 0;
};

// Metadata of a version that is not known state nothing.
StatedPower stated_power(const PublishedKey& key, const SightingColumns& columns, size_t row,
                         std::span<const Scheme* const> schemes) {
  const Metadata& heard = columns.metadata[row];
  if (heard.size == 1) return {static_cast<int8_t>(heard.bytes[0]), 0};
  const auto scheme = std::ranges::find(schemes, key.scheme, &Scheme::tag);
  if (key.scheme != SchemeTag::gaen || heard.size != Metadata::kCapacity || scheme == schemes.end())
    return {};
  const auto metadata = gaen::AssociatedMetadata::decode(
      (*scheme)->open_metadata(key, columns.identifier[row], heard));
  if (metadata.major_version != gaen::AssociatedMetadata().major_version) return {};
  return {metadata.transmit_power_dbm, metadata.calibration_confidence};
}

// The power that a sighting was sent with, and whether it is known better than of any phone.
struct Sender {
  int8_t power_dbm = 0;
  bool known = false;
};

// Of one that states nothing. In Bluezone iPhones are those whose identifier has to be read.
Sender silent_sender(const PublishedKey& key, HeardBy heard_by, const DeviceOptions& options) {
  if (key.scheme != SchemeTag::bluezone) return {options.assumed_transmit_power_dbm, false};
  const double gain = heard_by == HeardBy::gatt ? options.nearness.model.ios_gain_db : 0;
  const long power = std::lround(options.assumed_transmit_power_dbm + gain);
  return {static_cast<int8_t>(std::clamp(power, -128L, 127L)), true};
}

// What is stated counts where phones send so: the seal keeps metadata secret and does not keep them
// from being changed on their way.
Sender sender_of(const PublishedKey& key, const SightingColumns& columns, size_t row,
                 std::span<const Scheme* const> schemes, const DeviceOptions& options) {
  const StatedPower stated = stated_power(key, columns, row, schemes);
  if (stated.dbm && *stated.dbm >= kGoogleAttenuation.least_transmit_power_dbm &&
      *stated.dbm <= kGoogleAttenuation.most_transmit_power_dbm)
    return {*stated.dbm, true};
  return silent_sender(key, columns.heard_by[row], options);
}

// The rows of a key but for replays, by the rule of both vendors of Exposure Notification: those
// of an identifier that was heard longer than it is on the air. Other schemes have no such rule.
std::vector<size_t> rows_without_replays(const KeySummary& summary,
                                         const SightingColumns& columns) {
  if (summary.key.scheme != SchemeTag::gaen) return summary.rows;
  std::vector<size_t> kept;
  kept.reserve(summary.rows.size());
  // Rows ascend by day, and of each day and identifier by time: the first is the earliest.
  std::map<Identifier, Instant> first_heard;
  for (size_t row : summary.rows) {
    const auto first = first_heard.try_emplace(columns.identifier[row], columns.time[row]).first;
    if (columns.time[row] - first->second <= kLongestIdentifier) kept.push_back(row);
  }
  return kept;
}

std::vector<ProximityReading> readings_of(const KeySummary& summary, const SightingColumns& columns,
                                          std::span<const Scheme* const> schemes,
                                          const DeviceOptions& options) {
  std::vector<ProximityReading> readings;
  for (size_t row : rows_without_replays(summary, columns)) {
    const Scan& scan = columns.scans[columns.scan[row]];
    const Sender sender = sender_of(summary.key, columns, row, schemes, options);
    readings.push_back(
        {columns.time[row], scan.start, scan.previous_start,
         attenuation_db(sender.power_dbm, columns.rssi_dbm[row], options.rssi_correction_db),
         sender.known});
  }
  return readings;
}

// Days by that clock, attenuations from the power assumed.
Nearness nearness_by(const SightingColumns& columns, const DeviceOptions& options,
                     Millis utc_offset) {
  NearnessConfig config = options.nearness;
  config.utc_offset = utc_offset;
  config.model.typical_transmit_power = options.assumed_transmit_power_dbm;
  return Nearness(receiver_reference(columns, options.rssi_correction_db, config.model), config);
}

Millis in_tenths(double minutes) { return device::kTenth * std::lround(10 * minutes); }

}  // namespace

Status DeviceOptions::check() const {
  if (rssi_correction_db < -127 || rssi_correction_db > 127)
    return {Code::invalid_argument, "must be from -127 to 127", "rssi_correction_db"};
  if (calibration_confidence > 3)
    return {Code::invalid_argument, "must be from 0 to 3", "calibration_confidence"};
  if (assumed_transmit_power_dbm < -127 || assumed_transmit_power_dbm > 20)
    return {Code::invalid_argument, "must be from -127 to 20", "assumed_transmit_power_dbm"};
  NEARZONE_TRY(nearness.check());
  return dose.check();
}

std::vector<Exposure> exposures_of(const MatchResult& result, const SightingColumns& columns,
                                   std::span<const Scheme* const> schemes,
                                   const DeviceOptions& options, Millis utc_offset) {
  Nearness nearness = nearness_by(columns, options, utc_offset);
  std::vector<Exposure> exposures;
  for (const KeySummary& summary : summarise(result, columns)) {
    if (summary.key.report_type == ReportType::revoked) continue;
    const auto readings = readings_of(summary, columns, schemes, options);
    const double factor = infectiousness_of(summary.key.days_since_onset, options.dose);
    const size_t first = exposures.size();
    for (const DayProximity& day : proximity_by_day(readings, utc_offset)) {
      Exposure& made = exposures.emplace_back();
      made.day = day.day;
      made.duration = day.duration;
      made.minimum_attenuation_db = day.minimum_attenuation_db;
      made.report_type = summary.key.report_type;
    }
    for (const DayNearness& day : nearness.by_day(readings)) {
      const auto same =
          std::find_if(exposures.begin() + static_cast<ptrdiff_t>(first), exposures.end(),
                       [&](const Exposure& exposure) { return exposure.day == day.day; });
      same->band = day.band;
      same->near = in_tenths(day.minutes.expected);
      same->near_low = in_tenths(day.minutes.low);
      same->near_high = in_tenths(day.minutes.high);
      same->dose = in_tenths(factor * day.minutes.expected);
    }
  }
  std::ranges::stable_sort(exposures, {}, &Exposure::day);
  return exposures;
}

std::vector<KeyNearness> nearness_of(const MatchResult& result, const SightingColumns& columns,
                                     std::span<const Scheme* const> schemes,
                                     const DeviceOptions& options, Millis utc_offset) {
  Nearness nearness = nearness_by(columns, options, utc_offset);
  std::vector<KeyNearness> keys;
  for (const KeySummary& summary : summarise(result, columns))
    if (summary.key.report_type != ReportType::revoked)
      keys.push_back({nearness.by_day(readings_of(summary, columns, schemes, options)),
                      summary.key.days_since_onset});
  return keys;
}

KeyEvidence evidence_of(const PublishedKey& key) {
  return {Day::of(key.valid_from), key.report_type, key.days_since_onset,
          key.transmission_risk_level};
}

std::vector<KeySighting> sightings_of(const KeySummary& summary, const SightingColumns& columns,
                                      std::span<const Scheme* const> schemes,
                                      const DeviceOptions& options, const AttenuationRules& rules) {
  std::vector<KeySighting> sightings;
  std::map<Identifier, uint32_t> slots;
  for (size_t row : rows_without_replays(summary, columns)) {
    const auto next = static_cast<uint32_t>(slots.size());
    const StatedPower stated = stated_power(summary.key, columns, row, schemes);
    const int8_t power =
        stated.dbm.value_or(silent_sender(summary.key, columns.heard_by[row], options).power_dbm);
    sightings.push_back(
        {slots.try_emplace(columns.identifier[row], next).first->second, columns.time[row],
         columns.scans[columns.scan[row]].previous_start,
         attenuation_by(rules, power, columns.rssi_dbm[row], options.rssi_correction_db),
         stated.calibration_confidence});
  }
  return sightings;
}

}  // namespace nearzone
