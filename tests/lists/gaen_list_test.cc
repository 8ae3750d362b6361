#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <algorithm>
#include <tuple>

#include "lists/formats.h"
#include "lists/gaen_fields.h"
#include "lists/support.h"

namespace nearzone::testing {
namespace {

using namespace gaen_fields;

std::unique_ptr<KeyList> opened(const Bytes& bytes, ByteSource& source) {
  auto list = KeyList::open(source);
  EXPECT_TRUE(list.ok()) << bytes.size() << " bytes: " << list.status().text();
  return list.ok() ? *std::move(list) : nullptr;
}

TEST(GaenList, ReadsBackWhatWasWritten) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SeededRandom random(seed);
    std::vector<PublishedKey> keys = sample_gaen_keys(random.below(400), random);
    Bytes bytes = *write_gaen_export(sample_gaen_header(), keys);
    auto read = read_keys(bytes);
    ASSERT_TRUE(read.ok()) << read.status().text();
    EXPECT_EQ(*read, as_written(keys, true));
  }
}

TEST(GaenList, TellsTheHeader) {
  SeededRandom random(1);
  GaenExportHeader header = sample_gaen_header();
  header.batch_number = 2;
  header.batch_size = 3;
  std::vector<PublishedKey> keys = sample_gaen_keys(50, random);
  Bytes bytes = *write_gaen_export(header, keys);
  MemorySource source(bytes);
  auto list = opened(bytes, source);
  ASSERT_NE(list, nullptr);
  const ListInfo& info = list->info();
  EXPECT_EQ(info.format, ListFormat::gaen_export);
  EXPECT_EQ(info.keys, 50u);
  EXPECT_EQ(info.revised_keys,
            static_cast<uint64_t>(std::ranges::count(keys, true, &PublishedKey::revised)));
  EXPECT_EQ(info.region, "VN");
  EXPECT_EQ(info.start, header.start);
  EXPECT_EQ(info.end, header.end);
  EXPECT_EQ(info.batch_number, 2);
  EXPECT_EQ(info.batch_size, 3);
  ASSERT_EQ(info.signatures.size(), 1u);
  EXPECT_EQ(info.signatures[0].key_id, "452");
  EXPECT_EQ(list->verify({}).outcome, SignatureOutcome::unsigned_list);
  Digest digest;
  SHA256(bytes.data(), bytes.size(), digest.data());
  EXPECT_EQ(list->content_digest(), digest);
}

TEST(GaenList, WritesKeysSortedByTheirBytes) {
  SeededRandom random(1);
  auto keys = read_keys(*write_gaen_export(sample_gaen_header(), sample_gaen_keys(300, random)));
  ASSERT_TRUE(keys.ok());
  EXPECT_TRUE(std::ranges::is_sorted(*keys, [](const PublishedKey& a, const PublishedKey& b) {
    return std::tie(a.revised, a.bytes) < std::tie(b.revised, b.bytes);
  }));
}

TEST(GaenList, VerifiesWithTheRightKeyWhereverItStands) {
  SeededRandom random(1);
  P256Signer signer;
  Bytes zip = signed_gaen_archive(sample_gaen_keys(30, random), signer);
  MemorySource source(zip);
  auto list = opened(zip, source);
  ASSERT_NE(list, nullptr);
  std::vector<PublicKey> keys{P256Signer().public_key(), sample_ed25519_key(1),
                              signer.public_key()};
  SignatureReport report = list->verify(keys);
  EXPECT_EQ(report.outcome, SignatureOutcome::verified);
  EXPECT_EQ(report.public_key, 2u);
  EXPECT_EQ(report.signature, 0u);
  EXPECT_EQ(list->verify({}).outcome, SignatureOutcome::unknown_key);
  EXPECT_EQ(list->verify({keys.data(), 1}).outcome, SignatureOutcome::failed);
  EXPECT_EQ(list->verify({keys.data() + 1, 1}).outcome, SignatureOutcome::failed);
}

// One of several signatures is enough, whatever the others' algorithm texts or forms.
TEST(GaenList, TriesEverySignature) {
  SeededRandom random(1);
  P256Signer signer;
  GaenExportHeader header = sample_gaen_header();
  header.signatures = {{"a", "v1", std::string(kEcdsaSha512)},
                       {"b", "", "an unknown text"},
                       {"c", "v3", "1.2.840.10045.4.3.2"}};
  Bytes export_bin = *write_gaen_export(header, sample_gaen_keys(5, random));
  std::vector<Bytes> signatures{signer.sign(export_bin), Bytes(64, 7), signer.sign(export_bin)};
  auto report_of = [&] {
    Bytes zip = *write_gaen_archive(header, export_bin, signatures);
    MemorySource source(zip);
    PublicKey key = signer.public_key();
    return opened(zip, source)->verify({&key, 1});
  };
  SignatureReport report = report_of();
  EXPECT_EQ(report.outcome, SignatureOutcome::verified);
  EXPECT_EQ(report.signature, 2u);
  signatures[1] = signatures[2];
  EXPECT_EQ(report_of().signature, 1u);  // an unknown algorithm is read as ECDSA with SHA-256
  signatures[1] = signatures[2] = Bytes(64, 7);
  report = report_of();
  EXPECT_EQ(report.outcome, SignatureOutcome::failed);
  EXPECT_STREQ(report.detail, "the signature is not in X9.62 DER form");
}

TEST(GaenList, SaysWhereItsAlgorithmIsNotSupported) {
  SeededRandom random(1);
  P256Signer signer;
  GaenExportHeader header = sample_gaen_header();
  header.signatures[0].algorithm = kEcdsaSha512;
  Bytes export_bin = *write_gaen_export(header, sample_gaen_keys(5, random));
  Bytes signature = signer.sign(export_bin);
  Bytes zip = *write_gaen_archive(header, export_bin, {&signature, 1});
  MemorySource source(zip);
  PublicKey key = signer.public_key();
  SignatureReport report = opened(zip, source)->verify({&key, 1});
  EXPECT_EQ(report.outcome, SignatureOutcome::failed);
  EXPECT_NE(std::string(report.detail).find("not supported"), std::string::npos);
}

// Builds an export field by field.
Bytes message(const std::vector<std::pair<uint32_t, Bytes>>& fields) {
  Bytes out(kGaenHeader.begin(), kGaenHeader.end());
  WireWriter writer(out);
  for (const auto& [tag, bytes] : fields) writer.bytes(tag, bytes);
  return out;
}

Bytes record(size_t key_bytes, uint64_t start) {
  Bytes out;
  WireWriter writer(out);
  writer.varint(kRollingStart, start);
  writer.bytes(wire_tag(99, WireType::bytes), bytes_of("unknown fields are passed over"));
  writer.bytes(kKeyData, Bytes(key_bytes, 5));
  return out;
}

TEST(GaenList, ReadsFieldsInAnyOrder) {
  Bytes bytes = message({{kRevisedKeys, record(16, 2658960)},
                         {wire_tag(50, WireType::bytes), Bytes(200000)},
                         {kKeys, record(16, 2658816)},
                         {kRegion, bytes_of("VN")}});
  auto keys = read_keys(bytes);
  ASSERT_TRUE(keys.ok()) << keys.status().text();
  ASSERT_EQ(keys->size(), 2u);
  EXPECT_TRUE((*keys)[0].revised);
  EXPECT_EQ((*keys)[0].record, 0u);
  EXPECT_EQ((*keys)[0].valid_to - (*keys)[0].valid_from, Day::kLength);
  EXPECT_FALSE((*keys)[1].revised);
  EXPECT_EQ((*keys)[1].valid_from, Interval{2658816}.start());
}

struct BadKey {
  const char* name;
  RawGaenKey key;
  const char* field;
};

class GaenListWithBadKey : public ::testing::TestWithParam<BadKey> {};

TEST_P(GaenListWithBadKey, SkipsCountsAndNamesIt) {
  Bytes bytes = raw_gaen_export(199, 7, {GetParam().key});
  MemorySource source(bytes);
  auto list = opened(bytes, source);
  ASSERT_NE(list, nullptr);
  const ListInfo& info = list->info();
  EXPECT_EQ(info.keys, 199u);
  ASSERT_EQ(info.refused_count, 1u);
  EXPECT_EQ(info.refused[0].reason.record(), 7);
  EXPECT_GT(info.refused[0].reason.offset(), 16);
  EXPECT_STREQ(info.refused[0].reason.field(), GetParam().field);
  auto keys = read_keys(*list);
  ASSERT_TRUE(keys.ok());
  ASSERT_EQ(keys->size(), 199u);
  EXPECT_EQ((*keys)[6].record, 6u);
  EXPECT_EQ((*keys)[7].record, 8u);
}

TEST_P(GaenListWithBadKey, RefusesTheListAboveOneInAHundred) {
  RawGaenKey key = GetParam().key;
  EXPECT_TRUE(read_keys(raw_gaen_export(198, 7, {key, key})).ok());
  auto keys = read_keys(raw_gaen_export(197, 7, {key, key, key}));
  ASSERT_FALSE(keys.ok());
  EXPECT_EQ(keys.status().code(), Code::corrupt);
  EXPECT_EQ(keys.status().record(), 7);
  EXPECT_STREQ(keys.status().field(), GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    Each, GaenListWithBadKey,
    ::testing::Values(BadKey{"NoKey", {0, 2658960, 144}, "key_data"},
                      BadKey{"ShortKey", {15, 2658960, 144}, "key_data"},
                      BadKey{"LongKey", {96, 2658960, 144}, "key_data"},
                      BadKey{"Period0", {16, 2658960, 0}, "rolling_period"},
                      BadKey{"Period145", {16, 2658960, 145}, "rolling_period"},
                      BadKey{"NegativePeriod", {16, 2658960, -1}, "rolling_period"},
                      BadKey{"NegativeStart", {16, -144, 144}, "rolling_start_interval_number"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(GaenList, OneBadKeyInASmallListRefusesIt) {
  EXPECT_EQ(read_keys(raw_gaen_export(50, 0, {{15, 2658960, 144}})).status().code(), Code::corrupt);
}

TEST(GaenList, DamagedStructureInsideARecordRefusesTheList) {
  Bytes broken = record(16, 2658960);
  broken.pop_back();
  std::vector<std::pair<uint32_t, Bytes>> fields(300, {kKeys, record(16, 2658960)});
  fields[200].second = broken;
  auto keys = read_keys(message(fields));
  ASSERT_FALSE(keys.ok());
  EXPECT_EQ(keys.status().code(), Code::corrupt);
  EXPECT_EQ(keys.status().record(), 200);
  EXPECT_GT(keys.status().offset(), 16);
}

TEST(GaenList, OddStatementsAboutAKeyDoNotCostTheKey) {
  Bytes odd = record(16, 2658960);
  WireWriter writer(odd);
  writer.varint(kTransmissionRiskLevel, 99);
  writer.varint(kDaysSinceOnset, zigzag(400));
  auto keys = read_keys(message({{kKeys, odd}}));
  ASSERT_TRUE(keys.ok());
  EXPECT_EQ((*keys)[0].transmission_risk_level, 0);
  EXPECT_FALSE((*keys)[0].days_since_onset.has_value());
}

TEST(GaenList, NoMoreThanAHundredRefusalsAreNamed) {
  std::vector<RawGaenKey> bad(150, {15, 2658960, 144});
  Bytes bytes = raw_gaen_export(20000, 0, bad);
  MemorySource source(bytes);
  auto list = opened(bytes, source);
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->info().refused_count, 150u);
  EXPECT_EQ(list->info().refused.size(), 100u);
}

TEST(GaenList, AnArchiveThatInflatesBeyondTheLimitIsRefused) {
  ListOptions options;
  options.max_bytes = 64 * 1024;
  auto keys = read_keys(fixture("gaen_inflates_to_1_mib.zip"), options);
  EXPECT_EQ(keys.status().code(), Code::limit_exceeded);
  EXPECT_STREQ(keys.status().field(), "export.bin");
}

TEST(GaenList, ExtraMembersAreRefusedWhereAsked) {
  Bytes zip = fixture("gaen_extra_member.zip");
  EXPECT_TRUE(read_keys(zip).ok());
  ListOptions options;
  options.refuse_extra_members = true;
  EXPECT_EQ(read_keys(zip, options).status().code(), Code::corrupt);
  EXPECT_TRUE(read_keys(fixture("gaen_signed.zip"), options).ok());
}

TEST(GaenList, TooManySignaturesAreRefused) {
  GaenExportHeader header = sample_gaen_header();
  header.signatures.resize(17);
  EXPECT_EQ(write_gaen_export(header, {}).status().code(), Code::invalid_argument);
  std::vector<std::pair<uint32_t, Bytes>> fields(17, {kSignatureInfos, Bytes()});
  EXPECT_EQ(read_keys(message(fields)).status().code(), Code::limit_exceeded);
}

TEST(GaenWriter, RefusesWhatNoReaderTakes) {
  SeededRandom random(1);
  std::vector<PublishedKey> keys = sample_gaen_keys(3, random);
  auto refused = [&](const char* field) {
    auto bytes = write_gaen_export(sample_gaen_header(), keys);
    EXPECT_EQ(bytes.status().code(), Code::invalid_argument);
    EXPECT_EQ(bytes.status().record(), 1);
    if (field != nullptr) {
      EXPECT_STREQ(bytes.status().field(), field);
    }
  };
  PublishedKey good = keys[1];
  keys[1].scheme = SchemeTag::bluezone;
  refused("scheme");
  keys[1] = good;
  keys[1].transmission_risk_level = 9;
  refused("transmission_risk_level");
  keys[1] = good;
  keys[1].days_since_onset = 15;
  refused("days_since_onset");
  keys[1] = good;
  keys[1].valid_to = keys[1].valid_from;
  refused(nullptr);
  keys[1] = good;
  keys[1].valid_from = keys[1].valid_from + Millis(1);
  refused(nullptr);
}

TEST(GaenWriter, RefusesImpossibleHeaders) {
  GaenExportHeader header = sample_gaen_header();
  header.batch_number = 2;
  EXPECT_STREQ(write_gaen_export(header, {}).status().field(), "batch_number");
  header = sample_gaen_header();
  std::swap(header.start, header.end);
  EXPECT_STREQ(write_gaen_export(header, {}).status().field(), "end");
  header = sample_gaen_header();
  EXPECT_STREQ(write_gaen_archive(header, {}, {}).status().field(), "signatures");
}

}  // namespace
}  // namespace nearzone::testing
