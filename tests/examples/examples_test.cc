// What an example leaves to the reader is made here; then it runs as it stands. A call that an
// example makes for the sake of showing something is show() or use(), which take anything.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "device/phone.h"
#include "nearzone/beacon.h"
#include "nearzone/beacon_planner.h"
#include "nearzone/bluezone.h"
#include "nearzone/bluezone_contacts.h"
#include "nearzone/bluezone_v1.h"
#include "nearzone/calibration.h"
#include "nearzone/daily_summary.h"
#include "nearzone/dose.h"
#include "nearzone/evaluation.h"
#include "nearzone/gaen.h"
#include "nearzone/kernels.h"
#include "nearzone/risk_score.h"
#include "nearzone/sighting_reader.h"
#include "nearzone/simulation.h"
#include "nearzone/tcn.h"

namespace nearzone {
namespace {

using std::chrono::hours;
using test::Authority;
using test::TemporaryFolder;

int shown = 0;

template <typename... Things>
void show(const Things&...) {
  ++shown;
}
template <typename... Things>
void use(const Things&...) {
  ++shown;
}

constexpr Day kDay{18500};

PublishedKey some_key() {
  PublishedKey key;
  key.valid_from = kDay.start();
  key.valid_to = (kDay + 1).start();
  return key;
}

// Something that the key above explains.
std::vector<Sighting> some_sightings() {
  const std::array<uint8_t, 16> zeros{};
  const gaen::TemporaryExposureKey tek{std::span<const uint8_t, 16>(zeros)};
  std::vector<Sighting> sightings(2);
  sightings[0].time = kDay.start() + hours(9);
  sightings[0].identifier =
      gaen::rolling_proximity_identifier(tek, Interval::of(sightings[0].time));
  sightings[1].time = kDay.start() + hours(50);
  return sightings;
}

// Gives each key in a batch of its own.
class ShortStream final : public KeyStream {
 public:
  explicit ShortStream(std::vector<PublishedKey> keys) : keys_(std::move(keys)) {}
  Status next(size_t, std::vector<PublishedKey>& batch) override {
    batch.clear();
    if (at_ < keys_.size()) batch.push_back(keys_[at_++]);
    return {};
  }

 private:
  std::vector<PublishedKey> keys_;
  size_t at_ = 0;
};

class Examples : public testing::Test {
 protected:
  // Runs an example that may end early with a fault.
  template <typename Example>
  void run(const Example& example) {
    const Status status = example();
    EXPECT_TRUE(status.ok()) << status.text();
  }

  void SetUp() override { shown = 0; }

  TemporaryFolder folder_;
  SeededRandom random_{7};
};

TEST_F(Examples, Bytes) {
  run([&]() -> Status {
#include "bytes_0.inc"
    EXPECT_EQ(text, "00c0ffee");
    return {};
  });
}

TEST_F(Examples, Beacon) {
  const Advertisement advertisement{.scheme = SchemeTag::bluezone,
                                    .identifier = some_sightings()[0].identifier,
                                    .metadata = {},
                                    .valid_until = {}};
  const std::vector<uint8_t> record = {3, 3, 0x56, 0x4e, 15, 0xff, 0xb5, 0x22, 1,  2,
                                       3, 4, 5,    6,    7,  8,    9,    10,   11, 12};
  {
#include "beacon_0.inc"
    EXPECT_TRUE(sent.ok());
    EXPECT_EQ(shown, 1);
  }
}

TEST_F(Examples, BeaconPlanner) {
  Random& random = random_;
  const ManualClock clock(kDay.start());
  const auto plan = beacon::plan_for(SchemeTag::gaen, beacon::System::android);
  const auto carry_out = [](const beacon::Action& action) { use(action); };
  const auto call_again_after = [](Millis pause) { EXPECT_GT(pause, Millis(0)); };
#include "beacon_planner_0.inc"
  EXPECT_GE(shown, 1);
}

TEST_F(Examples, Bluezone) {
  Random& random = random_;
#include "bluezone_0.inc"
  EXPECT_EQ(day.size(), 96u);
}

TEST_F(Examples, BluezoneV1) {
#include "bluezone_v1_0.inc"
  EXPECT_EQ(*identifier, "3Ih7QP");
}

TEST_F(Examples, BluezoneContacts) {
  Sighting sighting;
  sighting.scheme = SchemeTag::bluezone;
  const SightingTable table = SightingTable::from(std::vector{sighting});
  const Millis utc_offset = hours(7);
#include "bluezone_contacts_0.inc"
  EXPECT_EQ(shown, 1);
}

TEST_F(Examples, Broadcaster) {
  Random& random = random_;
  const ManualClock clock(kDay.start());
  const int8_t transmit_power_dbm = -25;
#include "broadcaster_0.inc"
  EXPECT_TRUE(air.ok());
}

TEST_F(Examples, Calibration) {
  const std::string text =
      "oem,device,model,rssi_correction,tx_power,confidence\nsamsung,beta,SM-B,5,-24,3\n";
  const std::string maker = "samsung", device = "beta", model = "SM-B";
  const auto store = [](const std::vector<uint8_t>& bytes) {
    EXPECT_TRUE(CalibrationTable::decode(bytes).ok());
  };
  run([&]() -> Status {
#include "calibration_0.inc"
    EXPECT_EQ(phone.source, CalibrationSource::exact_model);
    return {};
  });
}

TEST_F(Examples, DailySummary) {
  ExposureWindow window;
  window.report_type = ReportType::confirmed_test;
  window.scans.assign(3, {45, 40, std::chrono::minutes(5)});
  const std::vector<ExposureWindow> windows = {window};
  const Day today = window.day;
  run([&]() -> Status {
#include "daily_summary_0.inc"
    return {};
  });
  EXPECT_EQ(shown, 1);
}

TEST_F(Examples, Device) {
  const std::string folder = folder_.path() + "/log";
  const Secret<32> root_secret = Secret<32>::random(random_);
  const Instant scan_start = SystemClock().now();
  const Instant previous = scan_start - std::chrono::minutes(5);
  std::vector<Sighting> heard = some_sightings();
  for (Sighting& sighting : heard) sighting.time = scan_start;
  const Authority authority(9);
  const auto health_ministry_keys = authority.public_keys();
  const auto list = authority.publish({}, 1, scan_start);
  MemorySource source(list);
  {
#include "device_0.inc"
    ASSERT_TRUE(report.ok());
    EXPECT_TRUE(air.ok());
    EXPECT_TRUE(stored.ok());
    EXPECT_EQ(report->signature.outcome, SignatureOutcome::verified);
  }
}

TEST_F(Examples, Dp3t) {
  const nearzone::dp3t::DayKey first{Secret<32>::random(random_)};
  const uint32_t days = 3;
#include "dp3t_0.inc"
  EXPECT_EQ(ephids.size(), 96u);
}

TEST_F(Examples, EncounterLog) {
  Random& random = random_;
  const std::string directory = folder_.path() + "/log";
  const Secret<32> root = Secret<32>::random(random_);
  const ManualClock clock(kDay.start());
  const Instant scan_start = kDay.start();
  const Instant previous_start = scan_start - std::chrono::minutes(5);
  const std::vector<Sighting> sightings = some_sightings();
  run([&]() -> Status {
#include "encounter_log_0.inc"
    EXPECT_TRUE(heard.ok());
    return stored;
  });
}

TEST_F(Examples, ExposureWindow) {
  const Day day = kDay;
  const ReportType type = ReportType::confirmed_test;
  const int32_t days = 1;
  const std::vector<KeySighting> sightings = {
      {.slot = 54, .time = kDay.start() + hours(9), .attenuation_db = 55}};
#include "exposure_window_0.inc"
  EXPECT_EQ(shown, 1);
}

TEST_F(Examples, Gaen) {
  const gaen::TemporaryExposureKey tek = gaen::TemporaryExposureKey::random(random_);
  const Interval interval = Interval::of(kDay.start());
#include "gaen_0.inc"
  EXPECT_NE(rpi, Identifier());
}

TEST_F(Examples, Kernels) {
#include "kernels_0.inc"
  EXPECT_GE(shown, 1);
}

TEST_F(Examples, Keys) {
  ShortStream stream({some_key(), some_key(), some_key()});
  run([&]() -> Status {
#include "keys_0.inc"
    return {};
  });
  EXPECT_EQ(shown, 3);
}

// A server that has three lists, which are all matched.
TEST_F(Examples, ListIndex) {
  const ManualClock clock(kDay.start());
  Random& random = random_;
  const std::string base_url = "https://keys.example.org/";
  IndexFollower follower{IndexOptions()};
  std::vector<std::string> fetched;
  const std::string index = "a.zip\nb.zip\nc.zip";
  const auto get = [&](const std::string& url, std::string_view) {
    fetched.push_back(url);
    return FetchAnswer{200, as_bytes(index)};
  };
  const auto match = [](const FetchAnswer&) { return ListOutcome::done; };
  run([&]() -> Status {
#include "list_index_0.inc"
    return {};
  });
  EXPECT_EQ(fetched.size(), 4u);
  EXPECT_EQ(fetched.back(), "https://keys.example.org/c.zip");
  EXPECT_EQ(shown, 0);
}

TEST_F(Examples, Lists) {
  const Authority authority(9);
  const auto bytes = authority.publish({}, 1, kDay.start());
  const std::string path = folder_.path() + "/list";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  const auto public_keys = authority.public_keys();
  const auto refuse = [](const SignatureReport& report) {
    return Status(Code::signature_refused, report.detail);
  };
  run([&]() -> Status {
#include "lists_0.inc"
    return keys.status();
  });
}

TEST_F(Examples, Match) {
  Random& random = random_;
  const SightingTable table = SightingTable::from(some_sightings());
  const Scheme* const schemes[] = {&gaen_scheme()};
  const auto stream = std::make_unique<ShortStream>(std::vector{some_key()});
  {
#include "match_0.inc"
    EXPECT_TRUE(done.ok());
    EXPECT_EQ(shown, 1);
  }
}

TEST_F(Examples, MatchRun) {
  const SightingTable table = SightingTable::from(some_sightings());
  const Scheme* const schemes[] = {&gaen_scheme()};
  const auto created = Matcher::create(table.columns(), schemes, random_);
  const Matcher& matcher = *created;
  const auto stream = std::make_unique<ShortStream>(std::vector{some_key()});
  const MatchMemory memory;
  std::vector<uint8_t> saved;
  const auto time_left = [] { return true; };
  const auto save = [&](const std::vector<uint8_t>& bytes) { saved = bytes; };
#include "match_1.inc"
  EXPECT_EQ(run.result().keys.size(), 1u);
  EXPECT_TRUE(MatchMemory::decode(saved)->complete);
}

TEST_F(Examples, Distance) {
  const SightingTable table = SightingTable::from(some_sightings());
  const int32_t correction_db = 0;
  const double attenuation_db = 50;
#include "distance_0.inc"
  EXPECT_TRUE(p > 0 && p < 1);
}

// A quarter of an hour, heard well.
std::vector<ProximityReading> some_readings() {
  std::vector<ProximityReading> readings;
  for (int i = 0; i < 5; ++i) {
    const Instant at = kDay.start() + hours(9) + std::chrono::minutes(3 * i);
    readings.push_back({at, at, at - std::chrono::minutes(3), 40});
  }
  return readings;
}

TEST_F(Examples, Nearness) {
  const std::vector<ProximityReading> readings = some_readings();
  const ReceiverReference reference{50, 0};
  run([&]() -> Status {
#include "nearness_0.inc"
    return {};
  });
  EXPECT_EQ(shown, 1);
}

TEST_F(Examples, Dose) {
  const auto days = nearness_by_day(some_readings(), {50, 0});
  const int32_t days_since_onset = 0;
  run([&]() -> Status {
#include "dose_0.inc"
    return {};
  });
  EXPECT_EQ(shown, 1);
}

TEST_F(Examples, Evaluation) {
  const std::string path = folder_.path() + "/recordings";
  std::ofstream(path) << "environment,section,sender,distance_cm,rssi_ble_dbm,class\n"
                         "bus,a,Pi,50,-60,near\nbus,a,Pi,50,-61,near\nbus,a,Pi,50,-62,near\n";
  run([&]() -> Status {
#include "evaluation_0.inc"
    return {};
  });
  EXPECT_GT(shown, 1);
}

TEST_F(Examples, Proximity) {
  const int8_t transmit_power_dbm = -25;
  const int8_t rssi_dbm = -80;
  const int32_t correction_db = 0;
  const Instant heard_at = kDay.start() + hours(1);
  const Instant scan_start = heard_at;
  const Instant previous_start = scan_start - std::chrono::minutes(5);
#include "proximity_0.inc"
  EXPECT_EQ(shown, 1);
}

TEST_F(Examples, Random) {
#include "random_0.inc"
  EXPECT_LT(seconds_to_wait, 3600u);
}

TEST_F(Examples, ReportType) {
  const ReportType type = ReportType::confirmed_test;
  [&] {
#include "report_type_0.inc"
    show(type);
  }();
  EXPECT_EQ(shown, 1);
}

TEST_F(Examples, RiskScore) {
  const KeyEvidence key{.day = kDay};
  const std::vector<KeySighting> sightings = {
      {.slot = 54, .time = kDay.start() + hours(9), .attenuation_db = 20}};
  const Day today = kDay + 1;
  run([&]() -> Status {
#include "risk_score_0.inc"
    return {};
  });
  EXPECT_EQ(shown, 1);
}

TEST_F(Examples, Scheme) {
  const PublishedKey key = some_key();
#include "scheme_0.inc"
  EXPECT_EQ(identifiers[9 * 6], some_sightings()[0].identifier);
}

TEST_F(Examples, Secret) {
  Random& random = random_;
  const auto derive = [](ByteView bytes) { EXPECT_EQ(bytes.size(), 32u); };
#include "secret_0.inc"
}

TEST_F(Examples, Sighting) {
  const std::vector<Sighting> sightings = some_sightings();
#include "sighting_0.inc"
  EXPECT_EQ(shown, 2);
}

TEST_F(Examples, SightingReader) {
  const std::string text =
      "time_ms,identifier,rssi_dbm,metadata\n1598400000000,000102030405060708090a0b,-70,\n";
  run([&]() -> Status {
#include "sighting_reader_0.inc"
    return {};
  });
  EXPECT_EQ(shown, 1);
}

TEST_F(Examples, Simulation) {
  const std::string folder = folder_.path() + "/town";
  std::filesystem::create_directory(folder);
#include "simulation_0.inc"
  EXPECT_TRUE(done.ok());
  EXPECT_GT(shown, 100);
}

TEST_F(Examples, Status) {
  const std::string text = "2020-08-26";
  run([&]() -> Status {
#include "status_0.inc"
    EXPECT_EQ(*day, Day{18500});
    return {};
  });
}

TEST_F(Examples, Tcn) {
  Random& random = random_;
#include "tcn_0.inc"
  EXPECT_EQ(sent.size(), 24u);
  EXPECT_TRUE(tcn::verify_report(*report).ok());
}

TEST_F(Examples, Time) {
#include "time_0.inc"
  EXPECT_EQ(day, Day{18465});
  EXPECT_EQ(next.number, 2658961u);
}

TEST_F(Examples, Upload) {
  test::Phone phone(3);
  phone.advertisement();
  const ManualClock& clock = phone.clock;
  Random& random = random_;
  Upload upload = *Upload::begin(*phone.device->disclose(PersonConsents{}), clock.now(), random);
  const std::string code_from_the_health_worker = "1234 5678";
  const UploadOptions options{.health_authority = "org.example.app"};
  const std::string yes = R"({"token":"t","certificate":"c","revisionToken":"r"})";
  std::vector<std::string> paths;
  const auto post = [&](const UploadRequest& request) {
    paths.push_back(request.path());
    return ServerAnswer{200, as_bytes(yes)};
  };
  const auto thank_the_person = [] { ++shown; };
  run([&]() -> Status {
#include "upload_0.inc"
    return entered;
  });
  EXPECT_EQ(paths, (std::vector<std::string>{"/api/verify", "/api/certificate", "/v1/publish"}));
  EXPECT_EQ(shown, 1);
}

// The README's example names its files relative to where the app runs.
TEST_F(Examples, Readme) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  const Secret<32> root_secret = Secret<32>::random(random_);
  const Instant scan_start = SystemClock().now();
  const Instant previous_scan = scan_start - std::chrono::minutes(5);
  std::vector<Sighting> heard = some_sightings();
  for (Sighting& sighting : heard) sighting.time = scan_start;
  const Authority ministry(9);
  const auto authority = ministry.public_keys();
  const auto bytes = ministry.publish({}, 1, scan_start);
  std::ofstream("today.nzlist", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  {
#include "readme.inc"
    EXPECT_TRUE(report.ok()) << report.status().text();
    EXPECT_TRUE(air.ok());
    EXPECT_TRUE(stored.ok());
    EXPECT_TRUE(exposures.ok());
    EXPECT_TRUE(mine.ok());
  }
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace nearzone
