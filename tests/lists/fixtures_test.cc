// The committed files: every sound one is read as when it was made, every bad one is refused as
// this table says.
#include <gtest/gtest.h>

#include "lists/support.h"

namespace nearzone::testing {
namespace {

struct BadList {
  const char* file;
  Code code;
  const char* field;  // null where none is named
  bool has_offset = true;
};

class BadFixture : public ::testing::TestWithParam<BadList> {};

TEST_P(BadFixture, IsRefusedWithTheRightError) {
  const BadList& bad = GetParam();
  Bytes bytes = fixture(bad.file);
  ASSERT_FALSE(bytes.empty());
  MemorySource source(bytes);
  auto list = KeyList::open(source);
  ASSERT_FALSE(list.ok());
  EXPECT_EQ(list.status().code(), bad.code) << list.status().text();
  EXPECT_STREQ(list.status().field(), bad.field);
  EXPECT_EQ(list.status().offset() != Status::kNone, bad.has_offset) << list.status().text();
}

INSTANTIATE_TEST_SUITE_P(
    Each, BadFixture,
    ::testing::Values(BadList{"gaen_truncated.zip", Code::corrupt, "zip"},
                      BadList{"gaen_truncated.bin", Code::corrupt, nullptr},
                      BadList{"gaen_flipped_bit.zip", Code::corrupt, "zip"},
                      BadList{"gaen_flipped_bit.bin", Code::corrupt, nullptr},
                      BadList{"gaen_wrong_magic.bin", Code::corrupt, nullptr},
                      BadList{"gaen_other_version.bin", Code::unsupported, "export.bin"},
                      BadList{"gaen_two_of_one_name.zip", Code::corrupt, "zip"},
                      BadList{"gaen_path_dotdot.zip", Code::corrupt, "zip"},
                      BadList{"gaen_path_absolute.zip", Code::corrupt, "zip"},
                      BadList{"gaen_path_backslash.zip", Code::corrupt, "zip"},
                      BadList{"gaen_no_export_bin.zip", Code::corrupt, "export.bin", false},
                      BadList{"gaen_damaged_export_sig.zip", Code::corrupt, "export.sig"},
                      BadList{"gaen_inflates_to_1_mib.zip", Code::corrupt, nullptr},
                      BadList{"gaen_three_long_keys.bin", Code::corrupt, "key_data"},
                      BadList{"nearzone_truncated.nzlist", Code::corrupt, "body"},
                      BadList{"nearzone_flipped_bit.nzlist", Code::corrupt, nullptr},
                      BadList{"nearzone_newer_major.nzlist", Code::newer_format, "header"},
                      BadList{"nearzone_set_newer_major.nzset", Code::newer_format, "header"},
                      BadList{"nearzone_set_truncated.nzset", Code::corrupt, "body"},
                      BadList{"bluezone_broken.json", Code::corrupt, nullptr},
                      BadList{"bluezone_deep.json", Code::corrupt, nullptr},
                      BadList{"bluezone_list_is_text.json", Code::corrupt, "data"}),
    [](const auto& test) {
      std::string name = test.param.file;
      for (char& c : name)
        if (c == '.') c = '_';
      return name;
    });

SignatureOutcome outcome_of(const char* file) {
  Bytes bytes = fixture(file);
  MemorySource source(bytes);
  auto list = KeyList::open(source);
  EXPECT_TRUE(list.ok()) << file << ": " << list.status().text();
  std::vector<PublicKey> keys{*PublicKey::parse(fixture("other_p256_public.pem")),
                              *PublicKey::parse(fixture("p256_public.pem")),
                              *PublicKey::parse(fixture("ed25519_public.pem"))};
  return list.ok() ? (*list)->verify(keys).outcome : SignatureOutcome::failed;
}

TEST(Fixtures, SignaturesAreWhatTheirNamesSay) {
  using enum SignatureOutcome;
  EXPECT_EQ(outcome_of("gaen_signed.zip"), verified);
  EXPECT_EQ(outcome_of("gaen_descriptors.zip"), verified);
  EXPECT_EQ(outcome_of("gaen_extra_member.zip"), verified);
  EXPECT_EQ(outcome_of("gaen_tampered.zip"), failed);
  EXPECT_EQ(outcome_of("gaen_no_export_sig.zip"), unsigned_list);
  EXPECT_EQ(outcome_of("gaen_empty_export_sig.zip"), unsigned_list);
  EXPECT_EQ(outcome_of("gaen_export.bin"), unsigned_list);
  EXPECT_EQ(outcome_of("nearzone_signed.nzlist"), verified);
  EXPECT_EQ(outcome_of("nearzone_dp3t.nzlist"), verified);
  EXPECT_EQ(outcome_of("nearzone_tcn.nzlist"), verified);
  EXPECT_EQ(outcome_of("nearzone_set.nzset"), verified);
  EXPECT_EQ(outcome_of("nearzone_set_empty.nzset"), verified);
  EXPECT_EQ(outcome_of("nearzone_tampered.nzlist"), failed);
  EXPECT_EQ(outcome_of("nearzone_unsigned.nzlist"), unsigned_list);
  EXPECT_EQ(outcome_of("bluezone.json"), unsigned_list);
}

TEST(Fixtures, OneBadKeyInTwoHundredIsSkippedAndNamed) {
  struct {
    const char* file;
    int64_t record;
    const char* field;
  } const cases[] = {{"gaen_one_short_key.bin", 7, "key_data"},
                     {"gaen_rolling_period_0.bin", 100, "rolling_period"},
                     {"gaen_rolling_period_145.bin", 199, "rolling_period"},
                     {"gaen_negative_start.bin", 0, "rolling_start_interval_number"}};
  for (const auto& expected : cases) {
    Bytes bytes = fixture(expected.file);
    MemorySource source(bytes);
    auto list = KeyList::open(source);
    ASSERT_TRUE(list.ok()) << expected.file;
    EXPECT_EQ((*list)->info().keys, 199u) << expected.file;
    ASSERT_EQ((*list)->info().refused.size(), 1u) << expected.file;
    EXPECT_EQ((*list)->info().refused[0].reason.record(), expected.record) << expected.file;
    EXPECT_STREQ((*list)->info().refused[0].reason.field(), expected.field) << expected.file;
  }
}

// The writers of today write byte for byte what they wrote then.
TEST(Fixtures, WritersHaveNotChanged) {
  SeededRandom gaen(1);
  EXPECT_EQ(*write_gaen_export(sample_gaen_header(), sample_gaen_keys(24, gaen)),
            fixture("gaen_export.bin"));
  SeededRandom nearzone(2);
  std::vector<PublishedKey> keys = sample_gaen_keys(20, nearzone);
  for (const PublishedKey& key : sample_bluezone_keys(5, nearzone)) keys.push_back(key);
  std::vector<Secret<32>> seeds;
  seeds.push_back(sample_seed(1));
  EXPECT_EQ(*write_nearzone_list(sample_nearzone_header(), keys, seeds),
            fixture("nearzone_signed.nzlist"));
  seeds.push_back(sample_seed(2));
  EXPECT_EQ(*write_nearzone_list(sample_nearzone_header(), keys, seeds),
            fixture("nearzone_two_signatures.nzlist"));
  seeds.pop_back();
  SeededRandom dp3t(4);
  EXPECT_EQ(*write_nearzone_list(sample_nearzone_header(), sample_dp3t_keys(12, dp3t), seeds),
            fixture("nearzone_dp3t.nzlist"));
  SeededRandom tcn(5);
  EXPECT_EQ(*write_nearzone_list(sample_nearzone_header(), sample_tcn_reports(4, tcn), seeds),
            fixture("nearzone_tcn.nzlist"));
  SeededRandom set(6);
  EXPECT_EQ(*write_nearzone_set(sample_nearzone_header(), SchemeTag::dp3t_unlinkable,
                                sample_items(480, set), seeds),
            fixture("nearzone_set.nzset"));
  SeededRandom bluezone(3);
  EXPECT_EQ(bytes_of(*write_bluezone_list(sample_bluezone_keys(6, bluezone))),
            fixture("bluezone.json"));
}

TEST(Fixtures, ReadersHaveNotChanged) {
  SeededRandom gaen(1);
  auto expected = as_written(sample_gaen_keys(24, gaen), true);
  EXPECT_EQ(*read_keys(fixture("gaen_signed.zip")), expected);
  EXPECT_EQ(*read_keys(fixture("gaen_descriptors.zip")), expected);
  SeededRandom dp3t(4);
  EXPECT_EQ(*read_keys(fixture("nearzone_dp3t.nzlist")),
            as_written(sample_dp3t_keys(12, dp3t), false));
  SeededRandom tcn(5);
  EXPECT_EQ(*read_keys(fixture("nearzone_tcn.nzlist")),
            as_written(sample_tcn_reports(4, tcn), false));
}

}  // namespace
}  // namespace nearzone::testing
