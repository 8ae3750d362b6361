// Protobuf's wire format, field by field, over streams of any length. No message is ever built, and
// no library is used: protobuf's smallest part brings the standard library's input and output
// streams along, which would be a third of what weighs on a phone. Its generated messages read what
// this writes, and the other way round, in tests.
// Source: https://protobuf.dev/programming-guides/encoding/
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lists/content.h"
#include "nearzone/bytes.h"
#include "nearzone/status.h"

namespace nearzone {

enum class WireType : uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

// A field number and a type as one value, for a switch.
constexpr uint32_t wire_tag(uint32_t number, WireType type) {
  return number << 3 | static_cast<uint32_t>(type);
}

// Reads a number and moves `at` behind it; false where it is longer than ten bytes or cut off.
inline bool read_varint(const uint8_t*& at, const uint8_t* end, uint64_t& value) {
  uint64_t read = 0;
  for (unsigned shift = 0; shift < 64 && at < end; shift += 7) {
    const uint8_t byte = *at++;
    read |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) {
      value = read;
      return true;
    }
  }
  return false;
}

// A field's head. A field of a known number with another type than expected is an unknown field.
struct WireField {
  uint32_t tag = 0;
  uint64_t value = 0;   // the number itself, or the length of bytes not read yet
  uint64_t offset = 0;  // of the field's first byte
  bool has_bytes() const { return (tag & 7) == static_cast<uint32_t>(WireType::bytes); }
};

// No honest text of a list is longer.
inline constexpr size_t kMostTextBytes = 256;

// The fields of one message that lies whole in memory, in order. This is where the time of reading
// a list goes, hence no stream, and nothing that would keep the reader's position out of a
// register.
//
//     while (reader.next(field)) ...
//     NEARZONE_TRY(reader.status());
class MessageReader {
 public:
  explicit MessageReader(ByteView message)
      : begin_(message.data()), at_(begin_), end_(begin_ + message.size()) {}

  // Reads the next field's head, after which bytes must be taken or skipped. False at the end, and
  // at damage, which status() then tells.
  bool next(WireField& field) {
    if (at_ == end_) return false;
    field.offset = static_cast<uint64_t>(at_ - begin_);
    uint64_t tag = 0;
    if (!read_varint(tag) || tag > 0xffffffff || tag >> 3 == 0)
      return damaged("a field's number is damaged");
    field.tag = static_cast<uint32_t>(tag);
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::varint: return read_varint(field.value) || damaged("a number is damaged");
      case WireType::bytes:
        return (read_varint(field.value) && field.value <= left()) ||
               damaged("a length points beyond the end");
      case WireType::fixed64:
        if (left() < 8) return damaged("a number is cut off");
        field.value = load_le64(at_);
        at_ += 8;
        return true;
      case WireType::fixed32:
        if (left() < 4) return damaged("a number is cut off");
        field.value = load_le32(at_);
        at_ += 4;
        return true;
    }
    return damaged("a field has an impossible type");
  }
  Status status() const {
    if (damage_ == nullptr) return {};
    return Status(Code::corrupt, damage_).at_offset(static_cast<uint64_t>(at_ - begin_));
  }

  // The bytes of a field, borrowed from the message.
  ByteView take(const WireField& field) {
    const uint8_t* bytes = at_;
    at_ += field.value;
    return {bytes, static_cast<size_t>(field.value)};
  }

  // Passes over the bytes of a field, or does nothing where it has none.
  void skip(const WireField& field) {
    if (field.has_bytes()) at_ += field.value;
  }

 private:
  uint64_t left() const { return static_cast<uint64_t>(end_ - at_); }
  bool read_varint(uint64_t& value) { return nearzone::read_varint(at_, end_, value); }
  bool damaged(const char* text) {
    damage_ = text;
    return false;
  }

  const uint8_t* begin_;
  const uint8_t* at_;
  const uint8_t* end_;
  const char* damage_ = nullptr;
};

// The same for a message of any length that arrives in pieces.
class StreamReader {
 public:
  // Longest run of bytes that take() gives.
  static constexpr uint64_t kMostBytes = 64 * 1024;

  // The `size` bytes that begin `offset` bytes into the stream, and are the last of it.
  StreamReader(ByteStream& stream, uint64_t offset, uint64_t size)
      : stream_(stream), size_(offset + size) {
    static_cast<void>(pass_over(offset));  // what is missing is missed at the first field
  }

  bool next(WireField& field) {
    // A short record under a low number, as all the keys are.
    if (left() >= 2 && at_[0] < 0x80 && at_[0] >> 3 != 0 &&
        (at_[0] & 7) == static_cast<uint8_t>(WireType::bytes) && at_[1] < 0x80 &&
        left() - 2 >= at_[1]) {
      field = {at_[0], at_[1], position()};
      at_ += 2;
      return true;
    }
    return next_of_any_kind(field);
  }
  const Status& status() const { return status_; }

  // The bytes of a field, valid until the next call. Fails on more than kMostBytes of them.
  Status take(const WireField& field, ByteView& bytes) {
    if (field.value > left() || field.value > kMostBytes) return gather(field, bytes);
    bytes = {at_, static_cast<size_t>(field.value)};
    at_ += field.value;
    return {};
  }
  Status skip(const WireField& field);

 private:
  // What can be read without asking the stream.
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  uint64_t position() const { return end_position_ - left(); }
  bool next_of_any_kind(WireField& field);
  bool read_varint(uint64_t& value);
  bool read_fixed(size_t size, uint64_t& value);
  Status gather(const WireField& field, ByteView& bytes);
  // Each is false where the stream ends or fails before.
  bool read_raw(MutableBytes out);
  bool pass_over(uint64_t count);
  bool next_piece();
  bool damaged(const char* text);

  ByteStream& stream_;
  uint64_t size_;
  const uint8_t* at_ = nullptr;
  const uint8_t* end_ = nullptr;
  uint64_t end_position_ = 0;  // of end_ in the stream
  Status failure_;             // of the stream
  std::vector<uint8_t> scratch_;
  Status status_;
};

// Copies a text that people will see, with '?' for its control characters and for each byte that is
// not UTF-8. Fails with corrupt where it is longer than kMostTextBytes.
Status copy_text(ByteView bytes, std::string& text);

// Appends fields to a buffer. Each tag must have the type of its value.
class WireWriter {
 public:
  explicit WireWriter(std::vector<uint8_t>& out) : out_(out) {}
  void varint(uint32_t tag, uint64_t value);
  void fixed64(uint32_t tag, uint64_t value);
  void bytes(uint32_t tag, ByteView value);

 private:
  void raw_varint(uint64_t value);
  std::vector<uint8_t>& out_;
};

// Protobuf's sint32: 0, -1, 1, -2, ... are written as 0, 1, 2, 3, ...
constexpr uint64_t zigzag(int32_t value) {
  return (static_cast<uint32_t>(value) << 1) ^ static_cast<uint32_t>(value >> 31);
}
constexpr int32_t unzigzag(uint64_t wire) {
  uint32_t value = static_cast<uint32_t>(wire);
  return static_cast<int32_t>((value >> 1) ^ (0u - (value & 1)));
}

}  // namespace nearzone
