// What Java calls when it loads the library. It fails where a class, a constructor or a method is
// not as it should be, so that nothing of the kind is met later.
#include "method.h"

namespace nearzone::java {
namespace {

// What Java reads of arrays of the C interface's structs is written down in its own classes.
static_assert(sizeof(nz_scan) == 24 && sizeof(nz_sighting) == 32 && sizeof(nz_exposure) == 40 &&
              sizeof(nz_published_key) == 88 && sizeof(nz_broadcast) == 32 &&
              sizeof(nz_day_counts) == 32 && sizeof(nz_scan_filter) == 64 &&
              sizeof(nz_heard) == 28 && sizeof(nz_action) == 32 && sizeof(nz_window_scan) == 32 &&
              sizeof(nz_daily_summary) == 32);

bool load(JNIEnv* env) {
  if (nz_abi_version() != NZ_ABI_VERSION || !load_exceptions(env)) return false;
  const LocalRef<jclass> native(env, env->FindClass("org/nearzone/Native"));
  if (native.get() == nullptr) return false;
  for (const auto& methods :
       {library_methods(), device_methods(), record_methods(), list_methods(), match_methods(),
        upload_methods(), beacon_methods(), window_methods()}) {
    const auto count = static_cast<jint>(methods.size());
    if (env->RegisterNatives(native.get(), methods.data(), count) != JNI_OK) return false;
  }
  return true;
}

}  // namespace
}  // namespace nearzone::java

extern "C" JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* vm, void*) {
  void* env = nullptr;
  if (vm->GetEnv(&env, JNI_VERSION_1_6) != JNI_OK) return JNI_ERR;
  try {
    return nearzone::java::load(static_cast<JNIEnv*>(env)) ? JNI_VERSION_1_6 : JNI_ERR;
  } catch (...) {
    return JNI_ERR;
  }
}
