#include "nearzone/calibration.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/crypto.h"
#include "nearzone/random.h"
#include "tests_folder.h"

namespace nearzone {
namespace {

constexpr std::string_view kHeader = "oem,device,model,rssi_correction,tx_power,confidence\n";
constexpr std::string_view kSome =
    "samsung,beta,SM-B,5,-24,3\n"
    "samsung,alpha,SM-A,-3,-31,3\n"
    "samsung,gamma,SM-A2,0,-20,3\n"
    "Xiaomi,delta,Mi D,10,-21,2\n";

std::string with_header(std::string_view lines) { return std::string(kHeader) += lines; }

CalibrationTable some_table() {
  auto table = CalibrationTable::read_csv(as_bytes(with_header(kSome)));
  EXPECT_TRUE(table.ok());
  return *std::move(table);
}

Status refusal(std::string_view text) {
  const auto table = CalibrationTable::read_csv(as_bytes(text));
  EXPECT_FALSE(table.ok());
  return table.status();
}

TEST(CalibrationCsv, GivesItsPhonesSorted) {
  const CalibrationTable table = some_table();
  ASSERT_EQ(table.phones().size(), 4u);
  EXPECT_EQ(table.phones()[0], (CalibratedPhone{"Xiaomi", "delta", "Mi D", 10, -21, 2}));
  EXPECT_EQ(table.phones()[1], (CalibratedPhone{"samsung", "alpha", "SM-A", -3, -31, 3}));
}

TEST(CalibrationCsv, MayHaveItsColumnsInAnyOrderAndLinesOfEitherKind) {
  const auto table = CalibrationTable::read_csv(
      as_bytes("model,oem,confidence,device,tx_power,rssi_correction\r\nM,o,1,d,-20,4\r\n\r\n"));
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->phones(), (std::vector<CalibratedPhone>{{"o", "d", "M", 4, -20, 1}}));
}

TEST(CalibrationCsv, IsRefusedWithFieldLineAndOffset) {
  const auto expect = [](std::string_view line, const char* field, size_t into_line) {
    const Status status = refusal(with_header(line));
    EXPECT_EQ(status.code(), Code::corrupt) << line;
    EXPECT_STREQ(status.field(), field) << line;
    EXPECT_EQ(status.record(), 1) << line;
    EXPECT_EQ(status.offset(), static_cast<int64_t>(kHeader.size() + into_line)) << line;
  };
  expect(",d,m,1,2,3", "oem", 0);
  expect("o,,m,1,2,3", "device", 2);
  expect("o,d,,1,2,3", "model", 4);
  expect("o,d,m\x01,1,2,3", "model", 4);
  expect("o,d,m,128,2,3", "rssi_correction", 6);
  expect("o,d,m,1.5,2,3", "rssi_correction", 6);
  expect("o,d,m,nan,2,3", "rssi_correction", 6);
  expect("o,d,m,1,-128,3", "tx_power", 8);
  expect("o,d,m,1,2,4", "confidence", 10);
  expect("o,d,m,1,2", "line", 0);
  expect("o,d,m,1,2,3,4", "line", 0);
  EXPECT_STREQ(refusal("").field(), "header");
  EXPECT_STREQ(refusal("oem,device\n").field(), "header");
  EXPECT_STREQ(refusal("oem,device,model,rssi,tx_power,confidence\n").field(), "rssi_correction");
  EXPECT_STREQ(refusal(kHeader).field(), "phones");
}

TEST(CalibrationCsv, NamesAPhoneOnce) {
  const Status status = refusal(with_header("o,d,m,1,2,3\no,e,m,1,2,3\no,d,m,0,2,3\n"));
  EXPECT_EQ(status.code(), Code::corrupt);
  EXPECT_STREQ(status.field(), "model");
}

TEST(CalibrationCsv, HasALimit) {
  std::string text(kHeader);
  for (int i = 0; i <= 65535; ++i) text += "o,d" + std::to_string(i) + ",m,1,2,3\n";
  EXPECT_EQ(refusal(text).code(), Code::limit_exceeded);
}

TEST(CalibrationLookUp, SaysHowWellItKnows) {
  const CalibrationTable table = some_table();
  EXPECT_EQ(table.look_up("SAMSUNG", "alpha", "SM-A"),
            (Calibration{-3, -31, 3, CalibrationSource::exact_model}));
  // Xiaomi's own line says 2.
  EXPECT_EQ(table.look_up("xiaomi", "delta", "Mi D"),
            (Calibration{10, -21, 2, CalibrationSource::exact_model}));
  // The device is alpha, the model that of gamma: the mean of both, (-3 + 0) / 2 = -1.5 and -25.5
  EXPECT_EQ(table.look_up("samsung", "alpha", "SM-A2"),
            (Calibration{-2, -26, 2, CalibrationSource::similar_model}));
  EXPECT_EQ(table.look_up("", "beta", ""),
            (Calibration{5, -24, 2, CalibrationSource::similar_model}));
  // The maker's: (5 - 3 + 0) / 3 = 0.67, (-24 - 31 - 20) / 3 = -25
  EXPECT_EQ(table.look_up("Samsung", "new", "SM-N"),
            (Calibration{1, -25, 1, CalibrationSource::maker}));
  // All: 12 / 4 = 3, -96 / 4 = -24
  EXPECT_EQ(table.look_up("nobody", "", ""), (Calibration{3, -24, 0, CalibrationSource::fleet}));
}

TEST(CalibrationLookUp, WithoutATableSaysSo) {
  const Calibration unknown;
  EXPECT_EQ(unknown.source, CalibrationSource::none);
  EXPECT_EQ(calibration_source_name(unknown.source), "none");
  EXPECT_EQ(calibration_source_name(CalibrationSource::exact_model), "exact-model");
}

TEST(CalibrationFormat, ComesBackAsItWas) {
  const CalibrationTable table = some_table();
  const auto again = CalibrationTable::decode(table.encode());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, table);
}

// The file was written by version 1 and stays as it is.
TEST(CalibrationFormat, OfVersion1IsReadAndWrittenToTheByte) {
  std::ifstream file(test::tests_folder() + "/proximity/golden/calibration.v1", std::ios::binary);
  ASSERT_TRUE(file);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto table = CalibrationTable::decode(as_bytes(bytes));
  ASSERT_TRUE(table.ok()) << table.status().text();
  EXPECT_EQ(*table, some_table());
  const std::vector<uint8_t> written = table->encode();
  EXPECT_EQ(std::string(written.begin(), written.end()), bytes);
}

TEST(CalibrationFormat, RefusesEveryCutAndEveryFlippedBit) {
  const std::vector<uint8_t> good = some_table().encode();
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(CalibrationTable::decode(ByteView(good).first(size)).ok()) << size;
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::vector<uint8_t> flipped = good;
    flipped[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
    const auto read = CalibrationTable::decode(flipped);
    ASSERT_FALSE(read.ok()) << bit;
    EXPECT_EQ(read.status().code(), bit / 8 == 8 ? Code::newer_format : Code::corrupt) << bit;
  }
}

// With a checksum that is right, as only a fault of a writer's could make it.
TEST(CalibrationFormat, RefusesWhatNoWriterWrites) {
  const auto sealed = [](std::vector<uint8_t> content) {
    const Digest digest = sha256(content);
    content.insert(content.end(), digest.begin(), digest.begin() + 8);
    return CalibrationTable::decode(content).status();
  };
  const std::vector<uint8_t> phone = {1, 'o', 1, 'd', 1, 'm', 0, 0, 3};
  const auto table = [&](uint8_t count, std::vector<std::vector<uint8_t>> phones) {
    std::vector<uint8_t> bytes = {'N', 'Z', 'C', 'A', 'L', 'I', 'B', '\n', 1, count, 0};
    for (const auto& p : phones) bytes.insert(bytes.end(), p.begin(), p.end());
    return bytes;
  };
  EXPECT_TRUE(sealed(table(1, {phone})).ok());
  EXPECT_STREQ(sealed(table(0, {})).field(), "phones");
  EXPECT_STREQ(sealed(table(2, {phone, phone})).field(), "phone");  // twice
  EXPECT_STREQ(sealed(table(2, {phone})).field(), "phone");         // missing
  EXPECT_FALSE(sealed(table(1, {phone, phone})).ok());              // too many
  EXPECT_STREQ(sealed(table(1, {{0, 1, 'd', 1, 'm', 0, 0, 3}})).field(), "phone");
  EXPECT_STREQ(sealed(table(1, {{1, 'o', 1, 'd', 1, 'm', 0x80, 0, 3}})).field(), "phone");
  EXPECT_STREQ(sealed(table(1, {{1, 'o', 1, 'd', 1, 'm', 0, 0, 4}})).field(), "phone");
  EXPECT_STREQ(sealed(table(1, {{200, 'o', 1, 'd', 1, 'm', 0, 0, 3}})).field(), "phone");
}

}  // namespace
}  // namespace nearzone
