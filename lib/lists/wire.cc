#include "lists/wire.h"

#include <algorithm>
#include <cstring>

namespace nearzone {

bool StreamReader::damaged(const char* text) {
  status_ = failure_.ok() ? Status(Code::corrupt, text).at_offset(position()) : failure_;
  return false;
}

bool StreamReader::next_piece() {
  ByteView piece;
  if (failure_.ok()) failure_ = stream_.next(piece);
  if (!failure_.ok() || piece.empty()) return false;
  at_ = piece.data();
  end_ = at_ + piece.size();
  end_position_ += piece.size();
  return true;
}

bool StreamReader::pass_over(uint64_t count) {
  for (;;) {
    const uint64_t passed = std::min<uint64_t>(count, left());
    at_ += passed;
    count -= passed;
    if (count == 0) return true;
    if (!next_piece()) return false;
  }
}

bool StreamReader::read_raw(MutableBytes out) {
  while (!out.empty()) {
    if (at_ == end_ && !next_piece()) return false;
    const size_t size = std::min(out.size(), left());
    std::memcpy(out.data(), at_, size);
    at_ += size;
    out = out.subspan(size);
  }
  return true;
}

bool StreamReader::read_varint(uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    uint8_t byte = 0;
    if (!read_raw({&byte, 1})) return false;
    value |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool StreamReader::read_fixed(size_t size, uint64_t& value) {
  uint8_t bytes[8] = {};
  if (!read_raw(MutableBytes(bytes).first(size))) return false;
  value = load_le64(bytes);
  return true;
}

bool StreamReader::next_of_any_kind(WireField& field) {
  field.offset = position();
  if (field.offset == size_) return false;
  uint64_t tag = 0;
  if (!read_varint(tag) || tag > 0xffffffff || tag >> 3 == 0)
    return damaged("a field's number is damaged");
  field.tag = static_cast<uint32_t>(tag);
  switch (static_cast<WireType>(tag & 7)) {
    case WireType::varint: return read_varint(field.value) || damaged("a number is damaged");
    case WireType::fixed64: return read_fixed(8, field.value) || damaged("a number is cut off");
    case WireType::fixed32: return read_fixed(4, field.value) || damaged("a number is cut off");
    case WireType::bytes:
      return (read_varint(field.value) && field.value <= size_ - position()) ||
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
  if (!read_raw(scratch_)) damaged("a record is cut off");
  bytes = scratch_;
  return status_;
}

Status StreamReader::skip(const WireField& field) {
  if (field.has_bytes() && !pass_over(field.value)) damaged("a field is cut off");
  return status_;
}

namespace {

// How many bytes the character at the front has in UTF-8; 0 where there is none, or one that does
// something to a terminal.
size_t printable_character(ByteView text) {
  const uint8_t first = text[0];
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const size_t size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size == 0 || text.size() < size) return 0;
  uint32_t character = first & (0x7fu >> size);
  for (const uint8_t byte : text.subspan(1, size - 1)) {
    if ((byte & 0xc0) != 0x80) return 0;
    character = character << 6 | (byte & 0x3f);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0xa0, 0x800, 0x10000};
  const bool is_surrogate = character >= 0xd800 && character < 0xe000;
  return character >= kLeast[size] && character < 0x110000 && !is_surrogate ? size : 0;
}

}  // namespace

Status copy_text(ByteView bytes, std::string& text) {
  if (bytes.size() > kMostTextBytes) return {Code::corrupt, "a text is longer than 256 bytes"};
  text.assign(bytes.begin(), bytes.end());
  for (size_t i = 0; i < bytes.size();) {
    const size_t size = printable_character(bytes.subspan(i));
    if (size == 0) text[i] = '?';
    i += std::max<size_t>(size, 1);
  }
  return {};
}

void WireWriter::raw_varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<uint8_t>(value | 0x80));
  out_.push_back(static_cast<uint8_t>(value));
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
