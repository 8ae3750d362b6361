/// Exposure Notification's exposure windows (version 2): what was heard of one key, in pieces of at
/// most half an hour, scan by scan. Exactly the published rules; where the two vendors differ, both
/// are here. Pure functions, safe from any thread.
///
///     nearzone::KeyEvidence key{.day = day, .report_type = type, .days_since_onset = days};
///     for (const nearzone::ExposureWindow& window :
///          nearzone::exposure_windows(key, nearzone::without_replays(sightings)))
///       show(window);
///
/// Source: the behaviour of the published implementations of Google and Apple and Google's
/// developer pages, as described in docs/proximity.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "nearzone/random.h"
#include "nearzone/report_type.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// One sighting of a key's identifiers.
struct KeySighting {
  /// Tells the key's identifiers apart: equal for equal identifiers. The number of the slot serves.
  uint32_t slot = 0;
  Instant time = {};
  std::optional<Instant> previous_scan = {};   ///< start of the scan before the one that heard it
  std::optional<int32_t> attenuation_db = {};  ///< none where the radio gave no RSSI
  uint8_t calibration_confidence = 0;          ///< 0..3, of the sender's transmit power
};

/// What the vendors do differently before a sighting counts.
struct AttenuationRules {
  int32_t least_transmit_power_dbm = -50;
  int32_t most_transmit_power_dbm = 20;
  bool zero_is_impossible = false;  ///< an attenuation of 0 is taken for a fault and dropped
  /// Fails with invalid_argument, the field named: powers that are none, or in the wrong order.
  Status check() const;
};
inline constexpr AttenuationRules kGoogleAttenuation{-50, 20, false};
inline constexpr AttenuationRules kAppleAttenuation{-60, 20, true};

/// As attenuation_db(), by a vendor's rules: nothing where the transmit power is out of range, and
/// the corrected RSSI kept within -127..126 dBm.
std::optional<int32_t> attenuation_by(const AttenuationRules& rules, int8_t transmit_power_dbm,
                                      int8_t rssi_dbm, int32_t rssi_correction_db);

/// An identifier is on the air for two intervals at most.
inline constexpr Millis kLongestIdentifier = std::chrono::minutes(20);

/// Drops, of each identifier, what was heard more than `longest` after it was heard first: it is
/// then being replayed. In the order of time; the input in any order. Both vendors drop after 20
/// minutes.
std::vector<KeySighting> without_replays(std::span<const KeySighting> sightings,
                                         Millis longest = kLongestIdentifier);

enum class Infectiousness : uint8_t { none = 0, standard = 1, high = 2 };
inline constexpr size_t kInfectiousnesses = 3;

struct ExposureWindow;

/// What is said of a key, and what it means: the "diagnosis keys data mapping".
struct DiagnosisKeyMapping {
  static constexpr int32_t kMostDays = 14;
  ReportType report_type_when_missing = ReportType::confirmed_test;
  Infectiousness when_onset_unknown = Infectiousness::standard;
  /// By days since onset, from -14 to 14.
  std::array<Infectiousness, 2 * kMostDays + 1> by_days_since_onset = all_standard();

  /// Days beyond 14, in either direction, are as unknown ones.
  Infectiousness infectiousness(std::optional<int32_t> days_since_onset) const;
  /// Gives a window, whose report type is what the list says, the report type and infectiousness
  /// that count. False where it does not count at all: its key is revoked, or not infectious.
  bool apply(std::optional<int32_t> days_since_onset, ExposureWindow& window) const;
  /// Fails with invalid_argument, the field named.
  Status check() const;

 private:
  static constexpr std::array<Infectiousness, 2 * kMostDays + 1> all_standard() {
    std::array<Infectiousness, 2 * kMostDays + 1> table{};
    table.fill(Infectiousness::standard);
    return table;
  }
};

/// What a published key says of itself.
struct KeyEvidence {
  Day day = {};  ///< UTC day that the key was valid on
  ReportType report_type = ReportType::unknown;
  std::optional<int32_t> days_since_onset = {};
  uint8_t transmission_risk_level = 0;  ///< 0..8, 0 where the list does not say
};

/// What one scan heard of a key.
struct ScanInstance {
  int32_t typical_attenuation_db = 0;  ///< mean of the dB values, halves rounded up
  int32_t minimum_attenuation_db = 0;
  /// Whole minutes since the scan before, five at most, perhaps none; two where it is not known.
  Millis since_last_scan{0};
  bool operator==(const ScanInstance&) const = default;
};

/// At most thirty minutes of one key. Says neither which key nor when on that day.
struct ExposureWindow {
  Day day;  ///< UTC, of its first sighting
  ReportType report_type = ReportType::unknown;
  Infectiousness infectiousness = Infectiousness::standard;
  uint8_t calibration_confidence = 0;  ///< of its first sighting
  std::vector<ScanInstance> scans;
  bool operator==(const ExposureWindow&) const = default;
};

/// The windows of one key, ascending; sightings in any order. A window ends where a sighting lies
/// 30 minutes or more after its first; sightings at most 25.5 seconds after the one before are of
/// one scan. Sightings without an attenuation do not count. Revoked keys, and those whose
/// infectiousness is none, give no window.
std::vector<ExposureWindow> exposure_windows(const KeyEvidence& key,
                                             std::span<const KeySighting> sightings,
                                             const DiagnosisKeyMapping& mapping = {});

/// Puts windows into a random order, so that their place does not tell which belong to one key.
/// Wanted before they are shown to anybody.
void shuffle(std::vector<ExposureWindow>& windows, Random& random);

}  // namespace nearzone
