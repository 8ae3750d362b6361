#include "nearzone/tcn.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/crypto.h"
#include "nearzone/scheme.h"
#include "scheme/expansion.h"
#include "vectors/vectors.h"

namespace nearzone::tcn {
namespace {

using test::secret_from_hex;

std::vector<uint8_t> bytes_from_hex(const std::string& hex) {
  std::vector<uint8_t> bytes(hex.size() / 2);
  EXPECT_TRUE(from_hex(hex, bytes).ok());
  return bytes;
}

nlohmann::json vectors() { return test::load_vectors("dp3t_tcn.json").at("tcn"); }

ReportAuthorizationKey rak_of(const nlohmann::json& vector) {
  return {secret_from_hex<32>(vector.at("rak"))};
}

TEST(TcnVectors, DeriveKeysAndNumbers) {
  const auto official = vectors().at("official");
  const ReportAuthorizationKey rak = rak_of(official);
  EXPECT_EQ(to_hex(verification_key(rak).bytes), official.at("rvk").get<std::string>());
  EXPECT_EQ(to_hex(contact_key(rak, 0).bytes), official.at("tck_0").get<std::string>());
  ASSERT_EQ(official.at("tck").size(), 10u);
  for (const auto& [index, expected] : official.at("tck").items())
    EXPECT_EQ(to_hex(contact_key(rak, static_cast<uint16_t>(std::stoul(index))).bytes),
              expected.get<std::string>());
  ASSERT_EQ(official.at("tcn").size(), 10u);
  const auto all = numbers(rak, 1, 10);
  for (const auto& [text, expected] : official.at("tcn").items()) {
    const auto index = static_cast<uint16_t>(std::stoul(text));
    EXPECT_EQ(to_hex(all[index - 1u].bytes), expected.get<std::string>());
    EXPECT_EQ(numbers(rak, index, index)[0], all[index - 1u]);
  }
}

PublishedKey published(const std::vector<uint8_t>& report) {
  PublishedKey key;
  key.scheme = SchemeTag::tcn;
  std::copy_n(report.begin(), 32, key.bytes.begin());
  key.report = report;
  return key;
}

TEST(TcnVectors, WriteAndReadTheOfficialReport) {
  const auto official = vectors().at("official");
  const auto vector = official.at("report");
  const std::string memo = vector.at("memo");
  const auto made = make_report(
      rak_of(official), vector.at("j1").get<uint16_t>(), vector.at("j2").get<uint16_t>(),
      static_cast<MemoType>(vector.at("memo_type").get<uint8_t>()), as_bytes(memo));
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(to_hex(*made), vector.at("signed").get<std::string>());
  EXPECT_EQ(made->size(), 146u);
  const auto read = verify_report(*made);
  ASSERT_TRUE(read.ok()) << read.status().text();
  EXPECT_EQ(read->first, 2);
  EXPECT_EQ(read->last, 10);
  EXPECT_EQ(std::string(read->memo.begin(), read->memo.end()), memo);
  std::vector<std::string> revealed;
  for (const auto& slot : test::expand_all(tcn_scheme(), published(*made)))
    revealed.push_back(to_hex(slot.identifier.bytes));
  EXPECT_EQ(revealed, vector.at("tcns").get<std::vector<std::string>>());
}

TEST(TcnVectors, WriteAndExpandTheOtherReports) {
  const auto extra = vectors().at("extra");
  ASSERT_EQ(extra.size(), 3u);
  for (const auto& vector : extra) {
    const auto signed_report = bytes_from_hex(vector.at("signed_report"));
    const auto made = make_report(rak_of(vector), vector.at("j1").get<uint16_t>(),
                                  vector.at("j2").get<uint16_t>(),
                                  static_cast<MemoType>(vector.at("memo_type").get<uint8_t>()),
                                  bytes_from_hex(vector.at("memo_hex")));
    EXPECT_EQ(*made, signed_report);
    const PublishedKey key = published(signed_report);
    ASSERT_TRUE(tcn_scheme().check(key).ok());
    EXPECT_TRUE(tcn_scheme().admit(key).ok());
    const auto slots = test::expand_all(tcn_scheme(), key);
    ASSERT_EQ(slots.size(), vector.at("count").get<size_t>());
    EXPECT_EQ(to_hex(slots.front().identifier.bytes), vector.at("tcn_first").get<std::string>());
    EXPECT_EQ(to_hex(slots.back().identifier.bytes), vector.at("tcn_last").get<std::string>());
    EXPECT_EQ(slots.front().slot, vector.at("j1").get<uint32_t>());
  }
}

TEST(TcnVectors, RefuseEveryRejectedReport) {
  const auto rejected = vectors().at("reject");
  ASSERT_EQ(rejected.size(), 4u);
  for (const auto& vector : rejected) {
    const auto report = bytes_from_hex(vector.at("signed_report"));
    EXPECT_FALSE(verify_report(report).ok()) << vector.at("name");
    const PublishedKey key = published(report);
    EXPECT_FALSE(tcn_scheme().check(key).ok() && tcn_scheme().admit(key).ok()) << vector.at("name");
  }
}

ReportAuthorizationKey some_rak() {
  SeededRandom random(1);
  return {Secret<32>::random(random)};
}

TEST(TcnReport, RaisesAFirstOfZero) {
  const auto report = make_report(some_rak(), 0, 3, MemoType::ito_v1, {});
  EXPECT_EQ(*report, *make_report(some_rak(), 1, 3, MemoType::ito_v1, {}));
  EXPECT_EQ(read_report(*report)->size(), 3u);
}

TEST(TcnReport, WorksAtBothEndsOfTheRatchet) {
  const auto last = make_report(some_rak(), 65530, 65535, MemoType::coepi_v1, {});
  ASSERT_TRUE(verify_report(*last).ok());
  const auto slots = test::expand_all(tcn_scheme(), published(*last));
  ASSERT_EQ(slots.size(), 6u);
  EXPECT_EQ(slots.back().identifier, numbers(some_rak(), 65535, 65535)[0]);
  const auto first = make_report(some_rak(), 1, 1, MemoType::coepi_v1, {});
  EXPECT_EQ(test::expand_all(tcn_scheme(), published(*first)).size(), 1u);
}

TEST(TcnReport, RevealsNothingWhereItEndsBeforeItBegins) {
  const auto report = make_report(some_rak(), 9, 3, MemoType::coepi_v1, {});
  ASSERT_TRUE(verify_report(*report).ok());
  EXPECT_EQ(read_report(*report)->size(), 0u);
  EXPECT_TRUE(test::expand_all(tcn_scheme(), published(*report)).empty());
}

TEST(TcnReport, HoldsMemosOfEveryLength) {
  const std::vector<uint8_t> memo(255, 'm');
  const auto longest = make_report(some_rak(), 1, 2, MemoType::hutch_trace, memo);
  ASSERT_TRUE(longest.ok());
  EXPECT_EQ(longest->size(), kMaxReport);
  EXPECT_EQ(verify_report(*longest)->memo, memo);
  const std::vector<uint8_t> too_long(256, 'm');
  EXPECT_STREQ(make_report(some_rak(), 1, 2, MemoType::ito_v1, too_long).status().field(), "memo");
  EXPECT_STREQ(make_report(some_rak(), 1, 2, MemoType::reserved, {}).status().field(), "memo_type");
  EXPECT_EQ(make_report(some_rak(), 1, 2, MemoType::coepi_v1, {})->size(), 134u);
}

// Every length but its own, and every single bit.
TEST(TcnReport, RefusesOtherLengthsAndEveryFlippedBit) {
  const auto report = *make_report(some_rak(), 1, 24, MemoType::coepi_v1, as_bytes("memo"));
  for (size_t size = 0; size < report.size(); ++size)
    EXPECT_EQ(read_report(ByteView(report).first(size)).status().code(), Code::corrupt);
  auto longer = report;
  longer.push_back(0);
  EXPECT_EQ(read_report(longer).status().code(), Code::corrupt);
  for (size_t bit = 0; bit < report.size() * 8; ++bit) {
    auto flipped = report;
    flipped[bit / 8] = static_cast<uint8_t>(flipped[bit / 8] ^ 1u << bit % 8);
    EXPECT_FALSE(verify_report(flipped).ok()) << bit;
  }
  auto reserved = report;
  reserved[68] = 0xff;
  EXPECT_STREQ(read_report(reserved).status().field(), "memo_type");
}

TEST(TcnScheme, RefusesWhatNoHonestListHolds) {
  PublishedKey key = published(*make_report(some_rak(), 1, 1440, MemoType::coepi_v1, {}));
  EXPECT_TRUE(tcn_scheme().check(key).ok());
  EXPECT_EQ(tcn_scheme()
                .check(published(*make_report(some_rak(), 1, 1441, MemoType::coepi_v1, {})))
                .code(),
            Code::limit_exceeded);
  key.bytes[0] ^= 1;
  EXPECT_STREQ(tcn_scheme().check(key).field(), "key");
  key.report.clear();
  EXPECT_STREQ(tcn_scheme().check(key).field(), "report");
}

// Ratchets of many lengths side by side, in numbers that no kernel divides.
TEST(TcnScheme, ManyReportsTogetherEqualSingleDerivation) {
  SeededRandom random(2);
  std::vector<PublishedKey> keys;
  std::vector<Identifier> expected;
  for (int i = 0; i < 45; ++i) {
    const ReportAuthorizationKey rak{Secret<32>::random(random)};
    const auto first = static_cast<uint16_t>(1 + random.below(40));
    const auto last = static_cast<uint16_t>(first + random.below(60));
    keys.push_back(published(*make_report(rak, first, last, MemoType::coepi_v1, {})));
    for (const Identifier& number : numbers(rak, first, last)) expected.push_back(number);
  }
  std::vector<KeyPart> parts;
  tcn_scheme().split(keys, parts);
  std::vector<Derivation> derivations;
  for (const KeyPart& part : parts) derivations.push_back({&part, {0, part.slots}});
  std::vector<Identifier> derived(expected.size());
  tcn_scheme().expand(derivations, derived);
  EXPECT_EQ(derived, expected);
}

}  // namespace
}  // namespace nearzone::tcn
