// A list being matched.
#include "method.h"
#include "packed.h"

namespace nearzone::java {
namespace {

// As MatchConfig packs it.
constexpr size_t kConfigSize = 2 * sizeof(int32_t);

jbyteArray config_defaults(JNIEnv* env) {
  nz_match_config config{};
  config.size = sizeof config;
  nz_match_config_init(&config);
  return Packer().int32(config.bluezone_windows).int32(config.accept_unverified_lists).to_java(env);
}

jlong begin(JNIEnv* env, jlong device, jlong list, jlong keys, jbyteArray config, jlong cancel) {
  const ByteRegion<kConfigSize> packed(env, config);
  if (!packed.ok()) return 0;
  nz_match_config options{};
  options.size = sizeof options;
  nz_match_config_init(&options);
  Unpacker in(packed.data());
  options.bluezone_windows = in.int32();
  options.accept_unverified_lists = in.int32();
  nz_match* match = nullptr;
  Error error(env, Fault::input);
  error.none(nz_match_begin(object<nz_device>(device), object<nz_list>(list),
                            object<nz_public_keys>(keys), &options, object<nz_cancel>(cancel),
                            &match, error.out()));
  return address(match);
}

jboolean step(JNIEnv* env, jlong match, jlong most_keys) {
  int32_t more = 0;
  Error error(env, Fault::input);
  error.none(
      nz_match_step(object<nz_match>(match), static_cast<uint64_t>(most_keys), &more, error.out()));
  return more != 0;
}

void save(JNIEnv* env, jlong match) {
  Error error(env, Fault::input);
  error.none(nz_match_save(object<nz_match>(match), error.out()));
}

jbyteArray report(JNIEnv* env, jlong match) {
  nz_match_report so_far{};
  so_far.size = sizeof so_far;
  Error error(env, Fault::input);
  if (!error.none(nz_match_get_report(object<nz_match>(match), &so_far, error.out()))) {
    return nullptr;
  }
  return Packer()
      .int32(so_far.done)
      .int32(so_far.known)
      .int32(so_far.signature)
      .count(so_far.keys_in_list)
      .count(so_far.keys_tried)
      .count(so_far.keys_refused)
      .to_java(env);
}

jbyteArray exposures(JNIEnv* env, jlong match) {
  return list<nz_exposure>(env, Fault::input, [&](auto... out) {
    return nz_match_exposures(object<nz_match>(match), out...);
  });
}

void free_match(JNIEnv*, jlong match) { nz_match_free(object<nz_match>(match)); }

}  // namespace

std::vector<JNINativeMethod> match_methods() {
  return {
      method<config_defaults>("matchConfigDefaults"),
      method<begin>("matchBegin"),
      method<step>("matchStep"),
      method<save>("matchSave"),
      method<report>("matchReport"),
      method<exposures>("matchExposures"),
      method<free_match>("matchFree"),
  };
}

}  // namespace nearzone::java
