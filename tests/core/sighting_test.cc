#include "nearzone/sighting.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "nearzone/random.h"

namespace nearzone {
namespace {

constexpr int64_t kDayMs = 86'400'000;

// Few values of everything, so that ties at every level of the order occur.
StoredSighting random_row(Random& random, uint32_t scans) {
  StoredSighting row;
  row.sighting.identifier.bytes[0] = static_cast<uint8_t>(random.below(3));
  row.sighting.identifier.bytes[15] = static_cast<uint8_t>(random.below(2));
  row.sighting.scheme = random.below(2) == 0 ? SchemeTag::bluezone : SchemeTag::gaen;
  row.sighting.heard_by = random.below(2) == 0 ? HeardBy::advertisement : HeardBy::gatt;
  const int64_t day = static_cast<int64_t>(random.below(4)) - 2;
  const int64_t edge = static_cast<int64_t>(random.below(3)) - 1;
  row.sighting.time = {day * kDayMs + edge};
  row.sighting.rssi_dbm = static_cast<int8_t>(random.below(256));
  row.sighting.metadata.size = static_cast<uint8_t>(random.below(5));
  row.row = {Day::of(row.sighting.time), static_cast<uint32_t>(random.below(5)),
             static_cast<uint32_t>(random.below(1000))};
  row.scan = static_cast<uint32_t>(random.below(scans));
  return row;
}

bool comes_before(const StoredSighting& a, const StoredSighting& b) {
  const Day day_a = Day::of(a.sighting.time);
  const Day day_b = Day::of(b.sighting.time);
  if (day_a != day_b) return day_a < day_b;
  if (a.sighting.scheme != b.sighting.scheme) return a.sighting.scheme < b.sighting.scheme;
  if (a.sighting.identifier != b.sighting.identifier)
    return a.sighting.identifier < b.sighting.identifier;
  if (a.sighting.time != b.sighting.time) return a.sighting.time < b.sighting.time;
  return a.row < b.row;
}

// Insertion, the plainest sort there is.
std::vector<StoredSighting> naively_sorted(const std::vector<StoredSighting>& rows) {
  std::vector<StoredSighting> sorted;
  for (const StoredSighting& row : rows) {
    auto at = sorted.begin();
    while (at != sorted.end() && !comes_before(row, *at)) ++at;
    sorted.insert(at, row);
  }
  return sorted;
}

void expect_columns(const SightingColumns& columns, const std::vector<StoredSighting>& expected) {
  const size_t n = expected.size();
  ASSERT_EQ(columns.identifier.size(), n);
  ASSERT_EQ(columns.time.size(), n);
  ASSERT_EQ(columns.rssi_dbm.size(), n);
  ASSERT_EQ(columns.metadata.size(), n);
  ASSERT_EQ(columns.heard_by.size(), n);
  ASSERT_EQ(columns.scan.size(), n);
  ASSERT_EQ(columns.row.size(), n);
  for (size_t i = 0; i < n; ++i) {
    const StoredSighting& row = expected[i];
    ASSERT_EQ(columns.identifier[i], row.sighting.identifier) << i;
    ASSERT_EQ(columns.time[i], row.sighting.time) << i;
    ASSERT_EQ(columns.rssi_dbm[i], row.sighting.rssi_dbm) << i;
    ASSERT_EQ(columns.metadata[i], row.sighting.metadata) << i;
    ASSERT_EQ(columns.heard_by[i], row.sighting.heard_by) << i;
    ASSERT_EQ(columns.scan[i], row.scan) << i;
    ASSERT_EQ(columns.row[i], row.row) << i;
  }
}

void expect_days_cover(const SightingColumns& columns,
                       const std::vector<StoredSighting>& expected) {
  size_t next = 0;
  for (const DaySlice& slice : columns.days) {
    ASSERT_EQ(slice.first, next);
    ASSERT_GT(slice.count, 0u);
    for (size_t i = next; i < next + slice.count; ++i) {
      ASSERT_EQ(Day::of(expected[i].sighting.time), slice.day);
      ASSERT_EQ(expected[i].sighting.scheme, slice.scheme);
    }
    next += slice.count;
  }
  ASSERT_EQ(next, expected.size());
  for (size_t i = 1; i < columns.days.size(); ++i)
    ASSERT_LT(std::pair(columns.days[i - 1].day, columns.days[i - 1].scheme),
              std::pair(columns.days[i].day, columns.days[i].scheme))
        << "each day and scheme has one slice";
}

TEST(SightingTable, SortsAsANaiveSortDoes) {
  SeededRandom random(11);
  for (size_t rows : {0u, 1u, 2u, 17u, 300u}) {
    std::vector<StoredSighting> input;
    for (size_t i = 0; i < rows; ++i) {
      input.push_back(random_row(random, 7));
      input.back().row.offset = static_cast<uint32_t>(i);  // rows of a log have one name each
    }
    std::shuffle(input.begin(), input.end(), std::minstd_rand(5));
    const std::vector<StoredSighting> expected = naively_sorted(input);
    const std::vector<Scan> scans(7, Scan{Instant{99}, Instant{98}});
    const SightingTable table = SightingTable::from(input, scans);
    expect_columns(table.columns(), expected);
    expect_days_cover(table.columns(), expected);
    EXPECT_TRUE(std::ranges::equal(table.columns().scans, scans));
  }
}

TEST(SightingTable, NumbersLooseSightingsWithinTheirDay) {
  auto at = [](int64_t ms, uint8_t identifier) {
    Sighting sighting;
    sighting.identifier.bytes[0] = identifier;
    sighting.time = {ms};
    return sighting;
  };
  // In this order: a run of two at one time, the next day, the first day again.
  const std::vector<Sighting> heard = {at(5, 40), at(5, 30), at(kDayMs, 20), at(6, 10)};
  const SightingTable table = SightingTable::from(heard);
  const SightingColumns columns = table.columns();

  const std::vector<RowId> rows = {{Day{0}, 0, 2}, {Day{0}, 0, 1}, {Day{0}, 0, 0}, {Day{1}, 0, 0}};
  EXPECT_TRUE(std::ranges::equal(columns.row, rows));
  EXPECT_TRUE(std::ranges::equal(columns.scan, std::vector<uint32_t>{2, 0, 0, 1}));
  const std::vector<Scan> scans = {
      {Instant{5}, std::nullopt}, {Instant{kDayMs}, Instant{5}}, {Instant{6}, Instant{kDayMs}}};
  EXPECT_TRUE(std::ranges::equal(columns.scans, scans));
}

TEST(SightingTable, HoldsNothingByDefault) {
  const SightingTable table;
  EXPECT_TRUE(table.columns().days.empty());
  EXPECT_TRUE(table.columns().identifier.empty());
  EXPECT_TRUE(SightingTable::from(std::span<const Sighting>()).columns().days.empty());
}

TEST(SightingTable, MovesWithItsRows) {
  Sighting sighting;
  sighting.time = {7};
  SightingTable first = SightingTable::from({&sighting, 1});
  SightingTable second = std::move(first);
  SightingTable third = SightingTable::from({&sighting, 1});
  third = std::move(second);
  ASSERT_EQ(third.columns().time.size(), 1u);
  EXPECT_EQ(third.columns().time[0], Instant{7});
}

TEST(SchemeNames, ReadBackAsWritten) {
  for (SchemeTag tag : kSchemeTags) EXPECT_EQ(*parse_scheme(scheme_name(tag)), tag);
  EXPECT_EQ(scheme_name(SchemeTag::bluezone), "bluezone");
  EXPECT_EQ(scheme_name(SchemeTag::gaen), "gaen");
  EXPECT_EQ(scheme_name(SchemeTag::dp3t_low_cost), "dp3t-lowcost");
  EXPECT_EQ(scheme_name(SchemeTag::dp3t_hybrid), "dp3t-hybrid");
  EXPECT_EQ(scheme_name(SchemeTag::tcn), "tcn");
  EXPECT_EQ(scheme_name(SchemeTag::dp3t_unlinkable), "dp3t-unlinkable");
  EXPECT_EQ(scheme_name(static_cast<SchemeTag>(0)), "unknown");
}

TEST(SchemeNames, RefuseOthers) {
  for (const char* name : {"", "Gaen", "gaen ", "unknown", "dp3t"}) {
    Result<SchemeTag> tag = parse_scheme(name);
    ASSERT_FALSE(tag.ok()) << name;
    EXPECT_EQ(tag.status().code(), Code::invalid_argument);
    EXPECT_STREQ(tag.status().field(), "scheme");
  }
}

// The numbers are stored.
TEST(SchemeTags, AreFixed) {
  EXPECT_EQ(static_cast<int>(SchemeTag::bluezone), 1);
  EXPECT_EQ(static_cast<int>(SchemeTag::gaen), 2);
  EXPECT_EQ(static_cast<int>(SchemeTag::dp3t_low_cost), 3);
  EXPECT_EQ(static_cast<int>(SchemeTag::dp3t_hybrid), 4);
  EXPECT_EQ(static_cast<int>(SchemeTag::tcn), 5);
  EXPECT_EQ(static_cast<int>(SchemeTag::dp3t_unlinkable), 6);
  EXPECT_EQ(kSchemeTags.size(), 6u);
  for (SchemeTag tag : kSchemeTags)
    EXPECT_EQ(identifier_size(tag), tag == SchemeTag::bluezone ? 12u : 16u);
}

TEST(Cancel, StaysRequested) {
  Cancel cancel;
  EXPECT_FALSE(cancel.requested());
  cancel.request();
  EXPECT_TRUE(cancel.requested());
}

}  // namespace
}  // namespace nearzone
