// What a process leaves that ended without closing its log, and what damage makes of that.
#include "encounter_log/support.h"

namespace nearzone::log_test {
namespace {

class UnclosedLog : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    log_ = *std::move(log);
  }
  void record(int scans, size_t sightings) {
    for (int i = 0; i < scans; ++i) {
      heard_.push_back(random_scan(world_.random,
                                   kNoon + Millis(static_cast<int64_t>(heard_.size())), sightings));
      ASSERT_OK(append(*log_, heard_.back()));
    }
  }
  // The process ends here.
  void die() {
    keys_ = read_file(folder_.file("log.keys"));
    database_ = read_file(folder_.file("log.db"));
    wal_ = read_file(folder_.file("log.db-wal"));
    log_.reset();
    put_back();
  }
  void put_back() {
    log_.reset();
    std::filesystem::remove(folder_.file("log.db-shm"));
    write_file(folder_.file("log.keys"), keys_);
    write_file(folder_.file("log.db"), database_);
    write_file(folder_.file("log.db-wal"), wal_);
  }
  std::string state(std::string_view kind) {
    const Result<SecretBytes> bytes = log_->get_state(kToday, kind);
    if (!bytes.ok()) return code_name(bytes.status().code());
    const ByteView view = bytes->expose(ForSealing{});
    return {view.begin(), view.end()};
  }

  TemporaryFolder folder_;
  World world_;
  std::unique_ptr<EncounterLog> log_;
  std::vector<Heard> heard_;
  std::vector<uint8_t> keys_, database_, wal_;
};

TEST_F(UnclosedLog, IsWhole) {
  record(5, 4);
  die();
  open();
  EXPECT_FALSE(log_->opening().repaired);
  expect_holds(*log_, heard_);
}

// SQLite takes what is behind the first damaged byte for something that was never committed.
TEST_F(UnclosedLog, TellsHowMuchADamagedWriteAheadLogHeld) {
  constexpr size_t kSightings = 4;
  record(10, kSightings);
  die();
  const std::vector<uint8_t> wal = wal_;
  size_t most_lost = 0;
  for (size_t at = 0; at < wal.size(); at += 997) {
    SCOPED_TRACE(testing::Message() << "byte " << at);
    wal_ = wal;
    wal_[at] ^= 0x20;
    put_back();
    open();
    if (HasFatalFailure()) return;
    const size_t held = log_->snapshot()->columns().size();
    const std::vector<LogDayLoss>& lost = log_->opening().lost;
    if (held == heard_.size() * kSightings) {
      EXPECT_TRUE(lost.empty());
      continue;
    }
    const size_t scans = heard_.size() - held / kSightings;
    ASSERT_EQ(lost, (std::vector<LogDayLoss>{{kToday, scans, scans * kSightings}}));
    EXPECT_EQ(log_->statistics()->damaged, lost);
    most_lost = std::max(most_lost, scans);
  }
  EXPECT_EQ(most_lost, heard_.size());
}

TEST_F(UnclosedLog, DoesNotGoBackToOlderStates) {
  ASSERT_OK(log_->put_state(kToday, "ledger", as_bytes("old")));
  ASSERT_OK(log_->put_state(kToday, "own-keys", as_bytes("gone")));
  record(3, 2);
  ASSERT_OK(log_->put_state(kToday, "ledger", as_bytes("new")));
  ASSERT_OK(log_->remove_state(kToday, "own-keys"));
  die();
  wal_.clear();
  put_back();
  open();
  EXPECT_EQ(state("ledger"), "new");
  EXPECT_EQ(state("own-keys"), "not_found");
  EXPECT_EQ(log_->opening().states_lost, 0u);
}

TEST_F(UnclosedLog, DoesNotMissAStateThatWasRemoved) {
  ASSERT_OK(log_->put_state(kToday, "ledger", as_bytes("a state")));
  log_.reset();
  open();
  ASSERT_OK(log_->remove_state(kToday, "ledger"));
  ASSERT_OK(log_->remove_state(kToday, "ledger"));
  die();
  open();
  EXPECT_FALSE(log_->opening().repaired);
  EXPECT_EQ(state("ledger"), "not_found");
}

// Power that goes off while the write-ahead log is moved into the database may tear the header of
// that; the one that counts is in the write-ahead log.
TEST_F(UnclosedLog, NeedsNoHeaderThatTheWriteAheadLogHolds) {
  constexpr size_t kWriteVersionOffset = 18;
  record(40, 30);
  die();
  database_[kWriteVersionOffset] ^= 0x50;
  put_back();
  open();
  EXPECT_FALSE(log_->opening().repaired);
  expect_holds(*log_, heard_);
}

TEST_F(UnclosedLog, NeedsNoNotes) {
  record(5, 4);
  die();
  constexpr size_t kSlots = 8192;
  for (size_t at = kSlots; at < keys_.size(); at += 7) {
    std::vector<uint8_t> keys = keys_;
    keys[at] ^= 0x04;
    put_back();
    write_file(folder_.file("log.keys"), keys);
    open();
    if (HasFatalFailure()) return;
    EXPECT_FALSE(log_->opening().repaired);
    expect_holds(*log_, heard_);
  }
}

}  // namespace
}  // namespace nearzone::log_test
