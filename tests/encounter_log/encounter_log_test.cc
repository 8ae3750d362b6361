#include "nearzone/encounter_log.h"

#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "encounter_log/support.h"

namespace nearzone::log_test {
namespace {

TEST(EncounterLog, GivesBackWhatWasAppended) {
  TemporaryFolder folder;
  World world;
  const auto log = world.open(folder);
  ASSERT_OK(log.status());
  expect_holds(**log, {});
  std::vector<Heard> model;
  for (size_t sightings : {3u, 0u, 8u, 1u}) {
    model.push_back(random_scan(world.random, world.clock.now(), sightings));
    ASSERT_OK(append(**log, model.back()));
    world.clock.advance(std::chrono::minutes(5));
  }
  expect_holds(**log, model);
  const Result<SightingTable> snapshot = (*log)->snapshot();
  EXPECT_EQ(snapshot->columns().scans.size(), 4u) << "the scan that heard nothing counts";
}

// Scans of every kind in random batches, with reopenings in between, against a plain vector.
TEST(EncounterLog, EqualsAPlainVectorOverRandomUse) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(seed);
    TemporaryFolder folder;
    World world(seed);
    Random& random = world.random;
    auto log = world.open(folder);
    ASSERT_OK(log.status());
    std::vector<Heard> model;
    for (int step = 0; step < 40; ++step) {
      std::vector<Heard> heard;
      for (uint64_t i = random.below(4); i > 0; --i) {
        const Instant start = kNoon + Millis(static_cast<int64_t>(random.below(5 * kDayMs)));
        heard.push_back(random_scan(random, start, random.below(20)));
      }
      std::vector<SightingBatch> batches;
      for (const Heard& scan : heard) batches.push_back(scan.batch());
      ASSERT_OK((*log)->append(batches));
      model.insert(model.end(), heard.begin(), heard.end());
      if (random.below(8) == 0) {
        log->reset();
        log = world.open(folder);
        ASSERT_OK(log.status());
      }
    }
    expect_holds(**log, model);
  }
}

TEST(EncounterLog, KeepsASightingInItsOwnDay) {
  TemporaryFolder folder;
  World world;
  const auto log = world.open(folder);
  const Instant midnight = (kToday + 1).start();
  Heard heard{{midnight - Millis(3000), std::nullopt}, {}};
  for (int64_t offset : {1000, -2000, 0, -1, -2000})
    heard.sightings.push_back(random_sighting(world.random, midnight + Millis(offset)));
  ASSERT_OK(append(**log, heard));
  ASSERT_OK(append(**log, random_scan(world.random, midnight + Millis(9000), 1)));
  const Result<SightingTable> snapshot = (*log)->snapshot();
  ASSERT_OK(snapshot.status());
  const SightingColumns columns = snapshot->columns();
  std::vector<RowId> rows(columns.row.begin(), columns.row.end());
  std::ranges::sort(rows);
  const std::vector<RowId> expected = {{kToday, 0, 0},     {kToday, 0, 1},     {kToday, 0, 2},
                                       {kToday + 1, 0, 0}, {kToday + 1, 0, 1}, {kToday + 1, 1, 0}};
  EXPECT_EQ(rows, expected);
  for (size_t i = 0; i < columns.size(); ++i)
    EXPECT_EQ(columns.row[i].day, Day::of(columns.time[i]));
}

TEST(EncounterLog, NamesRowsTheSameForEver) {
  TemporaryFolder folder;
  World world;
  auto log = world.open(folder);
  const Heard heard = random_scan(world.random, kNoon, 1300);  // three chunks
  ASSERT_OK(append(**log, random_scan(world.random, kNoon, 2)));
  ASSERT_OK(append(**log, heard));
  log->reset();
  log = world.open(folder);
  ASSERT_OK(append(**log, random_scan(world.random, kNoon, 2)));
  const Result<SightingTable> snapshot = (*log)->snapshot();
  ASSERT_OK(snapshot.status());
  const SightingColumns columns = snapshot->columns();
  ASSERT_EQ(columns.size(), 1304u);
  ASSERT_EQ(columns.scans.size(), 3u);
  for (size_t i = 0; i < columns.size(); ++i) {
    const RowId row = columns.row[i];
    EXPECT_EQ(row.day, kToday);
    EXPECT_EQ(columns.scan[i], row.sequence);
    if (row.sequence == 1) {
      EXPECT_EQ(columns.identifier[i], heard.sightings[row.offset].identifier);
    }
  }
}

TEST(EncounterLog, RefusesWhatItCannotKeepAndStoresNothingOfIt) {
  TemporaryFolder folder;
  World world;
  const auto log = world.open(folder);
  const Heard good = random_scan(world.random, kNoon, 2);
  Heard bad = random_scan(world.random, kNoon, 3);
  bad.sightings[1].time = Instant{-1};
  const std::vector<SightingBatch> batches = {good.batch(), bad.batch()};
  Status status = (*log)->append(batches);
  EXPECT_CODE(status, Code::invalid_argument);
  EXPECT_STREQ(status.field(), "time");
  EXPECT_EQ(status.record(), 3) << "counted over all sightings of the call";

  bad = random_scan(world.random, kNoon, 0);
  bad.scan.start = Instant{253402300800000};
  const std::vector<SightingBatch> scans = {good.batch(), bad.batch()};
  status = (*log)->append(scans);
  EXPECT_CODE(status, Code::invalid_argument);
  EXPECT_STREQ(status.field(), "scan.start");
  EXPECT_EQ(status.record(), 1);
  expect_holds(**log, {});
}

TEST(EncounterLog, RefusesMoreThan64DaysAndLosesNone) {
  TemporaryFolder folder;
  World world;
  const auto log = world.open(folder);
  for (int32_t day = 0; day < 64; ++day)
    ASSERT_OK((*log)->put_state(kToday + 500 * day, "ledger", as_bytes("x")));
  EXPECT_CODE((*log)->put_state(kToday + 7, "ledger", {}), Code::limit_exceeded);
  const Heard heard = random_scan(world.random, kNoon, 4);
  ASSERT_OK(append(**log, heard));
  expect_holds(**log, {heard});
  // Days that are empty make room.
  ASSERT_OK((*log)->remove_state(kToday + 500, "ledger"));
  ASSERT_OK((*log)->put_state(kToday + 7, "ledger", {}));
  EXPECT_EQ((*log)->state_days("ledger")->size(), 64u);
}

TEST(EncounterLog, CountsWhatItHolds) {
  TemporaryFolder folder;
  World world;
  auto log = world.open(folder);
  ASSERT_OK(append(**log, random_scan(world.random, kNoon, 600)));
  ASSERT_OK(append(**log, random_scan(world.random, kNoon, 0)));
  ASSERT_OK(append(**log, random_scan(world.random, kNoon + Day::kLength, 5)));
  ASSERT_OK((*log)->put_state(kToday + 9, "ledger", {}));
  const Result<LogStatistics> statistics = (*log)->statistics();
  ASSERT_OK(statistics.status());
  ASSERT_EQ(statistics->days.size(), 2u);
  EXPECT_EQ(statistics->days[0].day, kToday);
  EXPECT_EQ(statistics->days[0].scans, 2u);
  EXPECT_EQ(statistics->days[0].sightings, 600u);
  EXPECT_GT(statistics->days[0].sealed_bytes, 600u * 15);
  EXPECT_EQ(statistics->days[1].day, kToday + 1);
  EXPECT_EQ(statistics->days[1].scans, 1u);
  EXPECT_EQ(statistics->days[1].sightings, 5u);
  log->reset();
  uint64_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.log()))
    bytes += file.file_size();
  log = world.open(folder);
  EXPECT_GE((*log)->statistics()->bytes_on_disk, bytes);
}

TEST(CountByDay, IsThatOfTheOffsetsClock) {
  TemporaryFolder folder;
  World world;
  const auto log = world.open(folder);
  const Instant evening = kToday.start() + std::chrono::hours(18);
  for (const Instant start : {evening - Millis(60'000), evening})
    ASSERT_OK(append(**log, random_scan(world.random, start, 2)));
  const auto snapshot = (*log)->snapshot();
  ASSERT_OK(snapshot.status());
  const auto counts = [&](int hours) {
    std::vector<std::pair<Day, uint64_t>> days;
    for (const LogDayStatistics& day :
         count_by_day(snapshot->columns(), std::chrono::hours(hours))) {
      EXPECT_EQ(day.sightings, 2 * day.scans);
      days.emplace_back(day.day, day.scans);
    }
    return days;
  };
  using Days = std::vector<std::pair<Day, uint64_t>>;
  EXPECT_EQ(counts(0), (Days{{kToday, 2}}));
  EXPECT_EQ(counts(6), (Days{{kToday, 1}, {kToday + 1, 1}}));
  EXPECT_EQ(counts(7), (Days{{kToday + 1, 2}}));
}

TEST(EncounterLog, StopsASnapshotThatIsCancelled) {
  TemporaryFolder folder;
  World world;
  const auto log = world.open(folder);
  ASSERT_OK(append(**log, random_scan(world.random, kNoon, 5)));
  Cancel cancel;
  EXPECT_TRUE((*log)->snapshot(&cancel).ok());
  cancel.request();
  EXPECT_CODE((*log)->snapshot(&cancel).status(), Code::cancelled);
}

TEST(EncounterLog, ChecksItsOptions) {
  TemporaryFolder folder;
  World world;
  for (int32_t days : {-1, 0, 31}) {
    world.options.retention_days = days;
    const Status status = world.open(folder).status();
    EXPECT_CODE(status, Code::invalid_argument);
    EXPECT_STREQ(status.field(), "retention_days");
  }
  EXPECT_FALSE(std::filesystem::exists(folder.log()));
  world.options.retention_days = 30;
  EXPECT_CODE(EncounterLog::open("", world.root, world.clock, world.random).status(),
              Code::invalid_argument);
  EXPECT_CODE(
      EncounterLog::open(folder.log() + "/a/b", world.root, world.clock, world.random).status(),
      Code::io);
}

TEST(EncounterLog, IsForItsOwnerOnly) {
  const mode_t before = ::umask(0);
  TemporaryFolder folder;
  World world;
  world.options.durability = Durability::power_loss;
  const auto log = world.open(folder);
  ASSERT_OK(log.status());
  ASSERT_OK(append(**log, random_scan(world.random, kNoon, 5)));
  ::umask(before);
  struct stat facts;
  ASSERT_EQ(::stat(folder.log().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700u);
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.log())) {
    ASSERT_EQ(::stat(file.path().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u) << file.path();
    ++files;
  }
  EXPECT_EQ(files, 4) << "database, write-ahead log, its index, keys";
}

TEST(EncounterLog, ShowsNoIdentifierInItsFiles) {
  TemporaryFolder folder;
  World world;
  const auto log = world.open(folder);
  const Heard heard = random_scan(world.random, kNoon, 20);
  ASSERT_OK(append(**log, heard));
  for (const auto& file : std::filesystem::directory_iterator(folder.log())) {
    const std::vector<uint8_t> bytes = read_file(file.path());
    for (const Sighting& sighting : heard.sightings)
      EXPECT_TRUE(
          std::ranges::search(bytes, std::span(sighting.identifier.bytes).first(12)).empty());
  }
}

// Batches of ten, numbered by their scan's start.
TEST(EncounterLog, GivesConsistentSnapshotsWhileOthersAppend) {
  constexpr int64_t kBatches = 150;
  TemporaryFolder folder;
  World world;
  const auto log = world.open(folder);
  ASSERT_OK(log.status());
  std::atomic<int64_t> acknowledged = 0;
  std::atomic<bool> failed = false;
  std::thread writer([&] {
    SeededRandom random(2);
    for (int64_t i = 0; i < kBatches && !failed; ++i) {
      if (!append(**log, random_scan(random, kNoon + Millis(i), 10)).ok()) failed = true;
      acknowledged = i + 1;
    }
  });
  const auto read = [&] {
    while (acknowledged < kBatches && !failed) {
      const int64_t least = acknowledged;
      const Result<SightingTable> snapshot = (*log)->snapshot();
      if (!snapshot.ok()) {
        failed = true;
        return;
      }
      const SightingColumns columns = snapshot->columns();
      const auto scans = static_cast<int64_t>(columns.scans.size());
      if (scans < least || columns.size() != columns.scans.size() * 10) failed = true;
      for (int64_t i = 0; i < scans; ++i)
        if (columns.scans[static_cast<size_t>(i)].start != kNoon + Millis(i)) failed = true;
      if (!(*log)->statistics().ok()) failed = true;
    }
  };
  std::thread first(read);
  std::thread second(read);
  writer.join();
  first.join();
  second.join();
  EXPECT_FALSE(failed);
  EXPECT_EQ((*log)->snapshot()->columns().size(), size_t{kBatches} * 10);
}

}  // namespace
}  // namespace nearzone::log_test
