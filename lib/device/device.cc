#include "nearzone/device.h"

#include <algorithm>

#include "device/exposures.h"
#include "device/latest_state.h"
#include "device/own_keys.h"
#include "device/stored_upload.h"
#include "nearzone/kernels.h"

namespace nearzone {
namespace {

constexpr int32_t kMaxDisclosedDays = 14;
constexpr size_t kKeysPerStep = size_t{1} << 16;

}  // namespace

Device::Device(std::unique_ptr<EncounterLog> log, const Clock& clock, Random& random,
               const DeviceOptions& options)
    : log_(std::move(log)), clock_(clock), random_(random), options_(options) {}

Device::~Device() = default;

Result<std::unique_ptr<Device>> Device::open(const std::string& directory, const Secret<32>& root,
                                             const Clock& clock, Random& random,
                                             const DeviceOptions& options) {
  NEARZONE_ASSIGN([[maybe_unused]] const std::string_view level, active_kernel());
  if (new_broadcaster(options.own_scheme) == nullptr)
    return Status(Code::invalid_argument, "not a scheme that a phone can send", "own_scheme");
  NEARZONE_TRY(options.check());
  NEARZONE_ASSIGN(std::unique_ptr<EncounterLog> log,
                  EncounterLog::open(directory, root, clock, random, options.log));
  std::unique_ptr<Device> device(new Device(std::move(log), clock, random, options));
  NEARZONE_TRY(device->finish_renewal());
  NEARZONE_TRY(device->load_own_keys());
  return device;
}

Status Device::load_own_keys() {
  NEARZONE_ASSIGN(device::LatestState state,
                  device::load_latest(*log_, device::own_keys_kind(options_.own_scheme)));
  if (state.generation == 0) {
    broadcaster_ = new_broadcaster(options_.own_scheme);
    return {};
  }
  NEARZONE_ASSIGN(broadcaster_, Broadcaster::load(state.bytes.expose(ForDerivation{})));
  if (broadcaster_->tag() != options_.own_scheme)
    return {Code::corrupt, "own keys are of another scheme", "scheme"};
  saved_own_keys_ = std::move(state.bytes);
  return {};
}

Status Device::save_own_keys() {
  SecretBytes state = broadcaster_->save();
  if (equal_in_constant_time(state.expose(ForSealing{}), saved_own_keys_.expose(ForSealing{})))
    return {};
  NEARZONE_TRY(device::store_latest(*log_, device::own_keys_kind(options_.own_scheme),
                                    Day::of(clock_.now()), state.expose(ForSealing{})));
  saved_own_keys_ = std::move(state);
  return {};
}

Result<Advertisement> Device::advertisement() {
  const std::lock_guard lock(own_keys_mutex_);
  NEARZONE_ASSIGN(
      const Advertisement advertisement,
      broadcaster_->advertise_at(
          clock_.now(), {options_.transmit_power_dbm, options_.calibration_confidence}, random_));
  // Nothing goes on the air whose key a crash could lose.
  NEARZONE_TRY(save_own_keys());
  return advertisement;
}

Result<beacon::Transmission> Device::transmission(const beacon::AirIdentity& air,
                                                  beacon::System system) {
  NEARZONE_ASSIGN(const Advertisement sent, advertisement());
  return beacon::encode(air, system, sent);
}

OwnIdentifiers Device::own_identifiers(const SightingColumns& columns) const {
  const std::lock_guard lock(own_keys_mutex_);
  return {options_.own_scheme, broadcaster_->sent_at(columns.time)};
}

Status Device::record(const Scan& scan, std::span<const Sighting> sightings) {
  return log_->append(scan, sightings);
}

Status Device::record(std::span<const SightingBatch> batches) { return log_->append(batches); }

Result<CheckReport> Device::check(ByteSource& source, const CheckOptions& options) {
  NEARZONE_ASSIGN(const std::unique_ptr<ListCheck> check, begin_check(source, options));
  for (bool more = true; more;) {
    const Result<bool> stepped = check->step(kKeysPerStep);
    if (!stepped.ok()) {
      if (stepped.status().code() == Code::cancelled) NEARZONE_TRY(check->save());
      return stepped.status();
    }
    more = *stepped;
  }
  return check->report();
}

Result<std::vector<Exposure>> Device::exposures() const { return device::load_exposures(*log_); }

// The only place that makes a Consent. Called by those who were given a PersonConsents, which then
// store what they gave away, and what is left.
Result<Disclosure> Device::give_away(int32_t days, std::span<const TimeRange> redactions) {
  if (days < 1 || days > kMaxDisclosedDays)
    return Status(Code::invalid_argument, "must be 1 to 14", "days");
  const Instant now = clock_.now();
  return broadcaster_->disclose(Consent(), Day::of(now) + (1 - days), now, random_, redactions);
}

Result<Disclosure> Device::disclose(PersonConsents, int32_t days,
                                    std::span<const TimeRange> redactions) {
  const std::lock_guard lock(own_keys_mutex_);
  NEARZONE_ASSIGN(Disclosure disclosure, give_away(days, redactions));
  NEARZONE_TRY(save_own_keys());
  return disclosure;
}

Result<int32_t> Device::purge() {
  NEARZONE_ASSIGN(const Day first_kept, log_->first_kept_day());
  const std::lock_guard lock(own_keys_mutex_);
  broadcaster_->forget_before(first_kept);
  // First stored anew under the day that ages are counted from, so that the purge cannot take them
  // along; that which a wrong clock says may be one that it erases.
  const Day today = first_kept + options_.log.retention_days;
  SecretBytes own = broadcaster_->save();
  NEARZONE_TRY(device::store_latest(*log_, device::own_keys_kind(options_.own_scheme), today,
                                    own.expose(ForSealing{})));
  saved_own_keys_ = std::move(own);
  NEARZONE_TRY(keep_upload(today));
  return log_->purge();
}

Status Device::erase_day(Day day) {
  const std::lock_guard own_keys(own_keys_mutex_);
  const std::lock_guard uploads(uploads_mutex_);
  // Own keys and the upload belong to no day. First they are stored under another one: between two
  // commits they must never be in memory only.
  const Day today = Day::of(clock_.now());
  const Day kept = today == day ? today + 1 : today;
  SecretBytes own = broadcaster_->save();
  NEARZONE_TRY(device::store_latest(*log_, device::own_keys_kind(options_.own_scheme), kept,
                                    own.expose(ForSealing{})));
  saved_own_keys_ = std::move(own);
  const Result<std::optional<Upload>> upload = load_upload();
  if (upload.ok() && *upload) NEARZONE_TRY(device::store_upload(*log_, kept, {(*upload)->save()}));
  return log_->erase_day(day);
}

Status Device::erase_all() {
  const std::lock_guard own_keys(own_keys_mutex_);
  const std::lock_guard uploads(uploads_mutex_);  // none is stored again that was read before
  NEARZONE_TRY(log_->erase_all());
  broadcaster_ = new_broadcaster(options_.own_scheme);
  saved_own_keys_ = SecretBytes();
  return {};
}

}  // namespace nearzone
