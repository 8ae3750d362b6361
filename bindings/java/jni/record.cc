// The person's own record: what was found, counted, exported and given away.
#include <algorithm>
#include <array>

#include "method.h"
#include "packed.h"

namespace nearzone::java {
namespace {

jbyteArray exposures(JNIEnv* env, jlong device) {
  return list<nz_exposure>(env, Fault::program, [&](auto... out) {
    return nz_device_exposures(object<nz_device>(device), out...);
  });
}

jbyteArray statistics(JNIEnv* env, jlong device) {
  nz_statistics counts{};
  counts.size = sizeof counts;
  Error error(env, Fault::program);
  if (!error.none(nz_device_statistics(object<nz_device>(device), &counts, error.out()))) {
    return nullptr;
  }
  return Packer()
      .int32(counts.clock_in_doubt)
      .count(counts.scans)
      .count(counts.sightings)
      .count(counts.bytes_on_disk)
      .to_java(env);
}

jbyteArray days(JNIEnv* env, jlong device) {
  return list<nz_day_counts>(env, Fault::program, [&](auto... out) {
    return nz_device_days(object<nz_device>(device), out...);
  });
}

jbyteArray local_days(JNIEnv* env, jlong device, jlong utc_offset_ms) {
  return list<nz_day_counts>(env, Fault::program, [&](auto... out) {
    return nz_device_local_days(object<nz_device>(device), utc_offset_ms, out...);
  });
}

jbyteArray losses(JNIEnv* env, jlong device, jint kind) {
  return list<nz_day_counts>(env, Fault::program, [&](auto... out) {
    return nz_device_losses(object<nz_device>(device), kind, out...);
  });
}

jlong begin_export(JNIEnv* env, jlong device, jint format, jlong cancel) {
  nz_export* text = nullptr;
  Error error(env, Fault::program);
  error.none(nz_device_export(object<nz_device>(device), format, object<nz_cancel>(cancel), &text,
                              error.out()));
  return address(text);
}

jint read_export(JNIEnv* env, jlong text, jbyteArray out) {
  if (out == nullptr) {
    throw_null_pointer(env);
    return 0;
  }
  std::array<jbyte, 16384> piece;
  const auto capacity = std::min(piece.size(), static_cast<size_t>(env->GetArrayLength(out)));
  size_t size = 0;
  Error error(env, Fault::program);
  if (error.none(
          nz_export_read(object<nz_export>(text), piece.data(), capacity, &size, error.out()))) {
    env->SetByteArrayRegion(out, 0, static_cast<jsize>(size), piece.data());
  }
  return static_cast<jint>(size);
}

void free_export(JNIEnv*, jlong text) { nz_export_free(object<nz_export>(text)); }

jlong disclose(JNIEnv* env, jlong device, jint consent, jint days) {
  nz_disclosure* disclosure = nullptr;
  Error error(env, Fault::program);
  error.none(
      nz_device_disclose(object<nz_device>(device), consent, days, &disclosure, error.out()));
  return address(disclosure);
}

jint disclosure_size(JNIEnv* env, jlong disclosure) {
  size_t keys = 0;
  Error error(env, Fault::program);
  error.none(nz_disclosure_size(object<nz_disclosure>(disclosure), &keys, error.out()));
  return static_cast<jint>(keys);
}

jbyteArray take_disclosure(JNIEnv* env, jlong disclosure) {
  size_t count = 0;
  Error error(env, Fault::program);
  if (!error.none(nz_disclosure_size(object<nz_disclosure>(disclosure), &count, error.out()))) {
    return nullptr;
  }
  // The keys can be taken once: everything that may fail comes before.
  std::vector<nz_published_key> keys(count);
  const auto size = static_cast<jsize>(count * sizeof(nz_published_key));
  jbyteArray out = env->NewByteArray(size);
  if (out == nullptr || !error.none(nz_disclosure_take(object<nz_disclosure>(disclosure),
                                                       keys.data(), count, &count, error.out()))) {
    return nullptr;
  }
  env->SetByteArrayRegion(out, 0, size, reinterpret_cast<const jbyte*>(keys.data()));
  wipe(keys.data(), keys.size() * sizeof(nz_published_key));
  return out;
}

void free_disclosure(JNIEnv*, jlong disclosure) {
  nz_disclosure_free(object<nz_disclosure>(disclosure));
}

}  // namespace

std::vector<JNINativeMethod> record_methods() {
  return {
      method<exposures>("deviceExposures"),
      method<statistics>("deviceStatistics"),
      method<days>("deviceDays"),
      method<local_days>("deviceLocalDays"),
      method<losses>("deviceLosses"),
      method<begin_export>("deviceExport"),
      method<read_export>("exportRead"),
      method<free_export>("exportFree"),
      method<disclose>("deviceDisclose"),
      method<disclosure_size>("disclosureSize"),
      method<take_disclosure>("disclosureTake"),
      method<free_disclosure>("disclosureFree"),
  };
}

}  // namespace nearzone::java
