// Exposure windows, and what they amount to by the day.
#include "method.h"
#include "packed.h"

namespace nearzone::java {
namespace {

nz_diagnosis_key_mapping default_mapping() {
  nz_diagnosis_key_mapping mapping{};
  mapping.size = sizeof mapping;
  nz_diagnosis_key_mapping_init(&mapping);
  return mapping;
}

// As DiagnosisKeyMapping packs it: every number in four bytes.
constexpr size_t kMappingSize =
    (2 + sizeof(nz_diagnosis_key_mapping::by_days_since_onset)) * sizeof(int32_t);

jbyteArray mapping_defaults(JNIEnv* env) {
  const nz_diagnosis_key_mapping mapping = default_mapping();
  Packer out;
  out.int32(mapping.report_type_when_missing).int32(mapping.when_onset_unknown);
  for (const uint8_t day : mapping.by_days_since_onset) out.int32(day);
  return out.to_java(env);
}

jbyteArray windows(JNIEnv* env, jlong device, jbyteArray mapping) {
  const ByteRegion<kMappingSize> packed(env, mapping);
  if (!packed.ok()) return nullptr;
  nz_diagnosis_key_mapping meant = default_mapping();
  Unpacker in(packed.data());
  meant.report_type_when_missing = in.int32();
  meant.when_onset_unknown = in.int32();
  for (uint8_t& day : meant.by_days_since_onset) day = static_cast<uint8_t>(in.int32());
  return list<nz_window_scan>(env, Fault::program, [&](auto... out) {
    return nz_device_exposure_windows(object<nz_device>(device), &meant, out...);
  });
}

nz_daily_summary_config default_summary() {
  nz_daily_summary_config config{};
  config.size = sizeof config;
  nz_daily_summary_config_init(&config);
  return config;
}

// Calls `each` with every number of a config, in the order that DailySummaryConfig packs them in.
template <class Config, class Each>
void each_number(Config& config, Each each) {
  each(config.days_since_exposure_threshold);
  for (auto& threshold : config.attenuation_thresholds_db) each(threshold);
  for (auto& weight : config.attenuation_weights) each(weight);
  for (auto& weight : config.report_type_weights) each(weight);
  for (auto& weight : config.infectiousness_weights) each(weight);
  each(config.minimum_window_score);
}
constexpr size_t kSummarySize = 4 * sizeof(int32_t) + 14 * sizeof(double);

jbyteArray summary_defaults(JNIEnv* env) {
  const nz_daily_summary_config config = default_summary();
  Packer out;
  each_number(config, [&](const auto& number) { out.bytes(&number, sizeof number); });
  return out.to_java(env);
}

jbyteArray summaries(JNIEnv* env, jbyteArray scans, jint scan_count, jbyteArray config,
                     jint today) {
  const Region<nz_window_scan> given(env, scans, scan_count);
  if (!given.ok()) return nullptr;
  const ByteRegion<kSummarySize> packed(env, config);
  if (!packed.ok()) return nullptr;
  nz_daily_summary_config meant = default_summary();
  Unpacker in(packed.data());
  each_number(meant, [&](auto& number) { in.read(number); });
  return list<nz_daily_summary>(env, Fault::program, [&](auto... out) {
    return nz_daily_summaries(given.data(), given.size(), &meant, today, out...);
  });
}

}  // namespace

std::vector<JNINativeMethod> window_methods() {
  return {
      method<mapping_defaults>("diagnosisKeyMappingDefaults"),
      method<windows>("deviceExposureWindows"),
      method<summary_defaults>("dailySummaryConfigDefaults"),
      method<summaries>("dailySummaries"),
  };
}

}  // namespace nearzone::java
