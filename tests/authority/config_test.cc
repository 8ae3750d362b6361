#include "authority/config.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "authority/budget.h"
#include "authority/support.h"
#include "net/wire.h"

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
  EXPECT_THAT(faults_of("[[realm]]\nfailures_an_hour = 2000\n"),
              ElementsAre(HasSubstr("2: realm.failures_an_hour lets somebody guess")));
  EXPECT_THAT(faults_of("[[realm]]\ncodes_a_day = 2000\n"),
              ElementsAre(HasSubstr("lets somebody")));
  EXPECT_THAT(
      faults_of("[[realm]]\nshort_code_digits = 6\ncodes_a_day = 30\nfailures_an_hour = 50"),
      IsEmpty());
  EXPECT_THAT(
      faults_of("[[realm]]\nshort_code_digits = 6\ncodes_a_day = 30\nfailures_an_hour = 51"),
      ElementsAre(HasSubstr("lets somebody guess")));
}

// Somebody who knows how budgets are counted, and takes the worst moment for it.
TEST(Config, TellsTheChanceThatAGuesserReallyHas) {
  RealmSettings realm;
  realm.short_code_digits = 4;  // so that it happens at all
  realm.failures_an_hour = 20;
  realm.codes_a_day = 96;  // three valid at any time
  constexpr int kRounds = 20'000;
  SeededRandom random(5);
  int guessed = 0;
  for (int round = 0; round < kRounds; ++round) {
    Budget budget(realm.failures_an_hour, random);
    const Millis between = kWorkingDay / realm.codes_a_day;
    const Instant begun = authority_test::kNoon - Millis(int64_t(random.below(15 * 60'000)));
    std::vector<std::pair<Instant, uint64_t>> codes;  // when issued, and which
    for (Instant at = begun; at < begun + std::chrono::hours(2); at = at + between)
      codes.emplace_back(at, random.below(10'000));
    // One try opens the first hour; all others of both hours come around its end.
    const Instant first = authority_test::kNoon;
    EXPECT_FALSE(budget.charge("realm", first));
    const Instant edge = first + Budget::kWindow;
    bool hit = false;
    int tries = 0;
    for (Instant now = edge - realm.short_code_life / 2; now < edge + realm.short_code_life / 2;
         now = now + Millis(20'000)) {
      if (budget.charge("realm", now)) continue;
      ++tries;
      const uint64_t guess = random.below(10'000);
      for (const auto& [issued, code] : codes)
        hit = hit || (code == guess && issued <= now && now < issued + realm.short_code_life);
    }
    EXPECT_EQ(tries, 39);
    guessed += hit ? 1 : 0;
  }
  const double seen = double{1} * guessed / kRounds;
  EXPECT_NEAR(guess_chance(realm), 2 * 20 * 3 / 1e4, 1e-12);
  EXPECT_LE(seen, guess_chance(realm) * 1.15);  // three deviations of so many rounds
  EXPECT_GE(seen, guess_chance(realm) * 0.8);
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

TEST(Config, RefusesAServerThatCouldNotListen) {
  EXPECT_THAT(faults_of("[server]\naddress = \"localhost\"\n"),
              ElementsAre("2: server.address not an IP address"));
  EXPECT_THAT(faults_of("[server]\naddress = \"::\"\n"), IsEmpty());
  const TemporaryFolder folder;
  const std::string certificate = folder.file("certificate.pem");
  const std::string key = folder.file("key.pem");
  const std::string text =
      "[server]\ntls_certificate = \"" + certificate + "\"\ntls_key = \"" + key + "\"\n";
  const auto put = [](const std::string& path, const std::string& words) {
    std::ofstream(path) << words;
    ::chmod(path.c_str(), 0600);
  };
  const net_test::Identity identity = net_test::make_identity("DNS:localhost");
  put(certificate, "no certificate");
  put(key, identity.key);
  EXPECT_THAT(faults_of(text), ElementsAre(HasSubstr("2: server.tls_certificate not a readable")));
  put(certificate, identity.certificate);
  EXPECT_THAT(faults_of(text), IsEmpty());
  put(key, net_test::make_identity("DNS:localhost").key);
  EXPECT_THAT(faults_of(text), ElementsAre(HasSubstr("3: server.tls_key not the certificate's")));
}

// Keys are dated back by up to the truncation window, batches decided by the end of the embargo.
TEST(Config, RefusesExportsWhoseKeysWouldComeTooLateForTheirBatch) {
  const auto faults = [](int period, int embargo, int truncation, int batches = 0) {
    return faults_of("[publish]\ntruncation_minutes = " + std::to_string(truncation) +
                     "\n[[export]]\nname = \"en\"\nregion = \"VN\"\nperiod_minutes = " +
                     std::to_string(period) + "\nembargo_minutes = " + std::to_string(embargo) +
                     "\nbatches_per_day = " + std::to_string(batches) + "\n");
  };
  EXPECT_THAT(faults(30, 0, 60), ElementsAre(HasSubstr("en: keys would be dated before")));
  EXPECT_THAT(faults(240, 120, 1440), ElementsAre(HasSubstr("en: keys would be dated before")));
  EXPECT_THAT(faults(30, 60, 60), IsEmpty());
  EXPECT_THAT(faults(60, 0, 60), IsEmpty());
  EXPECT_THAT(faults(1, 0, 1), IsEmpty());
  // It is the merged period that counts.
  EXPECT_THAT(faults(30, 0, 60, 6), IsEmpty());
}

TEST(Config, RefusesWhatWouldShowTooLate) {
  EXPECT_THAT(faults_of("[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"localhost\", \"::1\"]\n"),
              ElementsAre(HasSubstr("2: server.trusted_proxies localhost is no IP address")));
  EXPECT_THAT(faults_of("[[realm]]\nsms_text = \"Your code.\"\n"),
              ElementsAre("2: realm.sms_text must hold {code} or {longcode}"));
  EXPECT_THAT(faults_of("[retention]\nkeys_days = 13\n"),
              testing::Contains(HasSubstr("keys_days must be no less than")));
}

}  // namespace
}  // namespace nearzone::authority
