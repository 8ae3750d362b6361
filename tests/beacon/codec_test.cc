#include <gtest/gtest.h>

#include <algorithm>

#include "nearzone/beacon.h"
#include "nearzone/random.h"
#include "vectors/vectors.h"

namespace nearzone::beacon {
namespace {

using test::identifier_from_hex;

std::vector<uint8_t> bytes_of(std::string_view hex) {
  std::vector<uint8_t> bytes(hex.size() / 2);
  EXPECT_TRUE(from_hex(hex, bytes).ok()) << hex;
  return bytes;
}

Heard decoded(const AirIdentity& air, std::string_view record_hex) {
  return decode(air, Form::scan_record, bytes_of(record_hex));
}

Advertisement some_advertisement(const AirIdentity& air, uint8_t fill = 0xa5) {
  Advertisement advertisement;
  advertisement.scheme = air.scheme;
  for (size_t i = 0; i < identifier_size(air.scheme); ++i)
    advertisement.identifier.bytes[i] = static_cast<uint8_t>(fill + i);
  if (air.scheme == SchemeTag::gaen) advertisement.metadata = {{1, 2, 3, 4}, 4};
  return advertisement;
}

const std::vector<AirIdentity>& identities() {
  static const std::vector<AirIdentity> all = {
      bluezone_air(),
      exposure_notification_air(),
      dp3t_air(),
      dp3t_air(SchemeTag::dp3t_unlinkable),
      tcn_air(),
      nearzone_air(Uuid::of_16(0xfff0), tcn_air().characteristic),
      nearzone_air(Uuid::of_16(0xfff0), tcn_air().characteristic, true),
      nearzone_air(tcn_air().characteristic, tcn_air().characteristic, true)};
  return all;
}

TEST(CodecVectors, BluezonesAdvertisement) {
  const auto vector = test::load_vectors("bluezone.json").at("android_advertisement");
  Advertisement advertisement;
  advertisement.scheme = SchemeTag::bluezone;
  advertisement.identifier = identifier_from_hex(vector.at("id"));
  const auto sent = encode(bluezone_air(), System::android, advertisement);
  ASSERT_TRUE(sent.ok());
  EXPECT_EQ(to_hex(sent->advertisement_bytes()),
            test::lower(vector.at("ad_without_flags").get<std::string>()));
  EXPECT_EQ(sent->advertisement_size + 3, 23) << "with the system's flags";
  EXPECT_EQ(sent->company, 0x22b5);
  EXPECT_TRUE(sent->connectable);
  const Heard heard =
      decoded(bluezone_air(), "020106" + vector.at("ad_without_flags").get<std::string>());
  EXPECT_EQ(heard.finding, Finding::identifier);
  EXPECT_EQ(heard.identifier, advertisement.identifier);
}

TEST(CodecVectors, ExposureNotificationsAdvertisement) {
  const auto row = test::load_vectors("exposure_notification.json").at("intervals").at(0);
  Advertisement advertisement;
  advertisement.identifier = identifier_from_hex(row.at("rpi"));
  ASSERT_TRUE(from_hex(row.at("aem").get<std::string>(), advertisement.metadata.bytes).ok());
  advertisement.metadata.size = 4;
  const AirIdentity air = exposure_notification_air();
  const auto sent = encode(air, System::android, advertisement);
  ASSERT_TRUE(sent.ok());
  // Exposure Notification Bluetooth Specification v1.2: complete list of the service, then its
  // data.
  EXPECT_EQ(
      to_hex(sent->advertisement_bytes()),
      "03036ffd17166ffd" + row.at("rpi").get<std::string>() + row.at("aem").get<std::string>());
  EXPECT_EQ(sent->advertisement_size + 3, 31);
  EXPECT_FALSE(sent->connectable);
  const Heard heard = decoded(air, "02011a" + to_hex(sent->advertisement_bytes()));
  EXPECT_EQ(heard.finding, Finding::identifier);
  EXPECT_EQ(heard.identifier, advertisement.identifier);
  EXPECT_EQ(heard.metadata, advertisement.metadata);
}

TEST(Codec, Dp3tAndTcnAreSixteenBytesOfServiceData) {
  const std::string identifier = "a5a6a7a8a9aaabacadaeafb0b1b2b3b4";
  const auto dp3t = encode(dp3t_air(), System::android, some_advertisement(dp3t_air()));
  ASSERT_TRUE(dp3t.ok());
  EXPECT_EQ(to_hex(dp3t->advertisement_bytes()), "030368fd131668fd" + identifier);
  const auto tcn = encode(tcn_air(), System::android, some_advertisement(tcn_air()));
  ASSERT_TRUE(tcn.ok());
  EXPECT_EQ(to_hex(tcn->advertisement_bytes()), "030319c0131619c0" + identifier);
}

TEST(Codec, WhatIsSentIsHeard) {
  for (const AirIdentity& air : identities()) {
    const Advertisement advertisement = some_advertisement(air);
    const auto sent = encode(air, System::android, advertisement);
    ASSERT_TRUE(sent.ok());
    EXPECT_LE(sent->advertisement_size + 3, 31);
    const Heard value = decode(air, Form::gatt_value, sent->payload_bytes());
    EXPECT_EQ(value.finding, Finding::identifier);
    EXPECT_EQ(value.identifier, advertisement.identifier);
    EXPECT_EQ(value.metadata.size, air.metadata_size);
    const Heard record = decode(air, Form::scan_record, sent->advertisement_bytes());
    if (air.carrier == Carrier::gatt_only) {
      EXPECT_EQ(record.finding, Finding::ask);
    } else {
      EXPECT_EQ(record, value);
    }
  }
}

TEST(Codec, AnIphoneSendsAUuidAndServesTheIdentifier) {
  for (const AirIdentity& air : identities()) {
    const Advertisement advertisement = some_advertisement(air);
    const auto sent = encode(air, System::ios, advertisement);
    if (can(air, System::ios, AppState::foreground, Act::advertise).ability == Ability::no) {
      EXPECT_EQ(sent.status().code(), Code::unsupported);
      continue;
    }
    ASSERT_TRUE(sent.ok());
    EXPECT_EQ(sent->carrier, Carrier::gatt_only);
    EXPECT_EQ(sent->service, air.ios_service);
    EXPECT_EQ(sent->advertisement_size, 2 + (air.ios_service.short_number() ? 2 : 16));
    EXPECT_EQ(decode(air, Form::scan_record, sent->advertisement_bytes()).finding, Finding::ask);
    EXPECT_EQ(decode(air, Form::gatt_value, sent->payload_bytes()).identifier,
              advertisement.identifier);
  }
}

TEST(Codec, RefusesAnotherSchemesAdvertisement) {
  const Advertisement advertisement = some_advertisement(exposure_notification_air());
  EXPECT_EQ(encode(bluezone_air(), System::android, advertisement).status().code(),
            Code::invalid_argument);
  Advertisement bare = advertisement;
  bare.metadata = {};
  EXPECT_EQ(encode(exposure_notification_air(), System::android, bare).status().code(),
            Code::invalid_argument);
}

TEST(Codec, StructuresMayComeInAnyOrder) {
  const std::string data = "0fffb522286bce589ab994efa5f73cad";
  const std::string service = "0303564e";
  const std::string flags = "020106";
  const std::string name = "0708426c75657a6f";
  std::vector<std::string> parts = {data, service, flags, name};
  std::ranges::sort(parts);
  int orders = 0;
  do {
    std::string record;
    for (const std::string& part : parts) record += part;
    EXPECT_EQ(decoded(bluezone_air(), record).finding, Finding::identifier) << record;
    ++orders;
  } while (std::ranges::next_permutation(parts).found);
  EXPECT_EQ(orders, 24);
}

TEST(Codec, TheCompanysDataAloneIsNotBluezone) {
  EXPECT_EQ(decoded(bluezone_air(), "0fffb522286bce589ab994efa5f73cad").finding, Finding::nothing);
  EXPECT_EQ(decoded(bluezone_air(), "0fffb622286bce589ab994efa5f73cad0303564e").finding,
            Finding::nothing);
  EXPECT_EQ(decoded(bluezone_air(), "0effb522286bce589ab994efa5f73c0303564e").finding,
            Finding::nothing)
      << "eleven bytes";
}

TEST(Codec, AnIphoneIsAsked) {
  const std::string foreground =
      "02011a1107"
      "67a607add1172fa1c44bf573564e0000";
  EXPECT_EQ(decoded(bluezone_air(), foreground).finding, Finding::ask);
  const std::string background = "02011a14ff4c000108000000000000000000000000000000";
  EXPECT_EQ(decoded(bluezone_air(), background).finding, Finding::ask_maybe);
  const std::string with_others = "02011a14ff4c00010a000000000000000000000000000040";
  EXPECT_EQ(decoded(bluezone_air(), with_others).finding, Finding::ask_maybe);
  const std::string another_app = "02011a14ff4c000104000000000000000000000000000000";
  EXPECT_EQ(decoded(bluezone_air(), another_app).finding, Finding::nothing);
  const std::string ibeacon = "02011a1aff4c000215c7afef7b17884f4aa87d691d53bf21c400140014c5";
  EXPECT_EQ(decoded(bluezone_air(), ibeacon).finding, Finding::nothing);
}

TEST(Codec, FiltersOfBluezoneAreTheOriginalsThree) {
  const std::vector<ScanFilter> filters = scan_filters(bluezone_air(), System::android);
  ASSERT_EQ(filters.size(), 3u);
  EXPECT_EQ(format_uuid(filters[0].service), "4e56");
  EXPECT_EQ(filters[1].service, bluezone_air().ios_service);
  EXPECT_TRUE(filters[2].service.none());
  EXPECT_EQ(filters[2].company, 0x004c);
  EXPECT_EQ(to_hex(ByteView(filters[2].data).first(filters[2].size)),
            "0108000000000000000000000000000000");
  EXPECT_EQ(to_hex(ByteView(filters[2].mask).first(filters[2].size)),
            "ff08000000000000000000000000000000");
  EXPECT_EQ(scan_filters(bluezone_air(), System::ios).size(), 2u);
  EXPECT_EQ(scan_filters(tcn_air(), System::android).size(), 1u);
}

TEST(Codec, MetadataOfEveryVersionIsPassedOn) {
  const AirIdentity air = exposure_notification_air();
  const std::string identifier = "000102030405060708090a0b0c0d0e0f";
  const auto heard = [&](const std::string& data) {
    return decode(air, Form::service_data, bytes_of(data));
  };
  EXPECT_EQ(heard(identifier).metadata.size, 0);
  EXPECT_EQ(heard(identifier + "deadbeef").metadata, (Metadata{{0xde, 0xad, 0xbe, 0xef}, 4}));
  EXPECT_EQ(heard(identifier + "deadbeef77").metadata, (Metadata{{0xde, 0xad, 0xbe, 0xef}, 4}))
      << "what a newer version adds";
  EXPECT_EQ(heard(identifier + "deadbe").finding, Finding::nothing);
  EXPECT_EQ(heard("00").finding, Finding::nothing);
}

TEST(Codec, AStatedTransmitPowerIsKept) {
  const Heard heard = decoded(bluezone_air(), "0fffb522286bce589ab994efa5f73cad0303564e020af4");
  EXPECT_EQ(heard.metadata, (Metadata{{0xf4}, 1}));
}

TEST(Codec, ManufacturerDataBeginsWithTheCompany) {
  const auto data = bytes_of("b522286bce589ab994efa5f73cad");
  EXPECT_EQ(decode(bluezone_air(), Form::manufacturer_data, data).finding, Finding::identifier);
  EXPECT_EQ(
      decode(bluezone_air(), Form::manufacturer_data, bytes_of("b622286bce589ab994efa5f73cad"))
          .finding,
      Finding::nothing);
  EXPECT_EQ(decode(bluezone_air(), Form::manufacturer_data, bytes_of("b5")).finding,
            Finding::nothing);
  EXPECT_EQ(decode(bluezone_air(), Form{99}, data).finding, Finding::nothing);
}

TEST(Codec, AScanResponseBehindPaddingIsRead) {
  const std::string advertisement = "02011a030368fd00000000";
  EXPECT_EQ(decoded(dp3t_air(), advertisement + "131668fd000102030405060708090a0b0c0d0e0f").finding,
            Finding::identifier);
}

TEST(Codec, WhatStandsBeforeAMalformedStructureCounts) {
  const std::string good = "131668fd000102030405060708090a0b0c0d0e0f";
  EXPECT_EQ(decoded(dp3t_air(), good + "ff16").finding, Finding::identifier);
  EXPECT_EQ(decoded(dp3t_air(), "1f16" + good).finding, Finding::nothing);
  EXPECT_EQ(decoded(dp3t_air(), good + "01").finding, Finding::identifier);
  EXPECT_EQ(decoded(dp3t_air(), good + "0116").finding, Finding::identifier);
}

TEST(CodecProperties, AnyCutOrFlipSurvives) {
  SeededRandom random(7);
  for (const AirIdentity& air : identities()) {
    const auto sent = encode(air, System::android, some_advertisement(air));
    ASSERT_TRUE(sent.ok());
    const ByteView whole = sent->advertisement_bytes();
    const Heard expected = decode(air, Form::scan_record, whole);
    for (int i = 0; i < 2000; ++i) {
      std::vector<uint8_t> record(whole.begin(), whole.end());
      const size_t at = random.below(record.size());
      record[at] ^= static_cast<uint8_t>(1 + random.below(255));
      const Heard heard = decode(air, Form::scan_record, record);
      if (heard.finding == Finding::identifier) {
        EXPECT_EQ(expected.finding, Finding::identifier);
      }
      record.resize(at);
      if (decode(air, Form::scan_record, record).finding == Finding::identifier)
        ADD_FAILURE() << "half an identifier";
    }
  }
}

TEST(AdReader, TellsWhereItStands) {
  const auto record = bytes_of(
      "020106"
      "05ff0102");
  AdReader reader(record);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.offset(), 3u);
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.offset(), 3u);
  AdReader nothing{ByteView()};
  EXPECT_FALSE(nothing.next());
}

}  // namespace
}  // namespace nearzone::beacon
