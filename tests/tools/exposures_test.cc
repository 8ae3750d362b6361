// `nearzone exposures` by every rule, of half an hour beside one phone.
#include <gtest/gtest.h>

#include <algorithm>

#include "nearzone/bytes.h"
#include "nearzone/device.h"
#include "nearzone/sighting_reader.h"
#include "tools/program.h"
#include "vectors/vectors.h"

namespace nearzone {
namespace {

using nlohmann::json;

// Of the vectors' key: six scans of five minutes each, 16:45 to 17:10 UTC on 2020-04-02, by which
// time it is the next day in Hanoi. Sent with 8 dBm and heard at -42 dBm: 50 dB.
class Exposures : public testing::Test {
 protected:
  Exposures() {
    const json vectors = test::load_vectors("exposure_notification.json");
    std::string heard = "time_ms,identifier,rssi_dbm,metadata,source,scan_ms,scheme\n";
    for (int64_t scan = 0; scan < 6; ++scan) {
      const int64_t minute = 16 * 60 + 45 + 5 * scan;
      const json& interval = vectors.at("intervals").at(static_cast<size_t>(minute / 10));
      const std::string time = std::to_string((int64_t{2642976} * 600 + minute * 60) * 1000);
      heard += time + "," + interval.at("rpi").get<std::string>() + ",-42," +
               interval.at("aem").get<std::string>() + ",," + time + ",gaen\n";
    }
    folder_.write("heard.csv", heard);
    // An export of one key: transmission risk level 3, 144 intervals from 2642976 on, confirmed by
    // test, three days after onset. Its header has the times of a day, a region, batch 1 of 1.
    const std::string key = "0a10" + vectors.at("tek").get<std::string>() +
                            "1003"
                            "18a0a8a101"
                            "209001"
                            "2801"
                            "3006";
    const std::string text =
        "454b204578706f727420763120202020"
        "098081175f00000000"
        "1100d3185f00000000"
        "1a02564e"
        "2001"
        "2801"
        "3a20" +
        key;
    std::vector<uint8_t> bytes(text.size() / 2);
    EXPECT_TRUE(from_hex(text, bytes).ok());
    folder_.write("export.bin", {bytes.begin(), bytes.end()});
    folder_.write("table.csv",
                  "oem,device,model,rssi_correction,tx_power,confidence\n"
                  "samsung,alpha,SM-A,-3,-31,3\nsamsung,beta,SM-B,-5,-24,2\n");
    EXPECT_EQ(run("calibration import table.csv --out phones.nzcal").exit_code, 0);
  }

  test::Ran run(const std::string& arguments) const {
    return folder_.run(NEARZONE_PROGRAM, arguments);
  }
  test::Ran exposures(const std::string& options) const {
    const bool has_today = options.find("--today") != std::string::npos;
    return run("exposures --sightings heard.csv export.bin " + options +
               (has_today ? "" : " --today 2020-04-05"));
  }
  json told(const std::string& options) const {
    const test::Ran ran = exposures("--json " + options);
    EXPECT_EQ(ran.exit_code, 0) << ran.errors;
    return json::parse(ran.output, nullptr, false);
  }

  test::ProgramFolder folder_;
};

TEST_F(Exposures, CountDaysByTheClockAskedFor) {
  const json utc = told("");
  EXPECT_EQ(utc.at("rule"), "vietnam2020");
  ASSERT_EQ(utc.at("exposures").size(), 1u);
  EXPECT_EQ(utc.at("exposures").at(0).at("day"), "2020-04-02");
  EXPECT_EQ(utc.at("exposures").at(0).at("seconds"), 720);  // two minutes a scan
  EXPECT_EQ(utc.at("exposures").at(0).at("minimum_attenuation_db"), 50);
  const json local = told("--utc-offset +07:00");
  ASSERT_EQ(local.at("exposures").size(), 2u);
  EXPECT_EQ(local.at("utc_offset"), "+07:00");
  for (size_t i : {0u, 1u}) {
    EXPECT_EQ(local.at("exposures").at(i).at("day"), i == 0 ? "2020-04-02" : "2020-04-03");
    EXPECT_EQ(local.at("exposures").at(i).at("seconds"), 360);
  }
}

TEST_F(Exposures, SayHowWellTheirPhoneIsKnown) {
  const auto calibration = [&](const std::string& options) {
    return told(options).at("calibration").dump();
  };
  EXPECT_EQ(calibration(""), R"({"confidence":0,"rssi_correction_db":0,"source":"none"})");
  EXPECT_EQ(calibration("--rssi-correction 4"),
            R"({"confidence":0,"rssi_correction_db":4,"source":"none"})");
  EXPECT_EQ(calibration("--calibration phones.nzcal"),
            R"({"confidence":0,"rssi_correction_db":-4,"source":"fleet"})");
  EXPECT_EQ(calibration("--calibration phones.nzcal --maker Samsung"),
            R"({"confidence":1,"rssi_correction_db":-4,"source":"maker"})");
  EXPECT_EQ(calibration("--calibration phones.nzcal --model SM-B"),
            R"({"confidence":2,"rssi_correction_db":-5,"source":"similar-model"})");
  const std::string exact =
      "--calibration phones.nzcal --maker samsung --device alpha --model SM-A";
  EXPECT_EQ(calibration(exact),
            R"({"confidence":3,"rssi_correction_db":-3,"source":"exact-model"})");
  EXPECT_EQ(told(exact).at("exposures").at(0).at("minimum_attenuation_db"), 53);
  EXPECT_NE(exposures(exact).output.find("-3 dB, confidence 3 of 3 (exact-model)"),
            std::string::npos);
  EXPECT_NE(exposures("").output.find("No calibration table"), std::string::npos);
}

TEST_F(Exposures, AreScoredByTheFirstVersionOfExposureNotification) {
  const json google = told("--rule ens1").at("exposures");
  ASSERT_EQ(google.size(), 1u);
  EXPECT_EQ(google.at(0).at("seconds"), 1800);  // 25 minutes, and 150 seconds at each end
  EXPECT_EQ(google.at(0).at("attenuation_db"), 50);
  EXPECT_EQ(google.at(0).at("seconds_by_attenuation"), json({0, 1800, 0, 0}));
  EXPECT_EQ(google.at(0).at("transmission_risk_level"), 3);
  EXPECT_EQ(google.at(0).at("risk_score"), 256);
  // Apple's lowest bucket reaches up to 50 dB and includes it.
  EXPECT_EQ(told("--rule ens1-apple").at("exposures").at(0).at("seconds_by_attenuation"),
            json({1800, 0, 0, 0}));
}

TEST_F(Exposures, AreSummedUpByTheSecondVersion) {
  const json all = told("--rule ens2");
  ASSERT_EQ(all.at("windows").size(), 1u);
  EXPECT_EQ(all.at("windows").at(0).at("scans").size(), 6u);
  EXPECT_EQ(all.at("windows").at(0).at("scans").at(5).at("typical_attenuation_db"), 50);
  ASSERT_EQ(all.at("days").size(), 1u);
  EXPECT_EQ(all.at("days").at(0).at("score_sum"), 720);
  EXPECT_EQ(all.at("days").at(0).at("fifteen_weighted_minutes"), false);
  EXPECT_EQ(told("--rule swisscovid").at("days").at(0).at("score_sum"), 720);
  // 53 dB counts half.
  EXPECT_EQ(told("--rule swisscovid --rssi-correction -3").at("days").at(0).at("score_sum"), 360);
  EXPECT_TRUE(told("--rule swisscovid --today 2020-04-13").at("days").empty());
  EXPECT_NE(exposures("--rule swisscovid").output.find("not reached"), std::string::npos);
}

TEST_F(Exposures, AmountToADoseByInfectiousness) {
  const json day = told("--rule dose").at("days").at(0);
  const double minutes = day.at("near_minutes");
  EXPECT_GT(minutes, 0);
  EXPECT_LE(minutes, 12);
  EXPECT_NEAR(day.at("dose_minutes").get<double>(), 0.602 * minutes, 1e-9);
  EXPECT_NEAR(day.at("risk").get<double>(), 0.602 * minutes / 15, 1e-9);
}

TEST_F(Exposures, AreContactsAsBluezoneCountsThem) {
  const json captured = test::load_vectors("bluezone.json").at("captured");
  std::string history;
  for (const auto& row : captured.at("evidence"))
    if (row.contains("captured_id"))
      history += "AAAAAAAAAAAAAAAAAAAAAAAA\t" + row.at("captured_id").get<std::string>() +
                 "\t-70\t" + std::to_string(row.at("time_ms").get<int64_t>()) + "\n";
  folder_.write("history.txt", history);
  folder_.write(
      "list.json",
      R"({"data":[{"daily_key":"66B07D33DA4E16A359B590EDA1E8DC90892D341C86A6491376041FE44505FFB5",)"
      R"("time_start":1596844800,"time_end":1596931199,"max":96}]})");
  const test::Ran ran =
      run("exposures --rule bluezone --json --utc-offset +07:00 --sightings history.txt list.json");
  ASSERT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_EQ(json::parse(ran.output).at("days"),
            json::parse(R"([{"day":"2020-08-08","contacts":1,"near_contacts":1}])"));
  EXPECT_TRUE(told("--rule bluezone").at("days").empty());
}

TEST_F(Exposures, AreRefusedWhatTheyCannotBeAsked) {
  for (const char* options :
       {"--rule none", "--rule ens2 --utc-offset +07:00", "--utc-offset 7", "--today yesterday",
        "--maker samsung", "--calibration phones.nzcal --rssi-correction 3", "--transmit-power 21"})
    EXPECT_EQ(exposures(options).exit_code, 2) << options;
  EXPECT_EQ(exposures("--calibration table.csv").exit_code, 3);
  EXPECT_EQ(exposures("--calibration nothing.nzcal").exit_code, 3);
}

// What an app stored: its own keys, what it heard, and what checking the list found.
TEST_F(Exposures, AreInTheLogThatAnAppKeeps) {
  ASSERT_EQ(run("log init --log phone").exit_code, 0);
  const std::string key = folder_.read("phone.key");
  ASSERT_EQ(key.size(), 32u);
  Identifier sent;
  {
    const Secret<32> root(as_bytes(key).first<32>());
    ManualClock clock(Instant{(int64_t{2642976} * 600 + 16 * 3600 + 45 * 60) * 1000});
    SystemRandom random;
    const auto device = Device::open(folder_.file_of("phone"), root, clock, random);
    ASSERT_TRUE(device.ok()) << device.status().text();
    sent = (*device)->advertisement()->identifier;
    const auto heard = read_sightings(as_bytes(folder_.read("heard.csv")));
    ASSERT_TRUE(heard.ok());
    for (const ReadScan& scan : heard->scans)
      ASSERT_TRUE((*device)->record(scan.scan, scan.sightings).ok());
    const auto list = FileSource::open(folder_.file_of("export.bin"));
    ASSERT_TRUE(list.ok());
    CheckOptions options;
    options.accept_unverified_lists = true;
    ASSERT_TRUE((*device)->check(**list, options).ok());
  }
  const json exposures =
      json::parse(run("log exposures --log phone --json").output, nullptr, false);
  EXPECT_EQ(exposures.at("exposures"), told("").at("exposures"));
  const std::string plain = run("log export --log phone").output;
  EXPECT_EQ(plain.find("own_identifier"), std::string::npos);
  const std::string own = run("log export --log phone --own-identifiers gaen").output;
  EXPECT_NE(own.find("," + to_hex(sent.bytes) + "\n"), std::string::npos) << own;
  // As another scheme's phone it never sent anything.
  const std::string other = run("log export --log phone --own-identifiers tcn").output;
  EXPECT_EQ(other.find(to_hex(sent.bytes)), std::string::npos);
  EXPECT_EQ(std::ranges::count(other, '\n'), std::ranges::count(plain, '\n'));
}

}  // namespace
}  // namespace nearzone
