// Lists that are checked in pieces, stopped, continued, and checked again.
#include <gtest/gtest.h>

#include <algorithm>

#include "device/phone.h"

namespace nearzone {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::Authority;
using test::disclosed_keys;
using test::Phone;

class ListCheckTest : public testing::Test {
 protected:
  ListCheckTest() {
    phone_.hear(infected_, -80);
    // Strangers' keys before and behind the one that matters.
    SeededRandom random(3);
    PublishedKey stranger;
    stranger.valid_from = Day::of(phone_.clock.now()).start();
    stranger.valid_to = stranger.valid_from + hours(24);
    for (int i = 0; i < 400; ++i) {
      random.fill(std::span(stranger.bytes).first(16));
      keys_.push_back(stranger);
    }
    const auto own = disclosed_keys(infected_);
    keys_.insert(keys_.end(), own.begin(), own.end());
    list_ = authority_.publish(keys_, 1, phone_.clock.now());
  }

  CheckOptions options() const { return {.public_keys = authority_.public_keys()}; }

  CheckReport check(const CheckOptions& options) {
    MemorySource source(list_);
    const auto report = phone_.device->check(source, options);
    EXPECT_TRUE(report.ok()) << report.status().text();
    return report.ok() ? *report : CheckReport();
  }

  // Tries `steps` times 50 keys, saves, and dies.
  void check_partly(int steps) {
    MemorySource source(list_);
    const auto check = phone_.device->begin_check(source, options());
    ASSERT_TRUE(check.ok());
    for (; steps > 0; --steps) ASSERT_TRUE(*(*check)->step(50));
    ASSERT_TRUE((*check)->save().ok());
  }

  Phone phone_{1};
  Phone infected_{2};
  Authority authority_{9};
  std::vector<PublishedKey> keys_;
  std::vector<uint8_t> list_;
};

TEST_F(ListCheckTest, AListThatWasCheckedIsKnownUntilSomethingItCoversIsRecorded) {
  const CheckReport first = check(options());
  EXPECT_FALSE(first.known);
  EXPECT_EQ(first.keys, keys_.size());
  ASSERT_EQ(first.exposures.size(), 1u);
  phone_.open();
  const CheckReport second = check(options());
  EXPECT_TRUE(second.known);
  EXPECT_EQ(second.keys, 0u);
  EXPECT_EQ(second.exposures, first.exposures);
  // A stranger now; the infected phone has renewed its keys. What the phone knows of its own
  // hearing is more by one phone, so that the minutes near may differ.
  phone_.hear(infected_, -70);
  const CheckReport third = check(options());
  EXPECT_FALSE(third.known);
  ASSERT_EQ(third.exposures.size(), 1u);
  EXPECT_EQ(third.exposures[0].duration, first.exposures[0].duration);
  EXPECT_EQ(third.exposures[0].minimum_attenuation_db, first.exposures[0].minimum_attenuation_db);
  // Two days later nothing that is heard can concern this list.
  phone_.clock.advance(hours(48));
  infected_.clock.advance(hours(48));
  phone_.hear(infected_, -70);
  EXPECT_TRUE(check(options()).known);
  EXPECT_EQ(phone_.device->exposures()->size(), 1u);
}

TEST_F(ListCheckTest, AStoppedCheckGoesOnWhereItWas) {
  check_partly(3);
  phone_.open();
  EXPECT_TRUE(phone_.device->exposures()->empty());
  const CheckReport report = check(options());
  EXPECT_EQ(report.keys, keys_.size());
  EXPECT_EQ(report.exposures.size(), 1u);
  EXPECT_EQ(phone_.device->exposures()->size(), 1u);
  EXPECT_TRUE(check(options()).known);
}

TEST_F(ListCheckTest, WhatIsRecordedAfterAStopCountsAsWell) {
  Phone late(7);
  const Advertisement air = late.advertisement();
  const auto own = disclosed_keys(late);
  keys_.insert(keys_.begin(), own.begin(), own.end());
  list_ = authority_.publish(keys_, 2, phone_.clock.now());
  check_partly(7);
  const Sighting sighting{air.identifier,     air.scheme, HeardBy::advertisement,
                          phone_.clock.now(), -60,        air.metadata};
  ASSERT_TRUE(phone_.device->record({phone_.clock.now(), {}}, {&sighting, 1}).ok());
  EXPECT_EQ(check(options()).exposures.size(), 2u);
}

TEST_F(ListCheckTest, ADayThatIsErasedAndBegunAnewIsNew) {
  const Advertisement air = infected_.advertisement();
  ASSERT_EQ(check(options()).exposures.size(), 1u);
  ASSERT_TRUE(phone_.device->erase_day(Day::of(phone_.clock.now())).ok());
  EXPECT_TRUE(phone_.device->exposures()->empty());
  // The day's batches are numbered from the start again.
  Phone again(2);
  phone_.hear(again, -80);
  const CheckReport report = check(options());
  EXPECT_FALSE(report.known);
  EXPECT_EQ(report.exposures.size(), 1u);
  EXPECT_NE(air.identifier, again.advertisement().identifier);
}

TEST_F(ListCheckTest, OtherWindowsAreAnotherQuestion) {
  check(options());
  CheckOptions strict = options();
  strict.bluezone_windows = BluezoneWindows::strict;
  EXPECT_FALSE(check(strict).known);
  EXPECT_TRUE(check(strict).known);
}

TEST_F(ListCheckTest, AnOpenListIsCheckedAsOneThatTheCheckOpens) {
  MemorySource source(list_);
  const auto list = KeyList::open(source);
  ASSERT_TRUE(list.ok());
  // What was read of it by others does not matter.
  const auto stream = (*list)->keys();
  ASSERT_TRUE(stream.ok());
  std::vector<PublishedKey> some;
  ASSERT_TRUE((*stream)->next(100, some).ok());
  EXPECT_EQ(phone_.device->begin_check(**list, {}).status().code(), Code::signature_refused);
  const auto check = phone_.device->begin_check(**list, options());
  ASSERT_TRUE(check.ok()) << check.status().text();
  while (*(*check)->step(150)) {
  }
  EXPECT_EQ((*check)->report().keys, keys_.size());
  EXPECT_EQ((*check)->report().exposures.size(), 1u);
  EXPECT_TRUE((*phone_.device->begin_check(**list, options()))->report().known);
  EXPECT_TRUE(this->check(options()).known);
}

TEST_F(ListCheckTest, ACheckThatIsStoppedWhileItBeginsIsCancelled) {
  MemorySource source(list_);
  Cancel cancel;
  ListOptions reading;
  reading.cancel = &cancel;
  const auto list = KeyList::open(source, reading);
  ASSERT_TRUE(list.ok());
  cancel.request();
  CheckOptions cancelled = options();
  cancelled.match.cancel = &cancel;
  EXPECT_EQ((*list)->verify(authority_.public_keys()).outcome, SignatureOutcome::failed);
  EXPECT_EQ(phone_.device->begin_check(**list, cancelled).status().code(), Code::cancelled);
}

TEST_F(ListCheckTest, ACancelledCheckSavesItsWayAndFails) {
  Cancel cancel;
  cancel.request();
  CheckOptions cancelled = options();
  cancelled.match.cancel = &cancel;
  MemorySource source(list_);
  EXPECT_EQ(phone_.device->check(source, cancelled).status().code(), Code::cancelled);
  const auto begun = phone_.device->begin_check(source, options());
  ASSERT_TRUE(begun.ok());
  EXPECT_TRUE(*(*begun)->step(1));
  EXPECT_EQ(check(options()).exposures.size(), 1u);
}

}  // namespace
}  // namespace nearzone
