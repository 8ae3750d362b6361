// Files that were cut, altered, mixed up or put back: never wrong data, never a silent loss, and
// nothing that a failed opening overwrites.
#include <sqlite3.h>

#include "core/crypto.h"
#include "encounter_log/key_table.h"
#include "encounter_log/support.h"

namespace nearzone::log_test {
namespace {

using encounter_log::kSlotSize;

class Damage : public testing::Test {
 protected:
  void SetUp() override {
    auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    for (int32_t i = 0; i < 30; ++i) {
      heard_.push_back(random_scan(world_.random, kNoon + Millis(i * 7'200'000), 6));
      ASSERT_OK(append(**log, heard_.back()));
    }
    ASSERT_OK((*log)->put_state(kToday, "ledger", as_bytes("state of a day")));
    ASSERT_OK((*log)->put_state(kToday + 1, "own-keys", as_bytes("another")));
    statistics_ = *(*log)->statistics();
    log->reset();
    database_ = read_file(folder_.file("log.db"));
    keys_ = read_file(folder_.file("log.keys"));
  }
  void write_database(const std::vector<uint8_t>& bytes) {
    write_file(folder_.file("log.db"), bytes);
  }
  void write_keys(const std::vector<uint8_t>& bytes) {
    write_file(folder_.file("log.keys"), bytes);
  }
  // Opens, and expects this failure and both files as they were.
  void expect_refused(Code code) {
    const std::vector<uint8_t> database = read_file(folder_.file("log.db"));
    const std::vector<uint8_t> keys = read_file(folder_.file("log.keys"));
    EXPECT_CODE(world_.open(folder_).status(), code);
    EXPECT_TRUE(read_file(folder_.file("log.db")) == database);
    EXPECT_TRUE(read_file(folder_.file("log.keys")) == keys);
  }
  void expect_whole() {
    const auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    expect_holds(**log, heard_);
  }
  // Everything that the log serves is what was stored, or refused.
  void expect_nothing_false(const char* where, size_t at) {
    const auto log = world_.open(folder_);
    if (!log.ok()) return;
    if (const auto snapshot = (*log)->snapshot(); snapshot.ok()) {
      ASSERT_TRUE(entries_of(*snapshot) == entries_of(heard_)) << where << at;
      ASSERT_EQ(snapshot->columns().scans.size(), heard_.size()) << where << at;
    }
    if (const auto found = (*log)->statistics(); found.ok()) {
      ASSERT_EQ(found->days.size(), statistics_.days.size()) << where << at;
      for (size_t i = 0; i < found->days.size(); ++i) {
        ASSERT_EQ(found->days[i].day, statistics_.days[i].day) << where << at;
        ASSERT_EQ(found->days[i].scans, statistics_.days[i].scans) << where << at;
        ASSERT_EQ(found->days[i].sightings, statistics_.days[i].sightings) << where << at;
      }
    }
    const auto state = (*log)->get_state(kToday, "ledger");
    if (state.ok()) {
      ASSERT_TRUE(std::ranges::equal(state->expose(ForSealing{}), as_bytes("state of a day")))
          << where << at;
    } else {
      ASSERT_NE(state.status().code(), Code::not_found) << where << at;
    }
    if (const auto days = (*log)->state_days("own-keys"); days.ok()) {
      ASSERT_EQ(*days, std::vector<Day>{kToday + 1}) << where << at;
    }
  }

  TemporaryFolder folder_;
  World world_;
  std::vector<Heard> heard_;
  LogStatistics statistics_;
  std::vector<uint8_t> database_;
  std::vector<uint8_t> keys_;
};

TEST_F(Damage, OfAByteOfTheDatabaseNeverGivesFalseData) {
  SeededRandom random(23);
  for (size_t at = 0; at < database_.size(); at += at < 200 ? 1 : 1 + random.below(90)) {
    std::vector<uint8_t> flipped = database_;
    flipped[at] ^= static_cast<uint8_t>(1u << random.below(8));
    write_database(flipped);
    expect_nothing_false("byte ", at);
    if (HasFatalFailure()) return;
    write_keys(keys_);
  }
}

TEST_F(Damage, OfAByteOfTheKeyFileIsHealedFromTheOtherSlot) {
  for (size_t at = 0; at < keys_.size(); at += 97) {
    std::vector<uint8_t> flipped = keys_;
    flipped[at] ^= 0x40;
    write_keys(flipped);
    expect_whole();
    if (HasFatalFailure()) return;
    EXPECT_TRUE(read_file(folder_.file("log.keys")) == keys_) << at;
  }
}

TEST_F(Damage, OfBothSlotsIsToldFromAWrongKey) {
  std::vector<uint8_t> flipped = keys_;
  flipped[100] ^= 1;
  flipped[kSlotSize + 100] ^= 1;
  write_keys(flipped);
  expect_refused(Code::corrupt);
  write_keys(std::vector<uint8_t>(keys_.size()));
  expect_refused(Code::corrupt);
  for (size_t size : {size_t{0}, size_t{10}, kSlotSize - 1}) {
    write_keys({keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(size)});
    expect_refused(Code::corrupt);
  }
  write_keys(keys_);
  world_.root = root_of(9);
  expect_refused(Code::wrong_key);
  world_.root = root_of(7);
  expect_whole();
}

TEST_F(Damage, ByTruncationNeverGivesFalseData) {
  for (size_t size :
       {size_t{0}, size_t{1}, size_t{99}, size_t{100}, size_t{512}, size_t{4095}, size_t{4096},
        size_t{4097}, database_.size() / 2, database_.size() - 4096, database_.size() - 1}) {
    write_database({database_.begin(), database_.begin() + static_cast<std::ptrdiff_t>(size)});
    expect_nothing_false("size ", size);
    write_keys(keys_);
  }
  write_database({});
  expect_refused(Code::corrupt);
}

TEST_F(Damage, ByAnotherFileInPlaceOfTheDatabaseIsNamed) {
  write_database(std::vector<uint8_t>(20000, 'x'));
  expect_refused(Code::corrupt);
}

TEST_F(Damage, ByAMissingFileIsNamedAndNothingIsMadeAnew) {
  std::filesystem::remove(folder_.file("log.keys"));
  EXPECT_CODE(world_.open(folder_).status(), Code::corrupt);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("log.keys")));
  write_keys(keys_);
  expect_whole();
  std::filesystem::remove(folder_.file("log.db"));
  EXPECT_CODE(world_.open(folder_).status(), Code::corrupt);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("log.db")));
  write_database(database_);
  expect_whole();
}

TEST_F(Damage, ByMixingTwoLogsIsNamed) {
  TemporaryFolder other;
  const auto log = world_.open(other);
  ASSERT_OK(log.status());
  ASSERT_OK(append(**log, heard_[0]));
  write_keys(read_file(other.file("log.keys")));
  expect_refused(Code::corrupt);
}

TEST_F(Damage, ByPuttingAnOlderKeyFileBackIsNamedAndDeletesNothing) {
  {
    const auto log = world_.open(folder_);
    heard_.push_back(random_scan(world_.random, (kToday + 20).start(), 3));
    ASSERT_OK(append(**log, heard_.back()));
  }
  const std::vector<uint8_t> newer = read_file(folder_.file("log.keys"));
  write_keys(keys_);
  expect_refused(Code::corrupt);
  write_keys(newer);
  expect_whole();
}

// A log without any day's key never held anything.
TEST_F(Damage, CannotComeFromAnUnfinishedMaking) {
  for (const char* state : {"no database", "an empty database"}) {
    SCOPED_TRACE(state);
    TemporaryFolder folder;
    ASSERT_OK(world_.open(folder).status());
    std::filesystem::remove(folder.file("log.db"));
    if (std::string(state) == "an empty database") write_file(folder.file("log.db"), {});
    const auto log = world_.open(folder);
    ASSERT_OK(log.status());
    ASSERT_OK(append(**log, heard_[0]));
    expect_holds(**log, {heard_[0]});
  }
  for (size_t size : {size_t{0}, kSlotSize / 2, kSlotSize, kSlotSize + 700}) {
    SCOPED_TRACE(size);
    TemporaryFolder folder;
    std::filesystem::create_directory(folder.log());
    write_file(folder.file("log.keys"), std::vector<uint8_t>(size));
    const auto log = world_.open(folder);
    ASSERT_OK(log.status());
    ASSERT_OK(append(**log, heard_[0]));
  }
}

TEST_F(Damage, IsToldFromANewerFormat) {
  std::vector<uint8_t> newer = keys_;
  for (size_t slot : {size_t{0}, kSlotSize}) {
    newer[slot + 8] = 2;
    const Digest checksum = sha256(ByteView(newer).subspan(slot, kSlotSize - 32));
    std::ranges::copy(checksum, newer.begin() + static_cast<std::ptrdiff_t>(slot + kSlotSize - 32));
  }
  write_keys(newer);
  expect_refused(Code::newer_format);
  write_keys(keys_);
  std::vector<uint8_t> database = database_;
  database[63] = 2;  // user_version, the last of four bytes
  write_database(database);
  expect_refused(Code::newer_format);
}

// Rows taken out by hand, as a damaged page can lose them, and the day that is named for it.
TEST_F(Damage, ByVanishedRowsNamesTheDay) {
  const auto altered = [&](const std::string& sql) {
    write_database(database_);
    write_keys(keys_);
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(folder_.file("log.db").c_str(), &connection), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    sqlite3_close(connection);
  };
  const std::string day = std::to_string(kToday.number + 1);
  for (const std::string& sql :
       {"DELETE FROM block WHERE day = " + day + " AND sequence = 0",
        "DELETE FROM block WHERE day = " + day + " AND sequence = 3",
        "DELETE FROM block WHERE day = " + day + " AND sequence = 11",
        "DELETE FROM block WHERE day = " + day, "DELETE FROM day WHERE day = " + day,
        "UPDATE day SET blocks = blocks + 1 WHERE day = " + day,
        "UPDATE block SET sequence = 40 WHERE day = " + day + " AND sequence = 11",
        "UPDATE block SET count = 5 WHERE day = " + day + " AND sequence = 2",
        "UPDATE block SET chunks = 2 WHERE day = " + day + " AND sequence = 2",
        "UPDATE block SET sealed = x'00' WHERE day = " + day + " AND sequence = 2",
        "UPDATE block SET sealed = (SELECT sealed FROM block WHERE day = " + day +
            " AND sequence = 4) WHERE day = " + day + " AND sequence = 2"}) {
    SCOPED_TRACE(sql);
    altered(sql);
    const auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    const Status status = (*log)->snapshot().status();
    EXPECT_CODE(status, Code::corrupt);
    EXPECT_EQ(status.record(), kToday.number + 1);
    // Without that day the others can be read again.
    ASSERT_OK((*log)->erase_day(kToday + 1));
    std::vector<Heard> rest;
    for (const Heard& heard : heard_)
      if (Day::of(heard.scan.start) != kToday + 1) rest.push_back(heard);
    expect_holds(**log, rest);
  }
  altered("DELETE FROM state WHERE day = " + day);
  EXPECT_CODE((*world_.open(folder_))->state_days("own-keys").status(), Code::corrupt);
  altered("UPDATE state SET kind = 'own-keyt' WHERE day = " + day);
  EXPECT_CODE((*world_.open(folder_))->get_state(kToday + 1, "own-keys").status(), Code::corrupt);
}

}  // namespace
}  // namespace nearzone::log_test
