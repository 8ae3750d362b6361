#include "nearzone/device.h"

#include <algorithm>

#include "device/exposures.h"
#include "device/latest_state.h"
#include "device/list_ledger.h"
#include "nearzone/kernels.h"

namespace nearzone {
namespace {

constexpr int32_t kMaxDisclosedDays = 14;

std::string_view own_keys_kind(SchemeTag scheme) {
  return scheme == SchemeTag::bluezone ? "own-keys-bluezone" : "own-keys-gaen";
}

Status require_trust(const SignatureReport& report, const CheckOptions& options) {
  if (report.outcome == SignatureOutcome::verified || options.accept_unverified_lists) return {};
  return {Code::signature_refused, report.detail, "signature"};
}

}  // namespace

Device::Device(std::unique_ptr<EncounterLog> log, const Clock& clock, Random& random,
               const DeviceOptions& options)
    : log_(std::move(log)), clock_(clock), random_(random), options_(options) {}

Device::~Device() = default;

Result<std::unique_ptr<Device>> Device::open(const std::string& directory, const Secret<32>& root,
                                             const Clock& clock, Random& random,
                                             const DeviceOptions& options) {
  NEARZONE_ASSIGN([[maybe_unused]] const std::string_view level, active_kernel());
  NEARZONE_ASSIGN(std::unique_ptr<EncounterLog> log,
                  EncounterLog::open(directory, root, clock, random, options.log));
  std::unique_ptr<Device> device(new Device(std::move(log), clock, random, options));
  NEARZONE_TRY(device->load_own_keys());
  return device;
}

Status Device::load_own_keys() {
  NEARZONE_ASSIGN(device::LatestState state,
                  device::load_latest(*log_, own_keys_kind(options_.own_scheme)));
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
  NEARZONE_TRY(device::store_latest(*log_, own_keys_kind(options_.own_scheme),
                                    Day::of(clock_.now()), state.expose(ForSealing{})));
  saved_own_keys_ = std::move(state);
  return {};
}

Result<Advertisement> Device::advertisement() {
  const std::lock_guard lock(own_keys_mutex_);
  NEARZONE_ASSIGN(const Advertisement advertisement,
                  broadcaster_->advertise_at(clock_.now(), options_.transmit_power_dbm, random_));
  // Nothing goes on the air whose key a crash could lose.
  NEARZONE_TRY(save_own_keys());
  return advertisement;
}

Status Device::record(const Scan& scan, std::span<const Sighting> sightings) {
  return log_->append(scan, sightings);
}

Status Device::record(std::span<const SightingBatch> batches) { return log_->append(batches); }

Result<CheckReport> Device::check(ByteSource& source, const CheckOptions& options) {
  NEARZONE_ASSIGN(const std::unique_ptr<KeyList> list, KeyList::open(source, options.list));
  CheckReport report;
  report.signature = list->verify(options.public_keys);
  NEARZONE_TRY(require_trust(report.signature, options));
  NEARZONE_TRY(check_list_is_current(list->info(), clock_.now()));

  const std::lock_guard lock(findings_mutex_);
  NEARZONE_TRY(device::check_against_ledger(*log_, *list));
  NEARZONE_ASSIGN(const SightingTable heard, log_->snapshot(options.match.cancel));
  const Scheme* const schemes[] = {&gaen_scheme(), &bluezone_scheme(options.bluezone_windows)};
  NEARZONE_ASSIGN(const Matcher matcher, Matcher::create(heard.columns(), schemes, random_));
  NEARZONE_ASSIGN(const std::unique_ptr<KeyStream> keys, list->keys());
  MatchResult result;
  NEARZONE_TRY(matcher.match(*keys, 0, options.match, result));

  report.keys = result.keys_tried;
  report.keys_refused = list->info().refused_count + result.keys_refused;
  report.exposures = exposures_of(result, heard.columns(), schemes,
                                  options_.assumed_transmit_power_dbm, options_.rssi_correction_db);
  NEARZONE_TRY(device::store_exposures(*log_, list->content_digest(), report.exposures));
  // An unverified list must not be able to shut out the authority's later ones.
  if (report.signature.outcome == SignatureOutcome::verified)
    NEARZONE_TRY(device::note_in_ledger(*log_, *list, Day::of(clock_.now())));
  return report;
}

Result<std::vector<Exposure>> Device::exposures() const { return device::load_exposures(*log_); }

Result<Disclosure> Device::disclose(PersonConsents, int32_t days) {
  if (days < 1 || days > kMaxDisclosedDays)
    return Status(Code::invalid_argument, "must be 1 to 14", "days");
  const std::lock_guard lock(own_keys_mutex_);
  const Instant now = clock_.now();
  NEARZONE_ASSIGN(Disclosure disclosure,
                  broadcaster_->disclose(Consent(), Day::of(now) + (1 - days), now, random_));
  NEARZONE_TRY(save_own_keys());
  return disclosure;
}

Result<int32_t> Device::purge() {
  NEARZONE_ASSIGN(const Day first_kept, log_->first_kept_day());
  const std::lock_guard lock(own_keys_mutex_);
  broadcaster_->forget_before(first_kept);
  // First stored anew under today, so that the purge cannot take the own keys along.
  saved_own_keys_ = SecretBytes();
  NEARZONE_TRY(save_own_keys());
  return log_->purge();
}

Status Device::erase_day(Day day) {
  const std::lock_guard lock(own_keys_mutex_);
  NEARZONE_TRY(log_->erase_day(day));
  saved_own_keys_ = SecretBytes();
  return save_own_keys();
}

Status Device::erase_all() {
  const std::lock_guard lock(own_keys_mutex_);
  NEARZONE_TRY(log_->erase_all());
  broadcaster_ = new_broadcaster(options_.own_scheme);
  saved_own_keys_ = SecretBytes();
  return {};
}

}  // namespace nearzone
