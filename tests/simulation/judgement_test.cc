#include <gtest/gtest.h>

#include "nearzone/simulation.h"

namespace nearzone::simulation {
namespace {

using std::chrono::minutes;

constexpr WarningRule kRule = {.least_duration = minutes(15), .most_attenuation_db = 50};

// Person 0 is judged, 1 is infected; both have the app.
class Judging : public testing::Test {
 protected:
  Judging() {
    town_.people.resize(2);
    for (Person& person : town_.people) person.has_app = true;
    town_.people[1].infectious_from = day_;
    phones_.resize(2);
    phones_[1].person = 1;
  }
  void near_for(int length, Day day) {
    const Instant noon = day.start() + std::chrono::hours(12);
    town_.closenesses.push_back({0, 1, {noon, noon + minutes(length)}, 1, 0});
  }
  void heard_on(Day day) { phones_[0].heard_infectious.push_back({1, day, 5, -60}); }
  void found(Day day, int length, int32_t attenuation) {
    phones_[0].exposures.push_back({day, minutes(length), attenuation, ReportType::unknown});
  }
  Judgement judged() const { return judge(town_, phones_, kRule)[0]; }

  Town town_;
  std::vector<PhoneOutcome> phones_;
  const Day day_ = town_.options.first_day + 3;
};

TEST_F(Judging, WarnsWhoWasNear) {
  near_for(20, day_);
  heard_on(day_);
  found(day_, 25, 50);
  const Judgement judgement = judged();
  EXPECT_EQ(judgement.outcome, Outcome::warned);
  EXPECT_EQ(judgement.truly_near, minutes(20));
  EXPECT_EQ(judgement.matched, minutes(25));
  EXPECT_EQ(judgement.minimum_attenuation_db, 50);
  EXPECT_FALSE(judgement.false_match);
}

TEST_F(Judging, CallsAWarningFalseWhereNobodyInfectiousWasNear) {
  near_for(14, day_);
  heard_on(day_);
  found(day_, 25, 40);
  EXPECT_EQ(judged().outcome, Outcome::false_alarm);
}

TEST_F(Judging, DoesNotCountTheDaysBeforeTheInfection) {
  near_for(60, day_ + -1);
  EXPECT_EQ(judged().outcome, Outcome::unconcerned);
  EXPECT_EQ(judged().truly_near, Millis(0));
}

TEST_F(Judging, TellsWantOfTheAppApart) {
  near_for(20, day_);
  town_.people[1].has_app = false;
  EXPECT_EQ(judged().outcome, Outcome::others_without_app);
  town_.people[0].has_app = false;
  phones_.clear();
  EXPECT_EQ(judged().outcome, Outcome::without_app);
}

TEST_F(Judging, TellsRadioMatchingAndRuleApart) {
  near_for(20, day_);
  EXPECT_EQ(judged().outcome, Outcome::unheard);
  heard_on(day_);
  EXPECT_EQ(judged().outcome, Outcome::missed_by_matching);
  found(day_, 25, 51);
  EXPECT_EQ(judged().outcome, Outcome::missed_by_rule);
}

TEST_F(Judging, AddsUpTheKeysOfOneDayButNotOfTwo) {
  near_for(20, day_);
  heard_on(day_);
  heard_on(day_ + 1);
  found(day_, 10, 40);
  found(day_ + 1, 10, 40);
  EXPECT_EQ(judged().outcome, Outcome::missed_by_rule);
  found(day_, 5, 45);
  EXPECT_EQ(judged().outcome, Outcome::warned);
  EXPECT_EQ(judged().minimum_attenuation_db, 40);
}

TEST_F(Judging, ShowsTheDayThatDecided) {
  heard_on(day_);
  heard_on(day_ + 1);
  found(day_, 300, 60);
  found(day_ + 1, 20, 45);
  EXPECT_EQ(judged().matched, minutes(20));
  EXPECT_EQ(judged().minimum_attenuation_db, 45);
}

TEST_F(Judging, NoticesAMatchOfSomebodyNeverHeard) {
  found(day_, 5, 40);
  EXPECT_TRUE(judged().false_match);
}

TEST_F(Judging, LeavesTheInfectedOut) {
  near_for(20, day_);
  EXPECT_EQ(judge(town_, phones_, kRule)[1].outcome, Outcome::infected);
}

}  // namespace
}  // namespace nearzone::simulation
