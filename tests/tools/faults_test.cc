// What the command line does where something is wrong around it: nothing is lost, nothing is
// silent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests_folder.h"
#include "tools/program.h"

namespace nearzone {
namespace {

using test::Ran;
using testing::HasSubstr;
using testing::Not;

class Faults : public testing::Test {
 protected:
  Ran run(const std::string& arguments) const { return folder_.run(NEARZONE_PROGRAM, arguments); }
  bool is_there(const std::string& name) const {
    return std::filesystem::exists(folder_.file_of(name));
  }
  mode_t mode_of(const std::string& name) const {
    struct stat found {};
    return ::stat(folder_.file_of(name).c_str(), &found) == 0 ? found.st_mode & 0777u : 0;
  }
  static std::string fixture(const std::string& name) {
    return std::string("'").append(test::tests_folder()).append("/lists/fixtures/" + name + "'");
  }

  test::ProgramFolder folder_;
};

TEST_F(Faults, ALogThatCannotBeMadeLeavesNoKeyBehind) {
  EXPECT_EQ(run("log init --log missing/log --key-file log.key").exit_code, 5);
  EXPECT_FALSE(is_there("log.key"));
  ASSERT_EQ(run("log init --log log --key-file real.key").exit_code, 0);
  EXPECT_EQ(run("log init --log log").exit_code, 3) << "this log has another key";
  EXPECT_FALSE(is_there("log.key"));
  EXPECT_EQ(run("log stats --log log --key-file real.key").exit_code, 0);
}

TEST_F(Faults, WhatALogSealsIsExportedForItsOwnerOnly) {
  ASSERT_EQ(run("log init --log log").exit_code, 0);
  ASSERT_EQ(run("log import --log log " + fixture("sightings.csv")).exit_code, 0);
  ASSERT_EQ(run("log export --log log -o out.csv").exit_code, 0);
  EXPECT_EQ(mode_of("out.csv"), 0600u);
}

TEST_F(Faults, PurgingErasesWhatIsOlderThanTheLogKeeps) {
  ASSERT_EQ(run("log init --log log").exit_code, 0);
  ASSERT_EQ(run("log import --log log " + fixture("sightings.csv")).exit_code, 0);
  EXPECT_THAT(run("log stats --log log").output, HasSubstr("2020-07-22"));
  EXPECT_EQ(run("log purge --log log").output, "1 day erased\n");
  EXPECT_THAT(run("log stats --log log").output, HasSubstr("0 sightings, "));
  EXPECT_EQ(run("log purge --log log").output, "0 days erased\n");
  EXPECT_EQ(run("log purge --log missing").exit_code, 3);
}

TEST_F(Faults, ADemoThatIsStoppedLeavesNothingBehind) {
  // The town is far too large to be done before the signal; one that goes to the command alone must
  // reach its work.
  const Ran ran =
      folder_.run("/bin/sh", "-c 'TMPDIR=. timeout --foreground -s TERM 2 " NEARZONE_PROGRAM
                             " demo --people 3000 > /dev/null; echo $?'");
  EXPECT_EQ(ran.output, "124\n") << ran.errors;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_EQ(entry.path().filename(), "errors");
}

TEST_F(Faults, RecordsThatAreRefusedAreToldByEveryCommandThatUsesTheList) {
  const std::string list = fixture("bluezone_bad_records.json");
  folder_.write("none.csv", "time_ms,identifier,rssi_dbm,metadata\n");
  for (const std::string& arguments :
       {"list show " + list, "match --sightings none.csv " + list,
        "exposures --sightings none.csv " + list,
        "list convert " + list + " --to nearzone --list-id 1 --sequence 1 -o out"}) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.exit_code, 0) << arguments << ran.errors;
    EXPECT_THAT(ran.errors, HasSubstr("record ")) << arguments;
    EXPECT_THAT(ran.errors, HasSubstr("bluezone_bad_records.json: ")) << arguments;
  }
  EXPECT_EQ(run("match --sightings none.csv " + fixture("bluezone.json")).errors, "");
}

TEST_F(Faults, AListThatIsNoLongerValidIsMatchedAndCalledSo) {
  folder_.write("none.csv", "time_ms,identifier,rssi_dbm,metadata\n");
  const Ran ran = run("match --sightings none.csv " + fixture("nearzone_signed.nzlist"));
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.errors, HasSubstr("valid_to_ms: the list is no longer valid"));
}

TEST_F(Faults, AResultThatCannotBeWrittenIsNoSuccess) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  folder_.write("none.csv", "time_ms,identifier,rssi_dbm,metadata\n");
  const std::string list = fixture("bluezone.json");
  for (const std::string& arguments :
       {"ids --scheme bluezone --key " + std::string(64, '1'), "list show " + list,
        "match --json --sightings none.csv " + list}) {
    const Ran ran = run(arguments + " > /dev/full");
    EXPECT_EQ(ran.exit_code, 5) << arguments;
    EXPECT_THAT(ran.errors, HasSubstr("standard output cannot be written")) << arguments;
  }
}

TEST_F(Faults, AListIsReplacedAsAWholeOrNotAtAll) {
  const std::string convert =
      "list convert " + fixture("bluezone.json") + " --to nearzone --list-id 1 --sequence 1 -o ";
  folder_.write("out", "the list that was published before");
  ASSERT_EQ(run(convert + "out").exit_code, 0);
  EXPECT_THAT(folder_.read("out"), Not(HasSubstr("before")));
  // Nothing but it and what was said is left.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 2);
  EXPECT_EQ(::chmod(folder_.file_of("out").c_str(), 0640), 0);
  ASSERT_EQ(run(convert + "out").exit_code, 0);
  EXPECT_EQ(mode_of("out"), 0640u) << "a server that may read the old list may read the new one";
  EXPECT_EQ(run(convert + "missing/out").exit_code, 5);
  EXPECT_EQ(run(convert + "/dev/full").exit_code, 5);
  EXPECT_EQ(run(convert + "/dev/null").exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(Faults, ASigningKeyThatIsNotThereIsBadInput) {
  const Ran ran = run("list sign " + fixture("bluezone.json") +
                      " --key none.pem --list-id 1 --sequence 1 -o out");
  EXPECT_EQ(ran.exit_code, 3) << ran.errors;
  EXPECT_THAT(ran.errors, HasSubstr("none.pem: the key cannot be read"));
}

TEST_F(Faults, NumbersAreDigitsInTheirRange) {
  const std::string convert = "list convert " + fixture("bluezone.json") + " --to nearzone -o out ";
  for (const char* options : {"--list-id 1 --sequence -1", "--list-id -5",
                              "--sequence 18446744073709551616", "--sequence 0x10"})
    EXPECT_EQ(run(convert + options).exit_code, 2) << options;
  EXPECT_FALSE(is_there("out"));
  EXPECT_EQ(run("demo --seed -1").exit_code, 2);
  const std::string ids = "ids --scheme gaen --key " + std::string(32, '1') + " --interval ";
  EXPECT_EQ(run(ids + "010").output, run(ids + "10").output);
}

TEST_F(Faults, AKernelThatIsNotThereIsNotReplacedByAnother) {
  const std::string ids = "-c 'NEARZONE_KERNEL=none " NEARZONE_PROGRAM " ids --scheme gaen --key ";
  const Ran ran = folder_.run("/bin/sh", ids + std::string(32, '1') + " --interval 10'");
  EXPECT_EQ(ran.exit_code, 3) << ran.errors;
  EXPECT_EQ(ran.output, "");
}

TEST_F(Faults, IdentifiersOfNoTimeAreRefused) {
  const std::string ids = "ids --scheme gaen --key " + std::string(32, '1');
  EXPECT_THAT(run(ids + " --day 1969-12-31").errors, HasSubstr("--day: must not be before 1970"));
  EXPECT_THAT(run(ids + " --time 9223372036854775807").errors,
              HasSubstr("--time: lies behind the last ten-minute interval"));
  EXPECT_EQ(run(ids + " --day 1969-12-31").exit_code, 2);
  EXPECT_EQ(run(ids + " --interval 4294967295").exit_code, 0);
}

}  // namespace
}  // namespace nearzone
