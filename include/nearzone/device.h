/// The whole of NearZone as an app holds it: own keys, the log of what was heard, checking lists,
/// exposures, and giving keys away with consent.
///
///     nearzone::SystemClock clock;
///     nearzone::SystemRandom random;
///     auto device = nearzone::Device::open(folder, root_secret, clock, random);
///     auto air = (*device)->advertisement();          // send this until air->valid_until
///     nearzone::Status stored = (*device)->record({scan_start, previous}, heard);
///     auto report = (*device)->check(source, {.public_keys = health_ministry_keys});
///
/// Thread rule: safe from any thread. Recording goes on while check() runs.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nearzone/beacon.h"
#include "nearzone/broadcaster.h"
#include "nearzone/dose.h"
#include "nearzone/encounter_log.h"
#include "nearzone/exposure_window.h"
#include "nearzone/keys.h"
#include "nearzone/list_index.h"
#include "nearzone/lists.h"
#include "nearzone/match.h"
#include "nearzone/nearness.h"
#include "nearzone/proximity.h"
#include "nearzone/scheme.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/sighting_writer.h"
#include "nearzone/status.h"
#include "nearzone/time.h"
#include "nearzone/upload.h"

namespace nearzone {

/// The system's clocks. Safe from any thread.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Millis monotonic() const override;
};

struct DeviceOptions {
  SchemeTag own_scheme = SchemeTag::gaen;  ///< what this phone advertises; it hears all schemes
  int8_t transmit_power_dbm = -25;         ///< of this phone model, for the advertisement
  /// How well that power is known, 0..3, for the advertisement too: Calibration has it.
  uint8_t calibration_confidence = 0;
  int32_t rssi_correction_db = 0;  ///< of this phone model, for attenuation; -127..127
  /// Transmit power assumed of Android phones that do not state theirs (Bluezone); -127..20.
  int8_t assumed_transmit_power_dbm = -25;
  /// What exposures count as near and for long; by UTC days, and from the power assumed above.
  NearnessConfig nearness = {};
  DoseConfig dose = {};  ///< its curve alone: what exposures count as infectious
  EncounterLogOptions log;

  /// Of what exposures are computed from. Fails with invalid_argument, the field named.
  Status check() const;
};

/// How a list is checked.
struct CheckOptions {
  std::span<const PublicKey> public_keys =
      {};  ///< the authority's; any of them must verify the list
  /// Named so that it can be found: lists that nobody vouches for are then used as well.
  bool accept_unverified_lists = false;
  BluezoneWindows bluezone_windows = BluezoneWindows::tolerant;
  ListOptions list = {};
  MatchControl match = {};  ///< its cancel flag serves for reading the list and the log too
};

/// One key's worth of nearness on one day. Holds no identifier and no key. The times within the
/// distance (see nearness_by_day) and the dose are in whole tenths of a minute.
struct Exposure {
  Day day;
  Millis duration{0};  ///< that it was heard for, near or not
  std::optional<int32_t> minimum_attenuation_db;
  ReportType report_type = ReportType::unknown;
  ExposureBand band = ExposureBand::unknown;  ///< whether it was near for long
  Millis near{0};                             ///< within the distance, as expected
  Millis near_low{0};                         ///< this and the next enclose eight cases of ten
  Millis near_high{0};
  Millis dose{0};  ///< `near`, weighted by how infectious that day was; adds up over exposures
  bool operator==(const Exposure&) const = default;
};

struct CheckReport {
  SignatureReport signature;
  /// Where set, the list was checked before and nothing has been recorded since that it could
  /// cover: it was not matched again, `keys` and `keys_refused` are 0, and `exposures` are those
  /// found then that the log still keeps.
  bool known = false;
  uint64_t keys = 0;
  uint64_t keys_refused = 0;        ///< malformed ones, and reports that were heard and not signed
  std::vector<Exposure> exposures;  ///< found in this list, ascending by day
};

/// The exposures that a match amounts to: one for each distinct key of a list and day (of a clock
/// that is `utc_offset` ahead of UTC), ascending by day. Keys whose latest record is revoked give
/// none, and of Exposure Notification's identifiers what without_replays() drops does not count.
/// `schemes` are those that were matched; of `options`, which must be good, what concerns
/// attenuation, nearness and dose counts.
std::vector<Exposure> exposures_of(const MatchResult& result, const SightingColumns& columns,
                                   std::span<const Scheme* const> schemes,
                                   const DeviceOptions& options, Millis utc_offset = Millis(0));

/// The same match for doses_by_day().
std::vector<KeyNearness> nearness_of(const MatchResult& result, const SightingColumns& columns,
                                     std::span<const Scheme* const> schemes,
                                     const DeviceOptions& options, Millis utc_offset = Millis(0));

/// What the rules of Exposure Notification, score_exposures() and exposure_windows(), are given of
/// a matched key: what the list says of it,
KeyEvidence evidence_of(const PublishedKey& key);
/// and its sightings without replays, by a vendor's rules for attenuation; where the sender states
/// no power, from the one assumed. `options` must be good.
std::vector<KeySighting> sightings_of(const KeySummary& summary, const SightingColumns& columns,
                                      std::span<const Scheme* const> schemes,
                                      const DeviceOptions& options,
                                      const AttenuationRules& rules = kGoogleAttenuation);

/// The person's spoken yes. A shell constructs it in the handler of the consent button, nowhere
/// else.
struct PersonConsents {};

class Device;

/// A list being checked, in pieces that the caller decides on. It may be destroyed at any time, and
/// the process killed: a later check of the same list goes on where save() was called last. Must
/// not outlive its device, its source, and what the options point to. Not thread-safe; recording
/// goes on beside it.
class ListCheck {
 public:
  ~ListCheck();
  ListCheck(const ListCheck&) = delete;
  ListCheck& operator=(const ListCheck&) = delete;

  /// Handles at most `most_keys` (> 0) keys. True: there may be more. False: done, the exposures
  /// are stored. Saves by itself every 2^18 keys. Fails as Device::check.
  Result<bool> step(size_t most_keys);
  /// Keeps what was done so far, sealed in the log.
  Status save();
  /// Complete once step() gave false; until then, the signature and the keys handled so far.
  const CheckReport& report() const;

 private:
  friend class Device;
  struct State;
  explicit ListCheck(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// An index being followed; see IndexFollower. What was done is kept, sealed, after each answer.
/// Must not outlive its device. Not thread-safe; one at a time of an index.
class FollowedIndex {
 public:
  ~FollowedIndex();
  FollowedIndex(const FollowedIndex&) = delete;
  FollowedIndex& operator=(const FollowedIndex&) = delete;

  std::optional<Fetch> next() const;
  /// What could not be stored is done again.
  Status index_answered(const FetchAnswer& answer);
  Status list_handled(std::string_view path, ListOutcome outcome,
                      std::optional<Millis> retry_after = {});
  IndexStatus status() const;

 private:
  friend class Device;
  FollowedIndex(Device& device, std::string kind, IndexFollower follower);
  Status save();
  Device& device_;
  const std::string kind_;
  IndexFollower follower_;
};

class Device {
 public:
  /// Opens or makes the phone's state in `directory`; errors as EncounterLog::open, and
  /// invalid_argument on options of nearness or dose that cannot be. `clock` and
  /// `random` are borrowed, must outlive the device, and are asked from every thread that uses it.
  static Result<std::unique_ptr<Device>> open(const std::string& directory, const Secret<32>& root,
                                              const Clock& clock, Random& random,
                                              const DeviceOptions& options = {});
  ~Device();

  /// What to advertise now, and until when.
  Result<Advertisement> advertisement();

  /// The same as bytes, for an identity on the air. Fails as beacon::encode.
  Result<beacon::Transmission> transmission(const beacon::AirIdentity& air, beacon::System system);

  /// Stores what a scan heard, durably, before it returns.
  Status record(const Scan& scan, std::span<const Sighting> sightings);
  Status record(std::span<const SightingBatch> batches);

  /// Verifies a list, matches it against the log and keeps the exposures found. A list that was
  /// checked before is compared with what has been recorded since; one that was stopped goes on
  /// from there. Cancelled, it keeps what it has done. Fails with signature_refused where no key
  /// verifies it and unverified lists are not accepted or the list's validity has ended, with
  /// invalid_argument where a NearZone list is older than one of its series checked before, else as
  /// KeyList and Matcher.
  Result<CheckReport> check(ByteSource& source, const CheckOptions& options);
  /// The same, piece by piece. Both are borrowed by the check.
  Result<std::unique_ptr<ListCheck>> begin_check(ByteSource& source, const CheckOptions& options);
  /// Of a list that is open already, and borrowed; `options.list` does not matter then.
  Result<std::unique_ptr<ListCheck>> begin_check(KeyList& list, const CheckOptions& options);

  /// The exposures of all lists checked, ascending by day, of the days the log still keeps.
  Result<std::vector<Exposure>> exposures() const;
  /// The same as Exposure Notification's windows, for daily_summaries() and for apps that have
  /// rules of their own: of all schemes, by Google's rules for attenuation, in a random order. What
  /// is said of keys is read by `mapping`, which fails with invalid_argument where it cannot be.
  /// Lists checked before windows were kept give none.
  Result<std::vector<ExposureWindow>> exposure_windows(
      const DiagnosisKeyMapping& mapping = {}) const;

  /// Follows an index of a server, which `server` names (its base URL, or any other name). Fails
  /// with invalid_argument on options that cannot be.
  Result<std::unique_ptr<FollowedIndex>> follow_index(std::string_view server,
                                                      const IndexOptions& options);

  /// Gives away the keys of the last `days` days (1..14), today included, and renews them. Whoever
  /// takes them has to deliver them; begin_upload keeps them until the server has them. Keys that
  /// were on the air within a redaction are left out; fails with unsupported where the scheme
  /// cannot (Broadcaster::can_redact).
  Result<Disclosure> disclose(PersonConsents, int32_t days = 14,
                              std::span<const TimeRange> redactions = {});

  /// The same, as an upload that stays pending, sealed in the log, until the server accepts it or
  /// the person discards it, but no longer than 15 days: then no server takes any of the keys. One
  /// that is there already is added to. Once accepted it is kept as long, so that a further code
  /// can revise it. Fails with unsupported where own_scheme is neither Bluezone nor Exposure
  /// Notification.
  Status begin_upload(PersonConsents, int32_t days = 14);
  /// See Upload. Fails with not_found where there is no upload.
  Status enter_upload_code(std::string_view code);
  Result<UploadStatus> upload_status() const;
  /// Forgets the upload: keys that no server has are then lost, as the person wants it.
  Status discard_upload();

  /// What to send now: the next step of the upload, or cover traffic, or nothing before
  /// upload_wake_at. To be asked until there is nothing, by one caller at a time, whenever that
  /// time has come or the person entered a code. Fails with invalid_argument on options that cannot
  /// be.
  Result<std::optional<UploadRequest>> upload_request(const UploadOptions& options);
  /// Takes the answer to a request, and stores what follows from it before it returns.
  Status upload_answered(const UploadRequest& request, const ServerAnswer& answer,
                         const UploadOptions& options);
  /// When upload_request may have something to send; nothing where no time will bring it.
  Result<std::optional<Instant>> upload_wake_at(const UploadOptions& options) const;

  /// Forgets what is older than the retention: sightings, exposures and own keys.
  Result<int32_t> purge();
  /// See EncounterLog: packs days that are over, and lets go of every file and lock, for an app
  /// that goes into the background.
  Result<bool> compact_step(Millis budget) { return log_->compact_step(budget); }
  Status suspend() { return log_->suspend(); }
  Status resume() { return log_->resume(); }

  /// Erases what was heard and found on one day; own keys and the upload stay.
  Status erase_day(Day day);
  /// Erases everything, own keys and the upload too; the phone then advertises as a new one.
  Status erase_all();

  /// The person's own log, to count and to export.
  const EncounterLog& log() const { return *log_; }
  /// What this phone sent when it heard each row of a snapshot of the log, for an export that shall
  /// say so. They follow from the own keys, so nothing is known of what was given away or
  /// forgotten.
  OwnIdentifiers own_identifiers(const SightingColumns& columns) const;

 private:
  friend class ListCheck;
  friend class FollowedIndex;
  Device(std::unique_ptr<EncounterLog> log, const Clock& clock, Random& random,
         const DeviceOptions& options);
  Status load_own_keys();
  Status save_own_keys();
  Result<Disclosure> give_away(int32_t days, std::span<const TimeRange> redactions = {});
  Result<std::optional<Upload>> load_upload() const;
  Status finish_renewal();
  Result<Upload> require_upload() const;
  Status store_upload(const Upload& upload);
  Status keep_upload(Day today);
  Result<std::optional<Chaff>> load_chaff() const;
  Result<std::optional<UploadRequest>> chaff_request(const UploadOptions& options);

  std::unique_ptr<EncounterLog> log_;
  const Clock& clock_;
  Random& random_;
  const DeviceOptions options_;
  mutable std::mutex own_keys_mutex_;  // guards the two below
  std::unique_ptr<Broadcaster> broadcaster_;
  SecretBytes saved_own_keys_;
  mutable std::mutex uploads_mutex_;  // guards the upload and cover traffic; after own keys' mutex
  std::mutex findings_mutex_;  // one check at a time writes exposures and the ledger of lists
};

}  // namespace nearzone
