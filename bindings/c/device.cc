#include "phone.h"
#include "told.h"

namespace nearzone::c {
namespace {

nz_device_config default_config() {
  const DeviceOptions options;
  nz_device_config config = {};
  config.own_scheme = static_cast<int32_t>(options.own_scheme);
  config.transmit_power_dbm = int32_t{options.transmit_power_dbm};
  config.rssi_correction_db = options.rssi_correction_db;
  config.assumed_transmit_power_dbm = int32_t{options.assumed_transmit_power_dbm};
  config.retention_days = options.log.retention_days;
  config.durability = static_cast<int32_t>(options.log.durability);
  config.deduplication = static_cast<int32_t>(options.log.deduplication);
  config.byte_budget = options.log.byte_budget;
  config.least_counter = options.log.least_counter;
  config.calibration_confidence = options.calibration_confidence;
  return config;
}

Status check_range(int32_t value, int32_t least, int32_t most, const char* field) {
  return value >= least && value <= most ? Status()
                                         : Status(Code::invalid_argument, "out of range", field);
}

Result<DeviceOptions> options_of(const nz_device_config* given) {
  nz_device_config config = default_config();
  NEARZONE_TRY(read_struct(given, config));
  NEARZONE_TRY(
      check_range(config.own_scheme, NZ_SCHEME_BLUEZONE, NZ_SCHEME_DP3T_UNLINKABLE, "own_scheme"));
  NEARZONE_TRY(check_range(config.transmit_power_dbm, -128, 127, "transmit_power_dbm"));
  NEARZONE_TRY(check_range(config.rssi_correction_db, -1000, 1000, "rssi_correction_db"));
  NEARZONE_TRY(
      check_range(config.assumed_transmit_power_dbm, -128, 127, "assumed_transmit_power_dbm"));
  NEARZONE_TRY(check_range(config.durability, NZ_DURABILITY_POWER_LOSS, NZ_DURABILITY_LAST_MOMENTS,
                           "durability"));
  NEARZONE_TRY(check_range(config.deduplication, NZ_DEDUPLICATION_RAW, NZ_DEDUPLICATION_SCAN,
                           "deduplication"));
  NEARZONE_TRY(check_range(config.calibration_confidence, 0, UINT8_MAX, "calibration_confidence"));
  NEARZONE_TRY(check_range(config.reserved, 0, 0, "reserved"));
  DeviceOptions options;
  options.own_scheme = static_cast<SchemeTag>(config.own_scheme);
  options.transmit_power_dbm = static_cast<int8_t>(config.transmit_power_dbm);
  options.rssi_correction_db = config.rssi_correction_db;
  options.assumed_transmit_power_dbm = static_cast<int8_t>(config.assumed_transmit_power_dbm);
  options.log.retention_days = config.retention_days;
  options.log.durability = static_cast<Durability>(config.durability);
  options.log.deduplication = static_cast<Deduplication>(config.deduplication);
  options.log.byte_budget = config.byte_budget;
  options.log.least_counter = config.least_counter;
  options.calibration_confidence = static_cast<uint8_t>(config.calibration_confidence);
  return options;
}

// Of a simulated clock: as far as a log keeps times.
Status check_time(int64_t time_ms) {
  constexpr int64_t kEndOfYear9999 = 253402300800000;
  if (time_ms >= 0 && time_ms < kEndOfYear9999) return {};
  return {Code::invalid_argument, "not of the years 1970 to 9999", "time_ms"};
}

Status open(const char* folder, const void* root_secret, const nz_device_config* config,
            std::shared_ptr<Phone> phone, nz_device** device) {
  NEARZONE_TRY(require(folder, root_secret, device));
  NEARZONE_ASSIGN(const DeviceOptions options, options_of(config));
  const Secret<32> root(
      std::span<const uint8_t, 32>(static_cast<const uint8_t*>(root_secret), size_t{32}));
  NEARZONE_ASSIGN(phone->device,
                  Device::open(folder, root, *phone->clock, *phone->random, options));
  *device = new nz_device{std::move(phone)};
  return {};
}

// In place: a copy of what was just written byte by byte waits for it.
void read_sighting(const nz_sighting& given, Sighting& sighting) {
  std::copy_n(given.identifier, sizeof(given.identifier), sighting.identifier.bytes.begin());
  sighting.scheme = static_cast<SchemeTag>(given.scheme);
  sighting.heard_by = static_cast<HeardBy>(given.heard_by);
  sighting.time = {given.time_ms};
  sighting.rssi_dbm = given.rssi_dbm;
  sighting.metadata.size = given.metadata_size;
  std::copy_n(given.metadata, sizeof(given.metadata), sighting.metadata.bytes.begin());
}

Scan scan_of(const nz_scan& given) {
  Scan scan{{given.start_ms}, {}};
  if (given.previous_start_ms != NZ_UNKNOWN_TIME) scan.previous_start = {given.previous_start_ms};
  return scan;
}

Status record(Device& device, std::span<const nz_scan> scans, std::span<const nz_sighting> given) {
  std::vector<Sighting> sightings(given.size());
  for (size_t i = 0; i < given.size(); ++i) read_sighting(given[i], sightings[i]);
  std::vector<SightingBatch> batches;
  batches.reserve(scans.size());
  std::span<const Sighting> rest = sightings;
  for (const nz_scan& scan : scans) {
    if (scan.sightings > rest.size())
      return Status(Code::invalid_argument, "more than there are", "sightings")
          .at_record(batches.size());
    batches.push_back({scan_of(scan), rest.first(static_cast<size_t>(scan.sightings))});
    rest = rest.subspan(static_cast<size_t>(scan.sightings));
  }
  if (!rest.empty()) return {Code::invalid_argument, "more than the scans have", "sighting_count"};
  return device.record(batches);
}

}  // namespace
}  // namespace nearzone::c

using namespace nearzone;     // NOLINT(google-build-using-namespace)
using namespace nearzone::c;  // NOLINT(google-build-using-namespace)

void nz_device_config_init(nz_device_config* config) { write_defaults(default_config(), config); }

int32_t nz_device_open(const char* folder, const void* root_secret, const nz_device_config* config,
                       nz_device** device, nz_error** error) {
  return guard(error, [&] {
    auto phone = std::make_shared<Phone>();
    phone->clock = std::make_unique<SystemClock>();
    phone->random = std::make_unique<SystemRandom>();
    return open(folder, root_secret, config, std::move(phone), device);
  });
}

int32_t nz_device_open_simulated(const char* folder, const void* root_secret,
                                 const nz_device_config* config, int64_t time_ms, uint64_t seed,
                                 nz_device** device, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(check_time(time_ms));
    auto phone = std::make_shared<Phone>();
    auto clock = std::make_unique<SimulatedClock>(Instant{time_ms});
    phone->simulated = clock.get();
    phone->clock = std::move(clock);
    phone->random = std::make_unique<SimulatedRandom>(seed);
    return open(folder, root_secret, config, std::move(phone), device);
  });
}

int32_t nz_device_set_simulated_time(nz_device* device, int64_t time_ms, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(check_time(time_ms));
    SimulatedClock* clock = device->phone->simulated;
    if (clock == nullptr) return {Code::unsupported, "only the time of a simulated device is set"};
    clock->set({time_ms});
    return {};
  });
}

void nz_device_free(nz_device* device) { delete device; }

int32_t nz_device_opening(const nz_device* device, nz_opening* opening, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(check_size(opening));
    const LogOpening& found = device->device().log().opening();
    nz_opening told = {};
    told.repaired = found.repaired ? 1 : 0;
    told.older_folder = found.older_folder ? 1 : 0;
    told.states_lost = found.states_lost;
    write_struct(told, opening);
    return {};
  });
}

int32_t nz_device_counter(const nz_device* device, uint64_t* counter, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device, counter));
    *counter = device->device().log().counter();
    return {};
  });
}

int32_t nz_device_advertisement(nz_device* device, nz_advertisement* advertisement,
                                nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(check_size(advertisement));
    NEARZONE_ASSIGN(const Advertisement air, device->device().advertisement());
    nz_advertisement told = {};
    told.scheme = static_cast<int32_t>(air.scheme);
    told.valid_until_ms = air.valid_until.ms;
    told.identifier_size = static_cast<uint32_t>(identifier_size(air.scheme));
    told.metadata_size = air.metadata.size;
    std::ranges::copy(air.identifier.bytes, told.identifier);
    std::ranges::copy(air.metadata.bytes, told.metadata);
    write_struct(told, advertisement);
    return {};
  });
}

int32_t nz_device_record(nz_device* device, const nz_scan* scans, size_t scan_count,
                         const nz_sighting* sightings, size_t sighting_count, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    if (scan_count != 0) NEARZONE_TRY(require(scans));
    if (sighting_count != 0) NEARZONE_TRY(require(sightings));
    return record(device->device(), {scans, scan_count}, {sightings, sighting_count});
  });
}

int32_t nz_device_exposures(const nz_device* device, nz_exposure* out, size_t capacity,
                            size_t* count, nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<nz_exposure> room{out, capacity, count};
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(room.check());
    NEARZONE_ASSIGN(const std::vector<Exposure> exposures, device->device().exposures());
    room.fill(exposures, [](const Exposure& exposure) { return told(exposure); });
    return {};
  });
}

int32_t nz_device_purge(nz_device* device, int32_t* days_erased, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device, days_erased));
    NEARZONE_ASSIGN(*days_erased, device->device().purge());
    return {};
  });
}

int32_t nz_device_compact(nz_device* device, int64_t budget_ms, int32_t* more, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device, more));
    NEARZONE_ASSIGN(const bool is_more, device->device().compact_step(Millis(budget_ms)));
    *more = is_more ? 1 : 0;
    return {};
  });
}

int32_t nz_device_erase_day(nz_device* device, int32_t day, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    return device->device().erase_day(Day{day});
  });
}

int32_t nz_device_erase_all(nz_device* device, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    return device->device().erase_all();
  });
}

int32_t nz_device_suspend(nz_device* device, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    return device->device().suspend();
  });
}

int32_t nz_device_resume(nz_device* device, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    return device->device().resume();
  });
}
