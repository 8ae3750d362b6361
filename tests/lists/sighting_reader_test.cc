#include "nearzone/sighting_reader.h"
#include "nearzone/sighting_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lists/support.h"
#include "tests_folder.h"

namespace nearzone::testing {
namespace {

constexpr const char* kHeader = "time_ms,identifier,rssi_dbm,metadata\n";
constexpr const char* kGaen = "000102030405060708090a0b0c0d0e0f";
constexpr const char* kBluezone = "286bce589ab994efa5f73cad";

Result<ReadSightings> read(std::string_view text) { return read_sightings(as_bytes(text)); }

TEST(SightingReader, ReadsCsvWithEveryColumn) {
  auto read_back = read_sightings(fixture("sightings.csv"));
  ASSERT_TRUE(read_back.ok()) << read_back.status().text();
  EXPECT_EQ(read_back->sightings, 3u);
  ASSERT_EQ(read_back->scans.size(), 2u);
  const ReadScan& first = read_back->scans[0];
  EXPECT_EQ(first.scan.start.ms, 1595375999000);
  EXPECT_FALSE(first.scan.previous_start.has_value());
  ASSERT_EQ(first.sightings.size(), 2u);
  EXPECT_EQ(first.sightings[0].scheme, SchemeTag::gaen);
  EXPECT_EQ(first.sightings[0].time.ms, 1595376000000);
  EXPECT_EQ(first.sightings[0].rssi_dbm, -61);
  EXPECT_EQ(first.sightings[0].metadata, (Metadata{{0x40, 0x08, 0, 0}, 4}));
  EXPECT_EQ(first.sightings[1].scheme, SchemeTag::bluezone);
  EXPECT_EQ(first.sightings[1].heard_by, HeardBy::gatt);
  EXPECT_EQ(first.sightings[1].metadata.size, 0);
  EXPECT_EQ(to_hex(first.sightings[1].identifier.bytes), std::string(kBluezone) + "00000000");
  const ReadScan& second = read_back->scans[1];
  EXPECT_EQ(second.scan.start.ms, 1595376300000);
  EXPECT_EQ(second.sightings[0].rssi_dbm, 127);
  EXPECT_EQ(second.sightings[0].metadata, (Metadata{{0xf4, 0, 0, 0}, 1}));
}

TEST(SightingReader, EachTimeIsAScanWhereNoneIsNamed) {
  auto result = read(std::string(kHeader) + "1000," + kGaen + ",-60,\r\n1000," + kBluezone +
                     ",-61,\r\n2000," + kGaen + ",-62,");
  ASSERT_TRUE(result.ok()) << result.status().text();
  ASSERT_EQ(result->scans.size(), 2u);
  EXPECT_EQ(result->scans[0].sightings.size(), 2u);
  EXPECT_EQ(result->scans[0].sightings[1].scheme, SchemeTag::bluezone);
}

TEST(SightingReader, ColumnsComeInAnyOrder) {
  auto result = read(std::string("rssi_dbm,metadata,identifier,time_ms\n-60,,") + kGaen + ",7\n");
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->scans[0].sightings[0].time.ms, 7);
}

TEST(SightingReader, AHeaderAloneIsNoSightings) {
  auto result = read(kHeader);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->sightings, 0u);
}

struct BadText {
  const char* name;
  std::string text;
  const char* field;
  int64_t line;
};

std::string row(const std::string& text) {
  return std::string(kHeader) + "1000," + kGaen + ",-60,\n" + text + "\n";
}
std::string full_row(const std::string& text) {
  return "time_ms,identifier,rssi_dbm,metadata,scheme,source,scan_ms,previous_scan_ms\n" + text +
         "\n";
}

class BadSightings : public ::testing::TestWithParam<BadText> {};

TEST_P(BadSightings, AreRefusedWithFieldAndLine) {
  auto result = read(GetParam().text);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), Code::corrupt);
  EXPECT_STREQ(result.status().field(), GetParam().field) << result.status().text();
  EXPECT_EQ(result.status().record(), GetParam().line);
  EXPECT_GE(result.status().offset(), 0);
}

const std::string kOk = std::string(kGaen);
INSTANTIATE_TEST_SUITE_P(
    Each, BadSightings,
    ::testing::Values(
        BadText{"NoHeader", "1000," + kOk + ",-60,\n", "header", 0},
        BadText{"UnknownColumn", "time_ms,identifier,rssi_dbm,metadata,colour\n", "header", 0},
        BadText{"MissingColumn", "time_ms,identifier,rssi_dbm\n", "metadata", 0},
        BadText{"ColumnTwice", "time_ms,identifier,rssi_dbm,metadata,time_ms\n", "time_ms", 0},
        BadText{"TooFewFields", row("1000," + kOk + ",-60"), "line", 2},
        BadText{"TooManyFields", row("1000," + kOk + ",-60,,"), "line", 2},
        BadText{"EmptyLine", row(""), "line", 2},
        BadText{"OddHex", row("1000,00010,-60,"), "identifier", 2},
        BadText{"OddHexOfTheRightLength", row("1000," + kOk + "0,-60,"), "identifier", 2},
        BadText{"NotHex", row("1000,g" + kOk.substr(1) + ",-60,"), "identifier", 2},
        BadText{"WrongLengthForItsScheme", full_row("1," + kOk + ",-60,,bluezone,,,"), "identifier",
                1},
        BadText{"UnknownScheme", full_row("1," + kOk + ",-60,,dp3t,,,"), "scheme", 1},
        BadText{"UnknownSource", full_row("1," + kOk + ",-60,,,wifi,,"), "source", 1},
        BadText{"BadScan", full_row("1," + kOk + ",-60,,,,x,"), "scan_ms", 1},
        BadText{"BadPreviousScan", full_row("1," + kOk + ",-60,,,,1,x"), "previous_scan_ms", 1},
        BadText{"NothingAtAll", full_row(",,,,,,,"), "time_ms", 1},
        BadText{"NothingButTheScanBefore", full_row(",,,,,,,1"), "time_ms", 1},
        BadText{"AnEmptyScanWithAScheme", full_row(",,,,gaen,,5,1"), "time_ms", 1},
        BadText{"RssiTooLow", row("1000," + kOk + ",-129,"), "rssi_dbm", 2},
        BadText{"RssiTooHigh", row("1000," + kOk + ",128,"), "rssi_dbm", 2},
        BadText{"RssiFraction", row("1000," + kOk + ",-60.5,"), "rssi_dbm", 2},
        BadText{"RssiEmpty", row("1000," + kOk + ",,"), "rssi_dbm", 2},
        BadText{"TimeNegative", row("-1," + kOk + ",-60,"), "time_ms", 2},
        BadText{"TimeBeyondCalendars", row("253402300800000," + kOk + ",-60,"), "time_ms", 2},
        BadText{"TimeOverflows", row("99999999999999999999," + kOk + ",-60,"), "time_ms", 2},
        BadText{"MetadataOdd", row("1000," + kOk + ",-60,abc"), "metadata", 2},
        BadText{"MetadataTooLong", row("1000," + kOk + ",-60,0011223344"), "metadata", 2},
        BadText{"EndlessLine", row(std::string(2000, ' ')), "line", 2},
        BadText{"HistoryTooFewFields", "286BCE589AB994EFA5F73CAD\t-74\n", "line", 0},
        BadText{"HistoryBadOwn", "286B\tAAAAAAAAAAAAAAAAAAAAAAAA\t-74\t1596887252275\n",
                "own_identifier", 0},
        BadText{"HistoryBadContact", "286BCE589AB994EFA5F73CAD\tAAAA\t-74\t1596887252275\n",
                "contact_identifier", 0},
        BadText{"HistoryBadTime", "286BCE589AB994EFA5F73CAD\tAAAAAAAAAAAAAAAAAAAAAAAA\t-74\tnow\n",
                "time", 0}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(SightingReader, RefusesAnEmptyFile) { EXPECT_EQ(read("").status().code(), Code::corrupt); }

TEST(SightingReader, ReadsBluezoneHistoryInMillisecondsAndSeconds) {
  auto result = read_sightings(fixture("bluezone_history.tsv"));
  ASSERT_TRUE(result.ok()) << result.status().text();
  ASSERT_EQ(result->scans.size(), 2u);
  const Sighting& android = result->scans[0].sightings[0];
  EXPECT_EQ(android.scheme, SchemeTag::bluezone);
  EXPECT_EQ(android.time.ms, 1596887252275);
  EXPECT_EQ(android.rssi_dbm, -74);
  EXPECT_EQ(to_hex(android.identifier.bytes), "aaaaaaaaaaaaaaaaaaaaaaaa00000000");
  EXPECT_EQ(result->scans[1].sightings[0].time.ms, 1596887262000);
}

TEST(SightingReader, ReadsTheCapturedHistory) {
  Bytes text = read_file(test::tests_folder() + "/vectors/bluezone.json");
  auto vectors = nlohmann::json::parse(text.begin(), text.end());
  std::string history = vectors["captured"]["readme_history_text"];
  auto result = read(history);
  ASSERT_TRUE(result.ok()) << result.status().text();
  EXPECT_EQ(result->sightings, 6u);
}

TEST(SightingReader, ReadsBackWhatWasWritten) {
  SeededRandom random(4);
  std::vector<StoredSighting> rows(200);
  std::vector<Scan> scans(20);
  for (size_t i = 0; i < scans.size(); ++i) {
    scans[i].start = kSampleDay.start() + Millis(static_cast<int64_t>(i) * 7200000);
    if (i % 3 != 0)
      scans[i].previous_start =
          scans[i].start + Millis(-static_cast<int64_t>(random.below(300000)));
  }
  for (StoredSighting& row : rows) {
    Sighting& sighting = row.sighting;
    row.scan = static_cast<uint32_t>(random.below(scans.size() / 2));  // the others hear nothing
    sighting.scheme = random.below(2) == 0 ? SchemeTag::gaen : SchemeTag::bluezone;
    random.fill(std::span(sighting.identifier.bytes).first(identifier_size(sighting.scheme)));
    sighting.time = scans[row.scan].start + Millis(random.below(4000));
    sighting.rssi_dbm = static_cast<int8_t>(static_cast<int>(random.below(256)) - 128);
    sighting.heard_by = random.below(2) == 0 ? HeardBy::gatt : HeardBy::advertisement;
    sighting.metadata.size = static_cast<uint8_t>(random.below(5));
    random.fill(std::span(sighting.metadata.bytes).first(sighting.metadata.size));
  }
  auto told = [](Instant scan, const Sighting& sighting) {
    return std::to_string(scan.ms) + ' ' + to_hex(sighting.identifier.bytes) + ' ' +
           std::to_string(sighting.time.ms) + ' ' + std::to_string(sighting.rssi_dbm) + ' ' +
           to_hex(sighting.metadata.bytes) + std::to_string(sighting.metadata.size) +
           std::string(scheme_name(sighting.scheme)) +
           std::to_string(static_cast<int>(sighting.heard_by));
  };
  std::vector<std::string> expected;
  for (const StoredSighting& row : rows)
    expected.push_back(told(scans[row.scan].start, row.sighting));
  SightingTable table = SightingTable::from(std::move(rows), scans);
  auto result = read(write_sightings(table.columns(), SightingFormat::csv));
  ASSERT_TRUE(result.ok()) << result.status().text();
  std::vector<std::string> found;
  std::vector<Scan> found_scans;
  for (const ReadScan& scan : result->scans) {
    found_scans.push_back(scan.scan);
    for (const Sighting& sighting : scan.sightings)
      found.push_back(told(scan.scan.start, sighting));
  }
  std::ranges::sort(expected);
  std::ranges::sort(found);
  EXPECT_EQ(found, expected);
  std::ranges::sort(found_scans, {}, &Scan::start);
  EXPECT_EQ(found_scans, scans);
}

}  // namespace
}  // namespace nearzone::testing
