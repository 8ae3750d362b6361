#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "nearzone/simulation.h"

namespace nearzone::simulation {
namespace {

auto fields(const Closeness& c) {
  return std::tuple(c.a, c.b, c.when.from, c.when.to, c.distance_m, c.spread_db);
}

double minutes(Millis time) { return static_cast<double>(time.count()) / 60'000; }

long people_who(const Town& town, bool (*holds)(const Person&)) {
  return std::ranges::count_if(town.people, holds);
}

TEST(Town, OfOneSeedIsTheSame) {
  const auto first = make_town({.people = 60, .seed = 7});
  const auto second = make_town({.people = 60, .seed = 7});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->people, second->people);
  EXPECT_TRUE(std::ranges::equal(first->closenesses, second->closenesses, {}, fields, fields));
}

TEST(Town, OfAnotherSeedIsAnother) {
  EXPECT_NE(make_town({.people = 60, .seed = 7})->people,
            make_town({.people = 60, .seed = 8})->people);
}

TEST(Town, RefusesWhatCannotBe) {
  const std::pair<TownOptions, const char*> wrong[] = {{{.people = 1}, "people"},
                                                       {{.people = 5001}, "people"},
                                                       {{.days = 0}, "days"},
                                                       {{.days = 15}, "days"},
                                                       {{.adoption = 1.1}, "adoption"},
                                                       {{.adoption = std::nan("")}, "adoption"},
                                                       {{.iphone_share = -0.1}, "iphone_share"},
                                                       {{.infected_share = 2}, "infected_share"},
                                                       {{.first_day = {-1}}, "first_day"}};
  for (const auto& [options, field] : wrong) {
    const auto town = make_town(options);
    ASSERT_FALSE(town.ok()) << field;
    EXPECT_EQ(town.status().code(), Code::invalid_argument);
    EXPECT_STREQ(town.status().field(), field);
  }
}

TEST(Town, HasTheSharesAskedFor) {
  const auto town = make_town(
      {.people = 200, .days = 2, .adoption = 0.25, .iphone_share = 0.6, .infected_share = 0.05});
  ASSERT_TRUE(town.ok());
  EXPECT_EQ(people_who(*town, [](const Person& p) { return p.has_app; }), 50);
  EXPECT_EQ(people_who(*town, [](const Person& p) { return p.platform == PhonePlatform::ios; }),
            120);
  EXPECT_EQ(people_who(*town, [](const Person& p) { return p.infectious_from.has_value(); }), 10);
}

TEST(Town, HasAnInfectedPersonAtLeast) {
  const auto town = make_town({.people = 2, .days = 1, .infected_share = 0});
  ASSERT_TRUE(town.ok());
  EXPECT_EQ(people_who(*town, [](const Person& p) { return p.infectious_from.has_value(); }), 1);
}

class TownOfASize : public testing::TestWithParam<std::tuple<uint32_t, uint64_t>> {};

// The bands of published face-to-face measurements; see docs/provenance.md.
TEST_P(TownOfASize, MeetsAsLongAsPeopleWereMeasuredTo) {
  const auto [people, seed] = GetParam();
  const auto town = make_town({.people = people, .seed = seed});
  ASSERT_TRUE(town.ok());
  const ContactStatistics contacts = contact_statistics(pair_days(*town));
  EXPECT_GT(contacts.pair_days, 1000u);
  EXPECT_GE(contacts.median_minutes, 0.7);
  EXPECT_LE(contacts.median_minutes, 1.3);
  EXPECT_GE(contacts.ninetieth_percentile_minutes, 6);
  EXPECT_LE(contacts.ninetieth_percentile_minutes, 12);
  EXPECT_GE(contacts.share_of_fifteen_minutes, 0.04);
  EXPECT_LE(contacts.share_of_fifteen_minutes, 0.08);
}

INSTANTIATE_TEST_SUITE_P(Seeds, TownOfASize,
                         testing::Combine(testing::Values(200u, 300u, 1000u),
                                          testing::Values(1u, 2u, 3u)));

TEST(Town, RepeatsMeetingsHeavyTailed) {
  const auto town = make_town({.people = 300});
  std::map<std::pair<uint32_t, uint32_t>, int> days;
  for (const PairDay& day : pair_days(*town))
    if (day.within_two_metres > Millis(0)) ++days[{day.a, day.b}];
  const auto pairs = static_cast<double>(days.size());
  const auto once = std::ranges::count_if(days, [](const auto& d) { return d.second == 1; });
  const auto often = std::ranges::count_if(days, [](const auto& d) { return d.second >= 7; });
  EXPECT_GT(static_cast<double>(once), 0.5 * pairs);
  EXPECT_GT(static_cast<double>(often), 0.01 * pairs);
  EXPECT_LT(static_cast<double>(often), 0.1 * pairs);
}

TEST(Town, SleepsAtNightAndWorksOnWeekdays) {
  // 2020-10-01 was a Thursday: days 2 and 3 are the weekend.
  const auto town = make_town({.people = 300, .days = 7});
  std::map<int32_t, double> work_by_day;
  for (const Closeness& c : town->closenesses) {
    const double hour = minutes(c.when.from - Day::of(c.when.from).start()) / 60;
    EXPECT_GE(hour, 4.5);
    EXPECT_LE(hour, 24);
    const std::optional<uint32_t> workplace = town->people[c.a].workplace;
    if (workplace && workplace == town->people[c.b].workplace && hour < 16)
      work_by_day[Day::of(c.when.from) - town->options.first_day] +=
          minutes(c.when.to - c.when.from);
  }
  EXPECT_GT(work_by_day[0], 2 * work_by_day[2]);
  EXPECT_GT(work_by_day[4], 2 * work_by_day[3]);
}

TEST(Town, NeverHasAPairAtTwoDistancesAtOnceNorAcrossMidnight) {
  const auto town = make_town({.people = 100});
  std::map<std::pair<uint32_t, uint32_t>, Instant> free_from;
  Instant last;
  for (const Closeness& c : town->closenesses) {
    ASSERT_LT(c.a, c.b);
    ASSERT_LT(c.b, 100u);
    ASSERT_LT(c.when.from, c.when.to);
    ASSERT_LE(last, c.when.from);
    ASSERT_LE(c.when.to, (Day::of(c.when.from) + 1).start());
    ASSERT_TRUE(c.distance_m > 0 && c.distance_m <= kReachMetres);
    Instant& free = free_from[{c.a, c.b}];
    ASSERT_GE(c.when.from, free);
    free = c.when.to;
    last = c.when.from;
  }
}

TEST(ContactStatistics, AreOfPairDaysWithinTwoMetresOnly) {
  std::vector<PairDay> days(5);
  for (PairDay& day : days) day.within_reach = std::chrono::minutes(60);
  days[1].within_two_metres = std::chrono::minutes(15);
  days[3].within_two_metres = std::chrono::minutes(1);
  days[4].within_two_metres = std::chrono::seconds(30);
  const ContactStatistics contacts = contact_statistics(days);
  EXPECT_EQ(contacts.pair_days, 3u);
  EXPECT_EQ(contacts.median_minutes, 1);
  EXPECT_EQ(contacts.ninetieth_percentile_minutes, 15);
  EXPECT_DOUBLE_EQ(contacts.share_of_fifteen_minutes, 1.0 / 3);
  EXPECT_EQ(contact_statistics({}).pair_days, 0u);
}

TEST(PairDays, AddUpAllClosenessesOfAPair) {
  Town town;
  const Instant start = town.options.first_day.start();
  const auto during = [&](int from, int to) {
    return TimeRange{start + std::chrono::minutes(from), start + std::chrono::minutes(to)};
  };
  town.closenesses = {{0, 1, during(0, 10), 1.5, 0},
                      {0, 2, during(5, 6), 8, 0},
                      {0, 1, during(10, 40), 6, 0},
                      {0, 1, during(1440, 1442), 2, 0}};
  const std::vector<PairDay> days = pair_days(town);
  ASSERT_EQ(days.size(), 3u);
  EXPECT_EQ(minutes(days[0].within_two_metres), 10);
  EXPECT_EQ(minutes(days[0].within_reach), 40);
  EXPECT_EQ(days[1].b, 2u);
  EXPECT_EQ(minutes(days[1].within_two_metres), 0);
  EXPECT_EQ(days[2].day, town.options.first_day + 1);
  EXPECT_EQ(minutes(days[2].within_two_metres), 2);
}

}  // namespace
}  // namespace nearzone::simulation
