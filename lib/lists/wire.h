// Protobuf's wire format, field by field, over streams of any length. No message is ever built.
// Source: https://protobuf.dev/programming-guides/encoding/
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream.h>

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

// A field's head. A field of a known number with another type than expected is an unknown field.
struct WireField {
  uint32_t tag = 0;
  uint64_t value = 0;   // the number itself, or the length of bytes not read yet
  uint64_t offset = 0;  // of the field's first byte
  bool has_bytes() const { return (tag & 7) == static_cast<uint32_t>(WireType::bytes); }
};

// Hands a stream's chunks to protobuf and keeps the stream's failure, which protobuf cannot carry.
class ChunkInput final : public google::protobuf::io::ZeroCopyInputStream {
 public:
  explicit ChunkInput(ByteStream& stream) : stream_(stream) {}
  bool Next(const void** data, int* size) override;
  void BackUp(int count) override;
  bool Skip(int count) override;
  int64_t ByteCount() const override { return count_; }
  const Status& status() const { return status_; }

 private:
  ByteStream& stream_;
  ByteView chunk_;
  size_t returned_ = 0;  // bytes at the chunk's end that were given back
  int64_t count_ = 0;
  Status status_;
};

// No honest text of a list is longer.
inline constexpr size_t kMostTextBytes = 256;

// The fields of one message that lies whole in memory, in order. This is where the time of reading
// a list goes, hence no library and no stream, and nothing that would keep the reader's position
// out of a register.
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
  bool read_varint(uint64_t& value) {
    uint64_t read = 0;
    for (unsigned shift = 0; shift < 64 && at_ < end_; shift += 7) {
      const uint8_t byte = *at_++;
      read |= uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) {
        value = read;
        return true;
      }
    }
    return false;
  }
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

  // The `size` (at most 2^31 - 1) bytes that begin `offset` bytes into the stream.
  StreamReader(ChunkInput& stream, uint64_t offset, uint64_t size)
      : input_(&stream), stream_(stream), size_(offset + size) {
    if (offset > 0) input_.Skip(static_cast<int>(offset));
  }

  bool next(WireField& field) {
    // A short record under a low number, as all the keys are.
    const ByteView ahead = in_memory();
    if (ahead.size() >= 2 && ahead[0] < 0x80 && ahead[0] >> 3 != 0 &&
        (ahead[0] & 7) == static_cast<uint8_t>(WireType::bytes) && ahead[1] < 0x80 &&
        ahead.size() - 2 >= ahead[1]) {
      field = {ahead[0], ahead[1], position()};
      input_.Skip(2);
      return true;
    }
    return next_of_any_kind(field);
  }
  const Status& status() const { return status_; }

  // The bytes of a field, valid until the next call. Fails on more than kMostBytes of them.
  Status take(const WireField& field, ByteView& bytes) {
    const ByteView ahead = in_memory();
    if (field.value > ahead.size() || field.value > kMostBytes) return gather(field, bytes);
    bytes = ahead.first(static_cast<size_t>(field.value));
    input_.Skip(static_cast<int>(field.value));
    return {};
  }
  Status skip(const WireField& field);

 private:
  // What can be read without asking the stream.
  ByteView in_memory() {
    const void* data = nullptr;
    int size = 0;
    input_.GetDirectBufferPointerInline(&data, &size);
    return {static_cast<const uint8_t*>(data), static_cast<size_t>(size)};
  }
  bool next_of_any_kind(WireField& field);
  Status gather(const WireField& field, ByteView& bytes);
  bool damaged(const char* text);
  uint64_t position() { return static_cast<uint64_t>(input_.CurrentPosition()); }

  google::protobuf::io::CodedInputStream input_;
  ChunkInput& stream_;
  uint64_t size_;
  std::vector<uint8_t> scratch_;
  Status status_;
};

// Copies a text that people will see, with '?' for its control characters. Fails with corrupt where
// it is longer than kMostTextBytes.
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
