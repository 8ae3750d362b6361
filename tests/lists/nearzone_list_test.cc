#include <gtest/gtest.h>

#include <algorithm>

#include "core/crypto.h"
#include "lists/formats.h"
#include "lists/nearzone_fields.h"
#include "lists/support.h"

namespace nearzone::testing {
namespace {

using namespace nearzone_fields;

std::vector<PublishedKey> sample_keys(uint64_t seed) {
  SeededRandom random(seed);
  std::vector<PublishedKey> keys = sample_gaen_keys(random.below(100), random);
  for (const PublishedKey& key : sample_bluezone_keys(random.below(100), random))
    keys.push_back(key);
  for (const PublishedKey& key : sample_dp3t_keys(random.below(100), random)) keys.push_back(key);
  for (const PublishedKey& key : sample_tcn_reports(random.below(10), random)) keys.push_back(key);
  for (PublishedKey& key : keys) {
    if (key.scheme == SchemeTag::bluezone && random.below(2) == 0) {
      key.report_type = ReportType::self_report;
      key.days_since_onset = int8_t{-3};
      key.revised = true;
      key.valid_to = key.valid_to - Millis(key.valid_to > key.valid_from ? 1 : 0);
    }
  }
  return keys;
}

Bytes signed_list(uint64_t seed, uint8_t signer) {
  std::vector<Secret<32>> seeds;
  seeds.push_back(sample_seed(signer));
  return *write_nearzone_list(sample_nearzone_header(), sample_keys(seed), seeds);
}

SignatureReport verified(const Bytes& bytes, const std::vector<PublicKey>& keys) {
  MemorySource source(bytes);
  auto list = KeyList::open(source);
  EXPECT_TRUE(list.ok()) << list.status().text();
  return list.ok() ? (*list)->verify(keys) : SignatureReport{};
}

TEST(NearzoneList, ReadsBackWhatWasWritten) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    auto keys = read_keys(signed_list(seed, 1));
    ASSERT_TRUE(keys.ok()) << keys.status().text();
    EXPECT_EQ(*keys, as_written(sample_keys(seed), false));
  }
}

TEST(NearzoneList, TellsTheHeader) {
  Bytes bytes = signed_list(1, 7);
  MemorySource source(bytes);
  auto list = KeyList::open(source);
  ASSERT_TRUE(list.ok());
  const ListInfo& info = (*list)->info();
  NearzoneListHeader header = sample_nearzone_header();
  EXPECT_EQ(info.format, ListFormat::nearzone);
  EXPECT_EQ(info.list_id, header.list_id);
  EXPECT_EQ(info.sequence, header.sequence);
  EXPECT_EQ(info.region, header.region);
  EXPECT_EQ(info.start, header.valid_from);
  EXPECT_EQ(info.end, header.valid_to);
  ASSERT_EQ(info.signatures.size(), 1u);
  EXPECT_EQ(info.signatures[0].algorithm, "Ed25519");
  Digest id = sha256(sample_ed25519_key(7).bytes());
  EXPECT_EQ(info.signatures[0].key_id, to_hex(ByteView(id).first(8)));
}

TEST(NearzoneList, VerifiesWithAnyOfItsSigners) {
  std::vector<Secret<32>> seeds;
  seeds.push_back(sample_seed(1));
  seeds.push_back(sample_seed(2));
  Bytes bytes = *write_nearzone_list(sample_nearzone_header(), sample_keys(1), seeds);
  SignatureReport report =
      verified(bytes, {P256Signer().public_key(), sample_ed25519_key(3), sample_ed25519_key(2)});
  EXPECT_EQ(report.outcome, SignatureOutcome::verified);
  EXPECT_EQ(report.public_key, 2u);
  EXPECT_EQ(report.signature, 1u);
}

TEST(NearzoneList, StaysValidForTheOtherSignersWithoutOneOfItsSignatures) {
  const auto signed_by = [](std::initializer_list<uint8_t> signers) {
    std::vector<Secret<32>> seeds;
    for (uint8_t signer : signers) seeds.push_back(sample_seed(signer));
    return *write_nearzone_list(sample_nearzone_header(), sample_keys(1), seeds);
  };
  const Bytes both = signed_by({1, 2});
  Bytes stripped = signed_by({});
  stripped.insert(stripped.end(), both.begin() + static_cast<std::ptrdiff_t>(signed_by({1}).size()),
                  both.end());
  EXPECT_EQ(verified(stripped, {sample_ed25519_key(2)}).outcome, SignatureOutcome::verified);
  EXPECT_EQ(verified(stripped, {sample_ed25519_key(1)}).outcome, SignatureOutcome::failed);
}

TEST(NearzoneList, TellsAlteredContentFromAForeignSigner) {
  Bytes bytes = signed_list(1, 1);
  EXPECT_EQ(verified(bytes, {}).outcome, SignatureOutcome::unknown_key);
  SignatureReport foreign = verified(bytes, {sample_ed25519_key(2)});
  EXPECT_EQ(foreign.outcome, SignatureOutcome::failed);
  SignatureReport altered = verified(fixture("nearzone_tampered.nzlist"), {sample_ed25519_key(1)});
  EXPECT_EQ(altered.outcome, SignatureOutcome::failed);
  EXPECT_STRNE(foreign.detail, altered.detail);
}

TEST(NearzoneList, UnsignedOnesSaySo) {
  Bytes bytes = *write_nearzone_list(sample_nearzone_header(), sample_keys(1), {});
  EXPECT_EQ(verified(bytes, {sample_ed25519_key(1)}).outcome, SignatureOutcome::unsigned_list);
}

// A signature over the digest alone, or over it with another context, must not do.
TEST(NearzoneList, TheSignatureIsBoundToItsContext) {
  NearzoneListHeader header = sample_nearzone_header();
  Bytes whole = *write_nearzone_list(header, {}, {});
  MemorySource source(whole);
  auto list = KeyList::open(source);
  ASSERT_TRUE(list.ok());
  Digest digest = (*list)->content_digest();
  Secret<32> seed = sample_seed(1);
  auto outcome_with = [&](const Bytes& message) {
    Bytes bytes = whole;
    Bytes signature;
    WireWriter writer(signature);
    writer.bytes(kKeyId, key_id_of(ed25519_public_key(seed)));
    writer.bytes(kSignatureBytes, ed25519_sign(seed, message));
    WireWriter(bytes).bytes(kSignatures, signature);
    return verified(bytes, {sample_ed25519_key(1)}).outcome;
  };
  EXPECT_EQ(outcome_with(signed_message(digest)), SignatureOutcome::verified);
  EXPECT_EQ(outcome_with(Bytes(digest.begin(), digest.end())), SignatureOutcome::failed);
  Bytes other = signed_message(digest);
  other[0] ^= 1;
  EXPECT_EQ(outcome_with(other), SignatureOutcome::failed);
}

TEST(NearzoneList, ValidityIsNoticed) {
  ListInfo info;
  info.format = ListFormat::nearzone;
  info.start = kSampleDay.start();
  info.end = (kSampleDay + 1).start();
  EXPECT_TRUE(check_list_is_current(info, info.start).ok());
  EXPECT_TRUE(check_list_is_current(info, info.end - Millis(1)).ok());
  EXPECT_EQ(check_list_is_current(info, info.end).code(), Code::signature_refused);
  EXPECT_EQ(check_list_is_current(info, info.start - Millis(1)).code(), Code::signature_refused);
  info.format = ListFormat::gaen_export;
  EXPECT_TRUE(check_list_is_current(info, info.end).ok());
}

TEST(NearzoneList, ANewerMajorVersionIsSaidToBeNewer) {
  auto keys = read_keys(fixture("nearzone_newer_major.nzlist"));
  EXPECT_EQ(keys.status().code(), Code::newer_format);
  Bytes zero = signed_list(1, 1);
  zero[15] = '0';
  EXPECT_EQ(read_keys(zero).status().code(), Code::corrupt);
}

// A list with a body built by hand.
Bytes with_body(const Bytes& body) {
  Bytes out(kNearzoneHeader.begin(), kNearzoneHeader.end());
  WireWriter(out).bytes(kBody, body);
  return out;
}

TEST(NearzoneList, ASingleMalformedKeyRefusesIt) {
  struct {
    const char* field;
    uint32_t tag;
    std::vector<std::pair<uint32_t, uint64_t>> numbers;
    size_t key_bytes;
  } const cases[] = {
      {"key", kGaenKeys, {{kRollingStart, 2658960}}, 15},
      {"key", kBluezoneKeys, {{kTimeStart, 1}, {kTimeEnd, 2}, {kIdentifiersPerDay, 96}}, 16},
      {"rolling_period", kGaenKeys, {{kRollingStart, 2658960}, {kRollingPeriod, 0}}, 16},
      {"rolling_period", kGaenKeys, {{kRollingStart, 2658960}, {kRollingPeriod, 145}}, 16},
      {"rolling_start_interval", kGaenKeys, {{kRollingStart, uint64_t{1} << 32}}, 16},
      {"report_type", kGaenKeys, {{kRollingStart, 2658960}, {kReportType, 6}}, 16},
      {"days_since_onset", kGaenKeys, {{kRollingStart, 2658960}, {kDaysSinceOnset, 30}}, 16},
      {"transmission_risk_level", kGaenKeys, {{kTransmissionRiskLevel, 9}}, 16},
      {"time_start_ms", kBluezoneKeys, {{kTimeStart, ~uint64_t{0}}}, 32},
      {"identifiers_per_day", kBluezoneKeys, {{kIdentifiersPerDay, uint64_t{1} << 32}}, 32},
      {"key", kDp3tLowCostKeys, {{kDay, 18465}, {kReleasedAt, 1595462400}}, 16},
      {"released_at", kDp3tLowCostKeys, {{kDay, 18465}}, 32},
      {"released_at_s", kDp3tLowCostKeys, {{kReleasedAt, uint64_t{1} << 40}}, 32},
      {"day", kDp3tLowCostKeys, {{kDay, uint64_t{1} << 32}}, 32},
      {"identifiers_per_day",
       kDp3tLowCostKeys,
       {{kDay, 18465}, {kReleasedAt, 1595462400}, {kIdentifiersPerDay, 97}},
       32},
      {"key", kDp3tHybridKeys, {{kWindow, 221580}, {kReleasedAt, 1595462400}}, 32},
      {"window", kDp3tHybridKeys, {{kReleasedAt, 1595462400}, {kWindowMinutes, 7}}, 16},
      {"window_minutes", kDp3tHybridKeys, {{kWindowMinutes, 1441}}, 16},
      {"report", kTcnReports, {}, 31},
      {"report", kTcnReports, {}, 100},
      {"report", kTcnReports, {}, 1000},
  };
  for (const auto& bad : cases) {
    Bytes record;
    WireWriter writer(record);
    writer.bytes(kKey, Bytes(bad.key_bytes, 3));
    for (auto [tag, value] : bad.numbers) writer.varint(tag, value);
    Bytes body;
    WireWriter(body).bytes(bad.tag, record);
    auto keys = read_keys(with_body(body));
    EXPECT_EQ(keys.status().code(), Code::corrupt) << bad.field;
    EXPECT_STREQ(keys.status().field(), bad.field);
    EXPECT_EQ(keys.status().record(), 0);
  }
}

TEST(NearzoneList, RefusesRecordsWhoseWorkWouldNotEnd) {
  for (uint64_t per_day : {uint64_t{0}, uint64_t{1441}}) {
    Bytes record;
    WireWriter writer(record);
    writer.bytes(kKey, Bytes(32, 3));
    writer.varint(kTimeEnd, 86400000);
    writer.varint(kIdentifiersPerDay, per_day);
    Bytes body;
    WireWriter(body).bytes(kBluezoneKeys, record);
    EXPECT_EQ(read_keys(with_body(body)).status().code(), Code::corrupt);
  }
}

TEST(NearzoneList, ReadsFieldsInAnyOrderAndPassesOverUnknownOnes) {
  Bytes record;
  WireWriter writer(record);
  writer.varint(kRollingStart, 2658960);
  writer.bytes(wire_tag(77, WireType::bytes), bytes_of("later"));
  writer.bytes(kKey, Bytes(16, 3));
  Bytes body;
  WireWriter fields(body);
  fields.bytes(kGaenKeys, record);
  fields.bytes(wire_tag(78, WireType::bytes), Bytes(100000));
  fields.varint(kSequence, 5);
  Bytes bytes = with_body(body);
  MemorySource source(bytes);
  auto list = KeyList::open(source);
  ASSERT_TRUE(list.ok()) << list.status().text();
  EXPECT_EQ((*list)->info().keys, 1u);
  EXPECT_EQ((*list)->info().sequence, 5u);
}

TEST(NearzoneList, RefusesBrokenEnvelopes) {
  Bytes two = with_body({});
  WireWriter(two).bytes(kBody, {});
  EXPECT_EQ(read_keys(two).status().code(), Code::corrupt);
  Bytes no_signature = with_body({});
  WireWriter(no_signature).bytes(kSignatures, {});
  EXPECT_STREQ(read_keys(no_signature).status().field(), "signatures");
  Bytes endless = with_body({});
  endless.resize(endless.size() + 100000);
  EXPECT_EQ(read_keys(endless).status().code(), Code::limit_exceeded);
  Bytes many = with_body({});
  Bytes signature;
  WireWriter(signature).bytes(kKeyId, Bytes(8));
  WireWriter(signature).bytes(kSignatureBytes, Bytes(64));
  for (int i = 0; i < 17; ++i) WireWriter(many).bytes(kSignatures, signature);
  EXPECT_EQ(read_keys(many).status().code(), Code::limit_exceeded);
}

TEST(NearzoneWriter, RefusesWhatNoReaderTakes) {
  std::vector<PublishedKey> keys(2);
  SeededRandom random(1);
  keys[0] = sample_gaen_keys(1, random)[0];
  keys[1] = sample_bluezone_keys(1, random)[0];
  keys[1].identifiers_per_day = 0;
  auto list = write_nearzone_list(sample_nearzone_header(), keys, {});
  EXPECT_EQ(list.status().code(), Code::invalid_argument);
  EXPECT_EQ(list.status().record(), 1);
  NearzoneListHeader header = sample_nearzone_header();
  header.valid_to = header.valid_from;
  EXPECT_STREQ(write_nearzone_list(header, {}, {}).status().field(), "valid_to");
}

}  // namespace
}  // namespace nearzone::testing
