#include "lists/wire.h"

#include <gtest/gtest.h>

#include "lists/support.h"

namespace nearzone::testing {
namespace {

// Gives its bytes in pieces of one size.
class Pieces final : public ByteStream {
 public:
  Pieces(Bytes bytes, size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}
  Status next(ByteView& chunk) override {
    size_t size = std::min(piece_, bytes_.size() - at_);
    chunk = ByteView(bytes_).subspan(at_, size);
    at_ += size;
    return {};
  }

 private:
  Bytes bytes_;
  size_t piece_;
  size_t at_ = 0;
};

// Every field of a message, as text.
std::string told(const WireField& field, ByteView bytes) {
  std::string out = std::to_string(field.tag >> 3);
  out += field.has_bytes() ? '=' : ':';
  out += field.has_bytes() ? to_hex(bytes) : std::to_string(field.value);
  out += '@';
  out += std::to_string(field.offset);
  return out += ' ';
}

std::string walk(ByteView message) {
  MessageReader reader(message);
  std::string out;
  for (WireField field; reader.next(field);)
    out += told(field, field.has_bytes() ? reader.take(field) : ByteView());
  return out + (reader.status().ok() ? "done" : reader.status().text());
}

std::string walk_stream(const Bytes& message, size_t piece) {
  Pieces pieces(message, piece);
  ChunkInput input(pieces);
  StreamReader reader(input, 0, message.size());
  std::string out;
  for (WireField field; reader.next(field);) {
    ByteView bytes;
    if (field.has_bytes() && !reader.take(field, bytes).ok()) break;
    out += told(field, bytes);
  }
  return out + (reader.status().ok() ? "done" : reader.status().text());
}

Bytes sample() {
  Bytes out;
  WireWriter writer(out);
  writer.varint(wire_tag(1, WireType::varint), 150);
  writer.bytes(wire_tag(2, WireType::bytes), bytes_of("abc"));
  writer.fixed64(wire_tag(3, WireType::fixed64), 7);
  writer.varint(wire_tag(536870911, WireType::varint), ~uint64_t{0});
  writer.bytes(wire_tag(4, WireType::bytes), {});
  return out;
}

TEST(Wire, WritesWhatProtobufSpecifies) {
  // The first field is the worked example of protobuf's description of its encoding.
  EXPECT_EQ(to_hex(sample()).substr(0, 16), "0896011203616263");
}

TEST(Wire, WalksAMessageInOnePieceOrMany) {
  Bytes message = sample();
  std::string expected = walk(message);
  EXPECT_EQ(expected, "1:150@0 2=616263@3 3:7@8 536870911:18446744073709551615@17 4=@32 done");
  for (size_t piece = 1; piece <= message.size(); ++piece)
    EXPECT_EQ(walk_stream(message, piece), expected) << piece;
}

TEST(Wire, NoticesEveryTruncationWithinAField) {
  Bytes message = sample();
  for (size_t size = 0; size < message.size(); ++size) {
    bool at_border = size == 0 || size == 3 || size == 8 || size == 17 || size == 32;
    Bytes cut(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(walk(cut).ends_with("done"), at_border) << size;
    EXPECT_EQ(walk_stream(cut, 4).ends_with("done"), at_border) << size;
  }
}

TEST(Wire, RefusesDamagedHeads) {
  for (const char* hex : {"00", "0b", "0c", "0e", "0f", "ffffffffffffffffffff01",
                          "08ffffffffffffffffffff", "0a05", "0affffffffffffffffff01"}) {
    Bytes message(std::string_view(hex).size() / 2);
    ASSERT_TRUE(from_hex(hex, message).ok());
    EXPECT_FALSE(walk(message).ends_with("done")) << hex;
    EXPECT_FALSE(walk_stream(message, 3).ends_with("done")) << hex;
  }
}

TEST(Wire, RefusesRecordsBeyondTheLimitWhereverTheyLie) {
  Bytes message;
  WireWriter(message).bytes(wire_tag(1, WireType::bytes), Bytes(StreamReader::kMostBytes + 1));
  EXPECT_FALSE(walk_stream(message, 1024).ends_with("done"));
  EXPECT_FALSE(walk_stream(message, message.size()).ends_with("done"));
}

TEST(Wire, SignedNumbersZigzag) {
  for (int32_t value : {0, -1, 1, -2, 14, -14, 2147483647, -2147483647 - 1})
    EXPECT_EQ(unzigzag(zigzag(value)), value);
  EXPECT_EQ(zigzag(-2), 3u);
}

TEST(Wire, TextsCannotSteerATerminal) {
  std::string text;
  ASSERT_TRUE(copy_text(as_bytes("a\x1b[31m\x7f\xc2\x9b Hu\xe1\xba\xbf\n"), text).ok());
  EXPECT_EQ(text, "a?[31m?\xc2? Hu\xe1\xba\xbf?");
  EXPECT_EQ(copy_text(Bytes(257, 'a'), text).code(), Code::corrupt);
}

}  // namespace
}  // namespace nearzone::testing
