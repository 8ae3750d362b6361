// What is asked of published keys that were heard, and of no others: TCN's signature.
#include <gtest/gtest.h>

#include <array>

#include "match/naive_matcher.h"
#include "nearzone/match.h"
#include "nearzone/tcn.h"
#include "scheme/expansion.h"

namespace nearzone {
namespace {

// TCN's scheme, and how often it was asked to admit a report.
class CountingScheme final : public Scheme {
 public:
  SchemeTag tag() const override { return SchemeTag::tcn; }
  TimeRule rule() const override { return tcn_scheme().rule(); }
  Status check(const PublishedKey& key) const override { return tcn_scheme().check(key); }
  Status admit(const PublishedKey& key) const override {
    ++admissions;
    return tcn_scheme().admit(key);
  }
  void split(std::span<const PublishedKey> keys, std::vector<KeyPart>& parts) const override {
    tcn_scheme().split(keys, parts);
  }
  void prepare(std::span<KeyPart* const> parts) const override { tcn_scheme().prepare(parts); }
  bool derives_in_order() const override { return tcn_scheme().derives_in_order(); }
  void expand(std::span<const Derivation> derivations, std::span<Identifier> out) const override {
    tcn_scheme().expand(derivations, out);
  }
  Metadata open_metadata(const PublishedKey& key, const Identifier& identifier,
                         const Metadata& heard) const override {
    return tcn_scheme().open_metadata(key, identifier, heard);
  }

  mutable size_t admissions = 0;
};

std::vector<PublishedKey> make_reports(size_t count) {
  SeededRandom random(5);
  std::vector<PublishedKey> keys(count);
  for (PublishedKey& key : keys) {
    const tcn::ReportAuthorizationKey rak{Secret<32>::random(random)};
    key.scheme = SchemeTag::tcn;
    key.bytes = tcn::verification_key(rak).bytes;
    key.report = *tcn::make_report(rak, 1, 24, tcn::MemoType::coepi_v1, {});
  }
  return keys;
}

struct Outcome {
  MatchResult result;
  size_t admissions;
};

// Of a phone that heard the last number of each of the first `heard` reports.
Outcome match(const std::vector<PublishedKey>& keys, size_t heard) {
  std::vector<Sighting> sightings(heard);
  for (size_t i = 0; i < heard; ++i) {
    sightings[i].scheme = SchemeTag::tcn;
    sightings[i].identifier = test::expand_all(tcn_scheme(), keys[i]).back().identifier;
    sightings[i].time = Day{18500}.start() + std::chrono::hours(i);
  }
  const SightingTable table = SightingTable::from(sightings);
  const CountingScheme scheme;
  const std::array<const Scheme*, 1> schemes{&scheme};
  SeededRandom random(1);
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  test::VectorStream stream(keys);
  Outcome outcome;
  EXPECT_TRUE(matcher->match(stream, 0, {}, outcome.result).ok());
  outcome.admissions = scheme.admissions;
  return outcome;
}

TEST(Admission, IsAskedOfReportsThatWereHeardOnly) {
  const auto keys = make_reports(200);
  const Outcome none = match(keys, 0);
  EXPECT_EQ(none.admissions, 0u);
  const Outcome three = match(keys, 3);
  EXPECT_EQ(three.admissions, 3u);
  EXPECT_EQ(three.result.keys.size(), 3u);
  EXPECT_EQ(three.result.keys_unproven, 0u);
}

TEST(Admission, LetsNoReportPassThatItsKeyDidNotSign) {
  auto keys = make_reports(40);
  for (const size_t forged : {0u, 7u, 8u, 19u}) keys[forged].report.back() ^= 1;
  const Outcome outcome = match(keys, 20);
  EXPECT_EQ(outcome.admissions, 20u);
  EXPECT_EQ(outcome.result.keys.size(), 16u);
  EXPECT_EQ(outcome.result.slots.size(), 16u);
  EXPECT_EQ(outcome.result.rows.size(), 16u);
  EXPECT_EQ(outcome.result.keys_unproven, 4u);
  for (const MatchedKey& matched : outcome.result.keys)
    EXPECT_TRUE(tcn::verify_report(matched.key.report).ok());
}

}  // namespace
}  // namespace nearzone
