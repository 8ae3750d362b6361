#include "authority/exports/durable_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "authority/support.h"

namespace nearzone::authority_test {
namespace {

using namespace authority;

DurableFolder open_folder(const std::string& path, const FileCalls& calls = system_file_calls()) {
  auto folder = DurableFolder::open(path, 0755, calls);
  EXPECT_TRUE(folder.ok());
  return *std::move(folder);
}

std::string text_of(const DurableFolder& folder, const std::string& name) {
  const auto bytes = folder.read(name, 1000);
  if (!bytes.ok() || !bytes->has_value()) return "(none)";
  return std::string((*bytes)->begin(), (*bytes)->end());
}

TEST(DurableFolderTest, AFileIsReplacedWhole) {
  const TemporaryFolder temporary;
  const DurableFolder folder = open_folder(temporary.file("out"));
  EXPECT_EQ(text_of(folder, "a"), "(none)");
  ASSERT_OK(folder.replace("a", as_bytes("one"), 0644));
  ASSERT_OK(folder.replace("a", as_bytes("two"), 0644));
  EXPECT_EQ(text_of(folder, "a"), "two");
  EXPECT_CODE(folder.read("a", 2).status(), Code::limit_exceeded);
  ASSERT_OK(folder.replace("empty", {}, 0644));
  EXPECT_EQ(text_of(folder, "empty"), "");
  EXPECT_EQ(*folder.names(), (std::vector<std::string>{"a", "empty"}));
  ASSERT_OK(folder.remove("a"));
  ASSERT_OK(folder.remove("a"));
  EXPECT_EQ(*folder.names(), std::vector<std::string>{"empty"});
}

TEST(DurableFolderTest, NamesStayInside) {
  for (const char* name : {"", ".", "..", ".hidden", "a/b", "../a", "a b", "a\n", "\xc3\xa9"})
    EXPECT_FALSE(is_file_name(name)) << name;
  EXPECT_TRUE(is_file_name("1599998400-1600012800-00001.zip"));
  EXPECT_FALSE(is_file_name(std::string(201, 'a')));
  const TemporaryFolder temporary;
  const DurableFolder folder = open_folder(temporary.file("out"));
  EXPECT_CODE(folder.replace("../a", {}, 0644), Code::invalid_argument);
  EXPECT_CODE(folder.remove("../a"), Code::invalid_argument);
  EXPECT_CODE(folder.read("../a", 10).status(), Code::invalid_argument);
}

// Says what was called, by the last part of each path, and may give less than was asked for.
class Recorder : public FileCalls {
 public:
  int open(const char* path, int flags, mode_t mode) const override {
    const int descriptor = FileCalls::open(path, flags, mode);
    names_[static_cast<size_t>(descriptor) % 64] = name_of(path);
    say("open", name_of(path));
    return descriptor;
  }
  ssize_t write(int descriptor, const void* bytes, size_t size) const override {
    say("write", names_[static_cast<size_t>(descriptor) % 64]);
    return FileCalls::write(descriptor, bytes, std::min<size_t>(size, 2));
  }
  int sync(int descriptor) const override {
    say("sync", names_[static_cast<size_t>(descriptor) % 64]);
    return FileCalls::sync(descriptor);
  }
  int rename(const char* from, const char* to) const override {
    say("rename", name_of(to));
    return FileCalls::rename(from, to);
  }
  int unlink(const char* path) const override {
    say("unlink", name_of(path));
    return FileCalls::unlink(path);
  }
  mutable std::vector<std::string> said;

 private:
  static std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }
  void say(const std::string& what, const std::string& name) const {
    if (said.empty() || said.back() != what + " " + name) said.push_back(what + " " + name);
  }
  mutable std::array<std::string, 64> names_;
};

TEST(DurableFolderTest, BytesAreSyncedBeforeTheyAreNamedAndNamesAfter) {
  const TemporaryFolder temporary;
  const Recorder calls;
  const DurableFolder folder = open_folder(temporary.file("out"), calls);
  ASSERT_OK(folder.replace("a", as_bytes("seven by"), 0644));
  EXPECT_EQ(text_of(folder, "a"), "seven by");
  ASSERT_OK(folder.remove("a"));
  EXPECT_EQ(calls.said, (std::vector<std::string>{"open .unfinished-a", "write .unfinished-a",
                                                  "sync .unfinished-a", "rename a", "open out",
                                                  "sync out", "unlink a", "open out", "sync out"}));
}

TEST(DurableFolderTest, WhatIsUnfinishedIsSweptAway) {
  const TemporaryFolder temporary;
  const DurableFolder folder = open_folder(temporary.file("out"));
  std::ofstream(temporary.file("out/.unfinished-a")) << "half";
  std::ofstream(temporary.file("out/b")) << "whole";
  ASSERT_OK(folder.sweep());
  EXPECT_FALSE(std::filesystem::exists(temporary.file("out/.unfinished-a")));
  EXPECT_EQ(text_of(folder, "b"), "whole");
}

TEST(DurableFolderTest, OneProcessAtATime) {
  const TemporaryFolder temporary;
  const DurableFolder folder = open_folder(temporary.file("out"));
  {
    const auto first = FolderLock::take(folder);
    ASSERT_OK(first.status());
    EXPECT_CODE(FolderLock::take(folder).status(), Code::in_use);
  }
  ASSERT_OK(FolderLock::take(folder).status());
}

TEST(DurableFolderTest, WhatIsNoFolderIsRefused) {
  const TemporaryFolder temporary;
  std::ofstream(temporary.file("file")) << "";
  EXPECT_CODE(DurableFolder::open(temporary.file("file"), 0755, system_file_calls()).status(),
              Code::io);
  EXPECT_CODE(DurableFolder::open(temporary.file("no/such"), 0755, system_file_calls()).status(),
              Code::io);
}

}  // namespace
}  // namespace nearzone::authority_test
