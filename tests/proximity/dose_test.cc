#include "nearzone/dose.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "nearzone/random.h"
#include "proximity/key_sightings.h"

namespace nearzone {
namespace {

constexpr Day kDay{18500};

KeyNearness key(double expected, std::optional<int32_t> days_since_onset, Day day = kDay) {
  return {{{day, {expected, expected / 2, expected * 2}, ExposureBand::possible}},
          days_since_onset};
}

TEST(Infectiousness, IsTheCorrectedGammaDistribution) {
  const DoseConfig config;
  const auto density = [](double day) {
    const double x = day + 12.272481;
    return x <= 0 ? 0 : std::exp((20.516508 - 1) * std::log(x) - 1.592124 * x);
  };
  double most = 0;
  for (int day = -14; day <= 14; ++day) most = std::max(most, density(day));
  for (int day = -14; day <= 14; ++day)
    EXPECT_NEAR(infectiousness_of(day, config), density(day) / most, 0.0006) << day;
}

TEST(Infectiousness, IsConfiguredWhereNothingIsSaidAndNoneBeyondTheCurve) {
  DoseConfig config;
  config.infectiousness_unknown = 0.25;
  EXPECT_EQ(infectiousness_of({}, config), 0.25);
  EXPECT_EQ(infectiousness_of(15, config), 0);
  EXPECT_EQ(infectiousness_of(-15, config), 0);
  EXPECT_EQ(infectiousness_of(3, DoseConfig::minutes_only()), 1);
}

TEST(Doses, WeighMinutesByInfectiousness) {
  DoseConfig config;
  // 10 minutes at onset count 10; 20 minutes of three days after 0.602 each: 22.04.
  const std::vector<KeyNearness> keys = {key(10, 0), key(20, 3), key(1, 0, kDay + 1)};
  const auto days = doses_by_day(keys, config);
  ASSERT_EQ(days.size(), 2u);
  EXPECT_NEAR(days[0].dose, 22.04, 1e-9);
  EXPECT_NEAR(days[0].risk, 22.04 / 15, 1e-9);
  EXPECT_EQ(days[0].minutes, (NearMinutes{30, 15, 60}));
  EXPECT_EQ(days[0].band, ExposureBand::likely);
  EXPECT_EQ(days[1].band, ExposureBand::unlikely);
  config.function = RiskFunction::exponential;
  EXPECT_NEAR(doses_by_day(keys, config)[0].risk, 1 - std::exp(-22.04 / 15), 1e-9);
}

TEST(DoseProperties, DoNotDependOnTheOrderOfKeysAndGrowWithMinutes) {
  SeededRandom random(4);
  for (int round = 0; round < 100; ++round) {
    std::vector<KeyNearness> keys;
    for (int i = 0; i < 20; ++i)
      keys.push_back(key(static_cast<double>(random.below(1000)) / 7,
                         static_cast<int32_t>(random.below(20)) - 10,
                         kDay + static_cast<int32_t>(random.below(3))));
    for (RiskFunction function : {RiskFunction::linear, RiskFunction::exponential}) {
      DoseConfig config;
      config.function = function;
      const auto days = doses_by_day(keys, config);
      const auto others = doses_by_day(test::in_random_order(keys, random), config);
      ASSERT_EQ(days.size(), others.size());
      for (size_t i = 0; i < days.size(); ++i) EXPECT_EQ(days[i].risk, others[i].risk);
      auto more = keys;
      more[random.below(more.size())].days[0].minutes.expected += 5;
      const auto grown = doses_by_day(more, config);
      for (size_t i = 0; i < days.size(); ++i) EXPECT_GE(grown[i].risk, days[i].risk - 1e-12);
    }
  }
}

TEST(DoseConfigs, AreRefusedWithTheFieldNamed) {
  const auto refused = [](auto&& spoil) {
    DoseConfig config;
    EXPECT_TRUE(config.check().ok());
    spoil(config);
    EXPECT_EQ(config.check().code(), Code::invalid_argument);
    return std::string(config.check().field() ? config.check().field() : "");
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refused([&](DoseConfig& c) { c.infectiousness[28] = nan; }), "infectiousness");
  EXPECT_EQ(refused([&](DoseConfig& c) { c.infectiousness_unknown = 1.1; }),
            "infectiousness_unknown");
  EXPECT_EQ(refused([&](DoseConfig& c) { c.function = static_cast<RiskFunction>(2); }), "function");
  EXPECT_EQ(refused([&](DoseConfig& c) { c.scale_minutes = 0; }), "scale_minutes");
  EXPECT_EQ(refused([&](DoseConfig& c) { c.long_minutes = nan; }), "long_minutes");
}

}  // namespace
}  // namespace nearzone
