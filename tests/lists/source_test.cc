#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>

#include "lists/support.h"

namespace nearzone::testing {
namespace {

std::string written_file(std::string_view text) {
  std::string path = ::testing::TempDir() + "source_test_" + std::to_string(::getpid());
  std::FILE* file = std::fopen(path.c_str(), "wb");
  std::fwrite(text.data(), 1, text.size(), file);
  std::fclose(file);
  return path;
}

TEST(MemorySource, ReadsAnyRange) {
  Bytes bytes = bytes_of("0123456789");
  MemorySource source(bytes);
  Bytes out(3);
  ASSERT_TRUE(source.read(7, out).ok());
  EXPECT_EQ(out, bytes_of("789"));
  EXPECT_TRUE(source.read(10, {}).ok());
}

TEST(MemorySource, RefusesRangesBeyondTheEnd) {
  Bytes bytes = bytes_of("0123456789");
  MemorySource source(bytes);
  Bytes out(3);
  EXPECT_EQ(source.read(8, out).code(), Code::corrupt);
  EXPECT_EQ(source.read(~uint64_t{0}, out).code(), Code::corrupt);
  EXPECT_EQ(source.read(8, out).offset(), 8);
}

TEST(FileSource, ReadsAnyRange) {
  auto source = FileSource::open(written_file("0123456789"));
  ASSERT_TRUE(source.ok());
  EXPECT_EQ((*source)->size(), 10u);
  Bytes out(4);
  ASSERT_TRUE((*source)->read(2, out).ok());
  EXPECT_EQ(out, bytes_of("2345"));
  EXPECT_EQ((*source)->read(7, out).code(), Code::corrupt);
}

TEST(FileSource, NoticesAFileThatBecameShorter) {
  std::string path = written_file("0123456789");
  auto source = FileSource::open(path);
  ASSERT_TRUE(source.ok());
  ASSERT_EQ(::truncate(path.c_str(), 5), 0);
  Bytes out(4);
  EXPECT_EQ((*source)->read(4, out).code(), Code::corrupt);
}

TEST(FileSource, NamesWhatCannotBeOpened) {
  EXPECT_EQ(FileSource::open("/nowhere/at/all").status().code(), Code::not_found);
  EXPECT_EQ(FileSource::open("/").status().code(), Code::unsupported);
}

}  // namespace
}  // namespace nearzone::testing
