/// A seeded town: people who meet, phones that hear each other, and what NearZone makes of it. The
/// truth is known, so that every warning can be judged. Never part of a device build.
///
///     auto town = nearzone::simulation::make_town({.people = 300, .seed = 1});
///     nearzone::simulation::TownRun run(*town, nearzone::SchemeTag::gaen, folder, 2);
///     nearzone::Status done = run.advertise();  // then run.record(), run.publish(), run.check()
///     for (const auto& phone : run.phones()) show(phone);
///
/// Everything follows from the seed, whatever the number of threads. Nobody in the town falls ill
/// from a contact, and nobody changes their ways.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nearzone/device.h"
#include "nearzone/lists.h"
#include "nearzone/proximity.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::simulation {

struct TownOptions {
  uint32_t people = 300;         ///< 2..5000
  int32_t days = 14;             ///< 1..14, UTC days
  uint64_t seed = 1;             ///< the same seed gives the same town
  double adoption = 0.8;         ///< share of people with the app, 0..1
  double iphone_share = 0.4;     ///< share of people whose phone is an iPhone, 0..1
  double infected_share = 0.03;  ///< share of people infected, 0..1; one person at least
  Day first_day = {18536};       ///< 2020-10-01
};

struct Person {
  uint32_t household = 0;
  std::optional<uint32_t> workplace;  ///< a school counts as one
  bool has_app = false;
  PhonePlatform platform = PhonePlatform::android;
  /// By how much this phone sends and receives stronger than the average one.
  double sender_offset_db = 0;
  double receiver_offset_db = 0;
  std::optional<Day> infectious_from;  ///< from that day to the town's last; nothing: not infected

  bool operator==(const Person&) const = default;
};

/// Two people at one distance for a while, within radio reach. Of one pair never two at a time;
/// never across midnight.
struct Closeness {
  uint32_t a = 0;  ///< index of the first person, below b
  uint32_t b = 0;
  TimeRange when;
  double distance_m = 0;
  double spread_db = 0;  ///< what bodies and walls add to the path loss, in both directions alike
};

struct Town {
  TownOptions options;
  std::vector<Person> people;
  std::vector<Closeness> closenesses;  ///< ascending by when.from

  TimeRange span() const {
    return {options.first_day.start(), (options.first_day + options.days).start()};
  }
};

inline constexpr double kNearMetres = 2;    ///< "near" in the epidemiological sense
inline constexpr double kReachMetres = 12;  ///< beyond this a phone is never heard

/// People live in households, go to work or school on weekdays, see friends and pass strangers.
/// In towns of a hundred people or more, times within two metres follow published face-to-face
/// contact statistics (a pair-day lasts 0.7-1.3 min at the median, 6-12 min at the 90th percentile,
/// 4-8 % reach 15 min); how often a pair meets is heavy-tailed; days have a rhythm, and at night
/// nobody meets. Fails with invalid_argument, naming the field.
Result<Town> make_town(const TownOptions& options);

/// The truth about a pair on a day.
struct PairDay {
  uint32_t a = 0;
  uint32_t b = 0;
  Day day;
  Millis within_two_metres{0};
  Millis within_reach{0};  ///< the above included
};
/// Ascending by (day, a, b); pairs that were in reach only are among them.
std::vector<PairDay> pair_days(const Town& town);

/// How long pairs were within two metres of each other, over all pair-days that have any.
struct ContactStatistics {
  size_t pair_days = 0;
  double median_minutes = 0;
  double ninetieth_percentile_minutes = 0;
  double share_of_fifteen_minutes = 0;  ///< or more
};
ContactStatistics contact_statistics(std::span<const PairDay> pair_days);

/// The radio of the town: received strength in dBm, without the fading of a single scan. Path loss
/// of 14.5 dB per factor of ten in distance from -58.9 dBm at one metre, as measured; the phones'
/// offsets and the spread come on top. `sender` and `receiver` are those of the closeness.
double mean_rssi_dbm(const Closeness& closeness, const Person& sender, const Person& receiver);

/// The chance that one scan hears a phone in reach. Exposure Notification is part of the system:
/// every phone hears every other. Bluezone is an app: an iPhone in a pocket is heard only by a GATT
/// connection, and hardly by another iPhone. The figures are assumptions, stated in radio.cc.
double hearing_chance(SchemeTag scheme, PhonePlatform sender, PhonePlatform receiver);

/// What a phone's radio heard of one infectious person on one day.
struct HeardInfectious {
  uint32_t person = 0;
  Day day;
  uint32_t scans = 0;
  int8_t strongest_rssi_dbm = 0;
};

/// One phone with the app, after the stages done so far.
struct PhoneOutcome {
  uint32_t person = 0;
  uint64_t scans = 0;
  uint64_t sightings = 0;
  uint64_t bytes_on_disk = 0;
  std::vector<HeardInfectious> heard_infectious;  ///< the simulator's knowledge, not the phone's
  /// The phone's, of the published list; none where the owner is infected.
  std::vector<Exposure> exposures;
};

struct Hearing;
struct ScanSchedule;

/// (items done, items in all); called on the caller's thread.
using Progress = std::function<void(size_t done, size_t total)>;

/// What one phone does with a health authority, in the hands of whoever can reach one: `days` is
/// for how long its owner has been infectious, today included; 0: is not infected. Called on
/// several threads at once.
using Errand = std::function<Status(Device& device, int32_t days)>;

/// The town's days in one scheme: every phone with the app is a Device with an encrypted log of its
/// own on disk. Stages are called once each, in the order below; a failed stage ends the run. Not
/// thread-safe.
class TownRun {
 public:
  /// `town` is borrowed and must outlive the run. `directory` must exist and be empty; the run
  /// leaves its files there. `threads` >= 1, the caller's included.
  TownRun(const Town& town, SchemeTag scheme, std::string directory, unsigned threads);
  ~TownRun();

  /// Every phone makes its keys and identifiers, slot by slot.
  Status advertise(const Progress& progress = {});
  /// Every phone listens for four seconds every five minutes and stores what it heard, empty scans
  /// too: an hour at a time and without syncing, as no real phone would.
  Status record(const Progress& progress = {});
  /// At the end of the last day the infected with the app consent and give away the keys of their
  /// infectious days; all keys together become one signed NearZone list in the directory.
  Status publish();
  /// Every phone whose owner is not infected opens the list from disk, verifies and matches it.
  Status check(const Progress& progress = {});

  /// In place of publish(), with a health authority: at the end of the last day, each of the
  /// infected with the app runs the errand, which asks for consent and gives the keys away.
  Status publish_by(const Errand& errand, const Progress& progress = {});
  /// In place of check(): at `at`, every phone whose owner is not infected runs the errand, which
  /// fetches and checks what was published.
  Status check_by(const Errand& errand, Instant at, const Progress& progress = {});

  const std::vector<PhoneOutcome>& phones() const { return outcomes_; }
  /// Of publish().
  uint64_t published_keys() const { return published_keys_; }
  /// Of the phones. Attenuation is this less RSSI: 54 dB at one metre on average.
  static constexpr int8_t kTransmitPowerDbm = -5;

 private:
  struct Phone;
  Result<std::unique_ptr<Device>> open(Phone& phone, const Clock& clock) const;
  Status advertise(Phone& phone) const;
  Status record(Phone& phone, PhoneOutcome& outcome, std::span<const uint32_t> closenesses) const;
  Status append_hourly(Phone& phone, const ScanSchedule& schedule,
                       std::span<const Hearing> heard) const;
  std::vector<Sighting> received(std::span<const Hearing> heard) const;
  Status check(Phone& phone, PhoneOutcome& outcome, const Errand& errand, Instant at) const;
  Instant evening_of_last_day() const;
  std::string list_path() const;

  const Town& town_;
  const SchemeTag scheme_;
  const std::string directory_;
  const unsigned threads_;
  std::vector<std::unique_ptr<Phone>> phones_;
  std::vector<PhoneOutcome> outcomes_;
  std::vector<std::optional<uint32_t>> phone_of_person_;
  std::optional<PublicKey> authority_;
  uint64_t published_keys_ = 0;
};

/// When a phone would warn its owner: on some day, the keys whose minimum attenuation that day is
/// at most this amount together to at least this long.
struct WarningRule {
  Millis least_duration = std::chrono::minutes(15);
  int32_t most_attenuation_db = 50;
};

/// How a person fared. "Truly near": on some day at least the rule's duration within two metres of
/// infectious people.
enum class Outcome : uint8_t {
  unconcerned,         ///< not near, not warned
  warned,              ///< near, and warned
  false_alarm,         ///< warned, but not near
  without_app,         ///< near, but has no app to warn them
  others_without_app,  ///< near, but long enough only with infectious people who had no app
  unheard,             ///< near, but the radios never heard each other on such a day
  missed_by_matching,  ///< near and heard, but nothing matched on such a day: a fault
  missed_by_rule,      ///< near, heard and matched, but the rule did not hold
  infected,            ///< infected themselves, so not judged
};
/// In a few words for people, such as "false alarm".
const char* outcome_name(Outcome outcome);

struct Judgement {
  Outcome outcome = Outcome::unconcerned;
  Millis truly_near{0};  ///< on the day when that was longest
  /// By the phone, whatever the attenuation, on its decisive day: that with the longest duration
  /// within the rule's attenuation, or where there is none the longest at all.
  Millis matched{0};
  std::optional<int32_t> minimum_attenuation_db;  ///< of that day
  /// The phone found an exposure on a day when it heard nobody whose keys were published.
  bool false_match = false;
};

/// One judgement a person, in the order of town.people.
std::vector<Judgement> judge(const Town& town, std::span<const PhoneOutcome> phones,
                             const WarningRule& rule);

}  // namespace nearzone::simulation
