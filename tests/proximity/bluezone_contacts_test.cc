#include "nearzone/bluezone_contacts.h"

#include <gtest/gtest.h>

namespace nearzone {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Day kDay{18500};

Sighting heard(Instant at, uint8_t who, int8_t rssi_dbm, SchemeTag scheme = SchemeTag::bluezone) {
  Sighting sighting;
  sighting.scheme = scheme;
  sighting.time = at;
  sighting.rssi_dbm = rssi_dbm;
  sighting.identifier.bytes[0] = who;
  return sighting;
}

std::vector<BluezoneDayContacts> contacts(const std::vector<Sighting>& sightings, Millis offset,
                                          int32_t threshold = kBluezoneHistoryThresholdDbm) {
  return bluezone_contacts_by_day(SightingTable::from(sightings).columns(), offset, threshold);
}

TEST(BluezoneNearRule, HasAThresholdForEachPairOfPlatforms) {
  using enum PhonePlatform;
  EXPECT_TRUE(bluezone_is_near(-86, android, android));
  EXPECT_FALSE(bluezone_is_near(-87, android, android));
  EXPECT_TRUE(bluezone_is_near(-69, android, ios));
  EXPECT_FALSE(bluezone_is_near(-70, android, ios));
  EXPECT_TRUE(bluezone_is_near(-88, ios, android));
  EXPECT_FALSE(bluezone_is_near(-89, ios, android));
  EXPECT_TRUE(bluezone_is_near(-74, ios, ios));
  EXPECT_FALSE(bluezone_is_near(-75, ios, ios));
}

TEST(BluezoneContacts, CountEachIdentifierOnceADay) {
  // -88 itself is not above the threshold.
  EXPECT_EQ(
      contacts({heard(kDay.start(), 1, -90), heard(kDay.start() + minutes(1), 1, -60),
                heard(kDay.start() + minutes(2), 2, -88), heard(kDay.start() + minutes(3), 3, -87),
                heard(kDay.start() + hours(25), 1, kNoRssi)},
               Millis(0)),
      (std::vector<BluezoneDayContacts>{{kDay, 3, 2}, {kDay + 1, 1, 0}}));
}

// 18:00 UTC is one o'clock of the next day in Hanoi.
TEST(BluezoneContacts, CountByLocalDay) {
  const std::vector<Sighting> sightings = {heard(kDay.start() + hours(16), 1, -70),
                                           heard(kDay.start() + hours(18), 1, -70)};
  EXPECT_EQ(contacts(sightings, hours(7)),
            (std::vector<BluezoneDayContacts>{{kDay, 1, 1}, {kDay + 1, 1, 1}}));
  EXPECT_EQ(contacts(sightings, hours(0)), (std::vector<BluezoneDayContacts>{{kDay, 1, 1}}));
}

TEST(BluezoneContacts, AreBluezonesOnly) {
  EXPECT_TRUE(contacts({heard(kDay.start(), 1, -50, SchemeTag::gaen)}, Millis(0)).empty());
}

TEST(BluezoneContacts, ObeyTheThresholdOfAConfiguration) {
  EXPECT_EQ(contacts({heard(kDay.start(), 1, -95)}, Millis(0), -100),
            (std::vector<BluezoneDayContacts>{{kDay, 1, 1}}));
}

}  // namespace
}  // namespace nearzone
