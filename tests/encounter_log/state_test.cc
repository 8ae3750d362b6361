#include "encounter_log/support.h"

namespace nearzone::log_test {
namespace {

class State : public testing::Test {
 protected:
  void SetUp() override { reopen(); }
  void reopen() {
    log_.reset();
    auto log = world_.open(folder_);
    ASSERT_OK(log.status());
    log_ = *std::move(log);
  }
  std::string get(Day day, std::string_view kind) {
    const Result<SecretBytes> bytes = log_->get_state(day, kind);
    if (!bytes.ok()) return code_name(bytes.status().code());
    const ByteView view = bytes->expose(ForSealing{});
    return {view.begin(), view.end()};
  }

  TemporaryFolder folder_;
  World world_;
  std::unique_ptr<EncounterLog> log_;
};

TEST_F(State, IsKeptByDayAndKind) {
  ASSERT_OK(log_->put_state(kToday, "ledger", as_bytes("one")));
  ASSERT_OK(log_->put_state(kToday, "own-keys-2", as_bytes("two")));
  ASSERT_OK(log_->put_state(kToday + 1, "ledger", as_bytes("three")));
  ASSERT_OK(log_->put_state(kToday, "ledger", as_bytes("four")));
  ASSERT_OK(log_->put_state(kToday + 2, "ledger", {}));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(get(kToday, "ledger"), "four");
    EXPECT_EQ(get(kToday, "own-keys-2"), "two");
    EXPECT_EQ(get(kToday + 1, "ledger"), "three");
    EXPECT_EQ(get(kToday + 2, "ledger"), "");
    EXPECT_EQ(get(kToday + 1, "own-keys-2"), "not_found");
    EXPECT_EQ(get(kToday + 3, "ledger"), "not_found");
    EXPECT_EQ(*log_->state_days("ledger"), (std::vector<Day>{kToday, kToday + 1, kToday + 2}));
    EXPECT_EQ(*log_->state_days("own-keys-2"), std::vector<Day>{kToday});
    EXPECT_TRUE(log_->state_days("nothing")->empty());
    reopen();
  }
}

TEST_F(State, CanBeRemoved) {
  ASSERT_OK(log_->put_state(kToday, "ledger", as_bytes("one")));
  ASSERT_OK(log_->remove_state(kToday, "ledger"));
  ASSERT_OK(log_->remove_state(kToday, "ledger"));
  EXPECT_EQ(get(kToday, "ledger"), "not_found");
  EXPECT_TRUE(log_->state_days("ledger")->empty());
}

TEST_F(State, GoesWithItsDay) {
  ASSERT_OK(append(*log_, random_scan(world_.random, kNoon, 2)));
  ASSERT_OK(log_->put_state(kToday, "ledger", as_bytes("one")));
  ASSERT_OK(log_->put_state(kToday + 1, "ledger", as_bytes("two")));
  ASSERT_OK(log_->erase_day(kToday));
  EXPECT_EQ(get(kToday, "ledger"), "not_found");
  EXPECT_EQ(get(kToday + 1, "ledger"), "two");
  EXPECT_EQ(*log_->state_days("ledger"), std::vector<Day>{kToday + 1});
}

TEST_F(State, ChecksDaysAndKinds) {
  for (std::string_view kind : {"", "Ledger", "a b", "a_b", "123456789012345678901234567890123"}) {
    EXPECT_CODE(log_->put_state(kToday, kind, {}), Code::invalid_argument);
    EXPECT_CODE(log_->get_state(kToday, kind).status(), Code::invalid_argument);
    EXPECT_CODE(log_->remove_state(kToday, kind), Code::invalid_argument);
    EXPECT_CODE(log_->state_days(kind).status(), Code::invalid_argument);
  }
  EXPECT_CODE(log_->put_state(Day{-1}, "ledger", {}), Code::invalid_argument);
  EXPECT_CODE(log_->put_state(Day{2932897}, "ledger", {}), Code::invalid_argument);
  ASSERT_OK(log_->put_state(Day{2932896}, "12345678901234567890123456789012", {}));
}

}  // namespace
}  // namespace nearzone::log_test
