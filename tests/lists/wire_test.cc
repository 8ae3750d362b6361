#include "lists/wire.h"

#include <gtest/gtest.h>

#include <utility>

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

// Gives some bytes and fails.
class BrokenStream final : public ByteStream {
 public:
  explicit BrokenStream(ByteView bytes) : bytes_(bytes) {}
  Status next(ByteView& chunk) override {
    if (std::exchange(given_, true) || bytes_.empty()) return {Code::io, "the file cannot be read"};
    chunk = bytes_;
    return {};
  }

 private:
  ByteView bytes_;
  bool given_ = false;
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
  StreamReader reader(pieces, 0, message.size());
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
  // A number of a kind that none of ours writes.
  message.insert(message.end(), {0x2d, 9, 0, 0, 0x80});
  std::string expected = walk(message);
  EXPECT_EQ(
      expected,
      "1:150@0 2=616263@3 3:7@8 536870911:18446744073709551615@17 4=@32 5:2147483657@34 done");
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

TEST(Wire, PassesOverAHeader) {
  Bytes message = sample();
  message.insert(message.begin(), 10, 0xff);
  for (size_t piece : {1u, 7u, 10u, 11u, 100u}) {
    Pieces pieces(message, piece);
    StreamReader reader(pieces, 10, message.size() - 10);
    WireField field;
    ASSERT_TRUE(reader.next(field)) << piece;
    EXPECT_EQ(field.value, 150u);
    EXPECT_EQ(field.offset, 10u);
  }
}

// It is not the list's fault: a file that cannot be read is not called damaged.
TEST(Wire, TellsAStreamsOwnFailure) {
  const Bytes message = sample();
  for (size_t size : {0u, 1u, 4u, 5u, 6u, 9u, 12u}) {
    BrokenStream stream(ByteView(message).first(size));
    StreamReader reader(stream, 0, message.size());
    WireField field;
    for (ByteView bytes; reader.next(field);)
      if (field.has_bytes() && !reader.take(field, bytes).ok()) break;
    EXPECT_EQ(reader.status().code(), Code::io) << size;
  }
  BrokenStream stream(ByteView(message).first(4));
  StreamReader reader(stream, 0, message.size());
  WireField field;
  ASSERT_TRUE(reader.next(field));
  ASSERT_FALSE(reader.next(field));
  BrokenStream header({});
  EXPECT_FALSE(StreamReader(header, 8, message.size()).next(field));
}

// Whatever the bytes are, both readers find the same fields, and stop at the same one.
TEST(WireProperties, BothReadersAgree) {
  SeededRandom random(20);
  for (int round = 0; round < 3000; ++round) {
    Bytes message = sample();
    for (uint64_t flips = random.below(3); flips-- > 0;)
      message[random.below(message.size())] = static_cast<uint8_t>(random.below(256));
    message.resize(message.size() - random.below(4));
    const auto fields = [](const std::string& told) { return told.substr(0, told.rfind(' ') + 1); };
    const std::string whole = walk(message);
    const std::string pieces = walk_stream(message, 1 + random.below(message.size()));
    EXPECT_EQ(whole.ends_with("done"), pieces.ends_with("done")) << to_hex(message);
    if (whole.ends_with("done")) {
      EXPECT_EQ(fields(whole), fields(pieces)) << to_hex(message);
    }
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
  EXPECT_EQ(text, "a?[31m??? Hu\xe1\xba\xbf?");
  EXPECT_EQ(copy_text(Bytes(257, 'a'), text).code(), Code::corrupt);
}

TEST(Wire, TextsAreUtf8) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"V\xff\x4e", "V?N"},                                       // never in UTF-8
      {"\xc0\x80 \xe0\x9f\xbf \xf0\x8f\xbf\xbf", "?? ??? ????"},  // longer than need be
      {"\xed\xa0\x80 \xf4\x90\x80\x80", "??? ????"},              // no characters
      {"\xe1\xba \xbf \xf0\x9f\xa6\xa0 \xe1", "?? ? \xf0\x9f\xa6\xa0 ?"},
      {"\xc2\xa0\xdf\xbf\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf",
       "\xc2\xa0\xdf\xbf\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"},
  };
  for (const auto& [given, expected] : cases) {
    std::string text;
    ASSERT_TRUE(copy_text(as_bytes(given), text).ok());
    EXPECT_EQ(text, expected);
  }
}

}  // namespace
}  // namespace nearzone::testing
