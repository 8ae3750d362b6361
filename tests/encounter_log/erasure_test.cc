// Forgetting: by a person's act and by age; and never because a clock is wrong.
#include "core/crypto.h"
#include "encounter_log/key_table.h"
#include "encounter_log/support.h"

namespace nearzone::log_test {
namespace {

using encounter_log::decode_slot;
using encounter_log::KeyTable;
using encounter_log::kSlotSize;

class Erasure : public testing::Test {
 protected:
  void SetUp() override { reopen(); }
  void reopen() {
    log_.reset();
    auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    log_ = *std::move(log);
  }
  // One scan on this day.
  void record(Day day) {
    heard_.push_back(random_scan(world_.random, day.start() + std::chrono::hours(9), 4));
    ASSERT_OK(append(*log_, heard_.back()));
  }
  void forget(Day day) {
    std::erase_if(heard_, [&](const Heard& heard) { return Day::of(heard.scan.start) == day; });
  }
  void set_clock(Day day) { world_.clock.set(day.start() + std::chrono::hours(20)); }
  // Lives through these days as people do: a scan a day, then a purge.
  int32_t live(Day from, Day to) {
    int32_t purged = 0;
    for (Day day = from; day <= to; day = day + 1) {
      record(day);
      const Instant evening = day.start() + std::chrono::hours(20);
      world_.clock.advance(std::clamp(evening - world_.clock.now(), Millis(0), Day::kLength));
      world_.clock.set(evening);
      const Result<int32_t> days = log_->purge();
      EXPECT_TRUE(days.ok());
      purged += *days;
    }
    return purged;
  }
  Day first_recorded() { return Day::of((*log_->snapshot()).columns().time.front()); }
  KeyTable keys(size_t slot) {
    const std::vector<uint8_t> file = read_file(folder_.file("log.keys"));
    EXPECT_GE(file.size(), 2 * kSlotSize);
    auto table = decode_slot(ByteView(file).subspan(slot * kSlotSize, kSlotSize),
                             encounter_log::slot_key(world_.root));
    EXPECT_TRUE(table.ok());
    return *std::move(table);
  }
  // Whether any file of the log holds these bytes.
  bool on_disk(ByteView bytes) {
    for (const auto& file : std::filesystem::directory_iterator(folder_.log()))
      if (const auto all = read_file(file.path()); !std::ranges::search(all, bytes).empty())
        return true;
    return false;
  }

  TemporaryFolder folder_;
  World world_;
  std::unique_ptr<EncounterLog> log_;
  std::vector<Heard> heard_;
};

TEST_F(Erasure, OfADayLeavesTheOthers) {
  for (int32_t i = 0; i < 3; ++i) record(kToday + i);
  ASSERT_OK(log_->erase_day(kToday + 1));
  ASSERT_OK(log_->erase_day(kToday + 7));  // nothing there
  forget(kToday + 1);
  expect_holds(*log_, heard_);
  EXPECT_EQ(log_->statistics()->days.size(), 2u);
  record(kToday + 1);
  expect_holds(*log_, heard_);
  reopen();
  expect_holds(*log_, heard_);
}

TEST_F(Erasure, OfEverythingLeavesALogThatWorks) {
  for (int32_t i = 0; i < 3; ++i) record(kToday + i);
  ASSERT_OK(log_->put_state(kToday, "ledger", as_bytes("one")));
  ASSERT_OK(log_->erase_all());
  heard_.clear();
  expect_holds(*log_, {});
  EXPECT_TRUE(log_->statistics()->days.empty());
  EXPECT_TRUE(log_->state_days("ledger")->empty());
  record(kToday);
  expect_holds(*log_, heard_);
}

TEST_F(Erasure, LeavesNeitherKeyNorSealNorPlaintextInAnyFile) {
  for (int32_t i = 0; i < 3; ++i) record(kToday + i);
  const KeyTable before = keys(0);
  const Secret<32>* key = before.find(kToday + 1);
  ASSERT_NE(key, nullptr);
  const std::vector<uint8_t> file = read_file(folder_.file("log.keys"));
  const ByteView nonce = ByteView(file).subspan(36, 24);
  ASSERT_TRUE(on_disk(nonce));
  const Heard erased = heard_[1];

  ASSERT_OK(log_->erase_day(kToday + 1));
  for (size_t slot : {0u, 1u}) {
    EXPECT_EQ(keys(slot).find(kToday + 1), nullptr);
    EXPECT_EQ(keys(slot).days.size(), 2u);
  }
  const auto expect_gone = [&] {
    EXPECT_FALSE(on_disk(key->expose(ForSealing{})));
    EXPECT_FALSE(on_disk(nonce)) << "the sealed table that held the key";
    for (const Sighting& sighting : erased.sightings)
      EXPECT_FALSE(on_disk(std::span(sighting.identifier.bytes).first(12)));
  };
  expect_gone();
  log_.reset();
  expect_gone();
}

TEST_F(Erasure, IsFinishedByTheNextOpeningIfItWasInterruptedBetweenTheSlots) {
  record(kToday);
  record(kToday + 1);
  const std::vector<uint8_t> before = read_file(folder_.file("log.keys"));
  ASSERT_OK(log_->erase_day(kToday));
  log_.reset();
  std::vector<uint8_t> file = read_file(folder_.file("log.keys"));
  std::copy_n(before.begin(), kSlotSize, file.begin());  // slot A as it was
  write_file(folder_.file("log.keys"), file);
  reopen();
  forget(kToday);
  expect_holds(*log_, heard_);
  EXPECT_EQ(keys(0).find(kToday), nullptr);
}

TEST_F(Erasure, IsFinishedByTheNextOpeningIfItsRowsWereLeft) {
  record(kToday);
  record(kToday + 1);
  log_.reset();
  const std::vector<uint8_t> database = read_file(folder_.file("log.db"));
  reopen();
  ASSERT_OK(log_->erase_day(kToday));
  log_.reset();
  write_file(folder_.file("log.db"), database);
  reopen();
  forget(kToday);
  expect_holds(*log_, heard_);
  EXPECT_EQ(log_->statistics()->days.size(), 1u);
  record(kToday);
  expect_holds(*log_, heard_);
}

TEST_F(Erasure, GivesSpaceBack) {
  for (int32_t i = 0; i < 4; ++i)
    ASSERT_OK(append(*log_, random_scan(world_.random, (kToday + i).start(), 3000)));
  log_.reset();
  const auto before = std::filesystem::file_size(folder_.file("log.db"));
  reopen();
  for (int32_t i = 0; i < 3; ++i) ASSERT_OK(log_->erase_day(kToday + i));
  while (*log_->compact_step(Millis(0))) {
  }
  log_.reset();
  EXPECT_LT(std::filesystem::file_size(folder_.file("log.db")), before / 2);
}

using Purge = Erasure;

TEST_F(Purge, ErasesDayByDayInDailyUse) {
  EXPECT_EQ(live(kToday, kToday + 14), 0);
  EXPECT_EQ(first_recorded(), kToday);
  EXPECT_EQ(live(kToday + 15, kToday + 15), 1);
  EXPECT_EQ(first_recorded(), kToday + 1);
  EXPECT_EQ(live(kToday + 16, kToday + 40), 25);
  EXPECT_EQ(first_recorded(), kToday + 26);
  EXPECT_EQ(*log_->first_kept_day(), kToday + 26);
}

TEST_F(Purge, KeepsAsManyDaysAsItIsTold) {
  for (int32_t retention : {1, 30}) {
    world_.options.retention_days = retention;
    reopen();
    live(kToday, kToday + 40);
    EXPECT_EQ(first_recorded(), kToday + (40 - retention));
    ASSERT_OK(log_->erase_all());
  }
}

TEST_F(Purge, ErasesNothingWhenTheClockJumpsTenYearsAhead) {
  live(kToday, kToday + 10);
  const Day ahead = kToday + 3653;
  set_clock(ahead);
  EXPECT_EQ(*log_->purge(), 0);
  record(ahead);
  record(ahead);
  ASSERT_OK(log_->put_state(ahead, "ledger", as_bytes("x")));
  EXPECT_EQ(*log_->purge(), 0);
  record(ahead + 1);
  set_clock(ahead + 1);
  EXPECT_EQ(*log_->purge(), 0);
  expect_holds(*log_, heard_);
  // Set right again, everything goes on as before.
  EXPECT_EQ(live(kToday + 11, kToday + 14), 0);
  EXPECT_EQ(live(kToday + 15, kToday + 15), 1);
  forget(kToday);
  expect_holds(*log_, heard_);
}

// As a person may set it who looks for the right one, with scans in between.
TEST_F(Purge, ErasesNothingWhenTheClockJumpsAheadAgainAndAgain) {
  live(kToday, kToday + 14);
  for (int hours : {47, 49, 60, 71, 72}) {
    for (int jump = 1; jump <= 6; ++jump) {
      world_.clock.advance(std::chrono::minutes(1));
      world_.clock.set(world_.clock.now() + std::chrono::hours(hours));
      record(Day::of(world_.clock.now()));
      EXPECT_EQ(*log_->purge(), 0) << hours << " hours, " << jump;
      if (jump == 3) reopen();
    }
    set_clock(kToday + 14);
    EXPECT_EQ(*log_->purge(), 0) << hours;
    EXPECT_EQ(*log_->first_kept_day(), kToday) << hours;
  }
  expect_holds(*log_, heard_);
}

TEST_F(Purge, ErasesNothingOfTodayWhenTheClockWasAheadForWeeks) {
  live(kToday, kToday + 3);
  for (int32_t i = 0; i < 20; ++i) record(kToday + 1000 + i);
  set_clock(kToday + 4);
  EXPECT_EQ(live(kToday + 4, kToday + 14), 0);
  expect_holds(*log_, heard_);
}

TEST_F(Purge, ErasesNothingWhenTheClockIsBackIn1970) {
  live(kToday, kToday + 10);
  record(kToday + 20);
  set_clock(Day{0});
  EXPECT_EQ(*log_->purge(), 0);
  for (int32_t i = 0; i < 5; ++i) record(Day{i});
  set_clock(Day{4});
  EXPECT_EQ(*log_->purge(), 0);
  expect_holds(*log_, heard_);
}

TEST_F(Purge, FollowsAfterAMonthInADrawer) {
  live(kToday, kToday + 5);
  EXPECT_EQ(live(kToday + 35, kToday + 36), 0) << "two days may still be a wrong clock";
  EXPECT_EQ(live(kToday + 37, kToday + 37), 6);
  EXPECT_EQ(first_recorded(), kToday + 35);
}

TEST_F(Purge, ErasesNothingOfAnEmptyLog) { EXPECT_EQ(*log_->purge(), 0); }

}  // namespace
}  // namespace nearzone::log_test
