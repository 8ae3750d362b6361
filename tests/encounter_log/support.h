// What the tests of the log share: folders, made-up sightings, and a plain model to compare with.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "nearzone/encounter_log.h"
#include "nearzone/random.h"
#include "temporary_folder.h"

namespace nearzone::log_test {

inline constexpr int64_t kDayMs = 86'400'000;
// 2020-09-13, noon: the day of most tests.
inline constexpr Instant kNoon{1'599'998'400'000};
inline const Day kToday = Day::of(kNoon);

// With a log's folder in it, which open() makes.
class TemporaryFolder : public test::TemporaryFolder {
 public:
  std::string log() const { return test::TemporaryFolder::file("log"); }
  std::string file(const char* name) const { return log() + "/" + name; }
};

inline std::vector<uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::string& path, const std::vector<uint8_t>& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  ASSERT_TRUE(file.flush().good()) << path;
}

inline Secret<32> root_of(uint8_t seed) {
  Secret<32> root;
  std::ranges::fill(root.replace(), seed);
  return root;
}

// What a log needs besides its folder.
struct World {
  explicit World(uint64_t seed = 1) : random(seed), root(root_of(7)), clock(kNoon) {
    options.durability = Durability::none;
  }
  Result<std::unique_ptr<EncounterLog>> open(const TemporaryFolder& folder) {
    return EncounterLog::open(folder.log(), root, clock, random, options);
  }

  SeededRandom random;
  Secret<32> root;
  ManualClock clock;
  EncounterLogOptions options;
};

#define ASSERT_OK(expression)                                                               \
  do {                                                                                      \
    const ::nearzone::Status ok_status = (expression);                                      \
    ASSERT_TRUE(ok_status.ok()) << code_name(ok_status.code()) << ": " << ok_status.text(); \
  } while (false)

#define EXPECT_CODE(expression, expected)                                                   \
  do {                                                                                      \
    const ::nearzone::Status code_status = (expression);                                    \
    EXPECT_STREQ(code_name(code_status.code()), code_name(expected)) << code_status.text(); \
  } while (false)

inline Sighting random_sighting(Random& random, Instant time) {
  Sighting sighting;
  sighting.scheme = random.below(2) == 0 ? SchemeTag::bluezone : SchemeTag::gaen;
  random.fill(std::span(sighting.identifier.bytes).first(identifier_size(sighting.scheme)));
  sighting.heard_by = random.below(2) == 0 ? HeardBy::advertisement : HeardBy::gatt;
  sighting.time = time;
  sighting.rssi_dbm = static_cast<int8_t>(random.below(256));
  sighting.metadata.size = static_cast<uint8_t>(random.below(5));
  random.fill(std::span(sighting.metadata.bytes).first(sighting.metadata.size));
  return sighting;
}

// A scan that its owner keeps.
struct Heard {
  Scan scan;
  std::vector<Sighting> sightings;
  SightingBatch batch() const { return {scan, sightings}; }
};

inline Heard random_scan(Random& random, Instant start, size_t sightings) {
  Heard heard{{start, std::nullopt}, {}};
  if (random.below(4) != 0)
    heard.scan.previous_start = start - Millis(static_cast<int64_t>(random.below(600'000)) - 1000);
  for (size_t i = 0; i < sightings; ++i)
    heard.sightings.push_back(
        random_sighting(random, start + Millis(static_cast<int64_t>(random.below(10'000)))));
  return heard;
}

inline Status append(EncounterLog& log, const Heard& heard) {
  return log.append(heard.scan, heard.sightings);
}

// A sighting with the scan that heard it: what a log must give back, in any order.
struct Entry {
  Sighting sighting;
  Scan scan;

  friend bool operator==(const Entry&, const Entry&) = default;
  friend bool operator<(const Entry& a, const Entry& b) { return a.key() < b.key(); }

 private:
  std::tuple<Instant, SchemeTag, Identifier, HeardBy, int8_t, std::array<uint8_t, 4>, uint8_t,
             Instant, std::optional<Instant>>
  key() const {
    return {sighting.time,          sighting.scheme,   sighting.identifier,
            sighting.heard_by,      sighting.rssi_dbm, sighting.metadata.bytes,
            sighting.metadata.size, scan.start,        scan.previous_start};
  }
};

inline std::vector<Entry> entries_of(const std::vector<Heard>& model) {
  std::vector<Entry> entries;
  for (const Heard& heard : model)
    for (const Sighting& sighting : heard.sightings) entries.push_back({sighting, heard.scan});
  std::sort(entries.begin(), entries.end());
  return entries;
}

inline std::vector<Entry> entries_of(const SightingTable& table) {
  const SightingColumns columns = table.columns();
  std::vector<Entry> entries;
  for (const DaySlice& slice : columns.days)
    for (size_t i = slice.first; i < slice.first + slice.count; ++i) {
      Sighting sighting{columns.identifier[i], slice.scheme,        columns.heard_by[i],
                        columns.time[i],       columns.rssi_dbm[i], columns.metadata[i]};
      entries.push_back({sighting, columns.scans[columns.scan[i]]});
    }
  std::sort(entries.begin(), entries.end());
  return entries;
}

inline void expect_holds(const EncounterLog& log, const std::vector<Heard>& model) {
  const Result<SightingTable> snapshot = log.snapshot();
  ASSERT_OK(snapshot.status());
  EXPECT_EQ(entries_of(*snapshot), entries_of(model));
}

}  // namespace nearzone::log_test
