#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "nearzone/match.h"
#include "nearzone/random.h"

namespace nearzone {
namespace {

MatchMemory example() {
  MatchMemory memory;
  for (size_t i = 0; i < 32; ++i) memory.list_digest[i] = static_cast<uint8_t>(i);
  memory.log.days = {{Day{18500}, 7}, {Day{18501}, 1}, {Day{18514}, 4000000000}};
  memory.next_record = 5000000000;
  memory.complete = true;
  memory.heard_until = {1598000000123};
  memory.hits = {0, 3, 70000, 4294967300};
  return memory;
}

TEST(MatchMemory, ComesBackAsItWas) {
  for (const MatchMemory& memory : {MatchMemory(), example()}) {
    const Result<MatchMemory> decoded = MatchMemory::decode(memory.encode());
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(*decoded, memory);
  }
}

// Whatever its version writes once must be readable for ever.
TEST(MatchMemory, IsWrittenAsDocumented) {
  std::string expected = "0101";
  for (int i = 0; i < 32; ++i) expected += to_hex(std::array{static_cast<uint8_t>(i)});
  expected += "00f2052a01000000";  // next_record
  expected += "7bec381074010000";  // heard_until
  expected += "0300000004000000";  // days, hits
  expected +=
      "4448000007000000"
      "4548000001000000"
      "5248000000286bee";
  expected +=
      "00000000"
      "03000000"
      "6d110100"
      "94eefeff";
  EXPECT_EQ(to_hex(example().encode()), expected);
}

TEST(MatchMemory, EndsBeforeTheFirstHitThatDoesNotFit) {
  MatchMemory memory = example();
  memory.hits.clear();
  for (uint64_t i = 0; i < 100000; ++i) memory.hits.push_back(2 * i);
  const std::vector<uint8_t> bytes = memory.encode();
  EXPECT_LE(bytes.size(), MatchMemory::kMaxEncodedSize);
  const Result<MatchMemory> decoded = MatchMemory::decode(bytes);
  ASSERT_TRUE(decoded.ok());
  EXPECT_FALSE(decoded->complete);
  EXPECT_GT(decoded->hits.size(), 15000u);
  EXPECT_EQ(decoded->next_record, 2 * decoded->hits.size());
}

TEST(MatchMemory, RefusesWhatItDidNotWrite) {
  const std::vector<uint8_t> good = example().encode();
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(MatchMemory::decode(ByteView(good).first(size)).ok()) << size;
  const auto field_of = [&](size_t at, uint8_t value) {
    std::vector<uint8_t> bad = good;
    bad[at] = value;
    const Result<MatchMemory> decoded = MatchMemory::decode(bad);
    EXPECT_FALSE(decoded.ok());
    return decoded.ok() ? std::string() : std::string(decoded.status().field());
  };
  EXPECT_EQ(field_of(1, 2), "complete");
  EXPECT_EQ(field_of(53, 1), "days");     // 16,777,219 days
  EXPECT_EQ(field_of(54, 5), "size");     // a hit that is not there
  EXPECT_EQ(field_of(66, 0x44), "days");  // the first day again
  EXPECT_EQ(field_of(86, 0), "hits");     // the first hit again
  EXPECT_EQ(field_of(38, 0), "hits");     // hits beyond what is done
  std::vector<uint8_t> newer = good;
  newer[0] = 2;
  EXPECT_EQ(MatchMemory::decode(newer).status().code(), Code::newer_format);
}

TEST(LogMark, CoversTheBatchesItSawAndForgetsADay) {
  std::vector<StoredSighting> rows(3);
  rows[0] = {.sighting = {}, .row = {Day{100}, 0, 0}, .scan = 0};
  rows[1] = {.sighting = {}, .row = {Day{100}, 4, 1}, .scan = 0};
  rows[2] = {.sighting = {}, .row = {Day{102}, 2, 0}, .scan = 0};
  for (StoredSighting& row : rows) row.sighting.time = row.row.day.start();
  const SightingTable table = SightingTable::from(rows, {Scan()});
  LogMark mark = LogMark::of(table.columns());
  EXPECT_EQ(mark.days, (std::vector<LogMark::DayMark>{{Day{100}, 5}, {Day{102}, 3}}));
  EXPECT_TRUE(mark.covers({Day{100}, 4, 9}));
  EXPECT_FALSE(mark.covers({Day{100}, 5, 0}));
  EXPECT_FALSE(mark.covers({Day{101}, 0, 0}));
  mark.forget(Day{100});
  EXPECT_FALSE(mark.covers({Day{100}, 0, 0}));
  EXPECT_TRUE(mark.covers({Day{102}, 2, 0}));
}

TEST(LogMark, GoesByTheDayARowIsStoredUnder) {
  std::vector<StoredSighting> rows(2);
  rows[0].row = {Day{100}, 1, 0};
  rows[1].row = {Day{-1}, 7, 0};  // of the same time, which nobody believed
  for (StoredSighting& row : rows) row.sighting.time = Day{100}.start();
  const SightingTable table = SightingTable::from(rows, {Scan()});
  EXPECT_EQ(LogMark::of(table.columns()).days,
            (std::vector<LogMark::DayMark>{{Day{-1}, 8}, {Day{100}, 2}}));
}

}  // namespace
}  // namespace nearzone
