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
  // What is served was stored, and what is not served is told.
  void expect_true_or_lost(const SightingTable& table, const std::vector<LogDayLoss>& lost) {
    const std::vector<Entry> stored = entries_of(heard_);
    const std::vector<Entry> served = entries_of(table);
    ASSERT_TRUE(std::includes(stored.begin(), stored.end(), served.begin(), served.end()));
    uint64_t scans = table.columns().scans.size();
    uint64_t sightings = served.size();
    for (const LogDayLoss& loss : lost) {
      scans += loss.scans;
      sightings += loss.sightings;
    }
    ASSERT_GE(scans, heard_.size());
    ASSERT_GE(sightings, stored.size());
  }
  // Everything that the log serves is what was stored, or refused.
  void expect_nothing_false(const char* where, size_t at) {
    const auto log = world_.open(folder_);
    if (!log.ok()) return;
    SCOPED_TRACE(testing::Message() << where << at);
    std::vector<LogDayLoss> lost;
    const auto snapshot = (*log)->snapshot(nullptr, &lost);
    ASSERT_OK(snapshot.status());
    const std::vector<LogDayLoss>& before = (*log)->opening().lost;
    lost.insert(lost.end(), before.begin(), before.end());
    ASSERT_NO_FATAL_FAILURE(expect_true_or_lost(*snapshot, lost));
    if (const auto found = (*log)->statistics(); found.ok() && found->damaged.empty()) {
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
      ASSERT_GT((*log)->opening().states_lost, 0u) << where << at;
    }
    if ((*log)->opening().states_lost == 0) {
      ASSERT_EQ(*(*log)->state_days("own-keys"), std::vector<Day>{kToday + 1}) << where << at;
    }
    // The log goes on.
    const Heard next = random_scan(world_.random, kNoon, 3);
    ASSERT_OK(append(**log, next));
    ASSERT_EQ((*log)->snapshot()->columns().size(), snapshot->columns().size() + 3);
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
    // The notes behind the slots are a help only.
    if (at < 2 * kSlotSize) {
      EXPECT_TRUE(read_file(folder_.file("log.keys")) == keys_) << at;
    }
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
}

TEST_F(Damage, ByAnotherFileInPlaceOfTheDatabaseIsTheLossOfAllScans) {
  for (const std::vector<uint8_t>& other :
       {std::vector<uint8_t>(20000, 'x'), std::vector<uint8_t>()}) {
    write_keys(keys_);
    write_database(other);
    const auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    EXPECT_TRUE((*log)->opening().repaired);
    uint64_t scans = 0;
    for (const LogDayLoss& loss : (*log)->opening().lost) scans += loss.scans;
    EXPECT_EQ(scans, heard_.size()) << "counted by the marks in the key file";
    if (!other.empty()) {
      EXPECT_TRUE(read_file(folder_.file("log.db.damaged")) == other);
    }
    expect_holds(**log, {});
  }
}

TEST_F(Damage, ByAMissingKeyFileIsARestoreWithoutKeysAndNothingIsMadeAnew) {
  std::filesystem::remove(folder_.file("log.keys"));
  const Status status = world_.open(folder_).status();
  EXPECT_CODE(status, Code::wrong_key);
  EXPECT_STREQ(status.field(), "restored");
  EXPECT_FALSE(std::filesystem::exists(folder_.file("log.keys")));
  write_keys(keys_);
  expect_whole();
}

TEST_F(Damage, ByAMissingDatabaseIsTold) {
  std::filesystem::remove(folder_.file("log.db"));
  const auto log = world_.open(folder_);
  ASSERT_OK(log.status());
  EXPECT_TRUE((*log)->opening().repaired);
  EXPECT_EQ((*log)->opening().lost.size(), 3u);
  expect_holds(**log, {});
  ASSERT_OK(append(**log, heard_[0]));
}

TEST_F(Damage, ByAnOlderDatabasePutBackIsTold) {
  {
    const auto log = world_.open(folder_);
    for (int i = 0; i < 3; ++i)
      ASSERT_OK(append(**log, random_scan(world_.random, kNoon + Millis(i), 2)));
  }
  write_database(database_);
  const auto log = world_.open(folder_);
  ASSERT_OK(log.status());
  EXPECT_TRUE((*log)->opening().repaired);
  EXPECT_EQ((*log)->opening().lost, (std::vector<LogDayLoss>{{kToday, 3, 6}}));
  expect_holds(**log, heard_);
}

TEST_F(Damage, ByAnOlderFolderPutBackIsToldWhereTheShellCounts) {
  {
    const auto log = world_.open(folder_);
    world_.options.least_counter = (*log)->counter();
    EXPECT_FALSE((*log)->opening().older_folder);
    ASSERT_OK((*log)->erase_day(kToday));
    EXPECT_GT((*log)->counter(), world_.options.least_counter);
    world_.options.least_counter = (*log)->counter();
  }
  EXPECT_FALSE((*world_.open(folder_))->opening().older_folder);
  write_database(database_);
  write_keys(keys_);
  EXPECT_TRUE((*world_.open(folder_))->opening().older_folder);
}

// What nothing but the write-ahead log held, and a database of no bytes beside it.
TEST_F(Damage, OfAnEmptyDatabaseLeavesWhatTheWriteAheadLogHolds) {
  TemporaryFolder folder;
  std::vector<uint8_t> keys, wal;
  std::vector<Heard> heard;
  {
    const auto log = world_.open(folder);
    for (int i = 0; i < 5; ++i) {
      heard.push_back(random_scan(world_.random, kNoon + Millis(i), 4));
      ASSERT_OK(append(**log, heard.back()));
    }
    keys = read_file(folder.file("log.keys"));
    wal = read_file(folder.file("log.db-wal"));
  }
  write_file(folder.file("log.keys"), keys);
  write_file(folder.file("log.db-wal"), wal);
  write_file(folder.file("log.db"), {});
  const auto log = world_.open(folder);
  ASSERT_OK(log.status());
  expect_holds(**log, heard);
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
  database[63] = 3;  // user_version, the last of four bytes
  write_database(database);
  expect_refused(Code::newer_format);
}

// Rows taken out by hand, as a damaged page can lose them, and how much is told of it.
TEST_F(Damage, ByVanishedRowsIsToldInNumbersAndLeavesTheRest) {
  const auto altered = [&](const std::string& sql) {
    write_database(database_);
    write_keys(keys_);
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(folder_.file("log.db").c_str(), &connection), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    sqlite3_close(connection);
  };
  const Day second = kToday + 1;
  const std::string day = std::to_string(second.number);
  struct Case {
    std::string sql;
    uint64_t scans;
  };
  for (const auto& [sql, scans] : std::vector<Case>{
           {"DELETE FROM block WHERE day = " + day + " AND sequence = 0", 1},
           {"DELETE FROM block WHERE day = " + day + " AND sequence = 3", 1},
           {"DELETE FROM block WHERE day = " + day + " AND sequence = 11", 1},
           {"DELETE FROM block WHERE day = " + day, 12},
           {"UPDATE block SET sequence = 40 WHERE day = " + day + " AND sequence = 11", 1},
           {"UPDATE block SET count = 5 WHERE day = " + day + " AND sequence = 2", 1},
           {"UPDATE block SET chunks = 2 WHERE day = " + day + " AND sequence = 2", 1},
           {"UPDATE block SET sealed = x'00' WHERE day = " + day + " AND sequence = 2", 1},
           {"UPDATE block SET sealed = 'text' WHERE day = " + day + " AND sequence = 2", 1},
           {"UPDATE block SET sealed = (SELECT sealed FROM block WHERE day = " + day +
                " AND sequence = 4) WHERE day = " + day + " AND sequence = 2",
            1}}) {
    SCOPED_TRACE(sql);
    altered(sql);
    const auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    EXPECT_TRUE((*log)->opening().repaired);
    const std::vector<LogDayLoss> expected = {{second, scans, 6 * scans}};
    EXPECT_EQ((*log)->opening().lost, expected);
    EXPECT_EQ((*log)->statistics()->damaged, expected);
    std::vector<LogDayLoss> lost;
    const auto snapshot = (*log)->snapshot(nullptr, &lost);
    ASSERT_OK(snapshot.status());
    EXPECT_TRUE(lost.empty()) << "nothing since";
    ASSERT_NO_FATAL_FAILURE(expect_true_or_lost(*snapshot, expected));
    // The log goes on.
    ASSERT_OK((*log)->erase_day(second));
    std::vector<Heard> rest;
    for (const Heard& heard : heard_)
      if (Day::of(heard.scan.start) != second) rest.push_back(heard);
    expect_holds(**log, rest);
  }
  for (const char* sql : {"DELETE FROM state WHERE day = ",
                          "UPDATE state SET kind = 'own-keyt' "
                          "WHERE day = "}) {
    altered(sql + day);
    const auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    EXPECT_EQ((*log)->opening().states_lost, 1u);
    EXPECT_TRUE((*log)->state_days("own-keys")->empty());
    expect_holds(**log, heard_);
  }
}

TEST_F(Damage, IsMendedOnceAndForAll) {
  std::vector<uint8_t> damaged = database_;
  for (size_t at = damaged.size() - 6000; at < damaged.size() - 2000; ++at) damaged[at] ^= 0x55;
  write_database(damaged);
  {
    const auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    EXPECT_TRUE((*log)->opening().repaired);
    EXPECT_TRUE(read_file(folder_.file("log.db.damaged")) == damaged);
  }
  const auto log = world_.open(folder_);
  ASSERT_OK(log.status());
  EXPECT_FALSE((*log)->opening().repaired);
  EXPECT_FALSE((*log)->statistics()->damaged.empty()) << "remembered";
  EXPECT_GT((*log)->statistics()->bytes_on_disk,
            damaged.size() + read_file(folder_.file("log.db")).size());
  ASSERT_OK((*log)->purge().status());
  EXPECT_TRUE(std::filesystem::exists(folder_.file("log.db.damaged")));
  world_.clock.advance(20 * Day::kLength);
  ASSERT_OK((*log)->purge().status());
  EXPECT_FALSE(std::filesystem::exists(folder_.file("log.db.damaged")));
  EXPECT_TRUE((*log)->statistics()->damaged.empty());
}

TEST_F(Damage, WhileTheLogIsOpenIsToldBySnapshots) {
  const auto log = world_.open(folder_);
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(folder_.file("log.db").c_str(), &connection), SQLITE_OK);
  const std::string sql =
      "DELETE FROM block WHERE sequence = 1 AND day = " + std::to_string(kToday.number + 1);
  ASSERT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(connection);
  std::vector<LogDayLoss> lost;
  const auto snapshot = (*log)->snapshot(nullptr, &lost);
  ASSERT_OK(snapshot.status());
  EXPECT_EQ(lost, (std::vector<LogDayLoss>{{kToday + 1, 1, 6}}));
  ASSERT_NO_FATAL_FAILURE(expect_true_or_lost(*snapshot, lost));
}

}  // namespace
}  // namespace nearzone::log_test
