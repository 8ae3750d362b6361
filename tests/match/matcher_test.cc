#include <gtest/gtest.h>

#include "match/naive_matcher.h"
#include "nearzone/match.h"
#include "nearzone/random.h"
#include "scheme/expansion.h"

namespace nearzone {
namespace {

using test::expand_all;
using test::expect_same_matches;
using test::match_naively;
using test::VectorStream;

constexpr Day kFirstDay{18500};
constexpr int32_t kDays = 4;

// A small random world: keys of both schemes, sightings planted at the edges of their windows,
// strangers, duplicates, and keys of days on which nothing was heard.
class World {
 public:
  explicit World(uint64_t seed) : random_(seed) {
    for (uint64_t i = 0, count = 1 + random_.below(40); i < count; ++i) add_key();
    for (size_t i = 0, count = random_.below(4); i < count; ++i) keys_.push_back(keys_[i]);
    for (uint64_t i = 0, count = random_.below(30); i < count; ++i) plant();
    for (uint64_t i = 0, count = random_.below(30); i < count; ++i) add_stranger();
    for (size_t i = 0; i < keys_.size(); ++i) keys_[i].record = i;
    table_ = SightingTable::from(sightings_);
  }

  const std::vector<PublishedKey>& keys() const { return keys_; }
  SightingColumns columns() const { return table_.columns(); }

 private:
  int32_t below(uint64_t bound) { return static_cast<int32_t>(random_.below(bound)); }

  void add_key() {
    PublishedKey key;
    random_.fill(key.bytes);
    const Day day = kFirstDay + below(kDays);
    if (random_.below(2) == 0) {
      key.scheme = SchemeTag::bluezone;
      key.valid_from = day.start() + Millis(random_.below(3) == 0 ? 600000 : 0);
      key.identifiers_per_day = std::array{96u, 144u, 7u, 97u, 1u}[random_.below(5)];
      key.valid_to = key.valid_from + Millis(below(3) * Day::kLength.count() + below(2) * 899999);
    } else {
      std::fill(key.bytes.begin() + 16, key.bytes.end(), uint8_t{0});
      key.valid_from = day.start() + Interval::kLength * below(144);
      key.valid_to = key.valid_from + Interval::kLength * below(146);  // 0 and 145 are refused
    }
    keys_.push_back(key);
  }

  // Hears an identifier of a key at, just inside or just outside an edge of its window.
  void plant() {
    const PublishedKey& key = keys_[random_.below(keys_.size())];
    const Scheme& scheme =
        key.scheme == SchemeTag::gaen ? gaen_scheme() : bluezone_scheme(BluezoneWindows::tolerant);
    if (!scheme.check(key).ok()) return;
    const auto slots = expand_all(scheme, key);
    const auto& slot = slots[random_.below(slots.size())];
    const TimeRule rule = scheme.rule();
    const Instant edges[] = {slot.window.from, slot.window.to, slot.window.from - rule.before,
                             slot.window.to + rule.after,
                             slot.window.from + (slot.window.to - slot.window.from) / 2};
    Sighting sighting;
    sighting.scheme = key.scheme;
    sighting.identifier = slot.identifier;
    for (int copy = 1 + below(2); copy > 0; --copy) {
      sighting.time = edges[random_.below(5)] + Millis(below(3) - 1);
      sightings_.push_back(sighting);
    }
  }

  void add_stranger() {
    Sighting sighting;
    sighting.scheme = random_.below(2) == 0 ? SchemeTag::gaen : SchemeTag::bluezone;
    random_.fill(std::span(sighting.identifier.bytes).first(identifier_size(sighting.scheme)));
    sighting.time = kFirstDay.start() + Millis(below(uint64_t{kDays} * 86400000));
    sightings_.push_back(sighting);
  }

  SeededRandom random_;
  std::vector<PublishedKey> keys_;
  std::vector<Sighting> sightings_;
  SightingTable table_;
};

TEST(MatcherProperties, EqualsTheNaiveMatcherOnRandomWorlds) {
  size_t matches = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const World world(seed);
    const Scheme* const schemes[] = {
        &gaen_scheme(),
        &bluezone_scheme(seed % 2 == 0 ? BluezoneWindows::tolerant : BluezoneWindows::strict)};
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
