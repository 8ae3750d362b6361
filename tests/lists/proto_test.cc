// Our readers and writers against code that protoc generated from docs/formats: another program
// that follows those pages understands our files, and we its.
#include <gtest/gtest.h>

#include <algorithm>

#include "exposure_notification_export.pb.h"
#include "lists/archive.h"
#include "lists/formats.h"
#include "lists/support.h"
#include "nearzone_list.pb.h"

namespace nearzone::testing {
namespace {

std::string text_of(ByteView bytes) { return std::string(bytes.begin(), bytes.end()); }

TEST(Proto, GeneratedCodeReadsOurExport) {
  SeededRandom random(1);
  std::vector<PublishedKey> keys = sample_gaen_keys(100, random);
  Bytes bytes = *write_gaen_export(sample_gaen_header(), keys);
  gaen_export::Export message;
  ASSERT_TRUE(message.ParseFromString(text_of(ByteView(bytes).subspan(16))));
  EXPECT_EQ(message.region(), "VN");
  EXPECT_EQ(message.start_timestamp(), 1595376000u);
  EXPECT_EQ(message.batch_size(), 1);
  EXPECT_EQ(message.signature_infos(0).verification_key_id(), "452");
  std::vector<PublishedKey> expected = as_written(keys, true);
  ASSERT_EQ(message.keys_size() + message.revised_keys_size(), 100);
  for (int i = 0; i < 100; ++i) {
    const gaen_export::Key& found =
        i < message.keys_size() ? message.keys(i) : message.revised_keys(i - message.keys_size());
    const PublishedKey& key = expected[static_cast<size_t>(i)];
    EXPECT_EQ(found.key_data(), text_of(ByteView(key.bytes).first(16)));
    EXPECT_EQ(Interval{static_cast<uint32_t>(found.rolling_start_interval_number())}.start(),
              key.valid_from);
    EXPECT_EQ(found.rolling_period() * Interval::kLength, key.valid_to - key.valid_from);
    EXPECT_EQ(found.report_type(), static_cast<int>(key.report_type));
    EXPECT_EQ(found.has_days_since_onset_of_symptoms(), key.days_since_onset.has_value());
    EXPECT_EQ(found.days_since_onset_of_symptoms(), key.days_since_onset.value_or(0));
    EXPECT_EQ(found.transmission_risk_level(), key.transmission_risk_level);
  }
}

TEST(Proto, WeReadAnExportOfGeneratedCode) {
  gaen_export::Export message;
  message.set_region("DE");
  gaen_export::Key& key = *message.add_keys();
  key.set_key_data(std::string(16, 'k'));
  key.set_rolling_start_interval_number(2658960);
  key.set_rolling_period(6);
  key.set_days_since_onset_of_symptoms(-14);
  message.add_revised_keys()->CopyFrom(key);
  Bytes bytes = bytes_of(std::string(kGaenHeader) + message.SerializeAsString());
  auto keys = read_keys(bytes);
  ASSERT_TRUE(keys.ok());
  ASSERT_EQ(keys->size(), 2u);
  EXPECT_EQ((*keys)[0].days_since_onset, int8_t{-14});
  EXPECT_EQ((*keys)[0].valid_to - (*keys)[0].valid_from, Millis(3600000));
  EXPECT_TRUE((*keys)[1].revised);
}

TEST(Proto, GeneratedCodeReadsOurSignatures) {
  Bytes zip = fixture("gaen_signed.zip");
  MemorySource source(zip);
  Archive archive = *Archive::open(source, nullptr);
  auto stream = *archive.content(*archive.find("export.sig"))->stream();
  ByteView chunk;
  ASSERT_TRUE(stream->next(chunk).ok());
  gaen_export::SignatureList message;
  ASSERT_TRUE(message.ParseFromString(text_of(chunk)));
  ASSERT_EQ(message.signatures_size(), 1);
  EXPECT_EQ(message.signatures(0).signature_info().verification_key_version(), "v1");
  EXPECT_EQ(message.signatures(0).batch_num(), 1);
  EXPECT_EQ(message.signatures(0).signature()[0], '0');
}

TEST(Proto, GeneratedCodeReadsOurOwnList) {
  Bytes bytes = fixture("nearzone_two_signatures.nzlist");
  list::v1::SignedKeyList envelope;
  ASSERT_TRUE(envelope.ParseFromString(text_of(ByteView(bytes).subspan(16))));
  EXPECT_EQ(envelope.signatures_size(), 2);
  EXPECT_EQ(envelope.signatures(0).signature().size(), 64u);
  list::v1::KeyList body;
  ASSERT_TRUE(body.ParseFromString(envelope.body()));
  NearzoneListHeader header = sample_nearzone_header();
  EXPECT_EQ(body.list_id(), header.list_id);
  EXPECT_EQ(body.sequence(), header.sequence);
  EXPECT_EQ(body.valid_from_ms(), static_cast<uint64_t>(header.valid_from.ms));
  EXPECT_EQ(body.valid_to_ms(), static_cast<uint64_t>(header.valid_to.ms));
  EXPECT_EQ(body.region(), "VN");
  auto keys = read_keys(bytes);
  ASSERT_TRUE(keys.ok());
  ASSERT_EQ(static_cast<size_t>(body.gaen_keys_size() + body.bluezone_keys_size()), keys->size());
  for (const PublishedKey& key : *keys) {
    if (key.scheme != SchemeTag::bluezone) continue;
    const list::v1::BluezoneKey& found =
        body.bluezone_keys(static_cast<int>(key.record));  // written first
    EXPECT_EQ(found.key(), text_of(key.bytes));
    EXPECT_EQ(found.time_start_ms(), static_cast<uint64_t>(key.valid_from.ms));
    EXPECT_EQ(found.time_end_ms(), static_cast<uint64_t>(key.valid_to.ms));
    EXPECT_EQ(found.identifiers_per_day(), key.identifiers_per_day);
  }
}

TEST(Proto, WeReadAListOfGeneratedCode) {
  list::v1::KeyList body;
  body.set_list_id(9);
  list::v1::GaenKey& key = *body.add_gaen_keys();
  key.set_key(std::string(16, 'k'));
  key.set_rolling_start_interval(2658960);
  key.set_days_since_onset(-5);
  key.set_report_type(1);
  key.set_revised(true);
  list::v1::SignedKeyList envelope;
  envelope.set_body(body.SerializeAsString());
  Bytes bytes = bytes_of(std::string(kNearzoneHeader) + envelope.SerializeAsString());
  auto keys = read_keys(bytes);
  ASSERT_TRUE(keys.ok()) << keys.status().text();
  ASSERT_EQ(keys->size(), 1u);
  EXPECT_EQ((*keys)[0].valid_to - (*keys)[0].valid_from, Day::kLength);
  EXPECT_EQ((*keys)[0].days_since_onset, int8_t{-5});
  EXPECT_TRUE((*keys)[0].revised);
}

TEST(Proto, GeneratedCodeReadsOurDp3tKeysAndTcnReports) {
  list::v1::SignedKeyList envelope;
  list::v1::KeyList body;
  const Bytes bytes = fixture("nearzone_dp3t.nzlist");
  ASSERT_TRUE(envelope.ParseFromString(text_of(ByteView(bytes).subspan(16))));
  ASSERT_TRUE(body.ParseFromString(envelope.body()));
  const std::vector<PublishedKey> keys = *read_keys(bytes);
  ASSERT_EQ(static_cast<size_t>(body.dp3t_low_cost_keys_size() + body.dp3t_hybrid_keys_size()),
            keys.size());
  for (const PublishedKey& key : keys) {
    const int at = static_cast<int>(key.record);
    const auto released_s = static_cast<uint64_t>(key.released_at->ms / 1000);
    const auto per_day = [](const auto& found) {
      return found.has_identifiers_per_day() ? found.identifiers_per_day() : 96;
    };
    if (key.scheme == SchemeTag::dp3t_low_cost) {
      const list::v1::Dp3tLowCostKey& found = body.dp3t_low_cost_keys(at);
      EXPECT_EQ(found.key(), text_of(key.bytes));
      EXPECT_EQ(found.day(), static_cast<uint32_t>(Day::of(key.valid_from).number));
      EXPECT_EQ(found.released_at_s(), released_s);
      EXPECT_EQ(per_day(found), key.identifiers_per_day);
    } else {
      const list::v1::Dp3tHybridKey& found =
          body.dp3t_hybrid_keys(at - body.dp3t_low_cost_keys_size());
      const int64_t minutes = found.has_window_minutes() ? found.window_minutes() : 120;
      EXPECT_EQ(found.key(), text_of(ByteView(key.bytes).first(16)));
      EXPECT_EQ(Instant{} + std::chrono::minutes(minutes * found.window()), key.valid_from);
      EXPECT_EQ(key.valid_to - key.valid_from, std::chrono::minutes(minutes));
      EXPECT_EQ(found.released_at_s(), released_s);
      EXPECT_EQ(per_day(found), key.identifiers_per_day);
    }
  }

  const Bytes tcn = fixture("nearzone_tcn.nzlist");
  ASSERT_TRUE(envelope.ParseFromString(text_of(ByteView(tcn).subspan(16))));
  ASSERT_TRUE(body.ParseFromString(envelope.body()));
  const std::vector<PublishedKey> reports = *read_keys(tcn);
  ASSERT_EQ(static_cast<size_t>(body.tcn_reports_size()), reports.size());
  for (const PublishedKey& key : reports) {
    const list::v1::TcnReport& found = body.tcn_reports(static_cast<int>(key.record));
    EXPECT_EQ(found.report(), text_of(key.report));
    EXPECT_EQ(found.has_released_at_s(), key.released_at.has_value());
    EXPECT_EQ(found.released_at_s(),
              static_cast<uint64_t>(key.released_at.value_or(Instant{}).ms / 1000));
  }
}

// The code is followed here bit by bit, as docs/formats/nearzone-set.md says it.
TEST(Proto, AnotherReaderFindsTheItemsOfOurSet) {
  const Bytes bytes = fixture("nearzone_set.nzset");
  list::v1::SignedKeyList envelope;
  list::v1::KeySet body;
  ASSERT_TRUE(envelope.ParseFromString(text_of(ByteView(bytes).subspan(16))));
  ASSERT_TRUE(body.ParseFromString(envelope.body()));
  EXPECT_EQ(body.list_id(), sample_nearzone_header().list_id);
  EXPECT_EQ(body.scheme(), 6u);
  ASSERT_EQ(body.items(), 480u);
  SeededRandom random(6);
  std::vector<uint64_t> expected;
  for (const SetItem& item : sample_items(480, random)) {
    uint64_t high = 0;
    for (size_t i = 0; i < 8; ++i) high = high << 8 | item.bytes[i];
    // high * 480 * 2^42 / 2^64. The hash's other half makes no difference to these items.
    constexpr uint64_t kLow = (uint64_t{1} << 22) - 1;
    expected.push_back((high >> 22) * 480 + ((high & kLow) * 480 >> 22));
  }
  std::ranges::sort(expected);
  size_t at = 0;
  const auto bit = [&] {
    const auto byte = static_cast<uint8_t>(body.coded()[at / 8]);
    return static_cast<uint64_t>(byte >> (7 - at++ % 8) & 1);
  };
  uint64_t value = 0;
  for (const uint64_t one : expected) {
    while (bit() == 1) value += uint64_t{1} << 41;
    uint64_t rest = 0;
    for (int i = 0; i < 41; ++i) rest = rest << 1 | bit();
    value += rest;
    EXPECT_EQ(value, one);
  }
  EXPECT_EQ((at + 7) / 8, body.coded().size());
}

}  // namespace
}  // namespace nearzone::testing
