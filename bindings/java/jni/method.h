// A native method as Java registers it: its name, its signature as it follows from the function's
// own types, and the function behind a guard that no C++ exception passes.
#pragma once

#include <jni.h>

#include <array>
#include <new>
#include <string_view>
#include <vector>

#include "java.h"

namespace nearzone::java {

// What stands for a type in a signature. An object can only be a ByteBuffer.
template <class T>
constexpr std::string_view kSign = "";
template <>
inline constexpr std::string_view kSign<void> = "V";
template <>
inline constexpr std::string_view kSign<jboolean> = "Z";
template <>
inline constexpr std::string_view kSign<jint> = "I";
template <>
inline constexpr std::string_view kSign<jlong> = "J";
template <>
inline constexpr std::string_view kSign<jbyteArray> = "[B";
template <>
inline constexpr std::string_view kSign<jobject> = "Ljava/nio/ByteBuffer;";

template <auto function>
struct Method;

template <class Result, class... Arguments, Result (*function)(JNIEnv*, Arguments...)>
struct Method<function> {
  static_assert(((!kSign<Arguments>.empty()) && ...) && !kSign<Result>.empty());

  // With its parentheses and a zero at the end.
  static constexpr auto kSignature = [] {
    std::array<char, (kSign<Arguments>.size() + ... + 0) + kSign<Result>.size() + 3> out{};
    size_t size = 0;
    const auto append = [&](std::string_view text) {
      for (const char c : text) out[size++] = c;
    };
    append("(");
    (append(kSign<Arguments>), ...);
    append(")");
    append(kSign<Result>);
    return out;
  }();

  static Result JNICALL guarded(JNIEnv* env, jclass, Arguments... arguments) {
    try {
      return function(env, arguments...);
    } catch (const std::bad_alloc&) {
      throw_out_of_memory(env);
    } catch (...) {
      throw_internal(env);
    }
    return Result();
  }
};

// The interface of Java's own tables lacks const.
template <auto function>
JNINativeMethod method(const char* name) {
  return {const_cast<char*>(name), const_cast<char*>(Method<function>::kSignature.data()),
          reinterpret_cast<void*>(&Method<function>::guarded)};
}

// Objects cross as addresses.
template <class Object>
Object* object(jlong address) {
  return reinterpret_cast<Object*>(static_cast<uintptr_t>(address));
}

template <class Object>
jlong address(Object* object) {
  return static_cast<jlong>(reinterpret_cast<uintptr_t>(object));
}

// Methods of org.nearzone.Native, by the object that they are about.
std::vector<JNINativeMethod> library_methods();
std::vector<JNINativeMethod> device_methods();
std::vector<JNINativeMethod> record_methods();
std::vector<JNINativeMethod> list_methods();
std::vector<JNINativeMethod> match_methods();
std::vector<JNINativeMethod> upload_methods();
std::vector<JNINativeMethod> beacon_methods();
std::vector<JNINativeMethod> window_methods();

}  // namespace nearzone::java
