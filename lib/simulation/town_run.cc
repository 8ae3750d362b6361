#include <algorithm>
#include <cstdio>
#include <map>
#include <tuple>

#include "core/crypto.h"
#include "nearzone/simulation.h"
#include "simulation/hearing.h"
#include "simulation/parallel.h"

namespace nearzone::simulation {
namespace {

constexpr Millis kAppendEvery = std::chrono::hours(1);
constexpr Millis kListIsValidFor = std::chrono::hours(24 * 14);

Status write_file(const std::string& path, ByteView bytes) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wbx"),
                                                             &std::fclose);
  if (file == nullptr) return {Code::io, "the published list cannot be created"};
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size() &&
                       std::fflush(file.get()) == 0;
  if (!written) return {Code::io, "the published list cannot be written"};
  return {};
}

// By person and day.
void note_infectious(const Town& town, std::span<const Hearing> heard, PhoneOutcome& outcome) {
  std::map<std::tuple<uint32_t, Day>, HeardInfectious> noted;
  for (const Hearing& hearing : heard) {
    const Day day = Day::of(hearing.time);
    const std::optional<Day> infectious_from = town.people[hearing.sender].infectious_from;
    if (!infectious_from || day < *infectious_from) continue;
    const auto [at, is_new] = noted.try_emplace(
        {hearing.sender, day}, HeardInfectious{hearing.sender, day, 0, hearing.rssi_dbm});
    ++at->second.scans;
    at->second.strongest_rssi_dbm = std::max(at->second.strongest_rssi_dbm, hearing.rssi_dbm);
  }
  for (const auto& [key, entry] : noted) outcome.heard_infectious.push_back(entry);
}

// Indices of the closenesses of each phone with another phone, by phone.
std::vector<std::vector<uint32_t>> closenesses_by_phone(
    const Town& town, const std::vector<std::optional<uint32_t>>& phone_of_person, size_t phones) {
  std::vector<std::vector<uint32_t>> by_phone(phones);
  for (uint32_t i = 0; i < town.closenesses.size(); ++i) {
    const std::optional<uint32_t> a = phone_of_person[town.closenesses[i].a];
    const std::optional<uint32_t> b = phone_of_person[town.closenesses[i].b];
    if (!a || !b) continue;
    by_phone[*a].push_back(i);
    by_phone[*b].push_back(i);
  }
  return by_phone;
}

}  // namespace

struct TownRun::Phone {
  Phone(uint32_t owner, std::string folder, uint64_t seed)
      : person(owner), directory(std::move(folder)), random(seed) {}

  uint32_t person;
  std::string directory;
  // One stream of randomness for all its openings: a seal's nonce must never come twice.
  SeededRandom random;
  Secret<32> root = Secret<32>::random(random);
  std::vector<Advertisement> air;  // ascending by valid_until
};

TownRun::TownRun(const Town& town, SchemeTag scheme, std::string directory, unsigned threads)
    : town_(town), scheme_(scheme), directory_(std::move(directory)), threads_(threads) {
  SeededRandom seeds(town.options.seed);
  phone_of_person_.resize(town.people.size());
  for (uint32_t person = 0; person < town.people.size(); ++person) {
    const uint64_t seed = seeds.below(UINT64_MAX) ^ static_cast<uint64_t>(scheme);
    if (!town.people[person].has_app) continue;
    phone_of_person_[person] = static_cast<uint32_t>(phones_.size());
    phones_.push_back(
        std::make_unique<Phone>(person, directory_ + "/phone-" + std::to_string(person), seed));
    outcomes_.emplace_back().person = person;
  }
}

TownRun::~TownRun() = default;

Result<std::unique_ptr<Device>> TownRun::open(Phone& phone, const Clock& clock) const {
  DeviceOptions options;
  options.own_scheme = scheme_;
  options.transmit_power_dbm = kTransmitPowerDbm;
  options.assumed_transmit_power_dbm = kTransmitPowerDbm;
  // Phones of this town differ one by one, and not by who made them: see radio.cc.
  options.nearness.model.ios_gain_db = 0;
  options.log.durability = Durability::none;
  return Device::open(phone.directory, phone.root, clock, phone.random, options);
}

Instant TownRun::evening_of_last_day() const { return town_.span().to - std::chrono::seconds(1); }

std::string TownRun::list_path() const { return directory_ + "/published.nzlist"; }

Status TownRun::advertise(Phone& phone) const {
  ManualClock clock(town_.span().from);
  NEARZONE_ASSIGN(const std::unique_ptr<Device> device, open(phone, clock));
  while (clock.now() < town_.span().to) {
    NEARZONE_ASSIGN(const Advertisement advertisement, device->advertisement());
    if (advertisement.valid_until <= clock.now())
      return {Code::internal, "an advertisement ended before it began"};
    phone.air.push_back(advertisement);
    clock.advance(advertisement.valid_until - clock.now());
  }
  return {};
}

Status TownRun::advertise(const Progress& progress) {
  return for_each_item(
      phones_.size(), threads_, [this](size_t i) { return advertise(*phones_[i]); }, progress);
}

std::vector<Sighting> TownRun::received(std::span<const Hearing> heard) const {
  std::vector<Sighting> sightings;
  sightings.reserve(heard.size());
  for (const Hearing& hearing : heard) {
    const std::vector<Advertisement>& air = phones_[*phone_of_person_[hearing.sender]]->air;
    const auto sent = std::ranges::upper_bound(air, hearing.time, {}, &Advertisement::valid_until);
    const bool by_gatt = scheme_ == SchemeTag::bluezone &&
                         town_.people[hearing.sender].platform == PhonePlatform::ios;
    sightings.push_back({sent->identifier, sent->scheme,
                         by_gatt ? HeardBy::gatt : HeardBy::advertisement, hearing.time,
                         hearing.rssi_dbm, sent->metadata});
  }
  return sightings;
}

Status TownRun::append_hourly(Phone& phone, const ScanSchedule& schedule,
                              std::span<const Hearing> heard) const {
  ManualClock clock(town_.span().from);
  NEARZONE_ASSIGN(const std::unique_ptr<Device> device, open(phone, clock));
  const std::vector<Sighting> sightings = received(heard);
  std::vector<SightingBatch> batches;
  size_t next = 0;
  while (clock.now() < town_.span().to) {
    const int64_t first = schedule.not_before(clock.now());
    clock.advance(kAppendEvery);
    const int64_t end = schedule.not_before(clock.now());
    batches.clear();
    for (int64_t scan = first; scan < end; ++scan) {
      const size_t from = next;
      while (next < heard.size() && heard[next].scan == scan) ++next;
      batches.push_back({schedule.at(scan), std::span(sightings).subspan(from, next - from)});
    }
    NEARZONE_TRY(device->record(batches));
  }
  return {};
}

Status TownRun::record(Phone& phone, PhoneOutcome& outcome,
                       std::span<const uint32_t> closenesses) const {
  // No scan crosses an hour, so that each belongs to one append.
  const auto latest = static_cast<uint64_t>((kScanEvery - kScanLength).count());
  const ScanSchedule schedule{town_.span().from +
                              Millis(static_cast<int64_t>(phone.random.below(latest)))};
  std::vector<Hearing> heard;
  for (uint32_t i : closenesses)
    hear(town_, scheme_, town_.closenesses[i], phone.person, schedule, phone.random, heard);
  std::ranges::sort(heard, {},
                    [](const Hearing& h) { return std::tuple(h.scan, h.time, h.sender); });
  note_infectious(town_, heard, outcome);
  outcome.scans = static_cast<uint64_t>(schedule.not_before(town_.span().to));
  outcome.sightings = heard.size();
  return append_hourly(phone, schedule, heard);
}

Status TownRun::record(const Progress& progress) {
  const auto closenesses = closenesses_by_phone(town_, phone_of_person_, phones_.size());
  return for_each_item(
      phones_.size(), threads_,
      [&](size_t i) { return record(*phones_[i], outcomes_[i], closenesses[i]); }, progress);
}

Status TownRun::publish() {
  const ManualClock clock(evening_of_last_day());
  std::vector<PublishedKey> keys;
  for (const std::unique_ptr<Phone>& phone : phones_) {
    const std::optional<Day> infectious_from = town_.people[phone->person].infectious_from;
    if (!infectious_from) continue;
    NEARZONE_ASSIGN(const std::unique_ptr<Device> device, open(*phone, clock));
    const int32_t days = Day::of(clock.now()) - *infectious_from + 1;
    NEARZONE_ASSIGN(Disclosure disclosure, device->disclose(PersonConsents{}, days));
    NEARZONE_ASSIGN(const std::vector<PublishedKey> own, disclosure.take_keys());
    keys.insert(keys.end(), own.begin(), own.end());
  }
  for (PublishedKey& key : keys) key.report_type = ReportType::confirmed_test;

  SeededRandom random(town_.options.seed);
  const Secret<32> seed = Secret<32>::random(random);
  authority_ = PublicKey::ed25519(ed25519_public_key(seed));
  const NearzoneListHeader header = {.list_id = random.below(UINT64_MAX),
                                     .sequence = 1,
                                     .region = "simulated town",
                                     .valid_from = clock.now(),
                                     .valid_to = clock.now() + kListIsValidFor};
  NEARZONE_ASSIGN(const std::vector<uint8_t> list, write_nearzone_list(header, keys, {&seed, 1}));
  published_keys_ = keys.size();
  return write_file(list_path(), list);
}

Status TownRun::publish_by(const Errand& errand, const Progress& progress) {
  std::vector<Phone*> infected;
  for (const std::unique_ptr<Phone>& phone : phones_)
    if (town_.people[phone->person].infectious_from) infected.push_back(phone.get());
  const ManualClock clock(evening_of_last_day());
  return for_each_item(
      infected.size(), threads_,
      [&](size_t i) -> Status {
        NEARZONE_ASSIGN(const std::unique_ptr<Device> device, open(*infected[i], clock));
        const Day from = *town_.people[infected[i]->person].infectious_from;
        return errand(*device, Day::of(clock.now()) - from + 1);
      },
      progress);
}

Status TownRun::check(Phone& phone, PhoneOutcome& outcome, const Errand& errand, Instant at) const {
  const ManualClock clock(at);
  NEARZONE_ASSIGN(const std::unique_ptr<Device> device, open(phone, clock));
  NEARZONE_ASSIGN(const LogStatistics statistics, device->log().statistics());
  outcome.bytes_on_disk = statistics.bytes_on_disk;
  if (town_.people[phone.person].infectious_from) return {};
  NEARZONE_TRY(errand(*device, 0));
  NEARZONE_ASSIGN(outcome.exposures, device->exposures());
  return {};
}

Status TownRun::check_by(const Errand& errand, Instant at, const Progress& progress) {
  return for_each_item(
      phones_.size(), threads_,
      [&](size_t i) { return check(*phones_[i], outcomes_[i], errand, at); }, progress);
}

Status TownRun::check(const Progress& progress) {
  if (!authority_) return {Code::invalid_argument, "publish() comes before check()"};
  const Errand errand = [this](Device& device, int32_t) -> Status {
    NEARZONE_ASSIGN(const std::unique_ptr<FileSource> list, FileSource::open(list_path()));
    NEARZONE_ASSIGN(const CheckReport report,
                    device.check(*list, {.public_keys = {&*authority_, 1}}));
    if (report.keys != published_keys_)
      return {Code::internal, "a phone did not try every published key"};
    return {};
  };
  return check_by(errand, evening_of_last_day(), progress);
}

}  // namespace nearzone::simulation
