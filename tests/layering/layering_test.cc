#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "layering/layering.h"
#include "tests_folder.h"

namespace nearzone::layering {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// --- This repository -----------------------------------------------------------------------------

std::string table_of_floors() {
  std::ifstream file(fs::path(test::tests_folder()) / "layering/floors.txt");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Repository, KeepsToItsFloors) {
  const fs::path tests = test::tests_folder();
  const std::string table = table_of_floors();
  ASSERT_FALSE(table.empty());
  Faults faults;
  const Floors floors = read_floors(table, faults);
  EXPECT_THAT(faults, IsEmpty());
  EXPECT_THAT(check_tree(tests.parent_path(), floors), IsEmpty());
}

// Only device can make a Consent, of the PersonConsents of its own header, and nothing that reads
// networks, lists or configurations may know that header.
TEST(Repository, LetsNothingBelowTheDeviceConsent) {
  Faults faults;
  const Floors floors = read_floors(table_of_floors(), faults);
  const std::set<std::string> may = {"device", "simulation", "nearzone", "c"};
  for (const Module& module : floors.modules)
    EXPECT_TRUE(may.contains(module.name) || !module.uses.contains("device")) << module.name;
}

// --- Made-up trees -------------------------------------------------------------------------------

constexpr const char* kTable = R"(
# a comment
nowhere regex
commands nearzone_module add_executable target_link_libraries
module low 0 lib/low
  headers low
  foreign sodium.h
  links Foreign::sodium
  without thread
module high 1 lib/high
  headers high
  uses low
  foreign mbedtls/
only lib/low/level_ stdint.h low/table.h
)";

class MadeUpTree : public ::testing::Test {
 protected:
  MadeUpTree() {
    root_ = fs::path(::testing::TempDir()) /
            ("nearzone_layering_" + std::to_string(getpid()) +
             ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(root_);
    write("include/nearzone/low.h", "#include <vector>\n");
    write("include/nearzone/high.h", "#include \"nearzone/low.h\"\n");
    write("lib/low/CMakeLists.txt",
          "nearzone_module(low SOURCES low.cc LIBRARIES Foreign::sodium)");
    write("lib/low/low.cc", "#include <sodium.h>\n");
    write("lib/high/CMakeLists.txt", "nearzone_module(high\n  SOURCES high.cc # it\n DEPENDS low)");
    write("lib/high/high.cc",
          "#include \"nearzone/high.h\"\n#include \"low/inner.h\"\n#include <mbedtls/ecdsa.h>\n");
    write("bench/anything.cc", "#include <whatever/they.like>\n");
  }
  ~MadeUpTree() override { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << text;
  }

  Faults check(const std::string& table = kTable) {
    Faults faults;
    const Floors floors = read_floors(table, faults);
    for (const std::string& fault : check_tree(root_, floors)) faults.push_back(fault);
    return faults;
  }

 private:
  fs::path root_;
};

TEST_F(MadeUpTree, IsFaultlessAsItStands) { EXPECT_THAT(check(), IsEmpty()); }

TEST_F(MadeUpTree, FindsAForeignHeaderThatIsNotTheModulesOwn) {
  write("lib/high/more.cc", "// a line\n#include <sodium.h>\n");
  EXPECT_THAT(check(), ElementsAre("lib/high/more.cc:2: high must not include <sodium.h>"));
}

TEST_F(MadeUpTree, FindsAnIncludeThatPointsUpwards) {
  write("lib/low/more.cc", "  #  include \"nearzone/high.h\"\n#include \"high/inner.h\"\n");
  EXPECT_THAT(
      check(),
      ElementsAre("lib/low/more.cc:1: low must not include nearzone/high.h, which is high's",
                  "lib/low/more.cc:2: low must not include high/inner.h, which is high's"));
}

TEST_F(MadeUpTree, FindsAnIncludeOfWhatNobodyOwns) {
  write("lib/low/more.cc",
        "#include \"nearzone/lost.h\"\n#include \"tests/x.h\"\n#include MACRO\n");
  EXPECT_THAT(
      check(),
      ElementsAre("lib/low/more.cc:1: nearzone/lost.h belongs to no module of the floors table",
                  "lib/low/more.cc:2: tests/x.h belongs to no module of the floors table",
                  "lib/low/more.cc:3: an include must name its header"));
}

TEST_F(MadeUpTree, FindsStandardHeadersThatAModuleMustDoWithout) {
  write("lib/high/more.cc", "#include <thread>\n#include <regex>\n");
  write("lib/low/more.cc", "#include <thread>\n");
  EXPECT_THAT(check(), ElementsAre("lib/low/more.cc:1: low must do without <thread>",
                                   "lib/high/more.cc:2: high must do without <regex>"));
}

TEST_F(MadeUpTree, FindsALevelFileThatIncludesMoreThanItsFew) {
  write("lib/low/level_fast.cc",
        "#include <stdint.h>\n#include \"low/table.h\"\n#include <array>\n");
  EXPECT_THAT(check(), ElementsAre("lib/low/level_fast.cc:3: this file must not include array"));
}

TEST_F(MadeUpTree, FindsACMakeDependencyOnAModuleAbove) {
  write("lib/low/CMakeLists.txt", "\nnearzone_module(low SOURCES low.cc DEPENDS high)\n");
  EXPECT_THAT(check(), ElementsAre("lib/low/CMakeLists.txt:2: low must not link nearzone::high"));
}

TEST_F(MadeUpTree, FindsALibraryThatIsNotTheModulesOwn) {
  write("lib/high/CMakeLists.txt",
        "nearzone_module(high SOURCES high.cc LIBRARIES Foreign::sodium)\n"
        "target_link_libraries(nearzone_high PRIVATE crypto)\n");
  EXPECT_THAT(check(), ElementsAre("lib/high/CMakeLists.txt:1: high must not link Foreign::sodium",
                                   "lib/high/CMakeLists.txt:2: high must not link crypto"));
}

TEST_F(MadeUpTree, FindsAModuleUnderAnotherName) {
  write("lib/high/CMakeLists.txt", "nearzone_module(higher SOURCES high.cc)\n");
  EXPECT_THAT(check(),
              ElementsAre("lib/high/CMakeLists.txt:1: the module of this folder is called high"));
}

TEST_F(MadeUpTree, FindsACommandThatWouldGetRoundTheTable) {
  write("lib/high/CMakeLists.txt",
        "nearzone_module(high SOURCES high.cc DEPENDS low)\nlink_libraries(crypto)\n");
  EXPECT_THAT(
      check(),
      ElementsAre("lib/high/CMakeLists.txt:2: modules do without the command link_libraries"));
}

TEST_F(MadeUpTree, LetsAFolderSayAnythingButLinkAnything) {
  write("lib/high/CMakeLists.txt",
        "if(FAST)\nnearzone_module(high FAST SOURCES high.cc DEPENDS low)\nendif()\n"
        "target_link_libraries(nearzone_high PRIVATE crypto)\n");
  EXPECT_THAT(check(std::string(kTable) + "any_commands lib/high/\n"),
              ElementsAre("lib/high/CMakeLists.txt:4: high must not link crypto"));
}

TEST_F(MadeUpTree, FindsFoldersAndFilesThatAreNoModules) {
  write("lib/helpers/x.cc", "");
  write("lib/stray.cc", "");
  write("tools/other/main.cc", "");
  EXPECT_THAT(check(), ElementsAre("lib/helpers:1: this folder is no module of the floors table",
                                   "lib/stray.cc:1: this file belongs to no module",
                                   "tools/other:1: this folder is no module of the floors table"));
}

TEST_F(MadeUpTree, FindsPublicHeadersThatNobodyOwnsOrThatShowInnerThings) {
  write("include/nearzone/new.h", "");
  write("include/nearzone/low.h", "#include <sodium.h>\n#include \"low/inner.h\"\n");
  EXPECT_THAT(
      check(),
      ElementsAre(
          "include/nearzone/low.h:1: a public header includes sodium.h, which is neither "
          "public nor of the standard library",
          "include/nearzone/low.h:2: a public header includes low/inner.h, which is neither "
          "public nor of the standard library",
          "include/nearzone/new.h:1: this public header belongs to no module of the floors "
          "table"));
}

TEST_F(MadeUpTree, FindsFaultsOfTheTableItself) {
  std::string table = kTable;
  table += "module low2 0 lib/gone\n  headers low\n  uses high\n  whatever x\n";
  EXPECT_THAT(check(table), ElementsAre("floors:18: 'whatever' means nothing here",
                                        "floors: low2 uses high, which is no module below it",
                                        "floors: the header low has two owners",
                                        "floors: lib/gone does not exist"));
}

}  // namespace
}  // namespace nearzone::layering
