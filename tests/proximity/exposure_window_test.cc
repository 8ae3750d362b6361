#include "nearzone/exposure_window.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "nearzone/proximity.h"
#include "proximity/key_sightings.h"

namespace nearzone {
namespace {

using std::chrono::minutes;
using test::at;
using test::kKeyDay;
using test::kNoon;

const KeyEvidence kKey{.day = kKeyDay, .report_type = ReportType::confirmed_test};

std::vector<ScanInstance> scans_of(const std::vector<KeySighting>& sightings) {
  std::vector<ScanInstance> scans;
  for (const ExposureWindow& window : exposure_windows(kKey, sightings))
    scans.insert(scans.end(), window.scans.begin(), window.scans.end());
  return scans;
}

TEST(AttenuationRules, KeepCorrectedRssiInRange) {
  EXPECT_EQ(attenuation_by(kGoogleAttenuation, -25, -80, 3), 52);     // -25 - (-77)
  EXPECT_EQ(attenuation_by(kGoogleAttenuation, 10, -120, -20), 137);  // RSSI no less than -127
  EXPECT_EQ(attenuation_by(kGoogleAttenuation, -25, -80, 127), 0);
  EXPECT_EQ(attenuation_by(kGoogleAttenuation, -25, kNoRssi, 0), std::nullopt);
}

TEST(AttenuationRules, AcceptEachVendorsRangeOfTransmitPower) {
  for (const auto& [rules, least] :
       {std::pair(kGoogleAttenuation, -50), std::pair(kAppleAttenuation, -60)}) {
    EXPECT_TRUE(attenuation_by(rules, static_cast<int8_t>(least), -100, 0));
    EXPECT_FALSE(attenuation_by(rules, static_cast<int8_t>(least - 1), -100, 0));
    EXPECT_TRUE(attenuation_by(rules, 20, -100, 0));
    EXPECT_FALSE(attenuation_by(rules, 21, -100, 0));
  }
}

TEST(AttenuationRules, OfAppleTakeZeroForAFault) {
  EXPECT_EQ(attenuation_by(kGoogleAttenuation, -40, -30, 0), 0);
  EXPECT_EQ(attenuation_by(kAppleAttenuation, -40, -30, 0), std::nullopt);
  EXPECT_EQ(attenuation_by(kAppleAttenuation, -40, -41, 0), 1);
}

TEST(AttenuationRules, AreRefusedWithTheFieldNamed) {
  EXPECT_TRUE(kGoogleAttenuation.check().ok());
  EXPECT_TRUE(kAppleAttenuation.check().ok());
  EXPECT_STREQ((AttenuationRules{-128, 20, false}.check().field()), "least_transmit_power_dbm");
  EXPECT_STREQ((AttenuationRules{-50, 128, false}.check().field()), "most_transmit_power_dbm");
  EXPECT_STREQ((AttenuationRules{20, 19, false}.check().field()), "most_transmit_power_dbm");
}

TEST(ReplayRule, DropsAnIdentifierHeardTooLong) {
  // Slot 72 is heard first at 0: up to 1200 s it may be itself, a second later it is a replay. Slot
  // 73 has a time of its own.
  const std::vector<KeySighting> sightings = {at(1201, 50), at(0, 50), at(1200, 50),
                                              at(1300, 50, {}, 73), at(9000, 50)};
  const auto kept = without_replays(sightings);
  ASSERT_EQ(kept.size(), 3u);
  EXPECT_EQ(kept[0].time, sightings[1].time);
  EXPECT_EQ(kept[1].time, sightings[2].time);
  EXPECT_EQ(kept[2].slot, 73u);
}

TEST(ScanInstances, HoldTheMeanRoundedHalvesUpAndTheMinimum) {
  // Within 25.5 s of the one before: one scan of 50, 61, 60 and 59. (50 + 61 + 60 + 59) / 4 = 57.5
  EXPECT_EQ(scans_of({at(0, 50, -180), at(4, 61, -180), at(29, 60, -180), at(54, 59, -180)}),
            (std::vector<ScanInstance>{{58, 50, minutes(3)}}));
  // (50 + 51 + 51) / 3 = 50.67, (50 + 50 + 51) / 3 = 50.33
  EXPECT_EQ(scans_of({at(0, 50), at(1, 51), at(2, 51)})[0].typical_attenuation_db, 51);
  EXPECT_EQ(scans_of({at(0, 50), at(1, 50), at(2, 51)})[0].typical_attenuation_db, 50);
}

TEST(ScanInstances, BeginAfterAGapOfMoreThan25AndAHalfSeconds) {
  std::vector<KeySighting> sightings = {at(0, 50), at(25, 60)};
  sightings[1].time = sightings[0].time + Millis(25500);
  EXPECT_EQ(scans_of(sightings).size(), 1u);
  sightings[1].time = sightings[0].time + Millis(25501);
  EXPECT_EQ(scans_of(sightings).size(), 2u);
}

TEST(ScanInstances, CountWholeMinutesSinceTheScanBeforeUpToFive) {
  const auto since = [](int64_t time, std::optional<int64_t> previous) {
    return scans_of({at(time, 50, previous)})[0].since_last_scan;
  };
  // Minutes are those of the clock: 12:05:59 and 12:00:00 are five apart, 12:05:00 and 12:04:59
  // one.
  EXPECT_EQ(since(359, 0), minutes(5));
  EXPECT_EQ(since(300, 299), minutes(1));
  EXPECT_EQ(since(59, 0), minutes(0));
  EXPECT_EQ(since(3600, 0), minutes(5));
  EXPECT_EQ(since(0, std::nullopt), minutes(2));
  EXPECT_EQ(since(0, 60), minutes(0));
}

TEST(ExposureWindows, EndHalfAnHourAfterTheirFirstSighting) {
  const auto windows =
      exposure_windows(kKey, std::vector{at(0, 50), at(900, 51), at(1799, 52), at(1800, 53),
                                         at(3599, 54), at(3600, 55), at(90000, 56)});
  ASSERT_EQ(windows.size(), 4u);
  EXPECT_EQ(windows[0].scans.size(), 3u);
  EXPECT_EQ(windows[1].scans.size(), 2u);
  EXPECT_EQ(windows[2].scans.size(), 1u);
  EXPECT_EQ(windows[2].day, kKeyDay);
  EXPECT_EQ(windows[3].day, kKeyDay + 1);  // 25 hours after noon
}

TEST(ExposureWindows, TakeTheConfidenceOfTheirFirstSighting) {
  std::vector<KeySighting> sightings = {at(60, 50), at(0, 50)};
  sightings[0].calibration_confidence = 3;
  sightings[1].calibration_confidence = 1;
  EXPECT_EQ(exposure_windows(kKey, sightings)[0].calibration_confidence, 1);
}

TEST(ExposureWindows, SayWhatTheMappingMakesOfTheKey) {
  DiagnosisKeyMapping mapping;
  mapping.report_type_when_missing = ReportType::self_report;
  mapping.when_onset_unknown = Infectiousness::high;
  mapping.by_days_since_onset.fill(Infectiousness::standard);
  mapping.by_days_since_onset[0] = Infectiousness::none;   // -14
  mapping.by_days_since_onset[28] = Infectiousness::high;  // 14
  ASSERT_TRUE(mapping.check().ok());
  const std::vector<KeySighting> heard = {at(0, 50)};
  const auto windows = [&](std::optional<int32_t> days, ReportType type) {
    return exposure_windows({kKeyDay, type, days, 0}, heard, mapping);
  };
  EXPECT_EQ(windows(0, ReportType::unknown)[0].report_type, ReportType::self_report);
  EXPECT_EQ(windows(0, ReportType::recursive)[0].report_type, ReportType::recursive);
  EXPECT_EQ(windows(0, ReportType::recursive)[0].infectiousness, Infectiousness::standard);
  EXPECT_EQ(windows({}, ReportType::recursive)[0].infectiousness, Infectiousness::high);
  EXPECT_EQ(windows(14, ReportType::recursive)[0].infectiousness, Infectiousness::high);
  EXPECT_EQ(windows(15, ReportType::recursive)[0].infectiousness, Infectiousness::high);
  EXPECT_TRUE(windows(-14, ReportType::recursive).empty());
  EXPECT_TRUE(windows(0, ReportType::revoked).empty());
}

TEST(ExposureWindows, LeaveOutWhatHasNoAttenuation) {
  std::vector<KeySighting> sightings = {at(0, 50), at(60, 50)};
  sightings[0].attenuation_db = std::nullopt;
  EXPECT_EQ(scans_of(sightings).size(), 1u);
  sightings[1].attenuation_db = std::nullopt;
  EXPECT_TRUE(exposure_windows(kKey, sightings).empty());
}

TEST(DiagnosisKeyMapping, RefusesWhatIsNoReportTypeOrInfectiousness) {
  DiagnosisKeyMapping mapping;
  EXPECT_TRUE(mapping.check().ok());
  mapping.by_days_since_onset[3] = static_cast<Infectiousness>(3);
  EXPECT_STREQ(mapping.check().field(), "by_days_since_onset");
  EXPECT_EQ(mapping.check().record(), 3);
  mapping = {};
  mapping.when_onset_unknown = static_cast<Infectiousness>(9);
  EXPECT_STREQ(mapping.check().field(), "when_onset_unknown");
  mapping = {};
  mapping.report_type_when_missing = ReportType::unknown;
  EXPECT_STREQ(mapping.check().field(), "report_type_when_missing");
}

TEST(ExposureWindowProperties, DoNotDependOnTheOrderOfSightings) {
  SeededRandom random(1);
  for (int round = 0; round < 200; ++round) {
    const auto sightings = test::some_sightings(random);
    EXPECT_EQ(exposure_windows(kKey, sightings),
              exposure_windows(kKey, test::in_random_order(sightings, random)));
  }
}

TEST(ExposureWindowProperties, ShufflingKeepsEveryWindow) {
  SeededRandom random(2);
  auto windows = exposure_windows(kKey, std::vector{at(0, 50), at(2000, 60), at(4000, 70)});
  const auto before = windows;
  bool moved = false;
  for (int round = 0; round < 20; ++round) {
    shuffle(windows, random);
    EXPECT_TRUE(std::ranges::is_permutation(windows, before));
    moved = moved || windows != before;
  }
  EXPECT_TRUE(moved);
}

}  // namespace
}  // namespace nearzone
