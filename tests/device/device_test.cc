#include "nearzone/device.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "device/phone.h"
#include "scheme/expansion.h"

namespace nearzone {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::Authority;
using test::disclosed_keys;
using test::Phone;

class EveryScheme : public testing::TestWithParam<SchemeTag> {};

TEST_P(EveryScheme, TheWholeWayFromAnAdvertisementToAnExposure) {
  Phone infected(1, GetParam());
  Phone contact(2, GetParam());
  Phone stranger(3, GetParam());
  Phone passer_by(4, GetParam());
  for (int scan = 0; scan < 6; ++scan) {
    contact.hear(infected, static_cast<int8_t>(-80 - scan));
    stranger.hear(passer_by, -60);
    for (Phone* phone : {&infected, &contact, &stranger, &passer_by})
      phone->clock.advance(minutes(5));
  }
  const Authority authority(9);
  const auto list = authority.publish(disclosed_keys(infected), 1, contact.clock.now());
  for (Phone* phone : {&contact, &stranger}) {
    MemorySource source(list);
    const auto report = phone->device->check(source, {.public_keys = authority.public_keys()});
    ASSERT_TRUE(report.ok()) << report.status().text();
    EXPECT_EQ(report->signature.outcome, SignatureOutcome::verified);
    EXPECT_GE(report->keys, 1u);
  }
  const auto exposures = contact.device->exposures();
  ASSERT_TRUE(exposures.ok());
  ASSERT_EQ(exposures->size(), 1u);
  EXPECT_EQ(exposures->at(0).day, Day{18500});
  EXPECT_EQ(exposures->at(0).duration, minutes(30));
  EXPECT_EQ(exposures->at(0).minimum_attenuation_db, 55);
  EXPECT_TRUE(stranger.device->exposures()->empty());
}

TEST_P(EveryScheme, GoesOnWithTheSameKeysAfterARestart) {
  Phone phone(1, GetParam());
  const Identifier before = phone.advertisement().identifier;
  phone.open();
  EXPECT_EQ(phone.advertisement().identifier, before);
}

TEST_P(EveryScheme, RenewsItsKeysWhenTheyAreDisclosed) {
  Phone phone(1, GetParam());
  phone.advertisement();
  phone.clock.advance(hours(24));
  const Identifier before = phone.advertisement().identifier;
  const auto keys = disclosed_keys(phone);
  ASSERT_FALSE(keys.empty());
  const Scheme& scheme = *find_scheme(GetParam());
  std::vector<Identifier> disclosed;
  for (const PublishedKey& key : keys) {
    EXPECT_TRUE(scheme.check(key).ok());
    for (const auto& slot : test::expand_all(scheme, key)) disclosed.push_back(slot.identifier);
  }
  EXPECT_NE(std::ranges::find(disclosed, before), disclosed.end());
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(std::ranges::find(disclosed, phone.advertisement().identifier), disclosed.end());
    phone.clock.advance(minutes(10));
  }
}

// The clock shows two in the afternoon, and is then set right to nine in the morning.
TEST_P(EveryScheme, DisclosesAllThatWasSentAfterTheClockWentBackFiveHours) {
  Phone phone(1, GetParam(), Day{18500}.start() + hours(14));
  std::vector<std::pair<Identifier, Instant>> sent;
  const auto send_for = [&](Millis time) {
    for (const Instant end = phone.clock.now() + time; phone.clock.now() < end;) {
      const Advertisement air = phone.advertisement();
      sent.emplace_back(air.identifier, phone.clock.now());
      phone.clock.advance(air.valid_until - phone.clock.now());
    }
  };
  send_for(minutes(15));
  phone.clock.set(Day{18500}.start() + hours(9));
  send_for(hours(5));
  phone.open();
  send_for(hours(1));
  const Scheme& scheme = *find_scheme(GetParam());
  std::vector<test::ExpandedSlot> disclosed;
  for (const PublishedKey& key : disclosed_keys(phone))
    std::ranges::copy(test::expand_all(scheme, key), std::back_inserter(disclosed));
  for (const auto& [identifier, at] : sent)
    EXPECT_TRUE(std::ranges::any_of(disclosed,
                                    [&](const test::ExpandedSlot& slot) {
                                      return slot.identifier == identifier &&
                                             slot.reach.contains(at);
                                    }))
        << "sent at minute " << (at - Day{18500}.start()) / minutes(1);
}

TEST_P(EveryScheme, DisclosesNoDayBeforeTheOnesConsentedTo) {
  Phone phone(1, GetParam());
  for (int day = 0; day < 10; ++day) {
    phone.advertisement();
    phone.clock.advance(hours(24));
  }
  for (const PublishedKey& key : disclosed_keys(phone, 3))
    EXPECT_GE(Day::of(key.valid_from), Day::of(phone.clock.now()) + -2);
}

TEST_P(EveryScheme, PurgingForgetsOldKeysAndKeepsTheRest) {
  Phone phone(1, GetParam());
  for (int day = 0; day < 20; ++day) {
    phone.advertisement();
    ASSERT_TRUE(phone.device->record({phone.clock.now(), {}}, {}).ok());
    ASSERT_TRUE(phone.device->purge().ok());
    phone.clock.advance(hours(24));
  }
  const Identifier now = phone.advertisement().identifier;
  phone.open();
  EXPECT_EQ(phone.advertisement().identifier, now);
  const auto statistics = phone.device->log().statistics();
  ASSERT_TRUE(statistics.ok());
  EXPECT_LE(statistics->days.size(), 15u);
  EXPECT_GE(statistics->days.size(), 14u);
}

TEST_P(EveryScheme, ErasingADayKeepsOwnKeysAndErasingAllDoesNot) {
  Phone phone(1, GetParam());
  const Identifier before = phone.advertisement().identifier;
  ASSERT_TRUE(phone.device->erase_day(Day::of(phone.clock.now())).ok());
  phone.open();
  EXPECT_EQ(phone.advertisement().identifier, before);
  ASSERT_TRUE(phone.device->erase_all().ok());
  EXPECT_NE(phone.advertisement().identifier, before);
  phone.open();
  EXPECT_NE(phone.advertisement().identifier, before);
}

INSTANTIATE_TEST_SUITE_P(Schemes, EveryScheme,
                         testing::Values(SchemeTag::bluezone, SchemeTag::gaen,
                                         SchemeTag::dp3t_low_cost, SchemeTag::dp3t_hybrid,
                                         SchemeTag::tcn, SchemeTag::dp3t_unlinkable),
                         [](const auto& tested) { return test::test_name(tested.param); });

TEST(Device, ADisclosureIsUsedOnce) {
  Phone phone(1);
  phone.advertisement();
  auto disclosure = phone.device->disclose(PersonConsents{});
  ASSERT_TRUE(disclosure.ok());
  EXPECT_TRUE(disclosure->take_keys().ok());
  EXPECT_EQ(disclosure->take_keys().status().code(), Code::closed);
}

TEST(Device, RefusesToDiscloseAnImpossibleNumberOfDays) {
  Phone phone(1);
  EXPECT_EQ(phone.device->disclose(PersonConsents{}, 0).status().code(), Code::invalid_argument);
  EXPECT_EQ(phone.device->disclose(PersonConsents{}, 15).status().code(), Code::invalid_argument);
}

TEST(Device, RefusesListsThatNobodyVouchesForUnlessAskedTo) {
  Phone phone(1);
  Phone infected(2);
  phone.hear(infected, -80);
  const Authority authority(9), other(10);
  const auto list = authority.publish(disclosed_keys(infected), 1, phone.clock.now());
  MemorySource source(list);
  EXPECT_EQ(phone.device->check(source, {.public_keys = other.public_keys()}).status().code(),
            Code::signature_refused);
  EXPECT_EQ(phone.device->check(source, {}).status().code(), Code::signature_refused);
  EXPECT_TRUE(phone.device->exposures()->empty());
  const auto report = phone.device->check(source, {.accept_unverified_lists = true});
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->exposures.size(), 1u);
}

TEST(Device, CheckingAListTwiceFindsItsExposuresOnce) {
  Phone phone(1);
  Phone infected(2);
  phone.hear(infected, -80);
  const Authority authority(9);
  const auto list = authority.publish(disclosed_keys(infected), 1, phone.clock.now());
  for (int i = 0; i < 2; ++i) {
    MemorySource source(list);
    ASSERT_TRUE(phone.device->check(source, {.public_keys = authority.public_keys()}).ok());
    phone.open();
  }
  EXPECT_EQ(phone.device->exposures()->size(), 1u);
}

TEST(Device, NoticesExpiredAndReplayedLists) {
  Phone phone(1);
  Phone infected(2);
  infected.advertisement();
  const Authority authority(9);
  const auto keys = disclosed_keys(infected);
  const CheckOptions options{.public_keys = authority.public_keys()};
  const auto first = authority.publish(keys, 1, phone.clock.now());
  const auto second = authority.publish(keys, 2, phone.clock.now());
  MemorySource old_source(first), new_source(second);
  ASSERT_TRUE(phone.device->check(new_source, options).ok());
  EXPECT_STREQ(phone.device->check(old_source, options).status().field(), "sequence");
  ASSERT_TRUE(phone.device->check(new_source, options).ok());
  phone.clock.advance(hours(24 * 15));
  EXPECT_EQ(phone.device->check(new_source, options).status().code(), Code::signature_refused);
}

TEST(Device, AClockThatJumpsLosesNothing) {
  Phone phone(1);
  Phone infected(2);
  for (int day = 0; day < 4; ++day) {
    phone.hear(infected, -80);
    phone.clock.advance(hours(24));
    infected.clock.advance(hours(24));
  }
  const Instant now = phone.clock.now();
  for (Instant wrong : {Instant{0}, now + hours(24 * 3650)}) {
    phone.clock.set(wrong);
    ASSERT_TRUE(phone.device->record({wrong, {}}, {}).ok());
    ASSERT_TRUE(phone.device->purge().ok());
  }
  phone.clock.set(now);
  const Authority authority(9);
  const auto list = authority.publish(disclosed_keys(infected), 1, now);
  MemorySource source(list);
  const auto report = phone.device->check(source, {.public_keys = authority.public_keys()});
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->exposures.size(), 4u);
}

TEST(Device, AClockBackIn1970LosesNoOwnKeys) {
  Phone phone(1);
  ASSERT_TRUE(phone.device->record({phone.clock.now(), {}}, {}).ok());
  const Identifier sent = phone.advertisement().identifier;
  const Instant now = phone.clock.now();
  phone.clock.set(Instant{1});
  ASSERT_TRUE(phone.device->purge().ok());
  phone.clock.set(now);
  phone.open();
  EXPECT_EQ(phone.advertisement().identifier, sent);
}

TEST(Device, LetsGoOfItsFilesAndTakesThemUpAgain) {
  Phone phone(1);
  Phone other(2);
  phone.hear(other, -80);
  ASSERT_TRUE(phone.device->suspend().ok());
  EXPECT_EQ(phone.device->record({phone.clock.now(), {}}, {}).code(), Code::closed);
  ASSERT_TRUE(phone.device->resume().ok());
  phone.clock.advance(minutes(5));
  phone.hear(other, -80);
  EXPECT_EQ(phone.device->log().statistics()->days.at(0).sightings, 2u);
  EXPECT_TRUE(phone.device->compact_step(std::chrono::seconds(1)).ok());
}

// After a year in a drawer the clock is right, but only a list can say so at once.
TEST(Device, AVerifiedListVouchesForTheTime) {
  Phone phone(1);
  Phone other(2);
  phone.hear(other, -80);
  phone.clock.set(phone.clock.now() + hours(24 * 365));
  other.clock.set(phone.clock.now());
  phone.hear(other, -80);
  EXPECT_TRUE(phone.device->log().statistics()->clock_in_doubt);
  const Authority authority(9);
  const auto list = authority.publish({}, 1, phone.clock.now());
  MemorySource source(list);
  ASSERT_TRUE(phone.device->check(source, {.accept_unverified_lists = true}).ok());
  EXPECT_TRUE(phone.device->log().statistics()->clock_in_doubt);
  ASSERT_TRUE(phone.device->check(source, {.public_keys = authority.public_keys()}).ok());
  phone.hear(other, -80);
  EXPECT_FALSE(phone.device->log().statistics()->clock_in_doubt);
}

}  // namespace
}  // namespace nearzone
