#include "nearzone/sighting_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "nearzone/bytes.h"
#include "nearzone/random.h"
#include "nearzone/sighting_reader.h"

namespace nearzone::testing {
namespace {

constexpr Instant kStart{1595808000000};

// Of both schemes, on two days, more than one piece of text.
SightingTable many_sightings() {
  SeededRandom random(6);
  std::vector<Sighting> sightings(20000);
  for (Sighting& sighting : sightings) {
    sighting.scheme = random.below(2) == 0 ? SchemeTag::gaen : SchemeTag::bluezone;
    random.fill(std::span(sighting.identifier.bytes).first(identifier_size(sighting.scheme)));
    sighting.time = kStart + Millis(random.below(48 * 3600 * 1000));
    sighting.rssi_dbm = static_cast<int8_t>(static_cast<int>(random.below(256)) - 128);
    sighting.heard_by = random.below(2) == 0 ? HeardBy::gatt : HeardBy::advertisement;
    sighting.metadata.size = static_cast<uint8_t>(random.below(5));
    random.fill(std::span(sighting.metadata.bytes).first(sighting.metadata.size));
  }
  return SightingTable::from(sightings);
}

TEST(SightingWriter, WritesBothForms) {
  Sighting sighting;
  sighting.scheme = SchemeTag::bluezone;
  sighting.identifier.bytes = {0xab, 1};
  sighting.time = kStart + Millis(7);
  sighting.rssi_dbm = -70;
  sighting.heard_by = HeardBy::gatt;
  sighting.metadata.bytes[0] = 0xe7;
  sighting.metadata.size = 1;
  const StoredSighting row{sighting, {}, 0};
  const SightingTable table = SightingTable::from(
      {row},
      {{kStart, kStart + -Millis(5)}, {kStart + Millis(9), kStart}, {kStart + Millis(20), {}}});
  EXPECT_EQ(write_sightings(table.columns(), SightingFormat::csv),
            "time_ms,identifier,rssi_dbm,metadata,scheme,source,scan_ms,previous_scan_ms\n"
            "1595808000007,ab0100000000000000000000,-70,e7,bluezone,gatt,1595808000000,"
            "1595807999995\n"
            ",,,,,,1595808000009,1595808000000\n"
            ",,,,,,1595808000020,\n");
  EXPECT_EQ(write_sightings(table.columns(), SightingFormat::json_lines),
            "{\"time_ms\":1595808000007,\"identifier\":\"ab0100000000000000000000\","
            "\"rssi_dbm\":-70,\"metadata\":\"e7\",\"scheme\":\"bluezone\",\"source\":\"gatt\","
            "\"scan_ms\":1595808000000,\"previous_scan_ms\":1595807999995}\n"
            "{\"scan_ms\":1595808000009,\"previous_scan_ms\":1595808000000}\n"
            "{\"scan_ms\":1595808000020}\n");
}

TEST(SightingWriter, WritesOwnIdentifiersWhereTheyAreKnown) {
  Sighting first;
  first.time = kStart;
  Sighting second = first;
  second.identifier.bytes[0] = 0xff;
  const SightingTable table = SightingTable::from({{first, {}, 0}, {second, {}, 0}},
                                                  {{kStart, {}}, {kStart + Millis(9), {}}});
  Identifier own;
  own.bytes = {0xcd, 2};
  const OwnIdentifiers known{SchemeTag::bluezone, {own, std::nullopt}};
  const std::string csv = write_sightings(table.columns(), SightingFormat::csv, known);
  EXPECT_EQ(csv,
            "time_ms,identifier,rssi_dbm,metadata,scheme,source,scan_ms,previous_scan_ms,"
            "own_identifier\n"
            "1595808000000,00000000000000000000000000000000,0,,gaen,advertisement,1595808000000,,"
            "cd0200000000000000000000\n"
            "1595808000000,ff000000000000000000000000000000,0,,gaen,advertisement,1595808000000,,\n"
            ",,,,,,1595808000009,,\n");
  EXPECT_EQ(write_sightings(table.columns(), SightingFormat::json_lines, known),
            "{\"time_ms\":1595808000000,\"identifier\":\"00000000000000000000000000000000\","
            "\"rssi_dbm\":0,\"metadata\":\"\",\"scheme\":\"gaen\",\"source\":"
            "\"advertisement\",\"scan_ms\":1595808000000,\"own_identifier\":"
            "\"cd0200000000000000000000\"}\n"
            "{\"time_ms\":1595808000000,\"identifier\":\"ff000000000000000000000000000000\","
            "\"rssi_dbm\":0,\"metadata\":\"\",\"scheme\":\"gaen\",\"source\":"
            "\"advertisement\",\"scan_ms\":1595808000000}\n"
            "{\"scan_ms\":1595808000009}\n");
  const auto read = read_sightings(as_bytes(csv));
  ASSERT_TRUE(read.ok()) << read.status().text();
  EXPECT_EQ(read->sightings, 2u);
  std::string damaged = csv;
  damaged.replace(damaged.find("cd02"), 4, "zz02");
  EXPECT_STREQ(read_sightings(as_bytes(damaged)).status().field(), "own_identifier");
}

TEST(SightingWriter, SaysNothingButTheHeaderOfNothing) {
  const SightingTable table;
  EXPECT_EQ(write_sightings(table.columns(), SightingFormat::csv),
            "time_ms,identifier,rssi_dbm,metadata,scheme,source,scan_ms,previous_scan_ms\n");
  EXPECT_EQ(write_sightings(table.columns(), SightingFormat::json_lines), "");
}

TEST(SightingWriter, WritesWholeLinesInPiecesOfSomeThousand) {
  const SightingTable table = many_sightings();
  for (SightingFormat format : {SightingFormat::csv, SightingFormat::json_lines}) {
    SightingWriter writer(table.columns(), format);
    std::string all;
    size_t pieces = 0;
    for (std::string piece = writer.next(); !piece.empty(); piece = writer.next()) {
      EXPECT_EQ(piece.back(), '\n');
      EXPECT_LT(piece.size(), size_t{2} << 20);
      all += piece;
      ++pieces;
    }
    EXPECT_TRUE(writer.next().empty());
    EXPECT_GT(pieces, 2u);
    EXPECT_EQ(all, write_sightings(table.columns(), format));
  }
}

TEST(SightingWriter, JsonSaysWhatTheColumnsSay) {
  const SightingTable table = many_sightings();
  const SightingColumns columns = table.columns();
  std::istringstream lines(write_sightings(columns, SightingFormat::json_lines));
  for (const DaySlice& slice : columns.days) {
    for (size_t row = slice.first; row < slice.first + slice.count; ++row) {
      std::string line;
      ASSERT_TRUE(std::getline(lines, line));
      const ByteView identifier(columns.identifier[row].bytes);
      const Metadata& metadata = columns.metadata[row];
      const Scan& scan = columns.scans[columns.scan[row]];
      nlohmann::ordered_json expected = {
          {"time_ms", columns.time[row].ms},
          {"identifier", to_hex(identifier.first(identifier_size(slice.scheme)))},
          {"rssi_dbm", columns.rssi_dbm[row]},
          {"metadata", to_hex(ByteView(metadata.bytes).first(metadata.size))},
          {"scheme", scheme_name(slice.scheme)},
          {"source", columns.heard_by[row] == HeardBy::gatt ? "gatt" : "advertisement"},
          {"scan_ms", scan.start.ms}};
      if (scan.previous_start) expected["previous_scan_ms"] = scan.previous_start->ms;
      ASSERT_EQ(line, expected.dump());
    }
  }
  std::string line;
  EXPECT_FALSE(std::getline(lines, line));
}

}  // namespace
}  // namespace nearzone::testing
