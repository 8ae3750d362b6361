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

jlong disclose(JNIEnv* env, jlong device, jint consent, jint days, jbyteArray redactions) {
  static_assert(sizeof(nz_time_range) == 2 * sizeof(jlong));
  const jsize size = length_of(env, redactions);
  if (size < 0) return 0;
  const Region<nz_time_range> ranges(env, redactions, size / jsize{sizeof(nz_time_range)});
  if (!ranges.ok()) return 0;
  nz_disclosure* disclosure = nullptr;
  Error error(env, Fault::program);
  error.none(nz_device_disclose_redacted(object<nz_device>(device), consent, days, ranges.data(),
                                         ranges.size(), &disclosure, error.out()));
  return address(disclosure);
}

jint disclosure_size(JNIEnv* env, jlong disclosure) {
  size_t keys = 0;
  Error error(env, Fault::program);
  error.none(nz_disclosure_size(object<nz_disclosure>(disclosure), &keys, error.out()));
  return static_cast<jint>(keys);
}

// Each key, then the size of its report, and that.
jbyteArray take_disclosure(JNIEnv* env, jlong disclosure) {
  auto* const given = object<nz_disclosure>(disclosure);
  Error error(env, Fault::program);
  size_t count = 0;
  if (!error.none(nz_disclosure_size(given, &count, error.out()))) return nullptr;
  // The keys can be taken once: everything that may fail comes before.
  std::vector<nz_published_key> keys(count);
  std::vector<std::array<uint8_t, NZ_MOST_REPORT_BYTES>> reports(count);
  std::vector<size_t> sizes(count);
  size_t size = count * (sizeof(nz_published_key) + sizeof(jint));
  for (size_t i = 0; i < count; ++i) {
    if (!error.none(nz_disclosure_report(given, i, reports[i].data(), reports[i].size(), &sizes[i],
                                         error.out()))) {
      return nullptr;
    }
    size += sizes[i];
  }
  jbyteArray out = env->NewByteArray(static_cast<jsize>(size));
  if (out == nullptr ||
      !error.none(nz_disclosure_take(given, keys.data(), count, &count, error.out()))) {
    return nullptr;
  }
  jsize at = 0;
  const auto append = [&](const void* from, size_t bytes) {
    env->SetByteArrayRegion(out, at, static_cast<jsize>(bytes), static_cast<const jbyte*>(from));
    at += static_cast<jsize>(bytes);
  };
  for (size_t i = 0; i < count; ++i) {
    const auto report_size = static_cast<jint>(sizes[i]);
    append(&keys[i], sizeof keys[i]);
    append(&report_size, sizeof report_size);
    append(reports[i].data(), sizes[i]);
  }
  wipe(keys.data(), keys.size() * sizeof(nz_published_key));
  wipe(reports.data(), reports.size() * NZ_MOST_REPORT_BYTES);
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
