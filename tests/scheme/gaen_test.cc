#include "nearzone/gaen.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "scheme/gaen_derivation.h"
#include "vectors/vectors.h"

namespace nearzone::gaen {
namespace {

using test::identifier_from_hex;
using test::secret_from_hex;

TEST(GaenVectors, DeriveKeys) {
  const auto vectors = test::load_vectors("exposure_notification.json");
  const auto tek = secret_from_hex<16>(vectors.at("tek"));
  uint8_t key[1][16], derived[1][16];
  std::ranges::copy(tek.expose(ForDerivation{}), key[0]);
  derive_keys(key, 1, kIdentifierKeyInfo, derived);
  EXPECT_EQ(to_hex(derived[0]), vectors.at("rpik").get<std::string>());
  derive_keys(key, 1, kMetadataKeyInfo, derived);
  EXPECT_EQ(to_hex(derived[0]), vectors.at("aemk").get<std::string>());
}

TEST(GaenVectors, DeriveIdentifiersAndMetadata) {
  const auto vectors = test::load_vectors("exposure_notification.json");
  const auto tek = secret_from_hex<16>(vectors.at("tek"));
  Metadata metadata;
  ASSERT_TRUE(from_hex(vectors.at("metadata").get<std::string>(), metadata.bytes).ok());
  metadata.size = 4;
  const Interval start{vectors.at("rolling_start_interval_number").get<uint32_t>()};
  const auto day = rolling_proximity_identifiers(tek, start, 144);
  ASSERT_EQ(vectors.at("intervals").size(), 144u);
  for (const auto& row : vectors.at("intervals")) {
    const Interval interval{row.at("enin").get<uint32_t>()};
    const Identifier expected = identifier_from_hex(row.at("rpi"));
    EXPECT_EQ(rolling_proximity_identifier(tek, interval), expected);
    EXPECT_EQ(day[interval.number - start.number], expected);
    const Metadata sealed = apply_metadata_cipher(tek, expected, metadata);
    EXPECT_EQ(to_hex(sealed.bytes), row.at("aem").get<std::string>());
    EXPECT_EQ(apply_metadata_cipher(tek, expected, sealed), metadata);
  }
}

TEST(GaenVectors, DeriveTheRoundTripKeyOfAPublishedExport) {
  const auto extra = test::load_vectors("exposure_notification.json").at("extra").at(0);
  EXPECT_EQ(rolling_proximity_identifier(
                secret_from_hex<16>(extra.at("tek")),
                Interval{extra.at("rolling_start_interval_number").get<uint32_t>()}),
            identifier_from_hex(extra.at("derived_rpi_at_start")));
}

TEST(AssociatedMetadata, ReadsTheVectorAndBothVersions) {
  const auto vectors = test::load_vectors("exposure_notification.json");
  Metadata metadata;
  metadata.size = 4;
  ASSERT_TRUE(from_hex(vectors.at("metadata").get<std::string>(), metadata.bytes).ok());
  const AssociatedMetadata open = AssociatedMetadata::decode(metadata);
  EXPECT_EQ(open.major_version, 1);
  EXPECT_EQ(open.minor_version, 0);
  EXPECT_EQ(open.transmit_power_dbm, 8);
  EXPECT_EQ(open.encode(), metadata);
  const AssociatedMetadata newer{1, 1, 3, -25};
  EXPECT_EQ(newer.encode().bytes[0], 0x50 | 3 << 2);
  EXPECT_EQ(AssociatedMetadata::decode(newer.encode()).transmit_power_dbm, -25);
  EXPECT_EQ(AssociatedMetadata::decode(newer.encode()).calibration_confidence, 3);
}

}  // namespace
}  // namespace nearzone::gaen
