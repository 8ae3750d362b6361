#include "encounter_log/segment.h"

#include "encounter_log/bits.h"
#include "encounter_log/support.h"

namespace nearzone::encounter_log {
namespace {

using log_test::Heard;
using log_test::kToday;
using log_test::random_scan;

struct Packed {
  std::vector<PackedBlock> blocks;
  std::vector<StoredSighting> rows;
};

// Scans of one day and what they heard, in the order of a segment. Every identifier is heard often.
Packed random_day(Random& random, size_t scans, size_t identifiers) {
  std::vector<Sighting> known;
  for (size_t i = 0; i < identifiers; ++i)
    known.push_back(log_test::random_sighting(random, kToday.start()));
  Packed packed;
  for (uint32_t i = 0; i < scans; ++i) {
    const Heard heard =
        random_scan(random, kToday.start() + Millis(static_cast<int64_t>(random.below(86'000'000))),
                    random.below(9));
    packed.blocks.push_back({heard.scan, std::nullopt});
    if (random.below(2) == 0) packed.blocks.back().tag = random.below(uint64_t{1} << 63);
    for (uint32_t j = 0; j < heard.sightings.size(); ++j) {
      Sighting sighting = heard.sightings[j];
      const Sighting& of = known[random.below(known.size())];
      sighting.scheme = of.scheme;
      sighting.identifier = of.identifier;
      if (random.below(4) != 0) sighting.metadata = of.metadata;
      packed.rows.push_back({sighting, {kToday, i, j}, i});
    }
  }
  std::ranges::sort(packed.rows, comes_before);
  return packed;
}

std::vector<uint8_t> written(const Packed& packed) {
  const SecretBytes chunk = write_segment_chunk(kToday, packed.blocks, true, packed.rows);
  const ByteView bytes = chunk.expose(ForSealing{});
  return {bytes.begin(), bytes.end()};
}

Status read(ByteView plain, size_t count, Packed& packed) {
  SegmentReader reader(kToday);
  SortedSightings sorted;
  NEARZONE_TRY(reader.read(plain, true, static_cast<uint32_t>(count), 0, sorted));
  packed.blocks = reader.blocks();
  for (const DaySlice& slice : sorted.days)
    for (size_t i = slice.first; i < slice.first + slice.count; ++i)
      packed.rows.push_back({{sorted.identifier[i], slice.scheme, sorted.heard_by[i],
                              sorted.time[i], sorted.rssi_dbm[i], sorted.metadata[i]},
                             sorted.row[i],
                             sorted.scan[i]});
  return {};
}

void expect_same(const Packed& a, const Packed& b) {
  EXPECT_EQ(a.blocks, b.blocks);
  ASSERT_EQ(a.rows.size(), b.rows.size());
  for (size_t i = 0; i < a.rows.size(); ++i) {
    EXPECT_EQ(a.rows[i].sighting, b.rows[i].sighting) << i;
    EXPECT_EQ(a.rows[i].row, b.rows[i].row) << i;
    EXPECT_EQ(a.rows[i].scan, b.rows[i].scan) << i;
  }
}

TEST(Segment, ReadsWhatWasWritten) {
  SeededRandom random(5);
  for (size_t scans : {0u, 1u, 2u, 40u, 300u}) {
    const Packed packed = random_day(random, scans, 1 + scans / 3);
    Packed again;
    ASSERT_OK(read(written(packed), packed.rows.size(), again));
    expect_same(packed, again);
  }
}

TEST(Segment, KeepsTheOddestTimes) {
  Packed packed;
  packed.blocks = {{{Instant{0}, Instant{253402300799999}}, std::nullopt},
                   {{Instant{253402300799999}, Instant{0}}, 0xffffffffffffffff},
                   {{kToday.start(), kToday.start() - Millis(1)}, 0}};
  for (uint32_t i = 0; i < 3; ++i) {
    Sighting sighting;
    sighting.time = i == 1 ? kToday.start() : (kToday + 1).start() - Millis(1);
    sighting.rssi_dbm = i == 2 ? 127 : -128;
    packed.rows.push_back({sighting, {kToday, i, i == 0 ? UINT32_MAX : 0}, i});
  }
  std::ranges::sort(packed.rows, comes_before);
  Packed again;
  ASSERT_OK(read(written(packed), 3, again));
  expect_same(packed, again);
}

TEST(Segment, TakesFewBytes) {
  // 288 scans that hear eight phones each, which change their identifier every third scan.
  SeededRandom random(6);
  Packed packed;
  for (uint32_t i = 0; i < 288; ++i) {
    const Instant start = kToday.start() + Millis(int64_t{i} * 300'000);
    packed.blocks.push_back({{start, start - Millis(300'000)}, random.below(uint64_t{1} << 63)});
    for (uint32_t j = 0; j < 8; ++j) {
      Sighting sighting;
      SeededRandom(uint64_t{i} / 3 * 8 + j).fill(sighting.identifier.bytes);
      sighting.metadata = {{1, 2, 3, static_cast<uint8_t>(j)}, 4};
      sighting.time = start + Millis(500 * j + static_cast<int64_t>(random.below(500)));
      sighting.rssi_dbm = static_cast<int8_t>(-70 + static_cast<int>(random.below(12)));
      packed.rows.push_back({sighting, {kToday, i, j}, i});
    }
  }
  std::ranges::sort(packed.rows, comes_before);
  EXPECT_LT(written(packed).size(), 288u * 8 * 12);
}

TEST(Segment, RefusesEveryTruncationAndSurvivesEveryFlip) {
  SeededRandom random(7);
  const Packed packed = random_day(random, 12, 4);
  const std::vector<uint8_t> whole = written(packed);
  for (size_t size = 0; size < whole.size(); ++size) {
    Packed again;
    EXPECT_FALSE(read(ByteView(whole).first(size), packed.rows.size(), again).ok()) << size;
  }
  for (size_t at = 0; at < whole.size() * 8; ++at) {
    std::vector<uint8_t> flipped = whole;
    flipped[at / 8] ^= static_cast<uint8_t>(1u << at % 8);
    Packed again;
    // Seals keep such bytes out; reading them must do no harm.
    static_cast<void>(read(flipped, packed.rows.size(), again).ok());
  }
}

TEST(Segment, IsToldFromANewerOne) {
  SeededRandom random(8);
  std::vector<uint8_t> newer = written(random_day(random, 2, 1));
  newer[0] = 2;
  Packed again;
  EXPECT_CODE(read(newer, 0, again), Code::newer_format);
  newer[0] = 0;
  EXPECT_CODE(read(newer, 0, again), Code::corrupt);
}

TEST(Bits, OfRiceCodesAreAsDocumented) {
  BitWriter out(3 + 7 + 88 + 1);
  out.rice(5, 1);  // two ones, a zero, and the low bit
  out.rice(9, 4);
  out.rice(uint64_t{1} << 40, 4);
  const SecretBytes bytes = out.take();
  BitReader in(bytes.expose(ForSealing{}));
  EXPECT_EQ(in.bits(4), 0b1011u);
  EXPECT_EQ(in.rice(4), 9u);
  EXPECT_EQ(in.rice(4), uint64_t{1} << 40);
  EXPECT_FALSE(in.failed());
  for (int64_t value : {int64_t{0}, int64_t{-1}, int64_t{1}, INT64_MIN, INT64_MAX})
    EXPECT_EQ(unzigzag(zigzag(value)), value);
}

}  // namespace
}  // namespace nearzone::encounter_log
