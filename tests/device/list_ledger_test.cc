#include "device/list_ledger.h"

#include <gtest/gtest.h>

#include "device/phone.h"

namespace nearzone::device {
namespace {

class Ledger : public testing::Test {
 protected:
  Ledger() {
    auto opened = EncounterLog::open(folder_.path() + "/log", root_, clock_, random_,
                                     {.durability = Durability::none});
    EXPECT_TRUE(opened.ok());
    log_ = *std::move(opened);
  }
  // Checks a list and notes it if it passes.
  Status check(uint64_t sequence, uint8_t key) {
    PublishedKey published;
    published.bytes[0] = key;
    published.valid_from = Day{18500}.start();
    published.valid_to = Day{18501}.start();
    const auto bytes = authority_.publish({&published, 1}, sequence, clock_.now());
    MemorySource source(bytes);
    const auto list = KeyList::open(source);
    EXPECT_TRUE(list.ok());
    NEARZONE_TRY(check_against_ledger(*log_, **list));
    return note_in_ledger(*log_, **list, Day::of(clock_.now()));
  }
  test::TemporaryFolder folder_;
  ManualClock clock_{Day{18500}.start()};
  SeededRandom random_{1};
  Secret<32> root_;
  test::Authority authority_{3};
  std::unique_ptr<EncounterLog> log_;
};

TEST_F(Ledger, AcceptsNewerListsAndTheSameOneAgain) {
  EXPECT_TRUE(check(5, 1).ok());
  EXPECT_TRUE(check(5, 1).ok());
  EXPECT_TRUE(check(6, 1).ok());
}

TEST_F(Ledger, RefusesAnOlderList) {
  EXPECT_TRUE(check(5, 1).ok());
  EXPECT_STREQ(check(4, 1).field(), "sequence");
}

TEST_F(Ledger, RefusesAnotherListOfTheSameNumber) {
  EXPECT_TRUE(check(5, 1).ok());
  EXPECT_STREQ(check(5, 2).field(), "sequence");
}

TEST_F(Ledger, RemembersAcrossDaysInOneRecord) {
  EXPECT_TRUE(check(5, 1).ok());
  clock_.advance(Day::kLength);
  EXPECT_TRUE(check(6, 1).ok());
  EXPECT_STREQ(check(5, 1).field(), "sequence");
  EXPECT_EQ(log_->state_days("list-ledger")->size(), 1u);
}

}  // namespace
}  // namespace nearzone::device
