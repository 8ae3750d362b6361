// NearZone's own profile must never change under the same UUID: golden/nearzone_air_v1.txt was
// written once, by hand of the format's page.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "nearzone/beacon.h"
#include "tests_folder.h"

namespace nearzone::beacon {
namespace {

TEST(NearZoneAirGolden, StaysAsItWasFirstSent) {
  const Uuid long_uuid = *parse_uuid("5f2e9a10-7b1d-4d0e-9a52-3b8c1f6e2d00");
  Advertisement advertisement;
  for (uint8_t i = 0; i < 16; ++i) advertisement.identifier.bytes[i] = static_cast<uint8_t>(16 + i);
  advertisement.metadata = {{0xc0, 0xff, 0xee, 0x07}, 4};
  std::ifstream golden(test::tests_folder() + "/beacon/golden/nearzone_air_v1.txt");
  int lines = 0;
  for (std::string line; std::getline(golden, line);) {
    if (line.starts_with('#')) continue;
    ++lines;
    const auto says = [&](const char* word) { return line.find(word) != std::string::npos; };
    const AirIdentity air =
        nearzone_air(says("short") ? Uuid::of_16(0xfff0) : long_uuid, long_uuid, says("metadata"));
    const auto sent = encode(air, says("android") ? System::android : System::ios, advertisement);
    ASSERT_TRUE(sent.ok());
    EXPECT_EQ(line.substr(line.find(": ") + 2),
              to_hex(sent->advertisement_bytes()) + " " + to_hex(sent->payload_bytes()));
  }
  EXPECT_EQ(lines, 8);
}

TEST(NearZoneAirGolden, IsReadBack) {
  std::ifstream golden(test::tests_folder() + "/beacon/golden/nearzone_air_v1.txt");
  const Uuid service = Uuid::of_16(0xfff0);
  for (std::string line; std::getline(golden, line);) {
    if (!line.starts_with("android short")) continue;
    std::istringstream fields(line.substr(line.find(": ") + 2));
    std::string record, payload;
    fields >> record >> payload;
    std::vector<uint8_t> bytes(record.size() / 2);
    ASSERT_TRUE(from_hex(record, bytes).ok());
    // Both lengths are heard, whichever is sent.
    for (const bool metadata : {false, true}) {
      const Heard heard =
          decode(nearzone_air(service, service, metadata), Form::scan_record, bytes);
      ASSERT_EQ(heard.finding, Finding::identifier);
      EXPECT_EQ(to_hex(heard.identifier.bytes) +
                    to_hex(ByteView(heard.metadata.bytes).first(heard.metadata.size)),
                payload);
    }
  }
}

}  // namespace
}  // namespace nearzone::beacon
