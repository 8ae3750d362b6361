// Uploads, and indexes of lists being followed.
#include "method.h"
#include "packed.h"

namespace nearzone::java {
namespace {

// As UploadConfig passes it.
class UploadConfig {
 public:
  UploadConfig(JNIEnv* env, jbyteArray health_authority, jlong chaff_gap_ms)
      : health_authority_(env, health_authority) {
    config_.size = sizeof config_;
    nz_upload_config_init(&config_);
    config_.health_authority = health_authority_.get();
    config_.chaff_gap_ms = chaff_gap_ms;
  }
  bool ok() const { return health_authority_.ok(); }
  const nz_upload_config* get() const { return &config_; }

 private:
  Utf8 health_authority_;
  nz_upload_config config_{};
};

void begin(JNIEnv* env, jlong device, jint consent, jint days) {
  Error error(env, Fault::program);
  error.none(nz_device_begin_upload(object<nz_device>(device), consent, days, error.out()));
}

void enter_code(JNIEnv* env, jlong device, jbyteArray code) {
  const Utf8 text(env, code);
  if (!text.ok()) return;
  // What a person types is no fault of the program's.
  Error error(env, Fault::input);
  error.none(nz_device_enter_upload_code(object<nz_device>(device), text.get(), error.out()));
}

void discard(JNIEnv* env, jlong device) {
  Error error(env, Fault::program);
  error.none(nz_device_discard_upload(object<nz_device>(device), error.out()));
}

jbyteArray status(JNIEnv* env, jlong device) {
  nz_upload_status found{};
  found.size = sizeof found;
  Error error(env, Fault::program);
  if (!error.none(nz_device_upload_status(object<nz_device>(device), &found, error.out()))) {
    return nullptr;
  }
  return Packer()
      .int32(found.state)
      .int32(found.problem)
      .int32(found.partly_refused)
      .int32(found.report_type)
      .int32(static_cast<int32_t>(found.keys))
      .int32(static_cast<int32_t>(found.keys_inserted))
      .int64(found.consented_at_ms)
      .int64(found.wake_at_ms)
      .to_java(env);
}

jlong default_chaff_gap(JNIEnv*) {
  nz_upload_config config{};
  config.size = sizeof config;
  nz_upload_config_init(&config);
  return config.chaff_gap_ms;
}

jlong request(JNIEnv* env, jlong device, jbyteArray health_authority, jlong chaff_gap_ms) {
  const UploadConfig config(env, health_authority, chaff_gap_ms);
  if (!config.ok()) return 0;
  nz_upload_request* next = nullptr;
  Error error(env, Fault::program);
  error.none(nz_device_upload_request(object<nz_device>(device), config.get(), &next, error.out()));
  return address(next);
}

jbyteArray request_info(JNIEnv* env, jlong request) {
  nz_upload_request_info info{};
  info.size = sizeof info;
  Error error(env, Fault::program);
  if (!error.none(
          nz_upload_request_get_info(object<nz_upload_request>(request), &info, error.out()))) {
    return nullptr;
  }
  return Packer()
      .int32(info.step)
      .int32(info.server)
      .int32(info.chaff)
      .text(info.path)
      .text(info.marking_header)
      .sized(info.body, info.body_size)
      .to_java(env);
}

void request_free(JNIEnv*, jlong request) {
  nz_upload_request_free(object<nz_upload_request>(request));
}

void answered(JNIEnv* env, jlong device, jbyteArray health_authority, jlong chaff_gap_ms,
              jlong request, jint http_status, jbyteArray body, jlong retry_after_ms) {
  const UploadConfig config(env, health_authority, chaff_gap_ms);
  if (!config.ok()) return;
  const Region<uint8_t> bytes(env, body);
  if (!bytes.ok()) return;
  Error error(env, Fault::program);
  error.none(nz_device_upload_answered(object<nz_device>(device), config.get(),
                                       object<nz_upload_request>(request), http_status,
                                       bytes.data(), bytes.size(), retry_after_ms, error.out()));
}

jlong wake_at(JNIEnv* env, jlong device, jbyteArray health_authority, jlong chaff_gap_ms) {
  const UploadConfig config(env, health_authority, chaff_gap_ms);
  if (!config.ok()) return 0;
  int64_t at = NZ_UNKNOWN_TIME;
  Error error(env, Fault::program);
  error.none(nz_device_upload_wake_at(object<nz_device>(device), config.get(), &at, error.out()));
  return at;
}

jbyteArray index_defaults(JNIEnv* env) {
  nz_index_config config{};
  config.size = sizeof config;
  nz_index_config_init(&config);
  return Packer()
      .text(config.path)
      .text(config.suffix)
      .int64(config.gap_ms)
      .count(config.most_list_bytes)
      .to_java(env);
}

jlong follow(JNIEnv* env, jlong device, jbyteArray server, jbyteArray path, jbyteArray suffix,
             jlong gap_ms, jlong most_list_bytes) {
  const Utf8 name(env, server);
  if (!name.ok()) return 0;
  const Utf8 index_path(env, path);
  if (!index_path.ok()) return 0;
  const Utf8 ending(env, suffix);
  if (!ending.ok()) return 0;
  nz_index_config config{};
  config.size = sizeof config;
  nz_index_config_init(&config);
  config.path = index_path.get();
  config.suffix = ending.get();
  config.gap_ms = gap_ms;
  config.most_list_bytes = static_cast<uint64_t>(most_list_bytes);
  nz_index* index = nullptr;
  Error error(env, Fault::program);
  error.none(
      nz_device_follow_index(object<nz_device>(device), name.get(), &config, &index, error.out()));
  return address(index);
}

void index_free(JNIEnv*, jlong index) { nz_index_free(object<nz_index>(index)); }

// Nothing but the time to ask again, where there is nothing to fetch.
jbyteArray index_next(JNIEnv* env, jlong index) {
  nz_fetch fetch{};
  fetch.size = sizeof fetch;
  Error error(env, Fault::program);
  if (!error.none(nz_index_next(object<nz_index>(index), &fetch, error.out()))) return nullptr;
  Packer packed;
  packed.int64(fetch.wake_at_ms);
  if (fetch.path != nullptr) {
    packed.int32(fetch.is_index).text(fetch.path).text(fetch.etag).count(fetch.most_bytes);
  }
  return packed.to_java(env);
}

void index_answered(JNIEnv* env, jlong index, jint http_status, jbyteArray body, jbyteArray etag,
                    jlong retry_after_ms) {
  const Region<uint8_t> bytes(env, body);
  if (!bytes.ok()) return;
  const Utf8 tag(env, etag);
  if (!tag.ok()) return;
  Error error(env, Fault::input);
  error.none(nz_index_answered(object<nz_index>(index), http_status, bytes.data(), bytes.size(),
                               tag.get(), retry_after_ms, error.out()));
}

void index_list_handled(JNIEnv* env, jlong index, jbyteArray path, jint outcome,
                        jlong retry_after_ms) {
  const Utf8 list(env, path);
  if (!list.ok()) return;
  Error error(env, Fault::program);
  error.none(nz_index_list_handled(object<nz_index>(index), list.get(), outcome, retry_after_ms,
                                   error.out()));
}

jbyteArray index_status(JNIEnv* env, jlong index) {
  nz_index_status found{};
  found.size = sizeof found;
  Error error(env, Fault::program);
  if (!error.none(nz_index_get_status(object<nz_index>(index), &found, error.out()))) {
    return nullptr;
  }
  return Packer()
      .count(found.listed)
      .count(found.waiting)
      .count(found.given_up)
      .int64(found.wake_at_ms)
      .to_java(env);
}

}  // namespace

std::vector<JNINativeMethod> upload_methods() {
  return {
      method<begin>("deviceBeginUpload"),
      method<enter_code>("deviceEnterUploadCode"),
      method<discard>("deviceDiscardUpload"),
      method<status>("deviceUploadStatus"),
      method<default_chaff_gap>("uploadDefaultChaffGap"),
      method<request>("deviceUploadRequest"),
      method<request_info>("uploadRequestInfo"),
      method<request_free>("uploadRequestFree"),
      method<answered>("deviceUploadAnswered"),
      method<wake_at>("deviceUploadWakeAt"),
      method<index_defaults>("indexConfigDefaults"),
      method<follow>("deviceFollowIndex"),
      method<index_free>("indexFree"),
      method<index_next>("indexNext"),
      method<index_answered>("indexAnswered"),
      method<index_list_handled>("indexListHandled"),
      method<index_status>("indexStatus"),
  };
}

}  // namespace nearzone::java
