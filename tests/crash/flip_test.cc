// Damage to a single byte of any file: false data is never served, and what is lost is told; also
// when the repair is interrupted.
#include "crash/flips.h"
#include "crash/settings.h"
#include "encounter_log/support.h"

namespace nearzone::crash_test {
namespace {

constexpr const char* kDatabase = "log.db";
// Of SQLite's pages, and what begins each of them.
constexpr size_t kPage = 2048;
constexpr size_t kPageHeader = 12;

// NEARZONE_CRASH_RUNS counts the bytes; with as many as there are, every byte has its turn.
void flip_bytes(const Flips& flips, const std::string& file) {
  SeededRandom random(first_seed());
  const size_t size = flips.files().at(file);
  const uint64_t count = std::min<uint64_t>(runs(1000), size);
  for (uint64_t i = 0; i < count; ++i) {
    Flip flip{file, i, any_mask(random)};
    // Damage to the order of a page does more than to what the page holds.
    if (count != size)
      flip.at = i % 4 == 0 ? random.below(size / kPage) * kPage + random.below(kPageHeader)
                           : random.below(size);
    ASSERT_EQ(flips.flip(flip), "")
        << file << ", byte " << flip.at << " of " << size << ", mask " << int{flip.mask};
  }
}

TEST(Flip, OfAByteOfTheDatabaseIsToldOrHarmless) {
  flip_bytes(Flips(false), kDatabase);
  flip_bytes(Flips(true), kDatabase);
}

TEST(Flip, OfAByteOfTheKeyFileIsToldOrHarmless) {
  flip_bytes(Flips(false), "log.keys");
  flip_bytes(Flips(true), "log.keys");
}

TEST(Flip, OfAByteOfTheWriteAheadLogIsToldOrHarmless) { flip_bytes(Flips(true), "log.db-wal"); }

// NEARZONE_CRASH_RUNS counts the damages whose repair is interrupted at every call.
void interrupt_repairs(bool died, const std::string& file) {
  const Flips flips(died);
  for (uint64_t seed = first_seed(); seed < first_seed() + runs(2); ++seed) {
    SeededRandom random(seed);
    const Flip flip = flips.harmful_flip(file, random);
    for (uint64_t n = flips.calls_of_repair(flip, Fault::io); n-- > 0;) {
      ASSERT_EQ(flips.cut_repair(flip, n), "")
          << "cut at call " << n << ", " << how_to_repeat(seed);
      ASSERT_EQ(flips.fail_repair(flip, n, Fault::io), "")
          << "call " << n << ", " << how_to_repeat(seed);
    }
    for (uint64_t n = flips.calls_of_repair(flip, Fault::full); n-- > 0;)
      ASSERT_EQ(flips.fail_repair(flip, n, Fault::full), "")
          << "full at call " << n << ", " << how_to_repeat(seed);
  }
}

TEST(Repair, OfTheDatabaseMayBeInterruptedAnywhere) { interrupt_repairs(false, kDatabase); }

TEST(Repair, OfTheWriteAheadLogMayBeInterruptedAnywhere) { interrupt_repairs(true, "log.db-wal"); }

}  // namespace
}  // namespace nearzone::crash_test
