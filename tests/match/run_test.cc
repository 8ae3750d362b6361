#include <gtest/gtest.h>

#include <algorithm>

#include "match/naive_matcher.h"
#include "match/world.h"
#include "nearzone/match.h"

namespace nearzone {
namespace {

using test::expect_same_matches;
using test::kFirstDay;
using test::match_naively;
using test::VectorStream;
using test::World;

const auto kSchemes = every_scheme();

Matcher matcher_of(const SightingTable& table, uint64_t seed) {
  SeededRandom random(seed);
  Result<Matcher> matcher = Matcher::create(table.columns(), kSchemes, random);
  EXPECT_TRUE(matcher.ok());
  return std::move(*matcher);
}

// Runs to the end and compares with matching everything at once.
MatchMemory finish(const World& world, const SightingTable& table, const MatchMemory& memory,
                   size_t most, MatchResult* result = nullptr) {
  const Matcher matcher = matcher_of(table, most);
  VectorStream stream(world.keys());
  MatchRun run(matcher, stream, 3, {.threads = static_cast<unsigned>(1 + most % 2)}, memory);
  Result<bool> more = true;
  while (more.ok() && *more) more = run.step(most);
  EXPECT_TRUE(more.ok());
  expect_same_matches(match_naively(table.columns(), kSchemes, world.keys(), 3), run.result());
  if (result != nullptr) *result = run.result();
  return run.memory();
}

// Between any two stops the log may be rewritten in another order, and may have grown.
TEST(MatchRunProperties, AStoppedRunGoesOnAsIfItHadNeverStopped) {
  size_t matches = 0;
  size_t stops = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    const World world(seed);
    SeededRandom random(seed + 1000);
    const bool grows = seed % 3 != 0;
    size_t heard = grows ? random.below(world.sightings().size() + 1) : world.sightings().size();
    MatchMemory memory;
    for (size_t session = 0; session < 6 && !memory.complete; ++session) {
      const SightingTable table = world.heard(heard, random);
      const Matcher matcher = matcher_of(table, random.below(1000));
      VectorStream stream(world.keys(), 1 + random.below(9));
      MatchRun run(matcher, stream, 3, {}, memory);
      for (uint64_t steps = random.below(6); steps > 0; --steps)
        if (const Result<bool> more = run.step(1 + random.below(7)); !*more) break;
      const uint64_t done = memory.next_record;
      const Result<MatchMemory> kept = MatchMemory::decode(run.memory().encode());
      ASSERT_TRUE(kept.ok());
      memory = *kept;
      EXPECT_GE(memory.next_record, done);
      if (grows) heard += random.below(world.sightings().size() - heard + 1);
      ++stops;
    }
    MatchResult result;
    memory = finish(world, world.heard(heard, random), memory, 1 + seed % 5, &result);
    EXPECT_TRUE(memory.complete);
    matches += result.slots.size();
    // Once more over the finished list, with everything heard.
    finish(world, world.heard(world.sightings().size(), random), memory, 1000);
  }
  EXPECT_GT(matches, 700u);
  EXPECT_GT(stops, 500u);
}

TEST(MatchRun, KnowsAListThatIsDoneUntilSomethingNewCouldMatchIt) {
  PublishedKey key;
  key.valid_from = kFirstDay.start();
  key.valid_to = (kFirstDay + 1).start();
  StoredSighting row;
  row.sighting.time = kFirstDay.start() + std::chrono::hours(1);
  row.row = {kFirstDay, 0, 0};
  std::vector<StoredSighting> rows = {row};
  const auto add = [&](Millis after_start) {
    row.sighting.time = kFirstDay.start() + after_start;
    row.row = {Day::of(row.sighting.time), row.row.sequence + 1, 0};
    rows.push_back(row);
    return SightingTable::from(rows, {Scan()});
  };
  MatchMemory memory;
  const SightingTable first = SightingTable::from(rows, {Scan()});
  EXPECT_TRUE(matcher_of(first, 1).needs_matching(memory));
  {
    const Matcher matcher = matcher_of(first, 1);
    VectorStream stream({&key, 1});
    MatchRun run(matcher, stream, 0);
    while (*run.step(100)) {
    }
    memory = run.memory();
  }
  EXPECT_FALSE(matcher_of(first, 1).needs_matching(memory));
  // Two hours and an interval after the last slot's begin nothing can match any more.
  EXPECT_FALSE(
      matcher_of(add(std::chrono::hours(26) + std::chrono::minutes(10)), 1).needs_matching(memory));
  EXPECT_TRUE(matcher_of(add(std::chrono::hours(26) + std::chrono::minutes(10) - Millis(1)), 1)
                  .needs_matching(memory));
}

TEST(MatchRun, LooksOnlyForWhatIsNewInAListThatIsDone) {
  std::vector<PublishedKey> keys(500);
  SeededRandom random(5);
  for (size_t i = 0; i < keys.size(); ++i) {
    random.fill(std::span(keys[i].bytes).first(16));
    keys[i].valid_from = (kFirstDay + static_cast<int32_t>(i % 10)).start();
    keys[i].valid_to = keys[i].valid_from + Day::kLength;
    keys[i].record = i;
  }
  std::vector<StoredSighting> rows;
  for (uint32_t i = 0; i < 1440; ++i) {
    StoredSighting row;
    random.fill(row.sighting.identifier.bytes);
    row.sighting.time = kFirstDay.start() + Interval::kLength * i;
    row.row = {Day::of(row.sighting.time), i % 144, 0};
    rows.push_back(row);
  }
  const auto run_over = [&](const MatchMemory& memory, uint64_t& derived) {
    const SightingTable table = SightingTable::from(rows, {Scan()});
    const Matcher matcher = matcher_of(table, 1);
    VectorStream stream(keys);
    MatchRun run(matcher, stream, 0, {}, memory);
    while (*run.step(1000)) {
    }
    derived = run.result().identifiers_derived;
    return run.memory();
  };
  uint64_t derived = 0;
  MatchMemory memory = run_over({}, derived);
  EXPECT_EQ(derived, keys.size() * 144);
  memory = run_over(memory, derived);
  EXPECT_EQ(derived, 0u);
  // One more sighting at noon of the sixth day concerns that day's keys and the slots around it.
  StoredSighting late;
  late.sighting.time = (kFirstDay + 5).start() + std::chrono::hours(12);
  late.row = {kFirstDay + 5, 144, 0};
  rows.push_back(late);
  run_over(memory, derived);
  EXPECT_EQ(derived, keys.size() / 10 * 25);
}

TEST(MatchRun, ACancelledStepChangesNothing) {
  const World world(9);
  SeededRandom random(1);
  const SightingTable table = world.heard(world.sightings().size(), random);
  const Matcher matcher = matcher_of(table, 1);
  VectorStream stream(world.keys());
  Cancel cancel;
  MatchRun run(matcher, stream, 3, {.cancel = &cancel});
  ASSERT_TRUE(*run.step(5));
  const MatchMemory before = run.memory();
  cancel.request();
  EXPECT_EQ(run.step(5).status().code(), Code::cancelled);
  EXPECT_EQ(run.result().keys_tried, 5u);
  EXPECT_EQ(run.memory(), before);
  finish(world, table, run.memory(), 5);
}

}  // namespace
}  // namespace nearzone
