// Recording under all conditions: repeated calls, de-duplication, wrong clocks, a byte budget, an
// app that is put to sleep.
#include <atomic>
#include <thread>

#include "encounter_log/support.h"

namespace nearzone::log_test {
namespace {

class Recording : public testing::Test {
 protected:
  void open() {
    log_.reset();
    auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    log_ = *std::move(log);
  }
  void compact() {
    while (*log_->compact_step(Millis(0))) {
    }
  }
  size_t scans() { return (*log_->snapshot()).columns().scans.size(); }
  size_t sightings() { return (*log_->snapshot()).columns().size(); }

  TemporaryFolder folder_;
  World world_;
  std::unique_ptr<EncounterLog> log_;
};

using Repetition = Recording;

TEST_F(Repetition, OfTheSameScanChangesNothing) {
  open();
  std::vector<Heard> model;
  for (size_t sightings : {5u, 0u, 700u}) {
    model.push_back(random_scan(world_.random, kNoon + Millis(model.size()), sightings));
    ASSERT_OK(append(*log_, model.back()));
  }
  const auto repeat = [&] {
    for (const Heard& heard : model) ASSERT_OK(append(*log_, heard));
    expect_holds(*log_, model);
    EXPECT_EQ(scans(), model.size());
  };
  repeat();
  open();
  repeat();
  world_.clock.advance(Day::kLength);
  compact();
  repeat();
  open();
  repeat();
  // What is new in a repetition is stored.
  std::vector<SightingBatch> batches;
  for (const Heard& heard : model) batches.push_back(heard.batch());
  const Heard more = random_scan(world_.random, kNoon + Millis(9), 4);
  batches.push_back(more.batch());
  ASSERT_OK(log_->append(batches));
  model.push_back(more);
  repeat();
}

TEST_F(Repetition, IsToldByTheIdOfABatchWhateverItHolds) {
  open();
  const Heard first = random_scan(world_.random, kNoon, 3);
  const Heard other = random_scan(world_.random, kNoon + Millis(5), 3);
  ASSERT_OK(log_->append(first.scan, first.sightings, BatchId{77}));
  for (int round = 0; round < 3; ++round) {
    ASSERT_OK(log_->append(other.scan, other.sightings, BatchId{77}));
    expect_holds(*log_, {first});
    open();
    if (round == 1) {
      world_.clock.advance(Day::kLength);
      compact();
    }
  }
  ASSERT_OK(log_->append(other.scan, other.sightings, BatchId{78}));
  expect_holds(*log_, {first, other});
}

TEST_F(Repetition, AfterAnErasureIsNoRepetition) {
  open();
  const Heard heard = random_scan(world_.random, kNoon, 3);
  ASSERT_OK(append(*log_, heard));
  ASSERT_OK(log_->erase_day(kToday));
  ASSERT_OK(append(*log_, heard));
  expect_holds(*log_, {heard});
}

using DeduplicationRule = Recording;

TEST_F(DeduplicationRule, OfBluezoneKeepsAnIdentifierEveryFiveSeconds) {
  world_.options.deduplication = Deduplication::five_seconds;
  open();
  Sighting sighting = random_sighting(world_.random, kNoon);
  const auto heard_at = [&](int64_t ms) {
    sighting.time = kNoon + Millis(ms);
    sighting.rssi_dbm = static_cast<int8_t>(ms / 1000 - 90);
    return sighting;
  };
  const std::vector<Sighting> scan = {heard_at(0), heard_at(4999), heard_at(5000), heard_at(9000)};
  ASSERT_OK(log_->append({kNoon, std::nullopt}, scan));
  // Across scans; and a repetition is one although it would now be heard otherwise.
  const std::vector<Sighting> next = {heard_at(9999), heard_at(10'000)};
  for (int i = 0; i < 2; ++i) ASSERT_OK(log_->append({kNoon + Millis(9999), kNoon}, next));
  const auto snapshot = log_->snapshot();
  const auto times = snapshot->columns().time;
  EXPECT_EQ(std::vector<Instant>(times.begin(), times.end()),
            (std::vector<Instant>{kNoon, kNoon + Millis(5000), kNoon + Millis(10'000)}));
  open();
  for (int i = 0; i < 2; ++i) ASSERT_OK(log_->append({kNoon + Millis(9999), kNoon}, next));
  world_.clock.advance(Day::kLength);
  compact();
  ASSERT_OK(log_->append({kNoon + Millis(9999), kNoon}, next));
  EXPECT_EQ(sightings(), 3u);
  EXPECT_EQ(scans(), 2u);
}

TEST_F(DeduplicationRule, ByScanKeepsTheFirstOfEach) {
  world_.options.deduplication = Deduplication::scan;
  open();
  const Sighting one = random_sighting(world_.random, kNoon);
  const Sighting two = random_sighting(world_.random, kNoon);
  for (int i = 0; i < 2; ++i)
    ASSERT_OK(log_->append({kNoon + Millis(i), std::nullopt}, std::vector{one, two, one, one}));
  EXPECT_EQ(sightings(), 4u);
}

using WrongClock = Recording;

TEST_F(WrongClock, FilesAsDoubtfulAndServesItAllTheSame) {
  open();
  std::vector<Heard> model;
  const auto record = [&](Instant at) {
    model.push_back(random_scan(world_.random, at, 3));
    ASSERT_OK(append(*log_, model.back()));
  };
  record(kNoon);
  const Instant ahead = kNoon + 3653 * Day::kLength;
  world_.clock.set(ahead);
  for (int i = 0; i < 3; ++i) record(ahead + i * Day::kLength / 50);
  world_.clock.set(Instant{0});
  record(Instant{0});
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(*log_->purge(), 0);
    expect_holds(*log_, model);
    const LogStatistics statistics = *log_->statistics();
    EXPECT_TRUE(statistics.clock_in_doubt);
    ASSERT_EQ(statistics.days.size(), 1u);
    EXPECT_EQ(statistics.doubtful.scans, 4u);
    EXPECT_EQ(statistics.doubtful.sightings, 12u);
    for (const Heard& heard : model) ASSERT_OK(append(*log_, heard));
    open();
  }
  world_.clock.set(kNoon + std::chrono::hours(3));
  EXPECT_FALSE(log_->statistics()->clock_in_doubt);
  // Fourteen days after the clock was found right, what was doubtful goes as well.
  for (int32_t day = 0; day < 15; ++day) {
    EXPECT_EQ(*log_->purge(), 0) << day;
    world_.clock.advance(Day::kLength);
  }
  EXPECT_EQ(*log_->purge(), 2);
  expect_holds(*log_, {});
}

TEST_F(WrongClock, ForASecondTimeKeepsWhatIsDoubtfulForAsLongAgain) {
  open();
  std::vector<Heard> model;
  for (int32_t day = 0; day <= 10; day += 10) {
    const Instant now = kNoon + Day::kLength * day;
    log_->confirm_time(now);
    world_.clock.set(now + Day::kLength * (400 + day));
    model.push_back(random_scan(world_.random, world_.clock.now(), 3));
    ASSERT_OK(append(*log_, model.back()));
    world_.clock.set(now);
    EXPECT_EQ(*log_->purge(), 0);
  }
  for (int32_t day = 10; day <= 24; ++day) {
    world_.clock.set(kNoon + Day::kLength * day);
    log_->confirm_time(world_.clock.now());
    EXPECT_EQ(*log_->purge(), 0) << day;
    expect_holds(*log_, model);
  }
  world_.clock.advance(Day::kLength);
  EXPECT_EQ(*log_->purge(), 1);
  expect_holds(*log_, {});
}

TEST_F(WrongClock, NeverRunsOutOfDays) {
  open();
  SeededRandom random(4);
  for (int i = 0; i < 200; ++i) {
    world_.clock.set(Instant{static_cast<int64_t>(random.below(4'000'000'000'000))});
    ASSERT_OK(append(*log_, random_scan(random, world_.clock.now(), 1)));
    EXPECT_EQ(*log_->purge(), 0);
  }
  EXPECT_EQ(sightings(), 200u);
}

TEST_F(WrongClock, IsSetRightByAVerifiedList) {
  open();
  ASSERT_OK(append(*log_, random_scan(world_.random, kNoon, 1)));
  world_.clock.set(kNoon + 40 * Day::kLength);
  EXPECT_EQ(*log_->purge(), 0);
  log_->confirm_time(kNoon + 39 * Day::kLength);
  EXPECT_EQ(*log_->purge(), 1);
}

TEST_F(WrongClock, DoublesNothingThatIsRepeatedOnceItIsConfirmed) {
  open();
  ASSERT_OK(append(*log_, random_scan(world_.random, kNoon, 1)));
  const Instant later = kNoon + 40 * Day::kLength;
  world_.clock.set(later);
  // Of one day, of two days, by name and by id.
  std::vector<Heard> heard = {random_scan(world_.random, later, 3),
                              random_scan(world_.random, later + Millis(9), 3),
                              random_scan(world_.random, later + Millis(20), 3)};
  heard[1].sightings[2].time = later + Day::kLength;
  for (int round = 0; round < 3; ++round) {
    ASSERT_OK(append(*log_, heard[0]));
    ASSERT_OK(append(*log_, heard[1]));
    ASSERT_OK(log_->append(heard[2].scan, heard[2].sightings, BatchId{77}));
    heard[2].sightings[0].rssi_dbm = static_cast<int8_t>(-50 - round);
    EXPECT_EQ(sightings(), 10u) << round;
    EXPECT_EQ(log_->statistics()->doubtful.scans, 3u);
    log_->confirm_time(later);
    if (round == 1) open();
  }
}

using Budget = Recording;

TEST_F(Budget, DropsTheOldestDaysAndSaysSo) {
  world_.options.byte_budget = 1 << 20;
  open();
  for (int32_t day = 0; day < 6; ++day) {
    if (day != 0) world_.clock.advance(Day::kLength);
    for (int i = 0; i < 10; ++i)
      ASSERT_OK(append(*log_, random_scan(world_.random, (kToday + day).start() + Millis(i), 900)));
  }
  const LogStatistics statistics = *log_->statistics();
  ASSERT_FALSE(statistics.days.empty());
  EXPECT_LT(statistics.days.size(), 6u);
  EXPECT_EQ(statistics.days.back().day, kToday + 5);
  EXPECT_EQ(statistics.days.front().day,
            kToday + (6 - static_cast<int32_t>(statistics.days.size())));
  ASSERT_EQ(statistics.dropped.size(), 6 - statistics.days.size());
  for (size_t i = 0; i < statistics.dropped.size(); ++i)
    EXPECT_EQ(statistics.dropped[i], (LogDayLoss{kToday + static_cast<int32_t>(i), 10, 9000}));
  EXPECT_TRUE(statistics.damaged.empty());
}

TEST_F(Budget, DropsNoOwnState) {
  world_.options.byte_budget = 1 << 20;
  open();
  const std::vector<uint8_t> bytes(500, 7);
  for (int32_t day = 0; day < 6; ++day) {
    if (day != 0) world_.clock.advance(Day::kLength);
    ASSERT_OK(log_->put_state(kToday + day, "exposures", bytes));
    for (int i = 0; i < 10; ++i)
      ASSERT_OK(append(*log_, random_scan(world_.random, (kToday + day).start() + Millis(i), 900)));
  }
  ASSERT_FALSE(log_->statistics()->dropped.empty());
  for (int round = 0; round < 2; ++round) {
    for (int32_t day = 0; day < 6; ++day)
      EXPECT_TRUE(log_->get_state(kToday + day, "exposures").ok()) << day;
    EXPECT_TRUE(log_->statistics()->damaged.empty());
    EXPECT_EQ(log_->statistics()->dropped.front(), (LogDayLoss{kToday, 10, 9000}));
    EXPECT_EQ(sightings() + 9000 * log_->statistics()->dropped.size(), 6 * 9000u);
    open();
    EXPECT_FALSE(log_->opening().repaired);
    EXPECT_EQ(log_->opening().states_lost, 0u);
  }
  // What comes late for such a day is kept.
  ASSERT_OK(append(*log_, random_scan(world_.random, kToday.start(), 5)));
  EXPECT_EQ(log_->statistics()->days.front().sightings, 5u);
  EXPECT_TRUE(log_->statistics()->damaged.empty());
}

TEST_F(Budget, NeverDropsToday) {
  world_.options.byte_budget = 1 << 20;
  open();
  Status status;
  size_t stored = 0;
  for (int i = 0; status.ok() && i < 200; ++i) {
    status = append(*log_, random_scan(world_.random, kNoon + Millis(i), 900));
    stored += status.ok() ? 900u : 0u;
  }
  EXPECT_CODE(status, Code::no_space);
  EXPECT_EQ(sightings(), stored);
  world_.clock.advance(2 * Day::kLength);
  ASSERT_OK(append(*log_, random_scan(world_.random, world_.clock.now(), 900)));
  EXPECT_EQ(sightings(), 900u);
  world_.options.byte_budget = 1000;
  log_.reset();
  EXPECT_CODE(world_.open(folder_).status(), Code::invalid_argument);
}

using Sleep = Recording;

TEST_F(Sleep, LetsGoOfEveryLockAndGoesOnAfterwards) {
  open();
  std::vector<Heard> model = {random_scan(world_.random, kNoon, 4)};
  ASSERT_OK(append(*log_, model[0]));
  ASSERT_OK(log_->suspend());
  ASSERT_OK(log_->suspend());
  EXPECT_CODE(append(*log_, model[0]), Code::closed);
  EXPECT_CODE(log_->snapshot().status(), Code::closed);
  EXPECT_CODE(log_->statistics().status(), Code::closed);
  EXPECT_CODE(log_->purge().status(), Code::closed);
  EXPECT_CODE(log_->erase_all(), Code::closed);
  EXPECT_CODE(log_->compact_step(Millis(1)).status(), Code::closed);
  EXPECT_CODE(log_->put_state(kToday, "ledger", {}), Code::closed);
  {
    // Another may have it meanwhile.
    const auto other = world_.open(folder_);
    ASSERT_OK(other.status());
    EXPECT_CODE(log_->resume(), Code::in_use);
    model.push_back(random_scan(world_.random, kNoon + Day::kLength, 4));
    ASSERT_OK(append(**other, model.back()));
  }
  ASSERT_OK(log_->resume());
  ASSERT_OK(log_->resume());
  expect_holds(*log_, model);
  ASSERT_OK(append(*log_, model[0]));
  model.push_back(random_scan(world_.random, kNoon + Millis(9), 4));
  ASSERT_OK(append(*log_, model.back()));
  expect_holds(*log_, model);
}

// Moving it into the database could take longer than there is time for.
TEST_F(Sleep, LeavesTheWriteAheadLogAsItIs) {
  open();
  std::vector<Heard> model;
  for (int i = 0; i < 3; ++i) {
    model.push_back(random_scan(world_.random, kNoon + Millis(i), 5));
    ASSERT_OK(append(*log_, model.back()));
  }
  const std::vector<uint8_t> database = read_file(folder_.file("log.db"));
  const std::vector<uint8_t> wal = read_file(folder_.file("log.db-wal"));
  ASSERT_FALSE(wal.empty());
  ASSERT_OK(log_->suspend());
  EXPECT_EQ(read_file(folder_.file("log.db")), database);
  EXPECT_EQ(read_file(folder_.file("log.db-wal")), wal);
  // The app is ended in its sleep.
  log_.reset();
  EXPECT_EQ(read_file(folder_.file("log.db-wal")), wal);
  open();
  EXPECT_FALSE(log_->opening().repaired);
  expect_holds(*log_, model);
}

// The key file holds no marks of what was recorded last then, but it does hold notes.
TEST_F(Sleep, MissesWhatAnOlderDatabaseDoesNotHold) {
  open();
  ASSERT_OK(append(*log_, random_scan(world_.random, kNoon, 5)));
  log_.reset();
  const std::vector<uint8_t> older = read_file(folder_.file("log.db"));
  open();
  ASSERT_OK(append(*log_, random_scan(world_.random, kNoon + Millis(1), 7)));
  ASSERT_OK(log_->suspend());
  log_.reset();
  write_file(folder_.file("log.db"), older);
  std::filesystem::remove(folder_.file("log.db-wal"));
  std::filesystem::remove(folder_.file("log.db-shm"));
  open();
  EXPECT_EQ(log_->opening().lost, (std::vector<LogDayLoss>{{kToday, 1, 7}}));
  EXPECT_EQ(sightings(), 5u);
}

TEST_F(Sleep, ComesWhateverIsUnderWay) {
  open();
  for (int i = 0; i < 40; ++i)
    ASSERT_OK(append(*log_, random_scan(world_.random, kNoon + Millis(i), 1000)));
  world_.clock.advance(Day::kLength);
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] {
      while (!done) static_cast<void>(log_->snapshot().ok());
    });
  threads.emplace_back([&] {
    while (!done) static_cast<void>(log_->compact_step(Millis(1000)).ok());
  });
  for (int i = 0; i < 5; ++i) {
    std::this_thread::sleep_for(Millis(20));
    ASSERT_OK(log_->suspend());
    ASSERT_OK(log_->resume());
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sightings(), 40'000u);
}

}  // namespace
}  // namespace nearzone::log_test
