#include "device/windows.h"

#include <gtest/gtest.h>

#include "device/phone.h"
#include "nearzone/daily_summary.h"

namespace nearzone::device {
namespace {

using std::chrono::minutes;
using test::Authority;
using test::Phone;

constexpr Day kDay{18500};

ListDigest digest(uint8_t value) {
  ListDigest bytes;
  bytes.fill(value);
  return bytes;
}

FoundWindow window(Day day, std::optional<int32_t> onset, std::vector<ScanInstance> scans) {
  return {onset, {day, ReportType::self_report, Infectiousness::standard, 2, std::move(scans)}};
}

class StoredWindows : public testing::Test {
 protected:
  StoredWindows() {
    auto opened = EncounterLog::open(folder_.path() + "/log", root_, clock_, random_,
                                     {.durability = Durability::none});
    EXPECT_TRUE(opened.ok());
    log_ = *std::move(opened);
  }
  test::TemporaryFolder folder_;
  ManualClock clock_{kDay.start()};
  SeededRandom random_{1};
  Secret<32> root_;
  std::unique_ptr<EncounterLog> log_;
};

TEST_F(StoredWindows, ComeBackAsTheyWereByDay) {
  const std::vector<FoundWindow> first = {
      window(kDay + 1, 3, {{-20, -127, minutes(5)}, {253, 77, minutes(0)}}),
      window(kDay, -14, {{55, 50, minutes(2)}})};
  const std::vector<FoundWindow> second = {
      window(kDay + 1, {}, std::vector<ScanInstance>(300, {60, 60, minutes(4)}))};
  ASSERT_TRUE(store_windows(*log_, digest(1), first).ok());
  ASSERT_TRUE(store_windows(*log_, digest(2), second).ok());
  EXPECT_EQ(*load_windows(*log_), (std::vector{first[1], first[0], second[0]}));
}

TEST_F(StoredWindows, AreReplacedByTheSameListOnlyAndDieWithTheirDay) {
  const std::vector<FoundWindow> mine = {window(kDay, 0, {{55, 50, minutes(2)}})};
  const std::vector<FoundWindow> others = {window(kDay, 1, {{60, 50, minutes(2)}}),
                                           window(kDay + 1, 1, {{61, 50, minutes(2)}})};
  ASSERT_TRUE(store_windows(*log_, digest(1), mine).ok());
  ASSERT_TRUE(store_windows(*log_, digest(2), others).ok());
  ASSERT_TRUE(store_windows(*log_, digest(1), {}).ok());
  EXPECT_EQ(*load_windows(*log_), others);
  ASSERT_TRUE(log_->erase_day(kDay).ok());
  EXPECT_EQ(*load_windows(*log_), std::vector{others[1]});
}

TEST_F(StoredWindows, AreRefusedWhereTheyCannotBe) {
  const auto status = [&](std::vector<uint8_t> bytes) {
    EXPECT_TRUE(log_->put_state(kDay, "exposure-windows", bytes).ok());
    return load_windows(*log_).status().code();
  };
  EXPECT_EQ(status({2}), Code::newer_format);
  EXPECT_EQ(status({0}), Code::corrupt);
  EXPECT_EQ(status(std::vector<uint8_t>(1 + 20, 1)), Code::corrupt);
  std::vector<uint8_t> cut(1 + 21 + 5, 1);
  cut[1 + 20] = 0;  // of the number of scans: the high byte
  EXPECT_EQ(status(cut), Code::ok);
  cut.pop_back();
  EXPECT_EQ(status(cut), Code::corrupt);
}

// Half an hour of scans five minutes apart, and then a list of the keys as `change` leaves them.
template <typename Change>
std::vector<ExposureWindow> windows_after(Phone& infected, Phone& contact, const Change& change,
                                          const DiagnosisKeyMapping& mapping = {}) {
  for (int i = 0; i < 6; ++i) {
    contact.hear(infected, static_cast<int8_t>(-60 - i));
    infected.clock.advance(minutes(5));
    contact.clock.advance(minutes(5));
  }
  auto keys = test::disclosed_keys(infected);
  for (PublishedKey& key : keys) change(key);
  const Authority authority(9);
  const Instant now = contact.clock.now();
  const auto list = authority.publish(keys, static_cast<uint64_t>(now.ms), now);
  MemorySource source(list);
  const auto report = contact.device->check(source, {.public_keys = authority.public_keys()});
  EXPECT_TRUE(report.ok()) << report.status().text();
  contact.open();
  const auto windows = contact.device->exposure_windows(mapping);
  EXPECT_TRUE(windows.ok()) << windows.status().text();
  return windows.ok() ? *windows : std::vector<ExposureWindow>();
}

TEST(DevicesWindows, SayWhatWasHeardScanByScan) {
  Phone infected(1), contact(2);
  const auto windows = windows_after(infected, contact, [](PublishedKey&) {});
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_EQ(windows[0].day, kDay);
  EXPECT_EQ(windows[0].report_type, ReportType::confirmed_test);  // as it is missing
  EXPECT_EQ(windows[0].infectiousness, Infectiousness::standard);
  std::vector<ScanInstance> scans;
  for (int32_t i = 0; i < 6; ++i) scans.push_back({-25 + 60 + i, -25 + 60 + i, minutes(5)});
  EXPECT_EQ(windows[0].scans, scans);
  const auto days = daily_summaries(windows, DailySummaryConfig(), kDay);
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].total.score_sum, 2 * kFifteenMinutes);
}

TEST(DevicesWindows, SayHowWellTheSendersPowerIsKnown) {
  Phone infected(1), contact(2);
  infected.options.calibration_confidence = 3;
  infected.open();
  const auto windows = windows_after(infected, contact, [](PublishedKey&) {});
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_EQ(windows[0].calibration_confidence, 3);
}

TEST(DevicesWindows, MeanWhatTheMappingSays) {
  DiagnosisKeyMapping mapping;
  mapping.by_days_since_onset.fill(Infectiousness::none);
  mapping.by_days_since_onset[14 + 2] = Infectiousness::high;
  mapping.when_onset_unknown = Infectiousness::none;
  mapping.report_type_when_missing = ReportType::recursive;
  const auto with_onset = [&](std::optional<int32_t> onset) {
    Phone infected(1), contact(2);
    return windows_after(
        infected, contact, [&](PublishedKey& key) { key.days_since_onset = onset; }, mapping);
  };
  EXPECT_TRUE(with_onset({}).empty());
  EXPECT_TRUE(with_onset(3).empty());
  const auto counted = with_onset(2);
  ASSERT_EQ(counted.size(), 1u);
  EXPECT_EQ(counted[0].infectiousness, Infectiousness::high);
  EXPECT_EQ(counted[0].report_type, ReportType::recursive);

  Phone phone(3);
  mapping.report_type_when_missing = ReportType::unknown;
  EXPECT_EQ(phone.device->exposure_windows(mapping).status().field(),
            std::string("report_type_when_missing"));
}

TEST(DevicesWindows, AreNoneOfRevokedKeysAndErasedWithTheirDay) {
  Phone infected(1), contact(2), other(3);
  EXPECT_TRUE(windows_after(infected, contact, [](PublishedKey& key) {
                key.report_type = ReportType::revoked;
              }).empty());
  EXPECT_EQ(windows_after(other, contact, [](PublishedKey&) {}).size(), 1u);
  ASSERT_TRUE(contact.device->erase_day(kDay).ok());
  EXPECT_TRUE(contact.device->exposure_windows()->empty());
}

}  // namespace
}  // namespace nearzone::device
