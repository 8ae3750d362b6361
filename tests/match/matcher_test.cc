#include <gtest/gtest.h>

#include "match/naive_matcher.h"
#include "match/world.h"
#include "nearzone/match.h"
#include "nearzone/random.h"
#include "scheme/expansion.h"

namespace nearzone {
namespace {

using test::expand_all;
using test::expect_same_matches;
using test::match_naively;
using test::VectorStream;

using test::kFirstDay;
using test::World;

TEST(MatcherProperties, EqualsTheNaiveMatcherOnRandomWorlds) {
  size_t matches = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const World world(seed);
    const auto schemes =
        every_scheme(seed % 2 == 0 ? BluezoneWindows::tolerant : BluezoneWindows::strict);
    const MatchResult expected = match_naively(world.columns(), schemes, world.keys(), 3);
    SeededRandom random(seed);
    const auto matcher = Matcher::create(world.columns(), schemes, random);
    ASSERT_TRUE(matcher.ok());
    for (unsigned threads : {1u, 3u}) {
      VectorStream stream(world.keys(), 1 + seed % 17);
      MatchResult actual;
      ASSERT_TRUE(matcher->match(stream, 3, {.threads = threads}, actual).ok());
      expect_same_matches(expected, actual);
    }
    VectorStream stream(world.keys());
    MatchRun run(*matcher, stream, 3);
    Result<bool> more = true;
    while (*more) {
      more = run.step(1 + seed % 5);
      ASSERT_TRUE(more.ok());
    }
    expect_same_matches(expected, run.result());
    matches += expected.slots.size();
  }
  EXPECT_GT(matches, 1000u);
}

TEST(Matcher, DerivesNothingForDaysWithoutEncounters) {
  Sighting sighting;
  sighting.time = kFirstDay.start() + std::chrono::hours(12);
  const SightingTable table = SightingTable::from({&sighting, 1});
  const Scheme* const schemes[] = {&gaen_scheme()};
  SeededRandom random(1);
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  PublishedKey key;
  key.valid_from = (kFirstDay + 2).start();
  key.valid_to = (kFirstDay + 3).start();
  VectorStream stream({&key, 1});
  MatchResult result;
  ASSERT_TRUE(matcher->match(stream, 0, {}, result).ok());
  EXPECT_EQ(result.keys_tried, 1u);
  EXPECT_EQ(result.identifiers_derived, 0u);
  // On the day itself, only the slots within two hours of the one encounter.
  key.valid_from = kFirstDay.start();
  key.valid_to = (kFirstDay + 1).start();
  VectorStream near({&key, 1});
  ASSERT_TRUE(matcher->match(near, 0, {}, result).ok());
  EXPECT_LE(result.identifiers_derived, 27u);
  EXPECT_GE(result.identifiers_derived, 25u);
}

TEST(Matcher, DerivesNothingForASilenceWithinADay) {
  std::vector<Sighting> sightings(2);
  sightings[0].time = kFirstDay.start() + std::chrono::hours(6);
  sightings[1].time = kFirstDay.start() + std::chrono::hours(18);
  const SightingTable table = SightingTable::from(sightings);
  const Scheme* const schemes[] = {&gaen_scheme()};
  SeededRandom random(1);
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  PublishedKey key;
  key.valid_from = kFirstDay.start();
  key.valid_to = (kFirstDay + 1).start();
  VectorStream stream({&key, 1});
  MatchResult result;
  ASSERT_TRUE(matcher->match(stream, 0, {}, result).ok());
  EXPECT_EQ(result.identifiers_derived, 2 * 25u);
}

// Whatever a list holds, its work stays linear: all keys the same and heard, or all of them others.
TEST(Matcher, ReportsEveryRepetitionOfAKeyThatWasHeard) {
  PublishedKey key;
  key.valid_from = kFirstDay.start();
  key.valid_to = (kFirstDay + 1).start();
  std::vector<Sighting> sightings;
  for (const auto& slot : expand_all(gaen_scheme(), key)) {
    sightings.emplace_back().identifier = slot.identifier;
    sightings.back().time = slot.window.from;
  }
  const SightingTable table = SightingTable::from(sightings);
  const Scheme* const schemes[] = {&gaen_scheme()};
  SeededRandom random(1);
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  std::vector<PublishedKey> keys(5000, key);
  for (size_t i = 0; i < keys.size(); ++i) keys[i].record = i;
  VectorStream stream(keys);
  MatchResult result;
  ASSERT_TRUE(matcher->match(stream, 0, {.threads = 2}, result).ok());
  ASSERT_EQ(result.keys.size(), keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    ASSERT_EQ(result.keys[i].key.record, i);
    ASSERT_EQ(result.keys[i].slot_match_count, 144u);
  }
  EXPECT_EQ(result.rows.size(), keys.size() * 144);
}

// Somebody nearby may broadcast what the identifiers of a key begin with, as often as they like.
TEST(Matcher, FindsWhatStandsAmongManyThatBeginAlike) {
  PublishedKey key;
  key.valid_from = kFirstDay.start();
  key.valid_to = (kFirstDay + 1).start();
  const auto slots = expand_all(gaen_scheme(), key);
  SeededRandom random(1);
  std::vector<Sighting> sightings;
  for (uint32_t i = 0; i < 30'000; ++i) {
    Sighting& sighting = sightings.emplace_back();
    sighting.identifier = slots[i % 3].identifier;
    sighting.time = kFirstDay.start() + std::chrono::seconds(i % 3600);
    // Up to eight of the first bytes are left.
    const size_t kept = size_t{i % 16} * (i % 16) / 8 % 9;
    if (i >= 3) random.fill(std::span(sighting.identifier.bytes).subspan(kept));
  }
  const SightingTable table = SightingTable::from(sightings);
  const Scheme* const schemes[] = {&gaen_scheme()};
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  VectorStream stream({&key, 1});
  MatchResult result;
  ASSERT_TRUE(matcher->match(stream, 0, {}, result).ok());
  expect_same_matches(match_naively(table.columns(), schemes, {&key, 1}, 0), result);
  EXPECT_EQ(result.slots.size(), 3u);
}

TEST(Matcher, WorksOnTheCallersThreads) {
  struct Counting final : Executor {
    void run(unsigned count, const std::function<void(unsigned)>& work) override {
      asked = count;
      for (unsigned i = count; i-- > 0;) work(i);
    }
    unsigned asked = 0;
  } executor;
  const World world(5);
  const Scheme* const schemes[] = {&gaen_scheme(), &bluezone_scheme()};
  SeededRandom random(1);
  const auto matcher = Matcher::create(world.columns(), schemes, random);
  VectorStream stream(world.keys(), 3);
  MatchResult result;
  const MatchControl control{.threads = 4, .executor = &executor};
  ASSERT_TRUE(matcher->match(stream, 3, control, result).ok());
  EXPECT_EQ(executor.asked, 4u);
  expect_same_matches(match_naively(world.columns(), schemes, world.keys(), 3), result);
}

TEST(Matcher, CancelLeavesTheResultAsItWas) {
  const World world(1);
  const Scheme* const schemes[] = {&gaen_scheme(), &bluezone_scheme()};
  SeededRandom random(1);
  const auto matcher = Matcher::create(world.columns(), schemes, random);
  Cancel cancel;
  cancel.request();
  VectorStream stream(world.keys());
  MatchResult result;
  EXPECT_EQ(matcher->match(stream, 0, {.cancel = &cancel}, result).code(), Code::cancelled);
  EXPECT_EQ(result.keys_tried, 0u);
  EXPECT_EQ(Matcher::create(world.columns(), schemes, random, &cancel).status().code(),
            Code::cancelled);
}

TEST(Matcher, StopsWithinABatch) {
  // Asks to stop when the keys of one long batch have been handed over.
  struct StoppingStream final : KeyStream {
    explicit StoppingStream(Cancel& stop) : cancel(stop) {}
    Status next(size_t most, std::vector<PublishedKey>& batch) override {
      batch.assign(most, PublishedKey());
      for (PublishedKey& key : batch) key.valid_to = key.valid_from + Day::kLength;
      cancel.request();
      return {};
    }
    Cancel& cancel;
  };
  const Scheme* const schemes[] = {&gaen_scheme()};
  const Sighting sighting{};
  const SightingTable table = SightingTable::from({&sighting, 1});
  SeededRandom random(1);
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  for (unsigned threads : {1u, 2u}) {
    Cancel cancel;
    StoppingStream stream(cancel);
    MatchResult result;
    const MatchControl control{.threads = threads, .cancel = &cancel};
    EXPECT_EQ(matcher->match(stream, 0, control, result).code(), Code::cancelled);
    EXPECT_EQ(result.identifiers_derived, 0u);
    EXPECT_TRUE(result.keys.empty());
  }
}

TEST(Matcher, PassesOnTheStreamsFaultAndThrowsAwayWhatItGave) {
  class FailingStream final : public KeyStream {
   public:
    Status next(size_t, std::vector<PublishedKey>& batch) override {
      if (given_++ == 2) return {Code::corrupt, "the list changed while it was read"};
      batch.assign(3, PublishedKey());
      return {};
    }

   private:
    int given_ = 0;
  } stream;
  const World world(2);
  const Scheme* const schemes[] = {&gaen_scheme()};
  SeededRandom random(1);
  const auto matcher = Matcher::create(world.columns(), schemes, random);
  MatchResult result;
  EXPECT_EQ(matcher->match(stream, 0, {}, result).code(), Code::corrupt);
  EXPECT_EQ(result.keys_tried, 0u);
}

TEST(Matcher, ReportsProgressOnTheCallersThread) {
  const World world(3);
  const Scheme* const schemes[] = {&gaen_scheme(), &bluezone_scheme()};
  SeededRandom random(1);
  const auto matcher = Matcher::create(world.columns(), schemes, random);
  VectorStream stream(world.keys(), 1);
  uint64_t last = 0;
  MatchResult result;
  const MatchControl control{.threads = 1, .progress = [&](uint64_t keys) {
                               EXPECT_GE(keys, last);
                               last = keys;
                             }};
  ASSERT_TRUE(matcher->match(stream, 0, control, result).ok());
  EXPECT_EQ(last, world.keys().size());
}

TEST(Matcher, RefusesTwoSchemesOfOneTag) {
  const World world(4);
  const Scheme* const schemes[] = {&bluezone_scheme(), &bluezone_scheme(BluezoneWindows::strict)};
  SeededRandom random(1);
  EXPECT_EQ(Matcher::create(world.columns(), schemes, random).status().code(),
            Code::invalid_argument);
}

}  // namespace
}  // namespace nearzone
