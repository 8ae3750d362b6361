#include <gtest/gtest.h>

#include "nearzone/beacon.h"

namespace nearzone::beacon {
namespace {

TEST(Uuid, ReadsAndWritesBothForms) {
  for (const char* text : {"fd68", "0000fd68-0000-1000-8000-00805f9b34fb", "FD68",
                           "0000FD68-0000-1000-8000-00805F9B34FB"}) {
    const Result<Uuid> uuid = parse_uuid(text);
    ASSERT_TRUE(uuid.ok()) << text;
    EXPECT_EQ(*uuid, Uuid::of_16(0xfd68));
    EXPECT_EQ(format_uuid(*uuid), "fd68");
  }
  const char* longer = "d61f4f27-3d6b-4b04-9e46-c9d2ea617f62";
  const Result<Uuid> uuid = parse_uuid(longer);
  ASSERT_TRUE(uuid.ok());
  EXPECT_EQ(format_uuid(*uuid), longer);
  EXPECT_EQ(uuid->short_number(), std::nullopt);
  EXPECT_EQ(*uuid, tcn_air().characteristic);
}

TEST(Uuid, RefusesEverythingElse) {
  for (const char* text :
       {"", "fd6", "fd6g", "0000fd68", "d61f4f273d6b4b049e46c9d2ea617f62",
        "d61f4f27-3d6b-4b04-9e46-c9d2ea617f6", "d61f4f27-3d6b-4b04-9e46-c9d2ea617f6z",
        "d61f4f27+3d6b-4b04-9e46-c9d2ea617f62"})
    EXPECT_EQ(parse_uuid(text).status().code(), Code::invalid_argument) << text;
}

TEST(AirIdentity, PublishedOnesAreAsPublished) {
  EXPECT_EQ(format_uuid(bluezone_air().service), "4e56");
  EXPECT_EQ(format_uuid(bluezone_air().ios_service), "00004e56-73f5-4bc4-a12f-17d1ad07a667");
  EXPECT_EQ(format_uuid(bluezone_air().characteristic), "00004e56-73f5-4bc4-a12f-17d1ad07a689");
  EXPECT_EQ(bluezone_air().company, 0x22b5);
  EXPECT_EQ(format_uuid(exposure_notification_air().service), "fd6f");
  EXPECT_EQ(format_uuid(dp3t_air().service), "fd68");
  EXPECT_EQ(format_uuid(tcn_air().service), "c019");
  for (const AirIdentity& air : {bluezone_air(), exposure_notification_air(),
                                 dp3t_air(SchemeTag::dp3t_unlinkable), tcn_air()})
    EXPECT_TRUE(check(air).ok());
}

TEST(AirIdentity, RefusesWhatCannotBeSent) {
  const auto refused = [](AirIdentity air, const char* field) {
    const Status status = check(air);
    return status.code() == Code::invalid_argument && status.field() == std::string_view(field);
  };
  AirIdentity air = bluezone_air();
  air.service = {};
  EXPECT_TRUE(refused(air, "service"));
  air = bluezone_air();
  air.ios_service = {};
  EXPECT_TRUE(refused(air, "ios_service"));
  air = bluezone_air();
  air.company = 0;
  EXPECT_TRUE(refused(air, "company"));
  air.company = 0x004c;
  EXPECT_TRUE(refused(air, "company"));
  air = exposure_notification_air();
  air.metadata_size = 3;
  EXPECT_TRUE(refused(air, "metadata_size"));
  // Nothing that a phone sends by these schemes has metadata: encode could never give a thing.
  for (AirIdentity sealed : {bluezone_air(), dp3t_air(), tcn_air()}) {
    sealed.metadata_size = 4;
    EXPECT_TRUE(refused(sealed, "metadata_size"));
  }
  air = bluezone_air();
  air.overflow_bit = 128;
  EXPECT_TRUE(refused(air, "overflow_bit"));
  air = dp3t_air();
  air.carrier = Carrier::gatt_only;
  EXPECT_TRUE(refused(air, "characteristic"));
  // Sixteen bytes beside a long UUID, or an identifier behind two of them, are more than fit.
  air = dp3t_air();
  air.service = tcn_air().characteristic;
  EXPECT_TRUE(refused(air, "service"));
}

TEST(AirIdentity, NearZonesOwnIsReadOverGattUnderALongUuid) {
  const Uuid own = *parse_uuid("5f2e9a10-7b1d-4d0e-9a52-3b8c1f6e2d00");
  EXPECT_EQ(nearzone_air(Uuid::of_16(0xfff0), own).carrier, Carrier::service_data);
  const AirIdentity air = nearzone_air(own, own);
  EXPECT_EQ(air.carrier, Carrier::gatt_only);
  EXPECT_TRUE(check(air).ok());
}

TEST(Platform, AnIphoneSendsNoIdentifierInItsAdvertisement) {
  for (const AirIdentity& air : {bluezone_air(), tcn_air()})
    for (const AppState state : {AppState::foreground, AppState::background})
      EXPECT_EQ(can(air, System::ios, state, Act::advertise).ability, Ability::limited);
}

TEST(Platform, IosKeepsExposureNotificationToItself) {
  for (const AppState state : {AppState::foreground, AppState::background})
    for (const Act act : {Act::advertise, Act::scan, Act::gatt})
      EXPECT_EQ(can(exposure_notification_air(), System::ios, state, act).ability, Ability::no);
}

TEST(Platform, WithoutACharacteristicNobodyCanBeAsked) {
  EXPECT_EQ(can(dp3t_air(), System::android, AppState::foreground, Act::gatt).ability, Ability::no);
  EXPECT_EQ(can(dp3t_air(), System::ios, AppState::foreground, Act::advertise).ability,
            Ability::no);
  EXPECT_EQ(can(dp3t_air(), System::ios, AppState::foreground, Act::scan).ability, Ability::yes);
}

TEST(Platform, NumbersThatAreNoneAreAnsweredNo) {
  EXPECT_EQ(can(tcn_air(), System{0}, AppState::foreground, Act::scan).ability, Ability::no);
  EXPECT_EQ(can(tcn_air(), System::ios, AppState{9}, Act::scan).ability, Ability::no);
  EXPECT_EQ(can(tcn_air(), System::ios, AppState::foreground, Act{4}).ability, Ability::no);
}

}  // namespace
}  // namespace nearzone::beacon
