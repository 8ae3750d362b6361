// The program as a person or a script meets it: its output and its exit codes.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests_folder.h"
#include "vectors/vectors.h"

namespace nearzone {
namespace {

struct Ran {
  int exit_code;
  std::string output;  // standard output only
};

class CommandLine : public testing::Test {
 protected:
  CommandLine() {
    std::string pattern = std::filesystem::temp_directory_path() / "nearzone-tool-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~CommandLine() override { std::filesystem::remove_all(folder_); }

  Ran run(const std::string& arguments) const {
    const std::string command =
        "cd '" + folder_ + "' && '" NEARZONE_PROGRAM "' " + arguments + " 2>errors </dev/null";
    FILE* pipe = ::popen(command.c_str(), "r");
    Ran ran{-1, ""};
    if (pipe == nullptr) return ran;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
      ran.output.push_back(static_cast<char>(c));
    const int status = ::pclose(pipe);
    ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
  }

  // What the last run said on standard error.
  std::string errors() const {
    std::ifstream file(folder_ + "/errors");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
  }

  // The captured history seen from the other phone: its own column is what that one heard.
  void write_captured() const {
    const nlohmann::json captured = test::load_vectors("bluezone.json").at("captured");
    std::string text;
    for (const auto& row : captured.at("evidence"))
      if (row.contains("captured_id"))
        text += "AAAAAAAAAAAAAAAAAAAAAAAA\t" + row.at("captured_id").get<std::string>() +
                "\t-70\t" + std::to_string(row.at("time_ms").get<int64_t>()) + "\n";
    write("history.txt", text);
    write(
        "list.json",
        R"({"data":[{"daily_key":"66B07D33DA4E16A359B590EDA1E8DC90892D341C86A6491376041FE44505FFB5",)"
        R"("time_start":1596844800,"time_end":1596931199,"max":96}]})");
  }

  std::string fixture(const std::string& name) const {
    return std::string("'").append(test::tests_folder()).append("/lists/fixtures/" + name + "'");
  }

  std::string folder_;
};

TEST_F(CommandLine, IdsPrintsTheVectorsIdentifiers) {
  const auto vectors = test::load_vectors("exposure_notification.json");
  const std::string tek = vectors.at("tek");
  EXPECT_EQ(run("ids --scheme gaen --key " + tek + " --interval 2642976").output,
            vectors.at("intervals").at(0).at("rpi").get<std::string>() + "\n");
  const Ran day = run("ids --scheme gaen --day 2020-04-02 --key " + tek);
  EXPECT_EQ(std::ranges::count(day.output, '\n'), 144);
  const Ran bluezone =
      run("ids --scheme bluezone --time 1596887252275 --key "
          "66B07D33DA4E16A359B590EDA1E8DC90892D341C86A6491376041FE44505FFB5");
  EXPECT_EQ(bluezone.output, "286bce589ab994efa5f73cad\n");
}

TEST_F(CommandLine, IdsKnowsDp3tAndTcn) {
  const auto vectors = test::load_vectors("dp3t_tcn.json");
  const auto expect = [&](const std::string& arguments, const nlohmann::json& identifiers) {
    std::string lines;
    for (const auto& identifier : identifiers) lines += identifier.get<std::string>() + "\n";
    EXPECT_EQ(run("ids --scheme " + arguments).output, lines) << errors();
  };
  const auto text = [](const nlohmann::json& value) { return value.get<std::string>(); };
  const auto& low_cost = vectors.at("dp3t_lowcost").at(1);
  for (const auto& day : low_cost.at("days"))
    if (day.contains("ephids"))
      expect("dp3t-lowcost --key " + text(low_cost.at("sk_0")) + " --day-offset " +
                 std::to_string(day.at("day_offset").get<int>()),
             day.at("ephids"));
  const auto& window = vectors.at("dp3t_hybrid").at(0);
  for (const char* count : {"8", "16"})
    expect("dp3t-hybrid --key " + text(window.at("seed")) + " --count " + count,
           window.at("windows").at(count));
  for (const auto& seed : vectors.at("dp3t_unlinkable").at("seeds"))
    expect("dp3t-unlinkable --key " + text(seed.at("seed")), {seed.at("ephid")});
  const auto& official = vectors.at("tcn").at("official");
  for (const auto& [index, number] : official.at("tcn").items())
    expect("tcn --key " + text(official.at("rak")) + " --index " + index, {number});
}

TEST_F(CommandLine, BadUsageExitsWithTwo) {
  for (const char* arguments :
       {"", "nonsense", "ids --scheme gaen", "ids --scheme none --key 00",
        "ids --scheme gaen --key 00 --interval 1", "match list.json", "log erase --log x"})
    EXPECT_EQ(run(arguments).exit_code, 2) << arguments;
}

TEST_F(CommandLine, FaultsNameTheOptionOrFile) {
  const auto says = [&](const std::string& arguments, const char* text) {
    run(arguments);
    EXPECT_NE(errors().find(text), std::string::npos) << arguments << ": " << errors();
  };
  says("nonsense", "nonsense: not a command");
  says("log nonsense", "nonsense: not a command");
  says("ids --scheme gaen --key 0g", "--key: hexadecimal");
  says("ids --scheme bluezone --key 012 --time 5", "--key: hexadecimal text has an odd length");
  says("ids --scheme gaen --key " + std::string(32, '0') + " --day 2020-1-1", "--day: not a date");
  const std::string key32 = " --key " + std::string(64, '0');
  const std::string key16 = " --key " + std::string(32, '0');
  says("ids --scheme dp3t-hybrid --time 5" + key16, "--time: says nothing of this scheme's");
  says("ids --scheme dp3t-unlinkable --count 1" + key32, "--count: says nothing");
  says("ids --scheme dp3t-lowcost --day 2020-04-02" + key32, "--day: says nothing");
  says("ids --scheme tcn --interval 2642976" + key32, "--interval: says nothing");
  says("ids --scheme tcn --day-offset 0" + key32, "--day-offset: says nothing");
  says("ids --scheme gaen --interval 1 --per-day 96" + key16, "--per-day: says nothing");
  says("ids --scheme bluezone --index 1" + key32, "--index: says nothing");
  says("ids --scheme tcn --index 1 --count 2" + key32, "--count excludes --index");
  says("log stats --log nothing", "nothing: there is no log");
  EXPECT_EQ(run("log init --log my.log").exit_code, 0);
  write("short.key", "12345");
  std::filesystem::permissions(folder_ + "/short.key", std::filesystem::perms::owner_read);
  says("log stats --log my.log --key-file short.key", "short.key: size: ");
  says("log stats --log my.log --key-file no.key", "no.key: the key file cannot be read");
}

TEST_F(CommandLine, MatchFindsTheCapturedHistoryInSlot47) {
  write_captured();
  for (const char* mode : {"", " --strict", " --threads 2", " --scheme bluezone"}) {
    const Ran ran = run(std::string("match --sightings history.txt list.json --json") + mode);
    EXPECT_EQ(ran.exit_code, 0);
    const auto found = nlohmann::json::parse(ran.output);
    EXPECT_EQ(found.at("keys"), 1);
    EXPECT_EQ(found.at("lists").at(0).at("signature"), "unsigned");
    ASSERT_EQ(found.at("matches").size(), 1u);
    const auto& match = found.at("matches").at(0);
    EXPECT_EQ(match.at("identifiers"), 1);
    EXPECT_EQ(match.at("sightings"), 6);
    EXPECT_EQ(match.at("first_ms"), 1596887252275);
    EXPECT_EQ(match.at("last_ms"), 1596887312446);
  }
  const Ran none = run("match --sightings history.txt list.json --json --scheme gaen");
  EXPECT_EQ(none.exit_code, 0);
  EXPECT_TRUE(nlohmann::json::parse(none.output).at("matches").empty());
}

// A phone in a border region: one log, lists of several schemes, and a set.
TEST_F(CommandLine, MatchTakesListsAndSetsOfEveryScheme) {
  // The first key of the list.
  const std::string key = "94047d2049127156c386d1342a0ede5361ae2f23b0d42b469648a57626005a1d";
  const std::string ids = run("ids --scheme dp3t-lowcost --day-offset 1 --key " + key).output;
  write("heard.csv", "time_ms,identifier,rssi_dbm,metadata,source,scan_ms,scheme\n1595550000000," +
                         ids.substr(0, 32) + ",-60,,,,dp3t-lowcost\n1595550000000," +
                         ids.substr(0, 32) + ",-60,,,,dp3t-unlinkable\n");
  const std::string lists = " " + fixture("nearzone_dp3t.nzlist") + " " +
                            fixture("nearzone_tcn.nzlist") + " " + fixture("nearzone_set.nzset") +
                            " --public-key " + fixture("ed25519_public.pem");
  const auto found =
      nlohmann::json::parse(run("match --json --sightings heard.csv" + lists).output);
  EXPECT_EQ(found.at("keys"), 12 + 4 + 480);
  ASSERT_EQ(found.at("matches").size(), 1u);
  EXPECT_EQ(found.at("matches").at(0).at("key"), key);
  for (const auto& list : found.at("lists")) EXPECT_EQ(list.at("signature"), "verified");
  const Ran other = run("match --json --scheme dp3t-unlinkable --sightings heard.csv" + lists);
  EXPECT_TRUE(nlohmann::json::parse(other.output).at("matches").empty());
  // There is nothing in a set that could be written otherwise.
  EXPECT_EQ(run("list convert " + fixture("nearzone_set.nzset") + " --to nearzone -o x").exit_code,
            3);
}

TEST_F(CommandLine, AListThatNoGivenKeyVerifiesIsRefusedWhileOthersCount) {
  write_captured();
  const std::string key = " --public-key " + fixture("ed25519_public.pem");
  const std::string lists = " list.json " + fixture("nearzone_signed.nzlist");
  const Ran refused = run("match --json --sightings history.txt" + lists + key);
  EXPECT_EQ(refused.exit_code, 4);
  const auto json = nlohmann::json::parse(refused.output);
  EXPECT_EQ(json.at("lists").at(0).at("signature"), "unsigned");
  EXPECT_EQ(json.at("lists").at(1).at("signature"), "verified");
  EXPECT_TRUE(json.at("matches").empty());
  const Ran allowed = run("match --json --allow-unsigned --sightings history.txt" + lists + key);
  EXPECT_EQ(allowed.exit_code, 0);
  EXPECT_EQ(nlohmann::json::parse(allowed.output).at("matches").size(), 1u);
  // The key may as well stand before the lists.
  const Ran turned = run("match --json --sightings history.txt" + key + lists);
  EXPECT_EQ(turned.exit_code, 4);
  EXPECT_EQ(nlohmann::json::parse(turned.output).at("lists"), json.at("lists"));
  // A list that cannot be read exits with 3, and the higher code wins.
  EXPECT_EQ(run("match --json --sightings history.txt list.json history.txt").exit_code, 3);
  EXPECT_EQ(run("match --json --sightings history.txt history.txt list.json" + key).exit_code, 4);
}

TEST_F(CommandLine, VerifyNeedsTheRightKey) {
  const std::string right = " --public-key " + fixture("p256_public.pem");
  const std::string wrong = " --public-key " + fixture("other_p256_public.pem");
  EXPECT_EQ(run("list verify " + fixture("gaen_signed.zip") + right).exit_code, 0);
  EXPECT_EQ(run("list verify " + fixture("gaen_signed.zip") + wrong).exit_code, 4);
  EXPECT_EQ(run("list verify " + fixture("gaen_signed.zip") + wrong + right).exit_code, 0);
  EXPECT_EQ(run("list show " + fixture("gaen_signed.zip")).exit_code, 0);
  EXPECT_EQ(run("list show " + fixture("gaen_truncated.zip")).exit_code, 3);
}

TEST_F(CommandLine, ConvertedListsHoldTheSameKeys) {
  write_captured();
  EXPECT_EQ(run("list convert list.json --to nearzone -o out.nzlist").exit_code, 0);
  EXPECT_EQ(run("list convert out.nzlist --to bluezone-json -o out.json").exit_code, 0);
  const Ran ran = run("match --json --sightings history.txt out.nzlist out.json");
  EXPECT_EQ(nlohmann::json::parse(ran.output).at("matches").size(), 2u);
}

TEST_F(CommandLine, ALogLivesFromInitToErase) {
  write_captured();
  EXPECT_EQ(run("log init --log my.log").exit_code, 0);
  EXPECT_EQ(run("log init --log my.log").exit_code, 3);  // a key is never overwritten
  EXPECT_EQ(run("log import --log my.log history.txt").exit_code, 0);
  const Ran statistics = run("log stats --log my.log --json");
  EXPECT_EQ(nlohmann::json::parse(statistics.output).at("sightings"), 6);
  const Ran local = run("log stats --log my.log --json --utc-offset +14:00");
  EXPECT_EQ(nlohmann::json::parse(local.output).at("days").at(0),
            (nlohmann::json{{"day", "2020-08-09"}, {"scans", 6}, {"sightings", 6}}));
  EXPECT_EQ(run("log export --log my.log -o out.csv").exit_code, 0);
  EXPECT_EQ(run("log export --log my.log --own-identifiers nobody").exit_code, 2);
  EXPECT_EQ(run("log exposures --log my.log").output, "No exposure.\n");
  for (const char* source : {"--log my.log", "--sightings out.csv"}) {
    const Ran ran = run(std::string("match --json list.json ") + source);
    EXPECT_EQ(nlohmann::json::parse(ran.output).at("matches").size(), 1u) << source;
  }
  EXPECT_EQ(run("log erase --log my.log --all").exit_code, 2);  // nobody there to confirm
  EXPECT_EQ(run("log erase --log my.log --all --yes").exit_code, 0);
  const Ran after = run("log stats --log my.log --json");
  EXPECT_EQ(nlohmann::json::parse(after.output).at("sightings"), 0);
}

TEST_F(CommandLine, RefusesAKeyFileThatOthersCanRead) {
  EXPECT_EQ(run("log init --log my.log").exit_code, 0);
  std::filesystem::permissions(folder_ + "/my.log.key", std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  EXPECT_EQ(run("log stats --log my.log").exit_code, 3);
}

TEST_F(CommandLine, DemoTellsHowATinyTownFared) {
  const Ran ran = run("demo --people 12 --days 2 --seed 3");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.output.find("missed by matching"), std::string::npos);
  EXPECT_EQ(run("demo --people 0").exit_code, 2);
}

TEST_F(CommandLine, TheDemoOverHttpEndsInTheSameTable) {
  if (run("sync --help").exit_code != 0) GTEST_SKIP() << "built without the network";
  const std::string town = "demo --people 25 --days 2 --adoption 1";
  const Ran alone = run(town);
  const Ran live = run(town + " --live");
  EXPECT_EQ(live.exit_code, 0) << errors();
  // Who was near, warned and missed, and by what; not the work that it was.
  const auto judgements = [](const std::string& output) {
    return output.substr(0, output.find("\nWork"));
  };
  EXPECT_EQ(judgements(live.output), judgements(alone.output));
  EXPECT_NE(alone.output.find("  warned"), std::string::npos) << "a town without a warning";
  // One upload a scheme and infected person; the least size class is filled up.
  EXPECT_NE(
      live.output.find("uploads accepted                                         1         1"),
      std::string::npos)
      << live.output;
  EXPECT_NE(live.output.find("random padding among them               20      1000"),
            std::string::npos)
      << live.output;
}

TEST_F(CommandLine, CalibrationIsImportedAndLookedUp) {
  write("table.csv",
        "oem,device,model,rssi_correction,tx_power,confidence\n"
        "samsung,beta,SM-B,5,-24,3\nsamsung,alpha,SM-A,-3,-31,3\n");
  EXPECT_EQ(run("calibration import table.csv --out phones.nzcal --json").output,
            R"({"phones":2,"bytes":62,"mean_rssi_correction_db":1,"mean_transmit_power_dbm":-28})"
            "\n");
  EXPECT_EQ(run("calibration look-up phones.nzcal --maker samsung --model SM-A --device alpha "
                "--json")
                .output,
            R"({"rssi_correction_db":-3,"transmit_power_dbm":-31,"confidence":3,)"
            R"("source":"exact-model"})"
            "\n");
  EXPECT_EQ(run("calibration look-up table.csv").exit_code, 3);
  write("bad.csv", "oem,device,model,rssi_correction,tx_power,confidence\no,d,m,999,0,3\n");
  EXPECT_EQ(run("calibration import bad.csv --out bad.nzcal").exit_code, 3);
  EXPECT_EQ(run("calibration import bad.csv").exit_code, 2);
}

TEST_F(CommandLine, ProximityEvaluatesRecordingsAndFitsOnlyWhereItMay) {
  std::string text =
      "set,file,t_ms,rssi_dbm,range_ft,angle_deg,rx_device,tx_device,rx_location,tx_location,"
      "rx_pose,tx_pose,environment\n";
  for (const std::string sender : {"Pixel", "iPhone 7"})
    for (int range : {3, 6, 10})
      for (int packet = 0; packet < 4; ++packet)
        text += "1," + sender + "," + std::to_string(packet * 3000) + ",-" +
                std::to_string(50 + 3 * range) + "," + std::to_string(range) + ",0,iPhone 8," +
                sender + ",hand,hand,standing,standing,room\n";
  write("people.csv", text);
  const Ran ran = run("proximity evaluate people.csv --resamples 20 --plots . --json");
  ASSERT_EQ(ran.exit_code, 0) << errors();
  const auto segment = nlohmann::json::parse(ran.output).at("mitre").at("segment");
  EXPECT_EQ(segment.at("stays"), 6);
  EXPECT_EQ(segment.at("near"), 4);
  const auto& ours = segment.at("methods").at("ours");
  for (const char* figure : {"auc", "brier", "ece"}) {
    EXPECT_TRUE(ours.at(figure).is_number());
    EXPECT_EQ(ours.at(std::string(figure) + "_interval").size(), 2u);
  }
  EXPECT_EQ(segment.at("methods").at("time_heard").at("auc"), 0.5);
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/mitre-segment.svg"));
  // A second file of that kind does not take the first one's place.
  write("others.csv", text + text.substr(text.find('\n') + 1));
  const auto both = nlohmann::json::parse(
      run("proximity evaluate people.csv others.csv --resamples 20 --plots . --json").output);
  EXPECT_EQ(both.at("mitre").at("file"), "people.csv");
  EXPECT_EQ(both.at("mitre-2").at("file"), "others.csv");
  EXPECT_EQ(both.at("mitre").at("segment"), segment);
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/mitre-2-segment.svg"));
  write("table.csv",
        "oem,device,model,rssi_correction,tx_power,confidence\na,b,c,0,-20,3\na,b,d,6,-30,3\n");
  EXPECT_EQ(run("proximity fit people.csv --table table.csv").exit_code, 3);
  EXPECT_NE(errors().find("people.csv"), std::string::npos);
  EXPECT_NE(errors().find("licence"), std::string::npos);
  EXPECT_EQ(run("proximity evaluate table.csv").exit_code, 3);
  EXPECT_EQ(run("proximity evaluate people.csv --distance nan").exit_code, 2);
  EXPECT_EQ(run("proximity evaluate").exit_code, 2);
}

TEST_F(CommandLine, BeaconDecodesWhatTheVectorsSay) {
  const auto bluezone = test::load_vectors("bluezone.json").at("android_advertisement");
  const Ran ran =
      run("beacon decode --json 020106" + bluezone.at("ad_without_flags").get<std::string>());
  EXPECT_EQ(ran.exit_code, 0);
  const auto said = nlohmann::json::parse(ran.output);
  ASSERT_EQ(said.at("structures").size(), 3u);
  ASSERT_EQ(said.at("findings").size(), 1u);
  EXPECT_EQ(said.at("findings").at(0).at("as"), "bluezone");
  EXPECT_EQ(said.at("findings").at(0).at("identifier"),
            test::lower(bluezone.at("id").get<std::string>()));
  const auto gaen = test::load_vectors("exposure_notification.json");
  const auto& row = gaen.at("intervals").at(0);
  const Ran opened =
      run("beacon decode --json --key " + gaen.at("tek").get<std::string>() + " 03036ffd17166ffd" +
          row.at("rpi").get<std::string>() + row.at("aem").get<std::string>());
  const auto metadata = nlohmann::json::parse(opened.output).at("findings").at(0).at("opened");
  EXPECT_EQ(metadata.at("version"), "1.0");
  EXPECT_EQ(metadata.at("transmit_power_dbm"), 8);
  EXPECT_EQ(run("beacon decode 02011a05").exit_code, 3) << "what is malformed is shown up to there";
  EXPECT_EQ(run("beacon decode 0x").exit_code, 2);
  EXPECT_EQ(run("beacon decode 00 --service fd6").exit_code, 2);
}

TEST_F(CommandLine, BeaconTellsThePlansAndWhatPhonesMayDo) {
  const auto plans = nlohmann::json::parse(run("beacon plan --json").output).at("plans");
  ASSERT_EQ(plans.size(), 12u);
  EXPECT_EQ(plans.at(1).at("advertising_seconds_a_day"), 43200);
  EXPECT_EQ(plans.at(1).at("scanning_seconds_a_day"), nlohmann::json({11520, 5760, 0}));
  const auto can = nlohmann::json::parse(run("beacon can --json").output).at("abilities");
  ASSERT_EQ(can.size(), 20u);
  EXPECT_EQ(can.at(2).at("acts").at("advertise").at("ability"), "limited");
  EXPECT_EQ(run("beacon").exit_code, 2);
}

}  // namespace
}  // namespace nearzone
