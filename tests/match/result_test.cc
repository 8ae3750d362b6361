#include <gtest/gtest.h>

#include "match/naive_matcher.h"
#include "nearzone/match.h"
#include "nearzone/random.h"
#include "scheme/expansion.h"

namespace nearzone {
namespace {

// One key three times in a list, in the midst revised, heard in two slots, twice in one of them.
TEST(Summarise, MergesTheRecordsOfOneKey) {
  PublishedKey key;
  key.bytes[0] = 9;
  key.valid_from = Day{18500}.start();
  key.valid_to = Day{18501}.start();
  PublishedKey revised = key;
  revised.record = 5;
  revised.revised = true;
  revised.report_type = ReportType::self_report;
  revised.days_since_onset = 3;
  key.days_since_onset = -2;
  PublishedKey again = key;
  again.record = 8;
  const auto slots = test::expand_all(gaen_scheme(), key);
  std::vector<Sighting> sightings(3);
  for (size_t i = 0; i < 3; ++i) {
    sightings[i].identifier = slots[i == 2 ? 20 : 10].identifier;
    sightings[i].time = slots[i == 2 ? 20 : 10].window.from + Millis(static_cast<int64_t>(i));
  }
  const SightingTable table = SightingTable::from(sightings);
  const Scheme* const schemes[] = {&gaen_scheme()};
  SeededRandom random(1);
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  const PublishedKey keys[] = {key, revised, again};
  MatchResult result;
  for (uint32_t list : {0u, 1u}) {
    test::VectorStream stream(keys);
    ASSERT_TRUE(matcher->match(stream, list, {}, result).ok());
  }
  const std::vector<KeySummary> summaries = summarise(result, table.columns());
  ASSERT_EQ(summaries.size(), 2u);
  for (uint32_t list : {0u, 1u}) {
    EXPECT_EQ(summaries[list].list, list);
    EXPECT_EQ(summaries[list].key, revised);
    EXPECT_EQ(summaries[list].identifiers, 2u);
    EXPECT_EQ(summaries[list].sightings, 3u);
    EXPECT_EQ(summaries[list].rows.size(), 3u);
    EXPECT_EQ(summaries[list].first, slots[10].window.from);
    EXPECT_EQ(summaries[list].last, slots[20].window.from + Millis(2));
  }
}

}  // namespace
}  // namespace nearzone
