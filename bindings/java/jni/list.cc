// Published lists, and the keys that they are verified with.
#include <algorithm>
#include <memory>

#include "method.h"
#include "packed.h"

namespace nearzone::java {
namespace {

jlong new_public_keys(JNIEnv* env) {
  nz_public_keys* keys = nz_public_keys_new();
  if (keys == nullptr) throw_out_of_memory(env);
  return address(keys);
}

void add_public_key(JNIEnv* env, jlong keys, jbyteArray pem_or_der) {
  const Region<uint8_t> key(env, pem_or_der);
  if (!key.ok()) return;
  Error error(env, Fault::input);
  error.none(nz_public_keys_add(object<nz_public_keys>(keys), key.data(), key.size(), error.out()));
}

void free_public_keys(JNIEnv*, jlong keys) { nz_public_keys_free(object<nz_public_keys>(keys)); }

// As ListConfig packs it.
constexpr size_t kConfigSize = sizeof(int32_t) + 2 * sizeof(int64_t);

nz_list_config unpack_config(const ByteRegion<kConfigSize>& packed) {
  nz_list_config config{};
  config.size = sizeof config;
  nz_list_config_init(&config);
  Unpacker in(packed.data());
  config.refuse_extra_members = in.int32();
  config.max_bytes = in.count();
  config.hold_in_memory = in.count();
  return config;
}

jbyteArray config_defaults(JNIEnv* env) {
  nz_list_config config{};
  config.size = sizeof config;
  nz_list_config_init(&config);
  return Packer()
      .int32(config.refuse_extra_members)
      .count(config.max_bytes)
      .count(config.hold_in_memory)
      .to_java(env);
}

jlong open_file(JNIEnv* env, jbyteArray path, jbyteArray config, jlong cancel) {
  const Utf8 file(env, path);
  if (!file.ok()) return 0;
  const ByteRegion<kConfigSize> packed(env, config);
  if (!packed.ok()) return 0;
  const nz_list_config options = unpack_config(packed);
  nz_list* list = nullptr;
  Error error(env, Fault::input);
  error.none(
      nz_list_open_file(file.get(), &options, object<nz_cancel>(cancel), &list, error.out()));
  return address(list);
}

jlong open_memory(JNIEnv* env, jobject buffer, jint offset, jint size, jbyteArray config,
                  jlong cancel) {
  const void* bytes = direct_bytes(env, buffer, offset, size);
  if (bytes == nullptr) return 0;
  const ByteRegion<kConfigSize> packed(env, config);
  if (!packed.ok()) return 0;
  const nz_list_config options = unpack_config(packed);
  nz_list* list = nullptr;
  Error error(env, Fault::input);
  error.none(nz_list_open_memory(bytes, static_cast<size_t>(size), &options,
                                 object<nz_cancel>(cancel), &list, error.out()));
  return address(list);
}

void free_list(JNIEnv*, jlong list) { nz_list_free(object<nz_list>(list)); }

jbyteArray info(JNIEnv* env, jlong list) {
  nz_list_info header{};
  header.size = sizeof header;
  Error error(env, Fault::input);
  if (!error.none(nz_list_get_info(object<nz_list>(list), &header, error.out()))) return nullptr;
  return Packer()
      .int32(header.format)
      .count(header.keys)
      .count(header.revised_keys)
      .count(header.refused_keys)
      .int64(header.start_ms)
      .int64(header.end_ms)
      .int32(header.batch_number)
      .int32(header.batch_size)
      .count(header.list_id)
      .count(header.sequence)
      .count(header.signatures)
      .text(header.region)
      .bytes(header.content_digest, sizeof header.content_digest)
      .to_java(env);
}

jbyteArray signatures(JNIEnv* env, jlong list) {
  nz_list_info header{};
  header.size = sizeof header;
  Error error(env, Fault::input);
  if (!error.none(nz_list_get_info(object<nz_list>(list), &header, error.out()))) return nullptr;
  Packer out;
  for (uint64_t i = 0; i < header.signatures; ++i) {
    nz_signature_info signature{};
    signature.size = sizeof signature;
    if (!error.none(nz_list_signature(object<nz_list>(list), i, &signature, error.out()))) {
      return nullptr;
    }
    out.text(signature.key_id).text(signature.key_version).text(signature.algorithm);
  }
  return out.to_java(env);
}

// Ends where the list says that there is no further one.
jbyteArray refusals(JNIEnv* env, jlong list) {
  Packer out;
  for (uint64_t i = 0;; ++i) {
    nz_error* refusal = nullptr;
    const int32_t code = nz_list_refusal(object<nz_list>(list), i, &refusal, nullptr);
    if (code == NZ_NOT_FOUND) return out.to_java(env);
    if (code != NZ_OK) {
      throw_internal(env);
      return nullptr;
    }
    const std::unique_ptr<nz_error, void (*)(nz_error*)> owned(refusal, nz_error_free);
    out.int32(nz_error_code(refusal))
        .text(nz_error_message(refusal))
        .text(nz_error_field(refusal))
        .int64(nz_error_offset(refusal))
        .int64(nz_error_record(refusal));
  }
}

jbyteArray verify(JNIEnv* env, jlong list, jlong keys) {
  nz_signature_report report{};
  report.size = sizeof report;
  Error error(env, Fault::input);
  if (!error.none(nz_list_verify(object<nz_list>(list), object<nz_public_keys>(keys), &report,
                                 error.out()))) {
    return nullptr;
  }
  return Packer()
      .int32(report.outcome)
      .count(report.public_key)
      .count(report.signature)
      .text(report.detail)
      .to_java(env);
}

jbyteArray read_keys(JNIEnv* env, jlong list, jint most) {
  // However many are asked for, a list gives so many in one go.
  constexpr jint kMost = 1 << 16;
  if (most <= 0) {
    throw_illegal_argument(env, "most is not positive");
    return nullptr;
  }
  std::vector<nz_published_key> keys(static_cast<size_t>(std::min(most, kMost)));
  size_t count = 0;
  Error error(env, Fault::input);
  if (!error.none(nz_list_read_keys(object<nz_list>(list), keys.data(), keys.size(), &count,
                                    error.out()))) {
    return nullptr;
  }
  return to_java(env, keys.data(), count * sizeof(nz_published_key));
}

void rewind(JNIEnv* env, jlong list) {
  Error error(env, Fault::input);
  error.none(nz_list_rewind(object<nz_list>(list), error.out()));
}

}  // namespace

std::vector<JNINativeMethod> list_methods() {
  return {
      method<new_public_keys>("publicKeysNew"),
      method<add_public_key>("publicKeysAdd"),
      method<free_public_keys>("publicKeysFree"),
      method<config_defaults>("listConfigDefaults"),
      method<open_file>("listOpenFile"),
      method<open_memory>("listOpenMemory"),
      method<free_list>("listFree"),
      method<info>("listInfo"),
      method<signatures>("listSignatures"),
      method<refusals>("listRefusals"),
      method<verify>("listVerify"),
      method<read_keys>("listReadKeys"),
      method<rewind>("listRewind"),
  };
}

}  // namespace nearzone::java
