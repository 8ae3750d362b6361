#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>

#include "nearzone/simulation.h"

namespace nearzone::simulation {
namespace {

// A fresh folder, gone at the end.
class Folder {
 public:
  Folder() {
    std::string path = testing::TempDir() + "nearzone-town-XXXXXX";
    path_ = mkdtemp(path.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Town town_of(const TownOptions& options) {
  auto town = make_town(options);
  EXPECT_TRUE(town.ok());
  return *std::move(town);
}

std::vector<PhoneOutcome> outcomes(const Town& town, SchemeTag scheme, unsigned threads = 2) {
  const Folder folder;
  TownRun run(town, scheme, folder.path(), threads);
  for (const Status& status : {run.advertise(), run.record(), run.publish(), run.check()}) {
    EXPECT_TRUE(status.ok()) << status.text();
    if (!status.ok()) return {};
  }
  return run.phones();
}

// What an exact matcher and the rule for durations must make of the simulator's own knowledge.
// Keys are told apart by nothing but their day, so days hold all that was heard, in any order.
std::multimap<Day, std::pair<Millis, int32_t>> expected_exposures(const Town& town,
                                                                  const PhoneOutcome& phone) {
  std::multimap<Day, std::pair<Millis, int32_t>> expected;
  for (const HeardInfectious& heard : phone.heard_infectious)
    if (town.people[heard.person].has_app)
      expected.emplace(heard.day,
                       std::pair(std::chrono::minutes(5) * static_cast<int64_t>(heard.scans),
                                 TownRun::kTransmitPowerDbm - heard.strongest_rssi_dbm));
  return expected;
}

template <typename Pairs>
std::vector<std::pair<Day, std::pair<Millis, int32_t>>> sorted(const Pairs& pairs) {
  std::vector<std::pair<Day, std::pair<Millis, int32_t>>> all(pairs.begin(), pairs.end());
  std::ranges::sort(all);
  return all;
}

class TownRunOfAScheme : public testing::TestWithParam<SchemeTag> {};

TEST_P(TownRunOfAScheme, FindsExactlyWhatTheRadioHeardOfInfectedPeople) {
  const Town town =
      town_of({.people = 12, .days = 2, .seed = 5, .adoption = 0.9, .infected_share = 0.2});
  size_t exposed = 0;
  size_t unexposed = 0;
  for (const PhoneOutcome& phone : outcomes(town, GetParam())) {
    ASSERT_TRUE(town.people[phone.person].has_app);
    if (town.people[phone.person].infectious_from) {
      EXPECT_TRUE(phone.exposures.empty());
      continue;
    }
    std::multimap<Day, std::pair<Millis, int32_t>> found;
    for (const Exposure& exposure : phone.exposures) {
      EXPECT_EQ(exposure.report_type, ReportType::confirmed_test);
      found.emplace(exposure.day,
                    std::pair(exposure.duration, exposure.minimum_attenuation_db.value_or(-1)));
    }
    EXPECT_EQ(sorted(found), sorted(expected_exposures(town, phone))) << phone.person;
    (found.empty() ? unexposed : exposed) += 1;
  }
  EXPECT_GT(exposed, 0u);
  EXPECT_GT(unexposed, 0u);
}

TEST_P(TownRunOfAScheme, StoresEveryScan) {
  const Town town = town_of({.people = 6, .days = 1, .adoption = 0.5});
  const auto phones = outcomes(town, GetParam());
  ASSERT_EQ(phones.size(), 3u);
  for (const PhoneOutcome& phone : phones) {
    EXPECT_EQ(phone.scans, 288u);
    EXPECT_GT(phone.bytes_on_disk, 0u);
  }
}

TEST_P(TownRunOfAScheme, IsTheSameWithAnyNumberOfThreads) {
  const Town town = town_of({.people = 12, .days = 1, .adoption = 1});
  const auto one = outcomes(town, GetParam(), 1);
  const auto three = outcomes(town, GetParam(), 3);
  ASSERT_EQ(one.size(), three.size());
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].sightings, three[i].sightings);
    EXPECT_EQ(one[i].exposures, three[i].exposures);
  }
}

INSTANTIATE_TEST_SUITE_P(Schemes, TownRunOfAScheme,
                         testing::Values(SchemeTag::bluezone, SchemeTag::gaen),
                         [](const auto& tested) { return std::string(scheme_name(tested.param)); });

TEST(TownRun, WarnsNobodyWhereNobodyInfectedHasTheApp) {
  Town town = town_of({.people = 12, .days = 1, .adoption = 1});
  for (Person& person : town.people)
    if (person.infectious_from) person.has_app = false;
  for (const PhoneOutcome& phone : outcomes(town, SchemeTag::gaen))
    EXPECT_TRUE(phone.exposures.empty());
}

TEST(TownRun, NeedsAPublishedListBeforeItChecks) {
  const Town town = town_of({.people = 2, .days = 1});
  const Folder folder;
  EXPECT_EQ(TownRun(town, SchemeTag::gaen, folder.path(), 1).check().code(),
            Code::invalid_argument);
}

TEST(TownRun, ReportsProgressToTheEnd) {
  const Town town = town_of({.people = 8, .days = 1, .adoption = 1});
  const Folder folder;
  TownRun run(town, SchemeTag::gaen, folder.path(), 1);
  size_t last = 0;
  EXPECT_TRUE(run.advertise([&](size_t done, size_t total) {
                   EXPECT_EQ(total, 8u);
                   EXPECT_GT(done, last);
                   last = done;
                 })
                  .ok());
  EXPECT_EQ(last, 8u);
}

TEST(TownRun, SaysSoWhereItsFolderIsMissing) {
  const Town town = town_of({.people = 2, .days = 1, .adoption = 1});
  EXPECT_FALSE(TownRun(town, SchemeTag::gaen, "/nonexistent/folder", 2).advertise().ok());
}

}  // namespace
}  // namespace nearzone::simulation
