// Lists and sets made of rows, as a person would.
#include <gtest/gtest.h>

#include <ctime>

#include "tools/program.h"
#include "vectors/vectors.h"

namespace nearzone {
namespace {

// From the keys that people gave to a signed list and a set, and on to the match of one who was
// near.
TEST(ListMake, WritesKeysOfDp3tAndReportsOfTcnAsListsAndSets) {
  const test::ProgramFolder folder;
  const auto run = [&](const std::string& arguments) {
    return folder.run(NEARZONE_PROGRAM, arguments);
  };
  folder.write("key.pem",
               "-----BEGIN PRIVATE KEY-----\n"
               "MC4CAQAwBQYDK2VwBCIEINMgMuGuQ6oT+bn3UISQFo6xjdKP+6mA93Ak7JZBK0Y4\n"
               "-----END PRIVATE KEY-----\n");
  std::filesystem::permissions(folder.file_of("key.pem"), std::filesystem::perms::owner_read);
  folder.write("public.pem",
               "-----BEGIN PUBLIC KEY-----\n"
               "MCowBQYDK2VwAyEATfDPSrMeSM7XkeWrBNSvVIoMjZWmdEktvc8enKD3Sqg=\n"
               "-----END PUBLIC KEY-----\n");
  const nlohmann::json official = test::load_vectors("dp3t_tcn.json").at("tcn").at("official");
  const std::string seed16(32, '5'), seed32(64, '6');
  const std::string report = official.at("report").at("signed");
  const int64_t today = int64_t{std::time(nullptr)} / 86'400 * 86'400'000;
  const auto ms = [](int64_t time) { return std::to_string(time); };
  const int64_t yesterday = today - 86'400'000;
  const int64_t window = yesterday + 8 * 3'600'000;
  folder.write("keys.csv", "scheme,key,from_ms,released_at_ms\r\ndp3t-lowcost," + seed32 + "," +
                               ms(yesterday) + ",\r\n\r\ndp3t-hybrid," + seed16 + "," + ms(window) +
                               "," + ms(today) + "\r\ntcn," + report + ",," +
                               ms(today + 86'400'000'000));
  folder.write("seeds.csv",
               "key,from_ms,scheme\n" + seed32 + "," + ms(window) + ",dp3t-unlinkable\n");
  const std::string sign = " --key key.pem --sequence 3 ";
  ASSERT_EQ(run("list make keys.csv -o keys.nzlist" + sign).exit_code, 0);
  ASSERT_EQ(run("list make seeds.csv -o seeds.nzset --pad-to 500" + sign).exit_code, 0);

  const auto first = [&](const std::string& scheme, const std::string& key) {
    return run("ids --scheme " + scheme + " --key " + key).output.substr(0, 32);
  };
  const auto heard = [&](const std::string& id, const std::string& scheme, int64_t time) {
    return ms(time) + "," + id + ",-60,," + scheme + "\n";
  };
  const std::string number = official.at("tcn").at("2");
  folder.write("heard.csv", "time_ms,identifier,rssi_dbm,metadata,scheme\n" +
                                heard(first("dp3t-lowcost", seed32), "dp3t-lowcost", yesterday) +
                                heard(first("dp3t-hybrid", seed16), "dp3t-hybrid", window) +
                                heard(first("dp3t-unlinkable", seed32), "dp3t-unlinkable", window) +
                                heard(number, "tcn", yesterday) +
                                // A replay: whoever reads the list tomorrow can send what is in it.
                                heard(number, "tcn", today + 2 * 86'400'000));
  const auto found = nlohmann::json::parse(
      run("match --json --sightings heard.csv keys.nzlist seeds.nzset --public-key public.pem")
          .output);
  EXPECT_EQ(found.at("keys"), 3 + 500);
  ASSERT_EQ(found.at("matches").size(), 4u);
  for (const auto& match : found.at("matches")) EXPECT_EQ(match.at("sightings"), 1) << match;

  const auto refuses = [&](const std::string& rows, const char* why) {
    folder.write("bad.csv", rows);
    const test::Ran ran = run("list make bad.csv -o bad.nzlist" + sign);
    EXPECT_EQ(ran.exit_code, 3) << rows;
    EXPECT_NE(ran.errors.find(why), std::string::npos) << rows << ": " << ran.errors;
  };
  const std::string heading = "scheme,key,from_ms\n";
  refuses("", "heading: ");
  refuses("scheme,key,when\n", "heading: ");
  refuses("scheme,scheme,key\n", "scheme: is named twice");
  refuses("scheme,from_ms\n", "key: no column");
  refuses(heading + "dp3t-hybrid," + seed16 + "\n", "more or fewer fields");
  refuses(heading + "gaen," + seed16 + ",0\n", "scheme: has lists of its own");
  refuses(heading + "nobody," + seed16 + ",0\n", "scheme: ");
  refuses(heading + "dp3t-hybrid," + seed32 + "," + ms(window) + "\n", "key: has another length");
  refuses(heading + "dp3t-hybrid," + seed16 + ",\n", "from_ms: is needed");
  refuses(heading + "dp3t-hybrid," + seed16 + ",5x\n", "from_ms: not a time");
  refuses(heading + "dp3t-hybrid," + seed16 + "," + ms(window) + "\ndp3t-hybrid," + seed16 + "," +
              ms(window + 1) + "\n",
          "(record 1)");
  refuses(heading + "tcn," + report.substr(0, report.size() - 2) + "00,\n",
          "key: the report is not");
  refuses(heading + "tcn," + report + ",\ndp3t-unlinkable," + seed32 + "," + ms(window) + "\n",
          "a set holds dp3t-unlinkable only");
  folder.write("other.csv", heading + "tcn," + report + ",\n");
  EXPECT_EQ(run("list make other.csv -o x --pad-to 9" + sign).exit_code, 3);
  EXPECT_EQ(run("list make seeds.csv -o x --pad-to 0" + sign).exit_code, 2);
}

}  // namespace
}  // namespace nearzone
