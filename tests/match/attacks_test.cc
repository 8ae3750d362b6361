// The attacks that the schemes' authors name, against every scheme: what is accepted, and why.
// docs/threat-model.md has the table that is tested here.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "match/naive_matcher.h"
#include "nearzone/bluezone.h"
#include "nearzone/dp3t.h"
#include "nearzone/lists.h"
#include "nearzone/match.h"
#include "nearzone/tcn.h"
#include "scheme/expansion.h"

namespace nearzone {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::expand_all;
using test::VectorStream;

constexpr Day kDay{18500};
constexpr Instant kReleased{kDay.start() + hours(18)};

// What was published of one infected person: keys, or for DP-3T unlinkable a set of them.
struct Published {
  std::vector<PublishedKey> keys;
  // An identifier that the person sent, and when.
  Identifier sent;
  Instant sent_at;
};

// The person sends from the morning of kDay on, and everything is published at kReleased. Of the
// identifiers sent, one of 9:00 to 9:10 is the one that the attacks are made with.
Published publish(SchemeTag tag) {
  SeededRandom random(42);
  Published published;
  PublishedKey key;
  key.scheme = tag;
  random.fill(std::span(key.bytes).first(published_key_size(tag)));
  key.valid_from = kDay.start();
  key.valid_to = (kDay + 1).start();
  key.identifiers_per_day = 96;
  key.released_at = kReleased;
  published.sent_at = kDay.start() + hours(9) + minutes(5);
  if (tag == SchemeTag::bluezone) key.valid_to = kReleased;
  if (tag == SchemeTag::gaen) {
    key.identifiers_per_day = 144;
    key.valid_to = kReleased;
  }
  if (tag == SchemeTag::dp3t_hybrid) {
    key.valid_from = kDay.start() + hours(8);
    key.valid_to = kDay.start() + hours(10);
  }
  if (tag == SchemeTag::tcn) {
    const tcn::ReportAuthorizationKey rak{Secret<32>::random(random)};
    key.bytes = tcn::verification_key(rak).bytes;
    key.report = *tcn::make_report(rak, 1, 24, tcn::MemoType::coepi_v1, {});
  }
  if (tag == SchemeTag::dp3t_unlinkable) {
    key.valid_from = kDay.start() + hours(9);
    key.valid_to = key.valid_from + dp3t::kEpoch;
  }
  const Scheme& scheme = *find_scheme(tag);
  EXPECT_TRUE(scheme.check(key).ok()) << scheme.check(key).field();
  for (const auto& slot : expand_all(scheme, key))
    if (slot.window.contains(published.sent_at)) published.sent = slot.identifier;
  published.keys = {key};
  return published;
}

// How many sightings count of one phone that heard this identifier at this time.
size_t accepted(const Published& published, const Identifier& identifier, Instant at,
                BluezoneWindows windows = BluezoneWindows::tolerant) {
  const SchemeTag tag = published.keys[0].scheme;
  Sighting sighting;
  sighting.scheme = tag;
  sighting.identifier = identifier;
  sighting.time = at;
  const SightingTable table = SightingTable::from({&sighting, 1});
  SeededRandom random(1);
  const auto schemes = every_scheme(windows);
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  MatchResult result;
  if (tag == SchemeTag::dp3t_unlinkable) {
    const auto bytes = write_nearzone_set({1, 1, "", kReleased, kReleased + hours(24)}, tag,
                                          dp3t::set_items(published.keys), {});
    MemorySource source(*bytes);
    const auto list = KeyList::open(source);
    EXPECT_TRUE(matcher->match(*(*list)->set(), 0, nullptr, result).ok());
  } else {
    VectorStream stream(published.keys);
    EXPECT_TRUE(matcher->match(stream, 0, {}, result).ok());
  }
  return result.rows.size();
}

struct Accepts {
  SchemeTag scheme;
  bool minutes_later;  // 25 minutes after it was sent
  bool hour_later;     // two hours and a half
  bool same_day;       // in the evening before, or the afternoon of the same day
  bool next_day;       // the same hour, a day before the release
  bool after_release;  // but within the identifier's own time
  size_t linked;       // identifiers that one published record links
};

class Attacks : public testing::TestWithParam<Accepts> {
 protected:
  const Accepts& expected() const { return GetParam(); }
  Published published_ = publish(GetParam().scheme);
  size_t heard_at(Instant at) const { return accepted(published_, published_.sent, at); }
};

// What matching is for.
TEST_P(Attacks, HonestSightingsCount) { EXPECT_EQ(heard_at(published_.sent_at), 1u); }

// Forwarded at once to another place. Nothing in an identifier says where it was sent: all accept.
TEST_P(Attacks, ARelayInRealTimeIsAcceptedByAll) {
  EXPECT_EQ(heard_at(published_.sent_at + std::chrono::seconds(2)), 1u);
}

// Bluezone: its slot and five minutes. Exposure Notification: two hours, for clocks that are off.
// DP-3T hybrid: its window of two hours. DP-3T low-cost: the day, whose order is secret. TCN: no
// time at all. DP-3T unlinkable: the epoch of a quarter of an hour.
TEST_P(Attacks, AReplayIsAcceptedAsLongAsTheSchemeCannotTell) {
  EXPECT_EQ(heard_at(published_.sent_at + minutes(25)), expected().minutes_later ? 1u : 0u);
  EXPECT_EQ(heard_at(published_.sent_at + minutes(150)), expected().hour_later ? 1u : 0u);
  EXPECT_EQ(heard_at(kDay.start() + hours(17)), expected().same_day ? 1u : 0u);
}

// The days before the one on which it was sent, and those after it. All but TCN bind an identifier
// to its day; a report that is out is bound to the time before it by its release.
TEST_P(Attacks, AReplayOnAnotherDayIsAcceptedByTcnOnly) {
  EXPECT_EQ(heard_at(published_.sent_at - Day::kLength), expected().next_day ? 1u : 0u);
  EXPECT_EQ(heard_at(published_.sent_at + Day::kLength), 0u);
}

// From the release on anybody can compute every identifier. DP-3T and TCN count none that is heard
// then, even in its own time; the others do, within their windows.
TEST_P(Attacks, AReplayAfterTheReleaseCountsOnlyWhereTheSchemeKnowsNoRelease) {
  EXPECT_EQ(heard_at(kReleased), 0u);
  EXPECT_EQ(heard_at(kReleased + hours(1)), 0u);
  // A key that is released while one of its identifiers is on the air.
  Published early = published_;
  for (PublishedKey& key : early.keys) {
    key.released_at = published_.sent_at;
    if (key.scheme == SchemeTag::dp3t_low_cost) key.valid_to = (kDay + 1).start();
  }
  EXPECT_EQ(accepted(early, early.sent, published_.sent_at), expected().after_release ? 1u : 0u);
}

// The tolerance is five minutes on either side of the slot of 9:00 to 9:15, and none as the
// original.
TEST(Replay, OfBluezoneEndsWithItsSlotWhereTheWindowsAreStrict) {
  const Published published = publish(SchemeTag::bluezone);
  const Instant end = kDay.start() + hours(9) + minutes(15);
  for (const auto& [at, tolerant, strict] : {std::tuple{end - Millis(1), 1u, 1u},
                                             {end, 1u, 1u},
                                             {end + Millis(1), 1u, 0u},
                                             {end + minutes(5) - Millis(1), 1u, 0u},
                                             {end + minutes(5), 0u, 0u}}) {
    EXPECT_EQ(accepted(published, published.sent, at), tolerant);
    EXPECT_EQ(accepted(published, published.sent, at, BluezoneWindows::strict), strict);
  }
}

// As long as its window: a phone sends those of two hours, and hears those of four as well.
TEST(Replay, OfDp3tHybridCountsForItsWindow) {
  Published published = publish(SchemeTag::dp3t_hybrid);
  published.keys[0].valid_to = published.keys[0].valid_from + hours(4);
  ASSERT_TRUE(dp3t_hybrid_scheme().check(published.keys[0]).ok());
  EXPECT_EQ(accepted(published, published.sent, published.sent_at), 1u);
  EXPECT_EQ(accepted(published, published.sent, kDay.start() + hours(12) - Millis(1)), 1u);
  EXPECT_EQ(accepted(published, published.sent, kDay.start() + hours(12)), 0u);
}

// TCN has no time in it: what a list says of the release is all that there is.
TEST(Replay, OfTcnIsAcceptedForEverWhereTheListDoesNotSayTheRelease) {
  Published published = publish(SchemeTag::tcn);
  EXPECT_EQ(accepted(published, published.sent, kReleased), 0u);
  published.keys[0].released_at.reset();
  for (const Instant at : {published.sent_at, kReleased, kReleased + Day::kLength * 365})
    EXPECT_EQ(accepted(published, published.sent, at), 1u);
}

// Anybody who has sightings of several places can tell, after the publication, which of them were
// of one person. A set tells nothing of the kind: each of its items was asked for by itself.
TEST_P(Attacks, PublicationLinksTheIdentifiersOfOneRecord) {
  const PublishedKey& key = published_.keys[0];
  std::set<Identifier> linked;
  for (const auto& slot : expand_all(*find_scheme(key.scheme), key)) linked.insert(slot.identifier);
  EXPECT_EQ(linked.size(), expected().linked);
}

INSTANTIATE_TEST_SUITE_P(
    Schemes, Attacks,
    testing::Values(Accepts{SchemeTag::bluezone, false, false, false, false, true, 72},
                    Accepts{SchemeTag::gaen, true, false, false, false, true, 108},
                    Accepts{SchemeTag::dp3t_low_cost, true, true, true, false, false, 96},
                    Accepts{SchemeTag::dp3t_hybrid, true, false, false, false, false, 8},
                    Accepts{SchemeTag::tcn, true, true, true, true, false, 24},
                    Accepts{SchemeTag::dp3t_unlinkable, false, false, false, false, true, 1}),
    [](const auto& tested) { return test::test_name(tested.param.scheme); });

// Somebody who heard another's identifier wants it published as his own, so that those who were
// near that person are warned, or those near himself are not believed.
TEST(Claiming, NeedsTheKeyWhereNothingIsSigned) {
  for (const SchemeTag tag :
       {SchemeTag::bluezone, SchemeTag::gaen, SchemeTag::dp3t_low_cost, SchemeTag::dp3t_hybrid}) {
    const Published victim = publish(tag);
    // No key of his own gives the identifier that he heard.
    Published thief = victim;
    SeededRandom random(77);
    random.fill(std::span(thief.keys[0].bytes).first(published_key_size(tag)));
    EXPECT_EQ(accepted(thief, victim.sent, victim.sent_at), 0u);
    // Once he knows the victim's, from a list, he can have it published again: it is accepted, and
    // says no more than the list did.
    thief.keys[0].bytes = victim.keys[0].bytes;
    EXPECT_EQ(accepted(thief, victim.sent, victim.sent_at), 1u);
  }
}

TEST(Claiming, IsStoppedByTheSignatureOfTcn) {
  const Published victim = publish(SchemeTag::tcn);
  SeededRandom random(77);
  const tcn::ReportAuthorizationKey own{Secret<32>::random(random)};
  // The victim's ratchet in a report of his own: the numbers come out wrong.
  std::vector<uint8_t> report = *tcn::make_report(own, 1, 24, tcn::MemoType::coepi_v1, {});
  Published thief = victim;
  std::copy_n(victim.keys[0].report.begin() + 32, 32, report.begin() + 32);
  thief.keys[0].report = report;
  std::copy_n(report.begin(), 32, thief.keys[0].bytes.begin());
  EXPECT_EQ(accepted(thief, victim.sent, victim.sent_at), 0u);
  // The victim's key as well: the numbers come out right, and the signature does not.
  std::copy_n(victim.keys[0].report.begin(), 64, report.begin());
  thief.keys[0].report = report;
  thief.keys[0].bytes = victim.keys[0].bytes;
  EXPECT_EQ(accepted(thief, victim.sent, victim.sent_at), 0u);
  // The victim's report with a longer range or another memo: not signed either.
  thief.keys[0] = victim.keys[0];
  thief.keys[0].report[66] = 48;
  EXPECT_EQ(accepted(thief, victim.sent, victim.sent_at), 0u);
}

// The authority takes seeds, not identifiers: one of what the thief heard he cannot name.
TEST(Claiming, NeedsThePreimageOfDp3tUnlinkable) {
  const Published victim = publish(SchemeTag::dp3t_unlinkable);
  Published thief = victim;
  std::copy_n(victim.sent.bytes.begin(), 16, thief.keys[0].bytes.begin());
  EXPECT_EQ(accepted(thief, victim.sent, victim.sent_at), 0u);
}

// DP-3T low-cost links more the longer a key stands: all days from the first one on.
TEST(Linking, OfDp3tLowCostReachesOverAllDaysOfAKey) {
  PublishedKey key = publish(SchemeTag::dp3t_low_cost).keys[0];
  key.released_at = kReleased + Day::kLength * 4;
  key.valid_to = (kDay + 5).start();
  EXPECT_EQ(expand_all(dp3t_low_cost_scheme(), key).size(), 5 * 96u);
}

// A phone in a border region has heard people of every country, and one match of one list finds
// all of them.
TEST(BorderRegion, OneMatchFindsEverySchemeOfOneLog) {
  std::vector<Sighting> sightings;
  std::vector<PublishedKey> keys;
  for (const SchemeTag tag : kSchemeTags) {
    const Published published = publish(tag);
    Sighting& sighting = sightings.emplace_back();
    sighting.scheme = tag;
    sighting.identifier = published.sent;
    sighting.time = published.sent_at;
    // The same bytes heard as another scheme's are not the same identifier.
    sightings.push_back(sighting);
    sightings.back().scheme = tag == SchemeTag::gaen ? SchemeTag::tcn : SchemeTag::gaen;
    keys.insert(keys.end(), published.keys.begin(), published.keys.end());
  }
  const SightingTable table = SightingTable::from(sightings);
  std::vector<PublishedKey> listed = keys;
  std::erase_if(listed,
                [](const PublishedKey& key) { return key.scheme == SchemeTag::dp3t_unlinkable; });
  const NearzoneListHeader header{1, 1, "border", kReleased, kReleased + hours(24)};
  const auto list_bytes = write_nearzone_list(header, listed, {});
  ASSERT_TRUE(list_bytes.ok()) << list_bytes.status().text();
  const auto set_bytes = write_nearzone_set(header, SchemeTag::dp3t_unlinkable,
                                            dp3t::set_items({&keys.back(), 1}), {});
  MemorySource list_source(*list_bytes), set_source(*set_bytes);
  const auto list = KeyList::open(list_source);
  const auto set = KeyList::open(set_source);
  ASSERT_TRUE(list.ok() && set.ok());
  SeededRandom random(1);
  const auto schemes = every_scheme();
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  const auto stream = (*list)->keys();
  MatchResult result;
  ASSERT_TRUE(matcher->match(**stream, 0, {}, result).ok());
  ASSERT_TRUE(matcher->match(*(*set)->set(), 1, nullptr, result).ok());
  std::set<SchemeTag> found;
  for (const MatchedKey& matched : result.keys) found.insert(matched.key.scheme);
  EXPECT_EQ(found.size(), kSchemeTags.size());
  EXPECT_EQ(result.rows.size(), kSchemeTags.size());
  EXPECT_EQ(result.keys_tried, kSchemeTags.size());
  EXPECT_EQ(summarise(result, table.columns()).size(), kSchemeTags.size());
}

}  // namespace
}  // namespace nearzone
