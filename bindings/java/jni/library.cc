// The library itself, cancel flags, what a published key stands for, and what is known of phones.
#include <cstring>

#include "method.h"
#include "packed.h"

namespace nearzone::java {
namespace {

jint abi_version(JNIEnv*) { return static_cast<jint>(nz_abi_version()); }

jbyteArray version(JNIEnv* env) { return to_java(env, nz_version(), std::strlen(nz_version())); }

jlong cancel_new(JNIEnv* env) {
  nz_cancel* cancel = nz_cancel_new();
  if (cancel == nullptr) throw_out_of_memory(env);
  return address(cancel);
}

void cancel_request(JNIEnv*, jlong cancel) { nz_cancel_request(object<nz_cancel>(cancel)); }

void cancel_free(JNIEnv*, jlong cancel) { nz_cancel_free(object<nz_cancel>(cancel)); }

jbyteArray derive_identifiers(JNIEnv* env, jbyteArray packed) {
  const ByteRegion<sizeof(nz_published_key)> bytes(env, packed);
  if (!bytes.ok()) return nullptr;
  nz_published_key key;
  std::memcpy(&key, bytes.data(), sizeof key);
  return list<nz_broadcast>(env, Fault::input,
                            [&](auto... out) { return nz_derive_identifiers(&key, out...); });
}

jbyteArray derive_report_identifiers(JNIEnv* env, jbyteArray signed_report) {
  const Region<uint8_t> report(env, signed_report);
  if (!report.ok()) return nullptr;
  return list<nz_broadcast>(env, Fault::input, [&](auto... out) {
    return nz_derive_report_identifiers(report.data(), report.size(), out...);
  });
}

jbyteArray look_up_calibration(JNIEnv* env, jbyteArray table, jbyteArray maker, jbyteArray device,
                               jbyteArray model) {
  const Region<uint8_t> bytes(env, table);
  if (!bytes.ok()) return nullptr;
  const Utf8 of_maker(env, maker);
  if (!of_maker.ok()) return nullptr;
  const Utf8 of_device(env, device);
  if (!of_device.ok()) return nullptr;
  const Utf8 of_model(env, model);
  if (!of_model.ok()) return nullptr;
  nz_calibration found{};
  found.size = sizeof found;
  Error error(env, Fault::input);
  if (!error.none(nz_calibration_look_up(bytes.data(), bytes.size(), of_maker.get(),
                                         of_device.get(), of_model.get(), &found, error.out())))
    return nullptr;
  return Packer()
      .int32(found.rssi_correction_db)
      .int32(found.transmit_power_dbm)
      .int32(found.confidence)
      .int32(found.source)
      .to_java(env);
}

}  // namespace

std::vector<JNINativeMethod> library_methods() {
  return {
      method<abi_version>("abiVersion"),
      method<version>("version"),
      method<cancel_new>("cancelNew"),
      method<cancel_request>("cancelRequest"),
      method<cancel_free>("cancelFree"),
      method<derive_identifiers>("deriveIdentifiers"),
      method<derive_report_identifiers>("deriveReportIdentifiers"),
      method<look_up_calibration>("lookUpCalibration"),
  };
}

}  // namespace nearzone::java
