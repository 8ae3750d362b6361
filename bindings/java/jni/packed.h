// How structs that may grow pass between Java's Packed and Unpacked and here: their fields in turn,
// without padding, in native byte order.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "java.h"

namespace nearzone::java {

class Packer {
 public:
  Packer& int32(int32_t value) { return bytes(&value, sizeof value); }
  Packer& int64(int64_t value) { return bytes(&value, sizeof value); }
  Packer& count(uint64_t value) { return bytes(&value, sizeof value); }
  Packer& bytes(const void* from, size_t size) {
    out_.append(static_cast<const char*>(from), size);
    return *this;
  }
  // A size and so many bytes.
  Packer& sized(const void* from, size_t size) {
    return int32(static_cast<int32_t>(size)).bytes(from, size);
  }
  Packer& text(std::string_view value) { return sized(value.data(), value.size()); }
  jbyteArray to_java(JNIEnv* env) const { return java::to_java(env, out_.data(), out_.size()); }

 private:
  std::string out_;
};

// Reads a region whose size was chosen for the fields that are read.
class Unpacker {
 public:
  explicit Unpacker(const uint8_t* bytes) : next_(bytes) {}
  int32_t int32() { return take<int32_t>(); }
  int64_t int64() { return take<int64_t>(); }
  uint64_t count() { return take<uint64_t>(); }
  template <class Number>
  void read(Number& number) {
    number = take<Number>();
  }

 private:
  template <class Number>
  Number take() {
    Number value;
    std::memcpy(&value, next_, sizeof value);
    next_ += sizeof value;
    return value;
  }

  const uint8_t* next_;
};

}  // namespace nearzone::java
