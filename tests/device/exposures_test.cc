#include "device/exposures.h"

#include <gtest/gtest.h>

#include "device/phone.h"

namespace nearzone::device {
namespace {

using std::chrono::minutes;

std::array<uint8_t, 32> digest(uint8_t value) {
  std::array<uint8_t, 32> bytes;
  bytes.fill(value);
  return bytes;
}

class StoredExposures : public testing::Test {
 protected:
  StoredExposures() {
    auto opened = EncounterLog::open(folder_.path() + "/log", root_, clock_, random_,
                                     {.durability = Durability::none});
    EXPECT_TRUE(opened.ok());
    log_ = *std::move(opened);
  }
  test::TemporaryFolder folder_;
  ManualClock clock_{Day{18500}.start()};
  SeededRandom random_{1};
  Secret<32> root_;
  std::unique_ptr<EncounterLog> log_;
};

TEST_F(StoredExposures, ComeBackAsTheyWereByDay) {
  const std::vector<Exposure> first = {{Day{18500}, minutes(7), 55, ReportType::confirmed_test},
                                       {Day{18502}, minutes(2), {}, ReportType::unknown}};
  const std::vector<Exposure> second = {{Day{18501}, minutes(30), 0, ReportType::self_report}};
  ASSERT_TRUE(store_exposures(*log_, digest(1), first).ok());
  ASSERT_TRUE(store_exposures(*log_, digest(2), second).ok());
  const auto all = load_exposures(*log_);
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(*all, (std::vector<Exposure>{first[0], second[0], first[1]}));
}

TEST_F(StoredExposures, AreReplacedByTheSameListOnly) {
  const std::vector<Exposure> mine = {{Day{18500}, minutes(7), 55, ReportType::unknown}};
  const std::vector<Exposure> others = {{Day{18500}, minutes(9), 60, ReportType::unknown}};
  ASSERT_TRUE(store_exposures(*log_, digest(1), mine).ok());
  ASSERT_TRUE(store_exposures(*log_, digest(2), others).ok());
  ASSERT_TRUE(store_exposures(*log_, digest(1), {}).ok());
  EXPECT_EQ(*load_exposures(*log_), others);
  ASSERT_TRUE(store_exposures(*log_, digest(2), {}).ok());
  EXPECT_TRUE(load_exposures(*log_)->empty());
}

TEST_F(StoredExposures, DieWithTheirDay) {
  const std::vector<Exposure> found = {{Day{18500}, minutes(7), 55, ReportType::unknown}};
  ASSERT_TRUE(store_exposures(*log_, digest(1), found).ok());
  ASSERT_TRUE(log_->erase_day(Day{18500}).ok());
  EXPECT_TRUE(load_exposures(*log_)->empty());
}

// A revised key that says "revoked" takes its exposures away.
TEST(ExposuresOf, LeavesOutRevokedKeys) {
  test::Phone infected(1), contact(2);
  contact.hear(infected, -80);
  auto keys = test::disclosed_keys(infected);
  ASSERT_EQ(keys.size(), 1u);
  keys.push_back(keys[0]);
  keys[1].record = 1;
  keys[1].revised = true;
  keys[1].report_type = ReportType::revoked;
  const auto table = contact.device->log().snapshot();
  ASSERT_TRUE(table.ok());
  const Scheme* const schemes[] = {&gaen_scheme()};
  for (size_t count : {1u, 2u}) {
    class Stream final : public KeyStream {
     public:
      explicit Stream(std::vector<PublishedKey> keys) : keys_(std::move(keys)) {}
      Status next(size_t, std::vector<PublishedKey>& batch) override {
        batch = std::exchange(keys_, {});
        return {};
      }
      std::vector<PublishedKey> keys_;
    } stream({keys.begin(), keys.begin() + static_cast<ptrdiff_t>(count)});
    const auto matcher = Matcher::create(table->columns(), schemes, contact.random);
    ASSERT_TRUE(matcher.ok());
    MatchResult result;
    ASSERT_TRUE(matcher->match(stream, 0, {}, result).ok());
    EXPECT_EQ(exposures_of(result, table->columns(), schemes, -25, 0).size(), 2 - count);
  }
}

}  // namespace
}  // namespace nearzone::device
