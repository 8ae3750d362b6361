// Packing closed days: nothing changes but the space they take.
#include <sqlite3.h>

#include <atomic>
#include <map>
#include <thread>

#include "encounter_log/support.h"

namespace nearzone::log_test {
namespace {

class Compaction : public testing::Test {
 protected:
  void SetUp() override { reopen(); }
  void reopen() {
    log_.reset();
    auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    log_ = *std::move(log);
  }
  void record(Instant start, size_t sightings) {
    heard_.push_back(random_scan(world_.random, start, sightings));
    ASSERT_OK(append(*log_, heard_.back()));
  }
  // A day of scans every hour, some of which hear nothing, and some of which hear much.
  void record_day(Day day) {
    for (int hour = 0; hour < 23; ++hour)
      record(day.start() + std::chrono::hours(hour), hour % 5 == 0 ? 0
                                                     : hour == 11  ? 1300
                                                                   : static_cast<size_t>(hour));
  }
  // Lets time pass until the evening of that day.
  void set_clock(Day day) {
    world_.clock.advance(day.start() + std::chrono::hours(20) - world_.clock.now());
  }
  void compact() {
    Result<bool> more = true;
    while (more.ok() && *more) more = log_->compact_step(Millis(1));
    ASSERT_OK(more.status());
  }
  int64_t rows(const std::string& table) {
    sqlite3* connection = nullptr;
    EXPECT_EQ(sqlite3_open(folder_.file("log.db").c_str(), &connection), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    const std::string sql = "SELECT count(*) FROM " + table;
    EXPECT_EQ(sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const int64_t count = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(connection);
    return count;
  }
  // What a snapshot says of every row, by its name.
  std::map<RowId, Entry> by_row() {
    const auto snapshot = log_->snapshot();
    EXPECT_TRUE(snapshot.ok());
    const SightingColumns columns = snapshot->columns();
    std::map<RowId, Entry> rows;
    for (const DaySlice& slice : columns.days)
      for (size_t i = slice.first; i < slice.first + slice.count; ++i)
        rows[columns.row[i]] = {{columns.identifier[i], slice.scheme, columns.heard_by[i],
                                 columns.time[i], columns.rssi_dbm[i], columns.metadata[i]},
                                columns.scans[columns.scan[i]]};
    EXPECT_EQ(rows.size(), columns.size());
    return rows;
  }

  TemporaryFolder folder_;
  World world_;
  std::unique_ptr<EncounterLog> log_;
  std::vector<Heard> heard_;
};

TEST_F(Compaction, KeepsEverySightingScanAndRowId) {
  for (int32_t i = 0; i < 3; ++i) record_day(kToday + i);
  set_clock(kToday + 2);
  const std::map<RowId, Entry> before = by_row();
  const size_t scans = log_->snapshot()->columns().scans.size();
  const LogStatistics statistics = *log_->statistics();
  compact();
  EXPECT_EQ(rows("block"), 23 + 2) << "today's only, of which one has three chunks";
  EXPECT_EQ(rows("day WHERE packed > 0"), 2);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(by_row(), before);
    EXPECT_EQ(log_->snapshot()->columns().scans.size(), scans);
    expect_holds(*log_, heard_);
    const auto again = log_->statistics();
    ASSERT_OK(again.status());
    ASSERT_EQ(again->days.size(), 3u);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(again->days[i].scans, statistics.days[i].scans);
      EXPECT_EQ(again->days[i].sightings, statistics.days[i].sightings);
    }
    reopen();
  }
}

TEST_F(Compaction, TakesWhatArrivesLateIntoTheSegment) {
  record_day(kToday);
  set_clock(kToday + 1);
  compact();
  record(kToday.start() + std::chrono::minutes(90), 700);
  record(kToday.start() + std::chrono::minutes(95), 0);
  const std::map<RowId, Entry> before = by_row();
  expect_holds(*log_, heard_);
  compact();
  EXPECT_EQ(rows("block"), 0);
  EXPECT_EQ(rows("segment"), 1);
  EXPECT_EQ(by_row(), before);
  compact();
  EXPECT_EQ(by_row(), before);
}

TEST_F(Compaction, OfMoreThanOneChunkIsSortedThroughout) {
  for (int i = 0; i < 12; ++i) record(kToday.start() + std::chrono::hours(12 - i), 900);
  const std::map<RowId, Entry> before = by_row();
  set_clock(kToday + 1);
  compact();
  EXPECT_EQ(rows("segment"), 3);
  EXPECT_EQ(by_row(), before);
  const auto snapshot = log_->snapshot();
  const SightingColumns columns = snapshot->columns();
  for (const DaySlice& slice : columns.days)
    EXPECT_TRUE(std::ranges::is_sorted(columns.identifier.subspan(slice.first, slice.count)));
}

TEST_F(Compaction, ChangesNothingWithinADay) {
  record_day(kToday);
  set_clock(kToday);
  compact();
  EXPECT_EQ(rows("segment"), 0);
  EXPECT_EQ(rows("block"), 23 + 2);
}

TEST_F(Compaction, LosesNothingWhereverItStops) {
  for (int32_t i = 0; i < 2; ++i)
    for (int j = 0; j < 14; ++j) record((kToday + i).start() + std::chrono::hours(j), 700);
  set_clock(kToday + 2);
  const std::map<RowId, Entry> before = by_row();
  bool more = true;
  int steps = 0;
  int next_reopening = 1;
  for (; more; ++steps) {
    const auto step = log_->compact_step(Millis(0));
    ASSERT_OK(step.status());
    more = *step;
    ASSERT_EQ(by_row(), before) << steps;
    // What was begun is forgotten, every time a little later.
    if (steps == next_reopening) {
      reopen();
      next_reopening += next_reopening / 3 + 1;
    }
    ASSERT_LT(steps, 500);
  }
  EXPECT_GT(steps, 10);
  EXPECT_EQ(rows("block"), 0);
  EXPECT_EQ(rows("day WHERE packed > 0"), 2);
}

TEST_F(Compaction, GivesWayToAnErasure) {
  for (int j = 0; j < 14; ++j) record(kToday.start() + std::chrono::hours(j), 700);
  set_clock(kToday + 2);
  for (int steps = 0; steps < 8; ++steps) {
    SCOPED_TRACE(steps);
    for (int i = 0; i < steps; ++i) ASSERT_OK(log_->compact_step(Millis(0)).status());
    ASSERT_OK(log_->erase_day(kToday));
    heard_.clear();
    record(kToday.start(), 700);
    compact();
    expect_holds(*log_, heard_);
    EXPECT_EQ(rows("segment"), 1);
  }
}

TEST_F(Compaction, LeavesADayThatCannotBeReadWhole) {
  record_day(kToday);
  set_clock(kToday + 1);
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(folder_.file("log.db").c_str(), &connection), SQLITE_OK);
  ASSERT_EQ(
      sqlite3_exec(connection, "DELETE FROM block WHERE sequence = 7", nullptr, nullptr, nullptr),
      SQLITE_OK);
  sqlite3_close(connection);
  compact();
  EXPECT_EQ(rows("segment"), 0);
  std::vector<LogDayLoss> lost;
  ASSERT_OK(log_->snapshot(nullptr, &lost).status());
  EXPECT_EQ(lost, (std::vector<LogDayLoss>{{kToday, 1, 7}}));
}

TEST_F(Compaction, GoesOnBesideAppendsAndSnapshots) {
  for (int j = 0; j < 20; ++j) record(kToday.start() + std::chrono::hours(j), 500);
  set_clock(kToday + 1);
  std::atomic<bool> failed = false;
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done)
      if (const auto snapshot = log_->snapshot();
          !snapshot.ok() || snapshot->columns().size() < 20 * 500)
        failed = true;
  });
  std::thread maintenance([&] {
    while (!done)
      if (!log_->compact_step(Millis(2)).ok()) failed = true;
  });
  SeededRandom random(9);
  for (int i = 0; i < 60; ++i) {
    heard_.push_back(random_scan(random, kToday.start() + Millis(i), 30));
    ASSERT_OK(append(*log_, heard_.back()));
  }
  done = true;
  reader.join();
  maintenance.join();
  EXPECT_FALSE(failed);
  compact();
  expect_holds(*log_, heard_);
}

}  // namespace
}  // namespace nearzone::log_test
