#include "nearzone/scheme.h"

#include <gtest/gtest.h>

#include "nearzone/random.h"

namespace nearzone {
namespace {

// slots_near must hold exactly the slots whose widened window meets the range.
TEST(SlotsNear, EqualsTryingEverySlot) {
  SeededRandom random(3);
  const Scheme* const schemes[] = {&gaen_scheme(), &bluezone_scheme(),
                                   &bluezone_scheme(BluezoneWindows::strict)};
  for (int round = 0; round < 20000; ++round) {
    const Scheme& scheme = *schemes[random.below(3)];
    KeyPart part;
    part.start = {1600000000000 + static_cast<int64_t>(random.below(1000000))};
    part.slots = 1 + static_cast<uint32_t>(random.below(144));
    part.slot_length = Millis(1 + static_cast<int64_t>(random.below(1200000)));
    const int64_t reach = part.slots * part.slot_length.count() + 20000000;
    const Instant from{part.start.ms - 10000000 +
                       static_cast<int64_t>(random.below(static_cast<uint64_t>(reach)))};
    const TimeRange when{from, from + Millis(static_cast<int64_t>(random.below(20000000)))};
    const SlotRange near = scheme.slots_near(part, when);
    for (uint32_t slot = 0; slot < part.slots; ++slot) {
      TimeRange widened = scheme.window(part, slot);
      widened = {widened.from - scheme.rule().before, widened.to + scheme.rule().after};
      ASSERT_EQ(slot >= near.first && slot < near.last, widened.overlaps(when))
          << "round " << round << " slot " << slot;
    }
  }
}

TEST(SlotsNear, IsEmptyForAnEmptyRange) {
  KeyPart part;
  part.slots = 144;
  part.slot_length = Interval::kLength;
  EXPECT_EQ(gaen_scheme().slots_near(part, {}).size(), 0u);
}

TEST(Schemes, KnowTheirTags) {
  EXPECT_EQ(gaen_scheme().tag(), SchemeTag::gaen);
  EXPECT_EQ(bluezone_scheme().tag(), SchemeTag::bluezone);
  EXPECT_EQ(published_key_size(SchemeTag::gaen), 16u);
  EXPECT_EQ(published_key_size(SchemeTag::bluezone), 32u);
}

}  // namespace
}  // namespace nearzone
