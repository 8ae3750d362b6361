// The library itself, cancel flags, and what a published key stands for.
#include <cstring>

#include "method.h"

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
  };
}

}  // namespace nearzone::java
