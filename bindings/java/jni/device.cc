// A device: opening it, what it sends and hears, and its upkeep.
#include "method.h"
#include "packed.h"

namespace nearzone::java {
namespace {

constexpr size_t kRootSecretSize = 32;

// As DeviceConfig packs it.
constexpr size_t kConfigSize = 8 * sizeof(int32_t) + 2 * sizeof(int64_t);

nz_device_config unpack_config(const ByteRegion<kConfigSize>& packed) {
  nz_device_config config{};
  config.size = sizeof config;
  nz_device_config_init(&config);
  Unpacker in(packed.data());
  config.own_scheme = in.int32();
  config.transmit_power_dbm = in.int32();
  config.rssi_correction_db = in.int32();
  config.assumed_transmit_power_dbm = in.int32();
  config.retention_days = in.int32();
  config.durability = in.int32();
  config.deduplication = in.int32();
  config.byte_budget = in.count();
  config.least_counter = in.count();
  config.calibration_confidence = in.int32();
  return config;
}

jbyteArray config_defaults(JNIEnv* env) {
  nz_device_config config{};
  config.size = sizeof config;
  nz_device_config_init(&config);
  return Packer()
      .int32(config.own_scheme)
      .int32(config.transmit_power_dbm)
      .int32(config.rssi_correction_db)
      .int32(config.assumed_transmit_power_dbm)
      .int32(config.retention_days)
      .int32(config.durability)
      .int32(config.deduplication)
      .count(config.byte_budget)
      .count(config.least_counter)
      .int32(config.calibration_confidence)
      .to_java(env);
}

// `open(folder, root_secret, config, device, error)` is one of the C interface's two openings.
template <class Open>
jlong open_device(JNIEnv* env, jbyteArray folder, jbyteArray root_secret, jbyteArray config,
                  Open open) {
  const Utf8 path(env, folder);
  if (!path.ok()) return 0;
  const ByteRegion<kRootSecretSize> root(env, root_secret);
  if (!root.ok()) return 0;
  const ByteRegion<kConfigSize> packed(env, config);
  if (!packed.ok()) return 0;
  const nz_device_config options = unpack_config(packed);
  nz_device* device = nullptr;
  Error error(env, Fault::program);
  error.none(open(path.get(), root.data(), &options, &device, error.out()));
  return address(device);
}

jlong open_real(JNIEnv* env, jbyteArray folder, jbyteArray root_secret, jbyteArray config) {
  return open_device(env, folder, root_secret, config, nz_device_open);
}

jlong open_simulated(JNIEnv* env, jbyteArray folder, jbyteArray root_secret, jbyteArray config,
                     jlong time_ms, jlong seed) {
  return open_device(env, folder, root_secret, config,
                     [&](const char* path, const void* root, const nz_device_config* options,
                         nz_device** device, nz_error** error) {
                       return nz_device_open_simulated(path, root, options, time_ms,
                                                       static_cast<uint64_t>(seed), device, error);
                     });
}

void set_simulated_time(JNIEnv* env, jlong device, jlong time_ms) {
  Error error(env, Fault::program);
  error.none(nz_device_set_simulated_time(object<nz_device>(device), time_ms, error.out()));
}

void free_device(JNIEnv*, jlong device) { nz_device_free(object<nz_device>(device)); }

jbyteArray opening(JNIEnv* env, jlong device) {
  nz_opening found{};
  found.size = sizeof found;
  Error error(env, Fault::program);
  if (!error.none(nz_device_opening(object<nz_device>(device), &found, error.out()))) {
    return nullptr;
  }
  return Packer()
      .int32(found.repaired)
      .int32(found.older_folder)
      .count(found.states_lost)
      .to_java(env);
}

jlong counter(JNIEnv* env, jlong device) {
  uint64_t counter = 0;
  Error error(env, Fault::program);
  error.none(nz_device_counter(object<nz_device>(device), &counter, error.out()));
  return static_cast<jlong>(counter);
}

jbyteArray advertisement(JNIEnv* env, jlong device) {
  nz_advertisement air{};
  air.size = sizeof air;
  Error error(env, Fault::program);
  if (!error.none(nz_device_advertisement(object<nz_device>(device), &air, error.out()))) {
    return nullptr;
  }
  return Packer()
      .int32(air.scheme)
      .int64(air.valid_until_ms)
      .sized(air.identifier, air.identifier_size)
      .sized(air.metadata, air.metadata_size)
      .to_java(env);
}

void record_scans(JNIEnv* env, jlong device, jbyteArray scans, jint scan_count,
                  jbyteArray sightings, jint sighting_count) {
  const Region<nz_scan> scan(env, scans, scan_count);
  if (!scan.ok()) return;
  const Region<nz_sighting> heard(env, sightings, sighting_count);
  if (!heard.ok()) return;
  Error error(env, Fault::program);
  error.none(nz_device_record(object<nz_device>(device), scan.data(), scan.size(), heard.data(),
                              heard.size(), error.out()));
}

jint purge(JNIEnv* env, jlong device) {
  int32_t days = 0;
  Error error(env, Fault::program);
  error.none(nz_device_purge(object<nz_device>(device), &days, error.out()));
  return days;
}

jboolean compact(JNIEnv* env, jlong device, jlong budget_ms) {
  int32_t more = 0;
  Error error(env, Fault::program);
  error.none(nz_device_compact(object<nz_device>(device), budget_ms, &more, error.out()));
  return more != 0;
}

void erase_day(JNIEnv* env, jlong device, jint day) {
  Error error(env, Fault::program);
  error.none(nz_device_erase_day(object<nz_device>(device), day, error.out()));
}

void erase_all(JNIEnv* env, jlong device) {
  Error error(env, Fault::program);
  error.none(nz_device_erase_all(object<nz_device>(device), error.out()));
}

void suspend(JNIEnv* env, jlong device) {
  Error error(env, Fault::program);
  error.none(nz_device_suspend(object<nz_device>(device), error.out()));
}

void resume(JNIEnv* env, jlong device) {
  Error error(env, Fault::program);
  error.none(nz_device_resume(object<nz_device>(device), error.out()));
}

}  // namespace

std::vector<JNINativeMethod> device_methods() {
  return {
      method<config_defaults>("deviceConfigDefaults"),
      method<open_real>("deviceOpen"),
      method<open_simulated>("deviceOpenSimulated"),
      method<set_simulated_time>("deviceSetSimulatedTime"),
      method<free_device>("deviceFree"),
      method<opening>("deviceOpening"),
      method<counter>("deviceCounter"),
      method<advertisement>("deviceAdvertisement"),
      method<record_scans>("deviceRecord"),
      method<purge>("devicePurge"),
      method<compact>("deviceCompact"),
      method<erase_day>("deviceEraseDay"),
      method<erase_all>("deviceEraseAll"),
      method<suspend>("deviceSuspend"),
      method<resume>("deviceResume"),
  };
}

}  // namespace nearzone::java
