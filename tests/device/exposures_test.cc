#include "device/exposures.h"

#include <gtest/gtest.h>

#include <limits>

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

TEST_F(StoredExposures, KeepWhatWasSaidOfNearness) {
  Exposure found{Day{18500}, minutes(700), 55, ReportType::self_report};
  found.band = ExposureBand::possible;
  found.near = minutes(12);
  found.near_low = std::chrono::seconds(6);
  found.near_high = minutes(700);
  found.dose = std::chrono::seconds(426);
  ASSERT_TRUE(store_exposures(*log_, digest(1), {&found, 1}).ok());
  EXPECT_EQ(load_exposures(*log_)->at(0), found);
}

// What version 1 wrote, which knew nothing of nearness: read, and kept beside what is new.
TEST_F(StoredExposures, OfTheFirstVersionAreRead) {
  std::vector<uint8_t> bytes = {1};
  bytes.insert(bytes.end(), 16, 0x11);                            // the list
  bytes.insert(bytes.end(), {0xa0, 0x68, 0x06, 0, 55, 0, 0, 0});  // 420,000 ms; 55 dB
  bytes.push_back(2);                                             // confirmed_clinical_diagnosis
  ASSERT_TRUE(log_->put_state(Day{18500}, "exposures", bytes).ok());
  const Exposure old{Day{18500}, minutes(7), 55, ReportType::confirmed_clinical_diagnosis};
  EXPECT_EQ(*load_exposures(*log_), std::vector{old});
  const Exposure added{Day{18500}, minutes(2), {}, ReportType::unknown, ExposureBand::unlikely};
  ASSERT_TRUE(store_exposures(*log_, digest(2), {&added, 1}).ok());
  EXPECT_EQ(*load_exposures(*log_), (std::vector{old, added}));
}

TEST_F(StoredExposures, AreRefusedWhereTheyCannotBe) {
  const auto status = [&](std::vector<uint8_t> bytes) {
    EXPECT_TRUE(log_->put_state(Day{18500}, "exposures", bytes).ok());
    return load_exposures(*log_).status().code();
  };
  EXPECT_EQ(status({3}), Code::newer_format);
  EXPECT_EQ(status({0}), Code::corrupt);
  EXPECT_EQ(status(std::vector<uint8_t>(1 + 25, 2)), Code::corrupt);
  EXPECT_EQ(status(std::vector<uint8_t>(1 + 34, 1)), Code::corrupt);
}

TEST_F(StoredExposures, DieWithTheirDay) {
  const std::vector<Exposure> found = {{Day{18500}, minutes(7), 55, ReportType::unknown}};
  ASSERT_TRUE(store_exposures(*log_, digest(1), found).ok());
  ASSERT_TRUE(log_->erase_day(Day{18500}).ok());
  EXPECT_TRUE(load_exposures(*log_)->empty());
}

class SomeKeys final : public KeyStream {
 public:
  explicit SomeKeys(std::vector<PublishedKey> keys) : keys_(std::move(keys)) {}
  Status next(size_t, std::vector<PublishedKey>& batch) override {
    batch = std::exchange(keys_, {});
    return {};
  }

 private:
  std::vector<PublishedKey> keys_;
};

std::vector<Exposure> exposures_with(test::Phone& contact, std::vector<PublishedKey> keys,
                                     const DeviceOptions& options = {}) {
  const auto table = contact.device->log().snapshot();
  EXPECT_TRUE(table.ok());
  const Scheme* const schemes[] = {&gaen_scheme(), &bluezone_scheme()};
  SomeKeys stream(std::move(keys));
  const auto matcher = Matcher::create(table->columns(), schemes, contact.random);
  EXPECT_TRUE(matcher.ok());
  MatchResult result;
  EXPECT_TRUE(matcher->match(stream, 0, {}, result).ok());
  return exposures_of(result, table->columns(), schemes, options);
}

// Half an hour of scans five minutes apart.
std::vector<PublishedKey> half_an_hour(test::Phone& infected, test::Phone& contact, int8_t rssi) {
  for (int i = 0; i < 6; ++i) {
    contact.hear(infected, rssi);
    infected.clock.advance(minutes(5));
    contact.clock.advance(minutes(5));
  }
  return test::disclosed_keys(infected);
}

TEST(ExposuresOf, SayWhetherSomebodyWasNearForLong) {
  test::Phone infected(1), near(2), far(3);
  const auto near_keys = half_an_hour(infected, near, -40);
  const auto of_near = exposures_with(near, near_keys);
  ASSERT_EQ(of_near.size(), 1u);
  EXPECT_EQ(of_near[0].band, ExposureBand::likely);
  EXPECT_GT(of_near[0].near, minutes(20));
  EXPECT_LE(of_near[0].near_high, of_near[0].duration);
  EXPECT_LE(of_near[0].near_low, of_near[0].near);
  // Onset is not stated, which does not discount.
  EXPECT_EQ(of_near[0].dose, of_near[0].near);

  // Others tell how well this phone hears.
  test::Phone other(4), bystander(5), another(6);
  for (test::Phone* heard : {&bystander, &another})
    for (int i = 0; i < 6; ++i) {
      far.hear(*heard, -70);
      heard->clock.advance(minutes(10));
    }
  const auto of_far = exposures_with(far, half_an_hour(other, far, -100));
  ASSERT_EQ(of_far.size(), 1u);
  EXPECT_EQ(of_far[0].duration, of_near[0].duration);
  EXPECT_EQ(of_far[0].band, ExposureBand::unlikely);
  EXPECT_LT(of_far[0].near, minutes(10));
}

TEST(DevicesOptions, AreRefusedWithTheFieldNamed) {
  const auto refused = [](auto&& spoil) {
    test::TemporaryFolder folder;
    const ManualClock clock(Day{18500}.start());
    SeededRandom random(1);
    DeviceOptions options;
    spoil(options);
    const auto opened = Device::open(folder.path() + "/log", Secret<32>(), clock, random, options);
    EXPECT_EQ(opened.status().code(), Code::invalid_argument);
    return std::string(opened.status().field() ? opened.status().field() : "");
  };
  constexpr int32_t kMost = std::numeric_limits<int32_t>::max();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (int32_t absurd : {kMost, -kMost - 1, 128, -128})
    EXPECT_EQ(refused([&](DeviceOptions& o) { o.rssi_correction_db = absurd; }),
              "rssi_correction_db");
  EXPECT_EQ(refused([&](DeviceOptions& o) { o.calibration_confidence = 4; }),
            "calibration_confidence");
  for (int8_t absurd : {int8_t{21}, int8_t{-128}})
    EXPECT_EQ(refused([&](DeviceOptions& o) { o.assumed_transmit_power_dbm = absurd; }),
              "assumed_transmit_power_dbm");
  EXPECT_EQ(refused([&](DeviceOptions& o) { o.nearness.distance_m = nan; }), "distance_m");
  EXPECT_EQ(refused([&](DeviceOptions& o) { o.dose.scale_minutes = nan; }), "scale_minutes");
}

TEST(ExposuresOf, WeighTheDoseByDaysSinceOnset) {
  test::Phone infected(1), contact(2);
  auto keys = half_an_hour(infected, contact, -40);
  for (PublishedKey& key : keys) key.days_since_onset = 3;
  const Exposure found = exposures_with(contact, keys).at(0);
  EXPECT_NEAR(static_cast<double>(found.dose.count()),
              0.602 * static_cast<double>(found.near.count()), 6000);
  DeviceOptions options;
  options.dose = DoseConfig::minutes_only();
  EXPECT_EQ(exposures_with(contact, keys, options).at(0).dose, found.near);
}

TEST(ExposuresOf, TakeOnsetFromTheLatestRevision) {
  test::Phone infected(1), contact(2);
  auto keys = half_an_hour(infected, contact, -40);
  for (size_t i = 0, published = keys.size(); i < published; ++i) {
    keys[i].days_since_onset = -14;  // not infectious
    PublishedKey revised = keys[i];
    revised.record = published + i;
    revised.revised = true;
    revised.days_since_onset = 0;
    revised.report_type = ReportType::confirmed_test;
    keys.push_back(revised);
  }
  const Exposure found = exposures_with(contact, keys).at(0);
  EXPECT_EQ(found.report_type, ReportType::confirmed_test);
  EXPECT_EQ(found.dose, found.near);
}

// Half an hour of one who hears, each time, what `change` made of what was sent.
template <typename Change>
Exposure heard_changed(const Change& change) {
  test::Phone infected(1), contact(2);
  for (int i = 0; i < 6; ++i) {
    const Advertisement air = infected.advertisement();
    Sighting sighting{air.identifier,      air.scheme, HeardBy::advertisement,
                      contact.clock.now(), -70,        air.metadata};
    change(sighting.metadata);
    EXPECT_TRUE(
        contact.device->record({sighting.time, sighting.time - minutes(5)}, {&sighting, 1}).ok());
    infected.clock.advance(minutes(5));
    contact.clock.advance(minutes(5));
  }
  return exposures_with(contact, test::disclosed_keys(infected)).at(0);
}

TEST(ExposuresOf, CountFromThePowerAssumedWhereNoneIsStated) {
  const Exposure silent = heard_changed([](Metadata& metadata) { metadata = {}; });
  EXPECT_EQ(silent.minimum_attenuation_db, 45);
  // Less is known of them: the interval is wide.
  EXPECT_GT(silent.near_high - silent.near_low, minutes(20));
}

// Half an hour of one whose kind shows in how it was heard, among others who tell how well this
// phone hears.
Exposure of_bluezone(HeardBy by, int8_t rssi) {
  test::Phone infected(1, SchemeTag::bluezone), contact(2);
  std::vector<PublishedKey> keys;
  for (int i = 0; i < 6; ++i) {
    const Advertisement air = infected.advertisement();
    std::vector<Sighting> heard = {
        {air.identifier, air.scheme, by, contact.clock.now(), rssi, air.metadata}};
    for (uint8_t other = 0; other < 20; ++other) {
      heard.push_back(heard[0]);
      heard.back().identifier.bytes = {other, static_cast<uint8_t>(i)};
      heard.back().rssi_dbm = -68;
    }
    EXPECT_TRUE(contact.device->record({heard[0].time, heard[0].time - minutes(5)}, heard).ok());
    infected.clock.advance(minutes(5));
    contact.clock.advance(minutes(5));
  }
  return exposures_with(contact, test::disclosed_keys(infected)).at(0);
}

TEST(ExposuresOf, KnowBluezonesIphonesByTheirBeingRead) {
  const Exposure android = of_bluezone(HeardBy::advertisement, -64);
  const Exposure iphone = of_bluezone(HeardBy::gatt, -43);
  EXPECT_EQ(android.minimum_attenuation_db, 39);
  EXPECT_EQ(iphone, android);  // 21 dB more
}

TEST(ExposuresOf, FollowTheStrengthInBluezoneToo) {
  for (HeardBy by : {HeardBy::advertisement, HeardBy::gatt}) {
    const auto at = [&](int attenuation) {
      const int power = by == HeardBy::gatt ? -4 : -25;
      return of_bluezone(by, static_cast<int8_t>(power - attenuation)).band;
    };
    EXPECT_EQ(at(35), ExposureBand::likely);
    EXPECT_EQ(at(55), ExposureBand::possible);
    EXPECT_EQ(at(75), ExposureBand::unlikely);
  }
}

// -25 dBm, 0xe7, becomes another number by one bit or several, for whoever passes it on.
TEST(ExposuresOf, BelieveNoPowerThatPhonesDoNotSendWith) {
  const Exposure silent = heard_changed([](Metadata& metadata) { metadata = {}; });
  const auto stating = [](int8_t dbm) {
    return heard_changed([&](Metadata& metadata) {
      metadata.bytes[1] ^= uint8_t{0xe7} ^ static_cast<uint8_t>(dbm);
    });
  };
  EXPECT_EQ(stating(-35).minimum_attenuation_db, 35);
  EXPECT_EQ(stating(-50).minimum_attenuation_db, 20);
  EXPECT_EQ(stating(20).minimum_attenuation_db, 90);
  // As if nothing had been said.
  for (int8_t absurd : {int8_t{-51}, int8_t{-127}, int8_t{-128}, int8_t{21}, int8_t{127}})
    EXPECT_EQ(stating(absurd), silent) << int{absurd};
  EXPECT_EQ(silent.minimum_attenuation_db, 45);
}

TEST(ExposuresOf, ReadNoMetadataOfAnotherVersion) {
  const Exposure silent = heard_changed([](Metadata& metadata) { metadata = {}; });
  EXPECT_NE(heard_changed([](Metadata&) {}), silent);
  EXPECT_EQ(heard_changed([](Metadata& metadata) { metadata.bytes[0] ^= 0xc0; }), silent);
}

TEST(ExposuresOf, TakeAPowerSentInTheOpenAsItIs) {
  EXPECT_EQ(heard_changed([](Metadata& metadata) {
              metadata = {{0xf4}, 1};
            }).minimum_attenuation_db,
            58);  // -12 - -70
}

// Played again for an hour, an identifier counts for twenty minutes.
TEST(ExposuresOf, DropReplaysOfExposureNotification) {
  test::Phone infected(1), contact(2);
  const Advertisement air = infected.advertisement();
  for (int i = 0; i <= 12; ++i) {
    const Sighting sighting{air.identifier,      air.scheme, HeardBy::advertisement,
                            contact.clock.now(), -60,        air.metadata};
    ASSERT_TRUE(
        contact.device->record({sighting.time, sighting.time - minutes(5)}, {&sighting, 1}).ok());
    contact.clock.advance(minutes(5));
    infected.clock.advance(minutes(5));
  }
  const Exposure found = exposures_with(contact, test::disclosed_keys(infected)).at(0);
  EXPECT_EQ(found.duration, minutes(25));  // at 0, 5, 10, 15 and 20
}

// A revised key that says "revoked" takes its exposures away.
TEST(ExposuresOf, LeavesOutRevokedKeys) {
  test::Phone infected(1), contact(2);
  contact.hear(infected, -80);
  auto keys = test::disclosed_keys(infected);
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(exposures_with(contact, keys).size(), 1u);
  keys.push_back(keys[0]);
  keys[1].record = 1;
  keys[1].revised = true;
  keys[1].report_type = ReportType::revoked;
  EXPECT_TRUE(exposures_with(contact, keys).empty());
}

}  // namespace
}  // namespace nearzone::device
