// Bluezone's published answers, in strict mode, and NearZone's own table for the default mode.
#include <gtest/gtest.h>

#include "match/naive_matcher.h"
#include "nearzone/bluezone.h"
#include "nearzone/match.h"
#include "nearzone/random.h"
#include "vectors/vectors.h"

namespace nearzone {
namespace {

using test::bluezone_record;
using test::VectorStream;

std::vector<Sighting> encounters_of(const nlohmann::json& rows) {
  std::vector<Sighting> sightings;
  for (const auto& row : rows) {
    Sighting sighting;
    sighting.scheme = SchemeTag::bluezone;
    sighting.identifier = test::identifier_from_hex(row.at("contact_id"));
    sighting.time = {row.at("time_ms").get<int64_t>()};
    sighting.rssi_dbm = row.at("rssi").get<int8_t>();
    sightings.push_back(sighting);
  }
  return sightings;
}

MatchResult match(const std::vector<Sighting>& sightings, const std::vector<PublishedKey>& keys,
                  BluezoneWindows windows) {
  const SightingTable table = SightingTable::from(sightings);
  const Scheme* const schemes[] = {&bluezone_scheme(windows)};
  SeededRandom random(1);
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  VectorStream stream(keys);
  MatchResult result;
  EXPECT_TRUE(matcher->match(stream, 0, {}, result).ok());
  return result;
}

TEST(BluezoneMatchVectors, StrictModeGivesTheOriginalsAnswers) {
  const nlohmann::json cases = test::load_vectors("bluezone.json").at("matching");
  ASSERT_EQ(cases.size(), 29u);
  for (const auto& c : cases) {
    SCOPED_TRACE(c.at("name").get<std::string>());
    const MatchResult result = match(encounters_of(c.at("encounters")),
                                     {bluezone_record(c.at("record"))}, BluezoneWindows::strict);
    EXPECT_EQ(!result.keys.empty(), c.at("match").get<bool>());
    if (result.slots.empty() || c.at("first_hit").is_null()) continue;
    const auto& hit = c.at("first_hit");
    EXPECT_EQ(result.slots[0].slot, hit.at("slot").get<uint32_t>());
    EXPECT_EQ(result.slots[0].identifier, test::identifier_from_hex(hit.at("id")));
    EXPECT_EQ(result.slots[0].window.from.ms, hit.at("window_ms").at(0).get<int64_t>());
    EXPECT_EQ(result.slots[0].window.to.ms, hit.at("window_ms").at(1).get<int64_t>());
  }
}

// What the original's list reader did with bad records is not copied: one record without a field
// does not silence those behind it.
TEST(BluezoneMatchVectors, PublishedListsGiveTheOriginalsAnswers) {
  const auto vectors = test::load_vectors("bluezone.json");
  for (const auto& c : vectors.at("published_lists")) {
    SCOPED_TRACE(c.at("name").get<std::string>());
    std::vector<PublishedKey> keys;
    const auto payload = nlohmann::json::parse(c.at("payload").get<std::string>());
    for (const auto& record : payload.at("data"))
      if (record.contains("max") && record.at("daily_key").get<std::string>().size() == 64)
        keys.push_back(bluezone_record(record));
    const MatchResult result =
        match(encounters_of(c.at("encounters")), keys, BluezoneWindows::strict);
    const bool improved = c.at("name") == "missing_field_then_hit";
    EXPECT_EQ(!result.keys.empty(), improved || c.at("is_contact").get<bool>());
  }
}

// The default mode's own answers: five minutes of tolerance, half-open, slots begin before
// time_end.
struct TolerantCase {
  const char* name;
  int64_t time_end_offset_s;  // from time_start, a UTC midnight
  uint32_t per_day;
  uint32_t slot;            // whose identifier is heard
  int64_t heard_offset_ms;  // from time_start
  bool match;
};

constexpr int64_t kMinute = 60000;
constexpr int64_t kQuarter = 15 * kMinute;

const TolerantCase kTolerantCases[] = {
    {"in the middle of slot 0", 86400, 96, 0, 7 * kMinute, true},
    {"five minutes before the slot", 86400, 96, 4, 4 * kQuarter - 5 * kMinute, true},
    {"a moment earlier", 86400, 96, 4, 4 * kQuarter - 5 * kMinute - 1, false},
    {"a moment before five minutes after the slot", 86400, 96, 4, 5 * kQuarter + 5 * kMinute - 1,
     true},
    {"five minutes after the slot", 86400, 96, 4, 5 * kQuarter + 5 * kMinute, false},
    {"the day's last slot heard after midnight", 86400, 96, 95, 86400000 + 4 * kMinute, true},
    {"the next day's first slot heard before midnight", 2 * 86400, 96, 96, 86400000 - 4 * kMinute,
     true},
    {"the slot that begins at time_end does not count", 86400, 96, 96, 86400000 + kMinute, false},
    {"the slot that began just before time_end counts whole", 86401, 96, 96,
     86400000 + 10 * kMinute, true},
    {"time_end equals time_start: one slot", 0, 96, 0, 10 * kMinute, true},
    {"but not the second", 0, 96, 1, kQuarter + kMinute, false},
    {"144 a day has windows of its own", 86400, 144, 47, 470 * kMinute + kMinute, true},
    {"where 96 a day would have put it", 86400, 144, 47, 47 * kQuarter + kMinute, false},
    {"right identifier, wrong day", 86400 * 3, 96, 10, 86400000 + 10 * kQuarter, false},
};

TEST(BluezoneMatchVectors, DefaultModeGivesItsOwnTableOfAnswers) {
  constexpr int64_t kStart = 1596844800;
  for (const TolerantCase& c : kTolerantCases) {
    SCOPED_TRACE(c.name);
    PublishedKey key;
    key.scheme = SchemeTag::bluezone;
    for (size_t i = 0; i < 32; ++i) key.bytes[i] = static_cast<uint8_t>(i);
    key.valid_from = Instant::from_seconds(kStart);
    key.valid_to = Instant::from_seconds(kStart + c.time_end_offset_s);
    key.identifiers_per_day = c.per_day;
    const Secret<32> base{std::span<const uint8_t, 32>(key.bytes)};
    Sighting sighting;
    sighting.scheme = SchemeTag::bluezone;
    sighting.identifier = bluezone::identifiers_of_day(
        bluezone::step_day_key(base, c.slot / c.per_day), c.per_day)[c.slot % c.per_day];
    sighting.time = {kStart * 1000 + c.heard_offset_ms};
    const MatchResult result = match({sighting}, {key}, BluezoneWindows::tolerant);
    EXPECT_EQ(!result.keys.empty(), c.match);
    if (c.match && !result.slots.empty()) {
      EXPECT_EQ(result.slots[0].slot, c.slot);
    }
  }
}

// The captured history, seen from the other phone: what one phone wrote as its own identifier is
// what the other one heard, and the published record of that phone's base key must match it.
TEST(BluezoneMatchVectors, CapturedHistoryMatchesThePublishedRecordInSlot47) {
  const nlohmann::json captured = test::load_vectors("bluezone.json").at("captured");
  std::vector<Sighting> heard;
  for (const auto& row : captured.at("evidence")) {
    if (!row.contains("captured_id")) continue;
    Sighting sighting;
    sighting.scheme = SchemeTag::bluezone;
    sighting.identifier = test::identifier_from_hex(row.at("captured_id"));
    sighting.time = {row.at("time_ms").get<int64_t>()};
    heard.push_back(sighting);
  }
  ASSERT_GE(heard.size(), 6u);
  for (BluezoneWindows windows : {BluezoneWindows::strict, BluezoneWindows::tolerant}) {
    const MatchResult result = match(
        heard,
        {bluezone_record(
            {{"daily_key", "66B07D33DA4E16A359B590EDA1E8DC90892D341C86A6491376041FE44505FFB5"},
             {"time_start", 1596844800},
             {"time_end", 1596931199},
             {"max", 96}})},
        windows);
    ASSERT_EQ(result.slots.size(), 1u);
    EXPECT_EQ(result.slots[0].slot, 47u);
    EXPECT_GE(result.slots[0].row_count, 6u);
    const auto expected = test::identifier_from_hex("286BCE589AB994EFA5F73CAD");
    EXPECT_EQ(result.slots[0].identifier, expected);
  }
}

}  // namespace
}  // namespace nearzone
