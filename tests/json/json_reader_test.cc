#include "json/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace nearzone {
namespace {

// Writes down what it meets.
class Transcript final : public JsonEvents {
 public:
  bool begin_object() override { return note("{"); }
  bool end_object() override { return note("}"); }
  bool begin_array() override { return note("["); }
  bool end_array() override { return note("]"); }
  bool name(const std::string& name) override { return note(name + ":"); }
  bool text(const std::string& value) override {
    if (value == "stop") return stop(Status(Code::cancelled, "was told to").at_offset(7));
    return note("'" + value + "' ");
  }
  bool integer(int64_t value) override { return note(std::to_string(value) + " "); }
  bool other_value() override { return note("? "); }

  std::string heard;

 private:
  bool note(const std::string& text) {
    heard += text;
    return true;
  }
};

// Hands a text out in small pieces, so that every border is met.
class Pieces final : public ByteStream {
 public:
  Pieces(std::string_view text, size_t size) : text_(text), size_(size) {}
  Status next(ByteView& chunk) override {
    chunk = as_bytes(text_.substr(0, size_));
    text_.remove_prefix(chunk.size());
    return {};
  }

 private:
  std::string_view text_;
  size_t size_;
};

Status read(std::string_view text, Transcript& transcript, size_t piece = 1000) {
  Pieces pieces(text, piece);
  JsonFeed feed(pieces);
  return read_json(feed, transcript);
}

TEST(JsonReader, TellsEveryEventInOrder) {
  constexpr std::string_view kText =
      R"({"a":[1,-2,"b\u0041",true],"c":{"d":null,"e":1.5},"f":18446744073709551615})";
  for (const size_t piece : {1u, 2u, 7u, 1000u}) {
    Transcript transcript;
    EXPECT_TRUE(read(kText, transcript, piece).ok());
    EXPECT_EQ(transcript.heard, "{a:[1 -2 'bA' ? ]c:{d:? e:? }f:? }") << piece;
  }
}

TEST(JsonReader, NamesTheOffsetOfWhatIsNoJson) {
  Transcript transcript;
  const Status status = read(R"({"a": nope})", transcript);
  EXPECT_EQ(status.code(), Code::corrupt);
  EXPECT_EQ(status.offset(), 7);
}

TEST(JsonReader, RefusesTwoDocumentsZeroBytesAndNothing) {
  Transcript transcript;
  EXPECT_EQ(read("{}{}", transcript).code(), Code::corrupt);
  EXPECT_EQ(read(std::string_view("{}\0{", 4), transcript).code(), Code::corrupt);
  EXPECT_EQ(read("", transcript).code(), Code::corrupt);
}

TEST(JsonReader, RefusesDepth) {
  const std::string deepest(size_t{kDeepestJson}, '[');
  Transcript transcript;
  EXPECT_TRUE(read(deepest + std::string(size_t{kDeepestJson}, ']'), transcript).ok());
  const Status status =
      read("[" + deepest + std::string(size_t{kDeepestJson} + 1, ']'), transcript);
  EXPECT_EQ(status.code(), Code::corrupt);
  EXPECT_EQ(status.offset(), kDeepestJson + 1);
}

TEST(JsonReader, RefusesMuchTextWithoutAValue) {
  Transcript transcript;
  const std::string blanks(2 * JsonFeed::kMostBetweenValues, ' ');
  EXPECT_EQ(read("[" + blanks + "1]", transcript, 4096).code(), Code::limit_exceeded);
}

TEST(JsonReader, GivesTheReasonWhyItWasStopped) {
  Transcript transcript;
  const Status status = read(R"(["go","stop","never"])", transcript);
  EXPECT_EQ(status.code(), Code::cancelled);
  EXPECT_EQ(status.offset(), 7);
  EXPECT_EQ(transcript.heard, "['go' ");
}

TEST(JsonReader, ReadsOneValueOutOfALongerText) {
  Pieces pieces(R"({"a":1},{"b":2}])", 3);
  JsonFeed feed(pieces);
  Transcript transcript;
  EXPECT_TRUE(read_json_value(feed, transcript, 1).ok());
  EXPECT_EQ(transcript.heard, "{a:1 }");
  EXPECT_EQ(feed.current(), ',');
}

}  // namespace
}  // namespace nearzone
