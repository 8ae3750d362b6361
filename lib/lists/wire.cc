#include "lists/wire.h"

namespace nearzone {

using google::protobuf::io::CodedOutputStream;

bool ChunkInput::Next(const void** data, int* size) {
  if (returned_ == 0) {
    if (status_.ok()) status_ = stream_.next(chunk_);
    if (!status_.ok() || chunk_.empty()) return false;
    returned_ = chunk_.size();
  }
  *data = chunk_.data() + (chunk_.size() - returned_);
  *size = static_cast<int>(returned_);
  count_ += *size;
  returned_ = 0;
  return true;
}

void ChunkInput::BackUp(int count) {
  returned_ = static_cast<size_t>(count);
  count_ -= count;
}

bool ChunkInput::Skip(int count) {
  const void* data = nullptr;
  int size = 0;
  while (count > 0) {
    if (!Next(&data, &size)) return false;
    if (size > count) BackUp(size - count);
    count -= size < count ? size : count;
  }
  return true;
}

bool StreamReader::damaged(const char* text) {
  status_ =
      stream_.status().ok() ? Status(Code::corrupt, text).at_offset(position()) : stream_.status();
  return false;
}

bool StreamReader::next_of_any_kind(WireField& field) {
  field.offset = position();
  if (field.offset == size_) return false;
  field.tag = input_.ReadTagNoLastTag();
  if (field.tag >> 3 == 0) return damaged("a field's number is damaged");
  switch (static_cast<WireType>(field.tag & 7)) {
    case WireType::varint:
      return input_.ReadVarint64(&field.value) || damaged("a number is damaged");
    case WireType::fixed64:
      return input_.ReadLittleEndian64(&field.value) || damaged("a number is cut off");
    case WireType::fixed32: {
      uint32_t value = 0;
      if (!input_.ReadLittleEndian32(&value)) return damaged("a number is cut off");
      field.value = value;
      return true;
    }
    case WireType::bytes:
      return (input_.ReadVarint64(&field.value) && field.value <= size_ - position()) ||
             damaged("a length points beyond the end");
  }
  return damaged("a field has an impossible type");
}

Status StreamReader::gather(const WireField& field, ByteView& bytes) {
  if (field.value > kMostBytes) {
    damaged("a record is longer than any real one");
    return status_;
  }
  scratch_.resize(static_cast<size_t>(field.value));
  if (!input_.ReadRaw(scratch_.data(), static_cast<int>(field.value)))
    damaged("a record is cut off");
  bytes = scratch_;
  return status_;
}

Status StreamReader::skip(const WireField& field) {
  if (field.has_bytes() && !input_.Skip(static_cast<int>(field.value)))
    damaged("a field is cut off");
  return status_;
}

Status copy_text(ByteView bytes, std::string& text) {
  if (bytes.size() > kMostTextBytes) return {Code::corrupt, "a text is longer than 256 bytes"};
  text.assign(bytes.begin(), bytes.end());
  bool after_c2 = false;  // C2 80..9F are control characters too, in UTF-8
  for (char& c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || (after_c2 && byte >= 0x80 && byte < 0xa0)) c = '?';
    after_c2 = byte == 0xc2;
  }
  return {};
}

void WireWriter::raw_varint(uint64_t value) {
  uint8_t buffer[10];
  uint8_t* end = CodedOutputStream::WriteVarint64ToArray(value, buffer);
  out_.insert(out_.end(), buffer, end);
}

void WireWriter::varint(uint32_t tag, uint64_t value) {
  raw_varint(tag);
  raw_varint(value);
}

void WireWriter::fixed64(uint32_t tag, uint64_t value) {
  raw_varint(tag);
  uint8_t buffer[8];
  store_le64(buffer, value);
  out_.insert(out_.end(), buffer, buffer + 8);
}

void WireWriter::bytes(uint32_t tag, ByteView value) {
  raw_varint(tag);
  raw_varint(value.size());
  out_.insert(out_.end(), value.begin(), value.end());
}

}  // namespace nearzone
