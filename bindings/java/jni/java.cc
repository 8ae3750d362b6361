#include "java.h"

#include <algorithm>

namespace nearzone::java {
namespace {

jclass illegal_argument = nullptr;
jclass illegal_state = nullptr;
jclass null_pointer = nullptr;
jclass out_of_memory = nullptr;
jclass near_zone_exception = nullptr;
jmethodID make_illegal_argument = nullptr;
jmethodID make_illegal_state = nullptr;
jmethodID make_near_zone_exception = nullptr;

bool load(JNIEnv* env, const char* name, jclass& out) {
  const LocalRef<jclass> found(env, env->FindClass(name));
  if (found.get() == nullptr) return false;
  out = static_cast<jclass>(env->NewGlobalRef(found.get()));
  return out != nullptr;
}

// NewStringUTF wants Java's own encoding, which ASCII is a part of. The texts are ASCII by
// contract, and nothing else may get the virtual machine to stop.
jstring ascii_to_java(JNIEnv* env, std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return env->NewStringUTF(text.c_str());
}

jobject make_exception(JNIEnv* env, const nz_error* error) {
  const LocalRef<jstring> message(env, ascii_to_java(env, nz_error_message(error)));
  if (message.get() == nullptr) return nullptr;
  const LocalRef<jstring> field(env, ascii_to_java(env, nz_error_field(error)));
  if (field.get() == nullptr) return nullptr;
  return env->NewObject(near_zone_exception, make_near_zone_exception, jint{nz_error_code(error)},
                        message.get(), field.get(), jlong{nz_error_offset(error)},
                        jlong{nz_error_record(error)});
}

void throw_object(JNIEnv* env, jobject thrown) {
  if (thrown != nullptr) env->Throw(static_cast<jthrowable>(thrown));
}

// An exception of Java's own, which the error is the cause of.
void throw_caused(JNIEnv* env, jclass type, jmethodID make, const nz_error* error) {
  const LocalRef<jobject> cause(env, make_exception(env, error));
  if (cause.get() == nullptr) return;
  const LocalRef<jstring> message(env, ascii_to_java(env, nz_error_message(error)));
  if (message.get() == nullptr) return;
  const LocalRef<jobject> thrown(env, env->NewObject(type, make, message.get(), cause.get()));
  throw_object(env, thrown.get());
}

}  // namespace

bool load_exceptions(JNIEnv* env) {
  if (!load(env, "java/lang/IllegalArgumentException", illegal_argument) ||
      !load(env, "java/lang/IllegalStateException", illegal_state) ||
      !load(env, "java/lang/NullPointerException", null_pointer) ||
      !load(env, "java/lang/OutOfMemoryError", out_of_memory) ||
      !load(env, "org/nearzone/NearZoneException", near_zone_exception)) {
    return false;
  }
  constexpr const char* kCaused = "(Ljava/lang/String;Ljava/lang/Throwable;)V";
  constexpr const char* kError = "(ILjava/lang/String;Ljava/lang/String;JJ)V";
  make_illegal_argument = env->GetMethodID(illegal_argument, "<init>", kCaused);
  if (make_illegal_argument == nullptr) return false;
  make_illegal_state = env->GetMethodID(illegal_state, "<init>", kCaused);
  if (make_illegal_state == nullptr) return false;
  make_near_zone_exception = env->GetMethodID(near_zone_exception, "<init>", kError);
  return make_near_zone_exception != nullptr;
}

void throw_illegal_argument(JNIEnv* env, const char* message) {
  env->ThrowNew(illegal_argument, message);
}

void throw_null_pointer(JNIEnv* env) { env->ThrowNew(null_pointer, "an argument is null"); }

void throw_out_of_memory(JNIEnv* env) { env->ThrowNew(out_of_memory, "no memory"); }

void throw_internal(JNIEnv* env) { env->ThrowNew(illegal_state, "a fault of NearZone's own"); }

bool Error::none(int32_t code) {
  if (code == NZ_OK) return true;
  if (error_ == nullptr) {
    throw_out_of_memory(env_);
  } else if (fault_ == Fault::program && code == NZ_INVALID_ARGUMENT) {
    throw_caused(env_, illegal_argument, make_illegal_argument, error_);
  } else if (fault_ == Fault::program && code == NZ_CLOSED) {
    throw_caused(env_, illegal_state, make_illegal_state, error_);
  } else {
    const LocalRef<jobject> thrown(env_, make_exception(env_, error_));
    throw_object(env_, thrown.get());
  }
  return false;
}

void wipe(void* bytes, size_t size) {
  volatile auto* byte = static_cast<volatile uint8_t*>(bytes);
  for (size_t i = 0; i < size; ++i) byte[i] = 0;
}

jsize length_of(JNIEnv* env, jbyteArray array) {
  if (array != nullptr) return env->GetArrayLength(array);
  throw_null_pointer(env);
  return -1;
}

Utf8::Utf8(JNIEnv* env, jbyteArray bytes) {
  const Region<char> copy(env, bytes);
  if (!copy.ok()) return;
  text_.assign(copy.data(), copy.size());
  ok_ = text_.find('\0') == std::string::npos;
  if (!ok_) throw_illegal_argument(env, "a text holds a zero");
}

const void* direct_bytes(JNIEnv* env, jobject buffer, jlong offset, jlong size) {
  if (buffer == nullptr) {
    throw_null_pointer(env);
    return nullptr;
  }
  const auto* bytes = static_cast<const uint8_t*>(env->GetDirectBufferAddress(buffer));
  const jlong capacity = env->GetDirectBufferCapacity(buffer);
  if (bytes == nullptr || offset < 0 || size < 0 || offset > capacity || size > capacity - offset) {
    throw_illegal_argument(env, "the buffer is not direct, or too small");
    return nullptr;
  }
  return bytes + offset;
}

jbyteArray to_java(JNIEnv* env, const void* bytes, size_t size) {
  if (size > INT32_MAX) {
    throw_out_of_memory(env);
    return nullptr;
  }
  const auto length = static_cast<jsize>(size);
  jbyteArray array = env->NewByteArray(length);
  if (array != nullptr) {
    env->SetByteArrayRegion(array, 0, length, static_cast<const jbyte*>(bytes));
  }
  return array;
}

}  // namespace nearzone::java
