#include "lists/archive.h"

#include <gtest/gtest.h>

#include "lists/inflate.h"
#include "lists/support.h"

namespace nearzone::testing {
namespace {

// In pieces and, which must come to the same, in one go.
Result<Bytes> unpack(const Bytes& zip, std::string_view name) {
  MemorySource source(zip);
  NEARZONE_ASSIGN(Archive archive, Archive::open(source, nullptr));
  const ArchiveMember* member = archive.find(name);
  if (member == nullptr) return Status(Code::not_found, "no such member");
  const auto content = archive.content(*member);
  Bytes whole(static_cast<size_t>(content->size()));
  const bool inflated_whole = content->read_whole(whole, nullptr).ok();
  const auto in_pieces = [&]() -> Result<Bytes> {
    NEARZONE_ASSIGN(auto stream, content->stream());
    Bytes all;
    for (ByteView chunk;;) {
      NEARZONE_TRY(stream->next(chunk));
      if (chunk.empty()) return all;
      all.insert(all.end(), chunk.begin(), chunk.end());
    }
  }();
  EXPECT_EQ(inflated_whole, in_pieces.ok());
  EXPECT_TRUE(!inflated_whole || whole == *in_pieces);
  return in_pieces;
}

Bytes large_content() {
  SeededRandom random(9);
  Bytes content(300000);
  random.fill(content);
  return content;
}

TEST(Archive, ReadsWhatItsWriterWrites) {
  Bytes content = large_content();
  ArchiveWriter writer;
  ASSERT_TRUE(writer.add("a", content).ok());
  ASSERT_TRUE(writer.add("b", {}).ok());
  Bytes zip = *writer.finish();
  EXPECT_EQ(*unpack(zip, "a"), content);
  EXPECT_EQ(*unpack(zip, "b"), Bytes());
  EXPECT_EQ(unpack(zip, "c").status().code(), Code::not_found);
}

TEST(Archive, EqualMembersGiveEqualArchives) {
  auto made = [] {
    ArchiveWriter writer;
    EXPECT_TRUE(writer.add("a", bytes_of("content")).ok());
    return *writer.finish();
  };
  EXPECT_EQ(made(), made());
}

TEST(Archive, ReadsMembersWhoseSizesFollowTheData) {
  Bytes content = large_content();
  Bytes zip = ZipBuilder()
                  .add("a", content, ZipBuilder::Sizes::in_descriptor)
                  .add("b", bytes_of("b"), ZipBuilder::Sizes::in_descriptor)
                  .finish();
  EXPECT_EQ(*unpack(zip, "a"), content);
  EXPECT_EQ(*unpack(zip, "b"), bytes_of("b"));
}

TEST(Archive, RefusesNamesThatLeaveTheirFolder) {
  for (const char* name : {"../a", "a/../../b", "/a", "a\\b", "C:a", ".."}) {
    Bytes zip = ZipBuilder().add("fine", {}).add(name, {}).finish();
    auto archive = unpack(zip, "fine");
    EXPECT_EQ(archive.status().code(), Code::corrupt) << name;
    EXPECT_STREQ(archive.status().field(), "zip") << name;
    EXPECT_GT(archive.status().offset(), 0) << name;
  }
}

TEST(Archive, RefusesEmptyAndEndlessNames) {
  for (const std::string& name : {std::string(), std::string(300, 'a')})
    EXPECT_EQ(unpack(ZipBuilder().add(name, {}).finish(), "a").status().code(), Code::corrupt);
}

TEST(Archive, RefusesTwoMembersOfOneName) {
  Bytes zip = ZipBuilder().add("a", {}).add("b", {}).add("a", {}).finish();
  EXPECT_EQ(unpack(zip, "b").status().code(), Code::corrupt);
}

TEST(Archive, RefusesMoreThanAHundredMembers) {
  ZipBuilder builder;
  for (int i = 0; i < 101; ++i) builder.add(std::to_string(i), {});
  EXPECT_EQ(unpack(builder.finish(), "1").status().code(), Code::limit_exceeded);
}

TEST(Archive, RefusesEncryptedMembers) {
  Bytes zip = ZipBuilder().add("a", bytes_of("secret")).finish();
  size_t directory = zip.size() - 22 - 46 - 1;
  zip[directory + 8] |= 1;
  EXPECT_EQ(unpack(zip, "a").status().code(), Code::unsupported);
}

TEST(Archive, NoticesAnyBitFlippedInTheData) {
  Bytes content = bytes_of("some content, some content, some content");
  Bytes zip = ZipBuilder().add("a", content).finish();
  size_t data = 30 + 1;
  size_t end = zip.size() - 22 - 46 - 1;
  for (size_t at = data; at < end; ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes flipped = zip;
      flipped[at] ^= static_cast<uint8_t>(1 << bit);
      auto unpacked = unpack(flipped, "a");
      // Deflate has bits without meaning, such as the padding before its end.
      if (unpacked.ok()) {
        EXPECT_EQ(*unpacked, content) << at;
      }
    }
  }
}

TEST(Archive, NeverInflatesMoreThanTheDirectoryStates) {
  Bytes content(1 << 20);
  Bytes zip = ZipBuilder().add("a", content).finish();
  size_t directory = zip.size() - 22 - 46 - 1;
  for (size_t i = 0; i < 4; ++i) zip[directory + 24 + i] = zip[22 + i] = i == 0 ? 100 : 0;
  EXPECT_EQ(unpack(zip, "a").status().code(), Code::corrupt);
}

TEST(Archive, StopsWhereAskedThoughNothingIsInflated) {
  // Empty blocks, a hundred reads of them.
  constexpr uint8_t kEmptyBlock[] = {0, 0, 0, 0xff, 0xff};
  Bytes deflated;
  while (deflated.size() <= kMostDeflatedWhole)
    deflated.insert(deflated.end(), std::begin(kEmptyBlock), std::end(kEmptyBlock));
  deflated.insert(deflated.end(), {3, 0});
  const Bytes zip = ZipBuilder().add_deflated("a", {}, deflated).finish();
  Cancel cancel;
  CancellingSource source(zip, cancel);
  const auto archive = Archive::open(source, &cancel);
  const auto content = archive->content(*archive->find("a"));
  ASSERT_TRUE(content->read_whole({}, nullptr).ok());
  source.request_at_read(source.reads() + 10);
  EXPECT_EQ(content->read_whole({}, nullptr).code(), Code::cancelled);
  EXPECT_EQ(source.bytes_read_late(), 0u);
}

TEST(Archive, RefusesEveryTruncation) {
  Bytes zip = ZipBuilder().add("a", bytes_of("content")).finish();
  for (size_t size = 0; size < zip.size(); ++size) {
    Bytes cut(zip.begin(), zip.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(unpack(cut, "a").ok()) << size;
  }
}

}  // namespace
}  // namespace nearzone::testing
