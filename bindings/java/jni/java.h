// What every native method needs of Java: exceptions, and borrows that end with their scope. Where
// ok() of a borrow is false, there is an exception pending, and the method returns at once.
#pragma once

#include <jni.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nearzone.h"

namespace nearzone::java {

// The classes and constructors that exceptions are made of, looked up once, when the library is
// loaded: threads that Java did not start see the system's classes only. False, with an exception
// pending, where one is missing.
bool load_exceptions(JNIEnv* env);

void throw_illegal_argument(JNIEnv* env, const char* message);
void throw_null_pointer(JNIEnv* env);
void throw_out_of_memory(JNIEnv* env);
void throw_internal(JNIEnv* env);

// Whose fault a failure is. What the program itself asked wrongly becomes the exception that Java
// has for it; what may come of foreign bytes or of other threads is always a NearZoneException.
enum class Fault { program, input };

// The error of one call of the C interface.
class Error {
 public:
  Error(JNIEnv* env, Fault fault) : env_(env), fault_(fault) {}
  ~Error() { nz_error_free(error_); }
  Error(const Error&) = delete;
  Error& operator=(const Error&) = delete;

  // Where the call is to leave its error.
  nz_error** out() { return &error_; }
  // False where the call failed: then there is an exception pending.
  bool none(int32_t code);

 private:
  JNIEnv* env_;
  Fault fault_;
  nz_error* error_ = nullptr;
};

template <class T>
class LocalRef {
 public:
  LocalRef(JNIEnv* env, T ref) : env_(env), ref_(ref) {}
  ~LocalRef() {
    if (ref_ != nullptr) env_->DeleteLocalRef(ref_);
  }
  LocalRef(const LocalRef&) = delete;
  LocalRef& operator=(const LocalRef&) = delete;
  T get() const { return ref_; }

 private:
  JNIEnv* env_;
  T ref_;
};

// Overwrites what the compiler may think is not read any more.
void wipe(void* bytes, size_t size);

// How many bytes an array has; -1, with an exception pending, where there is none.
jsize length_of(JNIEnv* env, jbyteArray array);

// A copy of an array of N bytes, wiped at its end, as it may be a key.
template <size_t N>
class ByteRegion {
 public:
  ByteRegion(JNIEnv* env, jbyteArray array) {
    const jsize length = length_of(env, array);
    ok_ = length == jsize{N};
    if (ok_) {
      env->GetByteArrayRegion(array, 0, length, reinterpret_cast<jbyte*>(bytes_.data()));
    } else if (length >= 0) {
      throw_illegal_argument(env, "an array has the wrong length");
    }
  }
  ~ByteRegion() { wipe(bytes_.data(), N); }
  ByteRegion(const ByteRegion&) = delete;
  ByteRegion& operator=(const ByteRegion&) = delete;
  bool ok() const { return ok_; }
  const uint8_t* data() const { return bytes_.data(); }

 private:
  std::array<uint8_t, N> bytes_{};
  bool ok_;
};

// A copy of the elements that an array begins with.
template <class Element>
class Region {
 public:
  Region(JNIEnv* env, jbyteArray array, jint count) {
    const jsize length = length_of(env, array);
    const jlong size = jlong{count} * jlong{sizeof(Element)};
    ok_ = length >= 0 && size >= 0 && size <= length;
    if (ok_) {
      elements_.resize(static_cast<size_t>(count));
      env->GetByteArrayRegion(array, 0, static_cast<jsize>(size),
                              reinterpret_cast<jbyte*>(elements_.data()));
    } else if (length >= 0) {
      throw_illegal_argument(env, "an array has less elements than its count says");
    }
  }
  // All of an array of bytes.
  Region(JNIEnv* env, jbyteArray array)
      : Region(env, array, array == nullptr ? 0 : env->GetArrayLength(array)) {
    static_assert(sizeof(Element) == 1);
  }
  bool ok() const { return ok_; }
  const Element* data() const { return elements_.data(); }
  size_t size() const { return elements_.size(); }

 private:
  std::vector<Element> elements_;
  bool ok_ = false;
};

// A file's name or another text. Java passes it in UTF-8: its own way of lending texts has another
// encoding.
class Utf8 {
 public:
  Utf8(JNIEnv* env, jbyteArray bytes);
  bool ok() const { return ok_; }
  const char* get() const { return text_.c_str(); }

 private:
  std::string text_;
  bool ok_ = false;
};

// A part of a direct buffer's memory, which lives as long as the buffer. Null, with an exception
// pending, where the buffer is not direct or the part does not lie within it.
const void* direct_bytes(JNIEnv* env, jobject buffer, jlong offset, jlong size);

jbyteArray to_java(JNIEnv* env, const void* bytes, size_t size);

// What `ask(out, capacity, count, error)` lists, as an array of its structs.
template <class Element, class Ask>
jbyteArray list(JNIEnv* env, Fault fault, Ask ask) {
  size_t count = 64;
  std::vector<Element> out;
  do {
    out.resize(count);
    Error error(env, fault);
    if (!error.none(ask(out.data(), out.size(), &count, error.out()))) return nullptr;
  } while (count > out.size());
  return to_java(env, out.data(), count * sizeof(Element));
}

}  // namespace nearzone::java
