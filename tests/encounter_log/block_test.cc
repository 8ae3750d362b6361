#include "encounter_log/block.h"

#include "encounter_log/support.h"

namespace nearzone::encounter_log {
namespace {

using log_test::Heard;
using log_test::kNoon;
using log_test::random_scan;

std::vector<uint8_t> written(const Heard& heard) {
  BlockWriter writer(heard.scan, std::nullopt, heard.sightings.size());
  for (const Sighting& sighting : heard.sightings) writer.add(sighting);
  return {writer.plain().begin(), writer.plain().end()};
}

Status read(ByteView plain, Heard& heard) {
  NEARZONE_ASSIGN(BlockReader reader, BlockReader::open(plain));
  heard.scan = reader.scan();
  while (!reader.at_end()) NEARZONE_TRY(reader.next(heard.sightings.emplace_back()));
  return {};
}

TEST(Block, ReadsWhatWasWritten) {
  SeededRandom random(3);
  for (size_t sightings : {0u, 1u, 2u, 8u, 200u}) {
    const Heard heard = random_scan(random, kNoon, sightings);
    Heard again;
    ASSERT_OK(read(written(heard), again));
    EXPECT_EQ(again.scan, heard.scan);
    EXPECT_EQ(again.sightings, heard.sightings);
  }
}

TEST(Block, KeepsTheFirstAndLastTimesThatCanBeStored) {
  const Instant first{0};
  const Instant last{253402300799999};
  for (Instant start : {first, last})
    for (Instant other : {first, last}) {
      Heard heard{{start, other}, {Sighting()}};
      heard.sightings[0].time = other;
      Heard again;
      ASSERT_OK(read(written(heard), again));
      EXPECT_EQ(again.scan, heard.scan);
      EXPECT_EQ(again.sightings, heard.sightings);
    }
}

// The bytes of docs/formats/encounter-log.md, worked out by hand.
TEST(Block, HasTheDocumentedBytes) {
  Heard heard{{Instant{300}, Instant{299}}, {Sighting(), Sighting()}};
  Sighting& bluezone = heard.sightings[0];
  bluezone.scheme = SchemeTag::bluezone;
  bluezone.heard_by = HeardBy::gatt;
  bluezone.identifier.bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  bluezone.time = Instant{364};
  bluezone.rssi_dbm = -60;
  Sighting& gaen = heard.sightings[1];
  gaen.identifier.bytes.fill(0xee);
  gaen.time = Instant{298};
  gaen.rssi_dbm = 127;
  gaen.metadata = {{0xa, 0xb, 0, 0}, 2};
  EXPECT_EQ(to_hex(written(heard)),
            "01"
            "ac02"
            "0101"
            "00"
            "18"
            "0102030405060708090a0b0c"
            "8001"
            "c4"
            "22"
            "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
            "03"
            "7f"
            "0a0b");
}

TEST(Block, PassesOverWhatLaterVersionsAddToAScan) {
  Heard heard;
  const std::vector<uint8_t> plain = {1, 5, 0, 3, 0xaa, 0xbb, 0xcc};
  ASSERT_OK(read(plain, heard));
  EXPECT_EQ(heard.scan.start, Instant{5});
  EXPECT_TRUE(heard.sightings.empty());
}

TEST(Block, RefusesEveryTruncation) {
  SeededRandom random(4);
  const std::vector<uint8_t> whole = written(random_scan(random, kNoon, 1));
  for (size_t size = 0; size < whole.size(); ++size) {
    Heard heard;
    const Status status = read(ByteView(whole).first(size), heard);
    // A cut just behind the scan leaves a block that heard nothing.
    if (status.ok()) {
      EXPECT_TRUE(heard.sightings.empty());
    } else {
      EXPECT_CODE(status, Code::corrupt);
    }
  }
}

TEST(Block, RefusesWhatCannotBe) {
  const std::vector<std::pair<std::vector<uint8_t>, Code>> cases = {
      {{0, 5, 0, 0}, Code::corrupt},             // version 0
      {{2, 5, 0, 0}, Code::newer_format},        // a later version
      {{1, 5, 2, 0}, Code::corrupt},             // neither with nor without a previous scan
      {{1, 5, 1, 11, 0}, Code::corrupt},         // the previous scan at -1 ms
      {{1, 5, 0, 1}, Code::corrupt},             // an addition that is not there
      {{1, 5, 0, 0, 0xf0}, Code::newer_format},  // an unknown scheme
      {{1, 5, 0, 0, 0x05}, Code::newer_format},  // scheme 0
      {{1, 5, 0, 0, 0x25}, Code::corrupt},       // 5 bytes of metadata
      {{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 0}, Code::corrupt},
      {{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0}, Code::corrupt},
      {{1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0}, Code::corrupt},
  };
  for (const auto& [plain, code] : cases) {
    Heard heard;
    EXPECT_CODE(read(plain, heard), code);
  }
}

TEST(Storable, NamesTheFieldThatIsWrong) {
  const auto field = [](auto change) {
    Sighting sighting;
    change(sighting);
    const Status status = check_storable(sighting);
    EXPECT_CODE(status, Code::invalid_argument);
    return std::string(status.field() == nullptr ? "" : status.field());
  };
  EXPECT_EQ(field([](Sighting& s) { s.scheme = static_cast<SchemeTag>(0); }), "scheme");
  EXPECT_EQ(field([](Sighting& s) { s.time = Instant{-1}; }), "time");
  EXPECT_EQ(field([](Sighting& s) { s.time = Instant{253402300800000}; }), "time");
  EXPECT_EQ(field([](Sighting& s) { s.metadata.size = 5; }), "metadata");
  EXPECT_EQ(field([](Sighting& s) { s.heard_by = static_cast<HeardBy>(2); }), "heard_by");
  EXPECT_EQ(field([](Sighting& s) {
              s.scheme = SchemeTag::bluezone;
              s.identifier.bytes[12] = 1;
            }),
            "identifier");
}

}  // namespace
}  // namespace nearzone::encounter_log
