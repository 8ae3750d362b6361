#include "upload/record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "tests_folder.h"
#include "upload/answer.h"
#include "upload/takable_keys.h"

namespace nearzone::upload {
namespace {

// The upload whose bytes are tests/upload/golden/upload_v1.bin.
Record golden() {
  Record record;
  record.status.state = UploadState::certified;
  record.status.problem = UploadProblem::busy;
  record.status.report_type = ReportType::confirmed_clinical_diagnosis;
  record.status.partly_refused = true;
  record.status.keys = 2;
  record.status.keys_inserted = 1;
  record.status.consented_at = {1'600'000'000'123};
  record.status.wake_at = {1'600'000'060'456};
  record.failures = 3;
  record.symptom_onset = Interval{2666592};
  std::ranges::fill(record.hmac_key.replace(), uint8_t{0xa5});
  record.certificate = SecretBytes(as_bytes("cer.tifi.cate"));
  record.revision_token = SecretBytes(as_bytes("cmV2aXNpb24="));
  for (uint8_t i = 0; i < 2; ++i) {
    PublishedKey key;
    std::fill_n(key.bytes.begin(), 16, static_cast<uint8_t>(0x10 + i));
    key.valid_from = Interval{2666592u + 144u * i}.start();
    key.valid_to = Interval{2666592u + 144u * (i + 1u)}.start();
    record.keys.push_back(key);
  }
  return record;
}

std::vector<uint8_t> bytes_of(const Record& record) {
  const SecretBytes encoded = encode(record);
  const ByteView bytes = encoded.expose(ForSealing{});
  return {bytes.begin(), bytes.end()};
}

std::vector<uint8_t> golden_file() {
  std::ifstream file(test::tests_folder() + "/upload/golden/upload_v1.bin", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string_view text_of(const SecretBytes& secret) {
  const ByteView bytes = secret.expose(ForSealing{});
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(UploadRecord, GoldenFile) {
  const std::vector<uint8_t> stored = golden_file();
  EXPECT_EQ(bytes_of(golden()), stored);
  const Result<Record> read = decode(stored);
  ASSERT_TRUE(read.ok()) << read.status().text();
  const Record expected = golden();
  EXPECT_EQ(read->status, expected.status);
  EXPECT_EQ(read->keys, expected.keys);
  EXPECT_EQ(read->failures, 3);
  EXPECT_EQ(read->symptom_onset, expected.symptom_onset);
  EXPECT_TRUE(read->hmac_key.equals(expected.hmac_key));
  EXPECT_EQ(text_of(read->certificate), "cer.tifi.cate");
  EXPECT_EQ(text_of(read->revision_token), "cmV2aXNpb24=");
  EXPECT_TRUE(read->code.empty());
}

TEST(UploadRecord, EveryTruncationIsRefused) {
  const std::vector<uint8_t> whole = bytes_of(golden());
  for (size_t size = 0; size < whole.size(); ++size)
    ASSERT_EQ(decode(std::span(whole).first(size)).status().code(), Code::corrupt) << size;
  std::vector<uint8_t> longer = whole;
  longer.push_back(0);
  EXPECT_EQ(decode(longer).status().code(), Code::corrupt);
}

TEST(UploadRecord, EveryFlippedByteIsRefusedOrReadAsItStands) {
  const std::vector<uint8_t> whole = bytes_of(golden());
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const uint8_t flip : {uint8_t{0x01}, uint8_t{0x80}, uint8_t{0xff}}) {
      std::vector<uint8_t> changed = whole;
      changed[at] = static_cast<uint8_t>(changed[at] ^ flip);
      const Result<Record> read = decode(changed);
      if (!read.ok()) continue;
      ASSERT_EQ(bytes_of(*read), changed) << at;
    }
  }
}

TEST(UploadRecord, SaysWhatIsWrong) {
  const auto with = [](size_t at, uint8_t value) {
    std::vector<uint8_t> bytes = bytes_of(golden());
    bytes[at] = value;
    return decode(bytes).status();
  };
  EXPECT_EQ(with(0, 2).code(), Code::newer_format);
  EXPECT_EQ(with(0, 0).code(), Code::corrupt);
  EXPECT_STREQ(with(1, 9).field(), "scheme");
  EXPECT_STREQ(with(2, 5).field(), "state");
  EXPECT_STREQ(with(3, 13).field(), "state");
  EXPECT_STREQ(with(2, 1).field(), "state");  // a code entered, and none there
}

TEST(UploadRecord, HoldsAsMuchAsAnUploadCan) {
  Record record = golden();
  record.keys.clear();
  for (uint32_t i = 0; i < most_keys(SchemeTag::gaen); ++i) {
    PublishedKey key;
    key.valid_from = Interval{144 * i}.start();
    key.valid_to = Interval{144 * (i + 1)}.start();
    record.keys.push_back(key);
  }
  record.status.keys = static_cast<uint32_t>(record.keys.size());
  record.code = SecretBytes(kMostCode);
  record.token = SecretBytes(kMostToken);
  record.certificate = SecretBytes(kMostCertificate);
  record.revision_token = SecretBytes(kMostRevisionToken);
  const Result<Record> read = decode(bytes_of(record));
  ASSERT_TRUE(read.ok()) << read.status().text();
  EXPECT_EQ(read->keys, record.keys);
}

}  // namespace
}  // namespace nearzone::upload
