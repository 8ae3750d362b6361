#include "authority/config.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "authority/support.h"

namespace nearzone::authority {
namespace {

using authority_test::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> faults_of(const std::string& text) {
  std::vector<ConfigFault> faults;
  read_config(text, faults);
  std::vector<std::string> lines;
  for (const ConfigFault& fault : faults)
    lines.push_back(std::to_string(fault.line) + ": " + fault.key + " " + fault.words);
  return lines;
}

TEST(Config, IsThatOfADevelopmentServerWhereNothingIsSaid) {
  std::vector<ConfigFault> faults;
  const Config config = read_config("", faults);
  EXPECT_THAT(faults, IsEmpty());
  EXPECT_EQ(config.settings.server.address, "127.0.0.1");
  ASSERT_EQ(config.settings.realms.size(), 1u);
  EXPECT_EQ(config.settings.publish.most_keys, 30u);
}

TEST(Config, ReadsWhatIsSaid) {
  std::vector<ConfigFault> faults;
  const Config config = read_config(R"(
[server]
port = 443
trusted_proxies = ["10.0.0.1"]
[[realm]]
name = "hanoi"
health_authorities = ["vn.example"]
regions = ["VN", "LA"]
short_code_digits = 10
short_code_minutes = 30
report_types = ["confirmed", "negative"]
[[realm]]
name = "hue"
health_authorities = ["vn.hue"]
[publish]
truncation_minutes = 120
[bluezone]
realm = "hue"
[log]
level = "debug"
)",
                                    faults);
  ASSERT_THAT(faults, IsEmpty()) << faults.front().words;
  const Settings& settings = config.settings;
  EXPECT_EQ(settings.server.port, 443);
  EXPECT_THAT(settings.server.trusted_proxies, ElementsAre("10.0.0.1"));
  ASSERT_EQ(settings.realms.size(), 2u);
  EXPECT_THAT(settings.realms[0].regions, ElementsAre("LA", "VN"));
  EXPECT_EQ(settings.realms[0].short_code_life, std::chrono::minutes(30));
  EXPECT_THAT(settings.realms[0].report_types,
              ElementsAre(ReportType::confirmed_test, ReportType::revoked));
  EXPECT_EQ(settings.publish.truncation_window, std::chrono::hours(2));
  EXPECT_EQ(settings.find_realm("hue"), &settings.realms[1]);
  EXPECT_EQ(config.log_level, LogLevel::debug);
}

TEST(Config, ExplainsEveryFaultByKeyAndLine) {
  EXPECT_THAT(faults_of("[server]\nport = 70000\nprot = 1\naddress = 7\n[log]\nlevel = \"loud\"\n"),
              ElementsAre("2: server.port must be 1 to 65535", "3: server.prot is not known",
                          "4: server.address must be a text in quotes",
                          "6: log.level must be debug, info, warning or error"));
  EXPECT_THAT(faults_of("[server\n"), ElementsAre(HasSubstr("not TOML")));
  EXPECT_THAT(faults_of("[publish]\ntruncation_minutes = 7\n"),
              ElementsAre("2: publish.truncation_minutes must divide a day"));
  EXPECT_THAT(faults_of("[publish]\ntruncation_minutes = 0\n"),
              ElementsAre("2: publish.truncation_minutes must be 1 to 1440"));
  EXPECT_THAT(faults_of("[[realm]]\nname = \"a\"\nreport_types = [\"cured\"]\n"),
              ElementsAre(HasSubstr("3: realm.report_types knows")));
  EXPECT_THAT(
      faults_of("[[realm]]\nname=\"a\"\n[[realm]]\nname=\"a\"\nhealth_authorities=[\"b\"]\n"),
      ElementsAre(HasSubstr("two realms are called a")));
  EXPECT_THAT(faults_of("[bluezone]\nrealm = \"nowhere\"\n"),
              ElementsAre(HasSubstr("there is no realm called nowhere")));
  EXPECT_THAT(faults_of("[[trusted_issuer]]\nissuer = \"x\"\n"),
              testing::Contains("1: trusted_issuer.regions is needed"));
  EXPECT_THAT(faults_of("whatever = 1\nrealm = 7\n"),
              testing::Contains("1: whatever is not known"));
}

TEST(Config, RefusesARealmWhoseCodesCouldBeGuessed) {
  EXPECT_THAT(faults_of("[[realm]]\nshort_code_digits = 6\n"),
              ElementsAre(HasSubstr("realm.failures_an_hour lets somebody guess")));
  EXPECT_THAT(faults_of("[[realm]]\nshort_code_digits = 6\nfailures_an_hour = 100\n"), IsEmpty());
  RealmSettings realm;
  EXPECT_DOUBLE_EQ(guess_chance(realm), 20'000.0 / 4 / 1e8);
}

TEST(Config, RefusesSecretsThatOthersMayRead) {
  const TemporaryFolder folder;
  const std::string path = folder.file("root.key");
  std::ofstream(path) << std::string(32, 'x');
  ::chmod(path.c_str(), 0640);
  const std::string text = "[storage]\nroot_secret_file = \"" + path + "\"\n";
  EXPECT_THAT(faults_of(text),
              ElementsAre(HasSubstr("2: storage.root_secret_file others may read")));
  ::chmod(path.c_str(), 0600);
  EXPECT_THAT(faults_of(text), IsEmpty());
  EXPECT_THAT(faults_of("[server]\ntls_key = \"" + path + "\"\n"),
              ElementsAre(HasSubstr("TLS needs both")));
}

}  // namespace
}  // namespace nearzone::authority
