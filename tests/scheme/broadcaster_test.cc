#include "nearzone/broadcaster.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "nearzone/bluezone.h"
#include "nearzone/gaen.h"
#include "scheme/expansion.h"

namespace nearzone {
namespace {

// Consent and disclosures cannot be conjured up or copied.
static_assert(!std::is_default_constructible_v<Consent>);
static_assert(!std::is_copy_constructible_v<Consent>);
static_assert(!std::is_constructible_v<Disclosure, std::vector<PublishedKey>>);
static_assert(!std::is_copy_constructible_v<Disclosure>);

constexpr Instant kNoon{1596844800000 + 12 * 3600 * 1000};

class EveryBroadcaster : public testing::TestWithParam<SchemeTag> {
 protected:
  Advertisement advertise(Broadcaster& own, Instant at) {
    Result<Advertisement> advertisement = own.advertise_at(at, -20, random_);
    EXPECT_TRUE(advertisement.ok()) << advertisement.status().text();
    return *advertisement;
  }
  SeededRandom random_{5};
};

TEST_P(EveryBroadcaster, KeepsAnIdentifierUntilItSaysAndChangesItThen) {
  const auto own = new_broadcaster(GetParam());
  const Advertisement first = advertise(*own, kNoon);
  EXPECT_EQ(first.scheme, GetParam());
  EXPECT_GT(first.valid_until, kNoon);
  EXPECT_LE(first.valid_until - kNoon, std::chrono::minutes(15));
  EXPECT_EQ(advertise(*own, first.valid_until - Millis(1)).identifier, first.identifier);
  EXPECT_NE(advertise(*own, first.valid_until).identifier, first.identifier);
}

TEST_P(EveryBroadcaster, GoesOnAsBeforeAfterSaveAndLoad) {
  const auto own = new_broadcaster(GetParam());
  const Advertisement today = advertise(*own, kNoon);
  const Advertisement tomorrow = advertise(*own, kNoon + Day::kLength);
  const SecretBytes state = own->save();
  const auto loaded = Broadcaster::load(state.expose(ForSealing{}));
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(advertise(**loaded, kNoon).identifier, today.identifier);
  EXPECT_EQ(advertise(**loaded, kNoon + Day::kLength).identifier, tomorrow.identifier);
}

TEST_P(EveryBroadcaster, SurvivesAClockThatJumps) {
  const auto own = new_broadcaster(GetParam());
  const Advertisement before = advertise(*own, kNoon);
  EXPECT_FALSE(own->advertise_at(Instant{-1}, -20, random_).ok());
  EXPECT_FALSE(own->advertise_at(Instant{253402300800000}, -20, random_).ok());
  advertise(*own, Instant{0});
  advertise(*own, kNoon + Day::kLength * 3650);
  EXPECT_EQ(advertise(*own, kNoon).identifier, before.identifier);
}

TEST_P(EveryBroadcaster, ForgetsEarlierDaysAndKeepsLaterOnes) {
  const auto own = new_broadcaster(GetParam());
  const Advertisement first = advertise(*own, kNoon);
  const Advertisement third = advertise(*own, kNoon + Day::kLength * 2);
  own->forget_before(Day::of(kNoon) + 1);
  EXPECT_EQ(advertise(*own, kNoon + Day::kLength * 2).identifier, third.identifier);
  // Asked for the forgotten day again, it can only make new keys.
  EXPECT_NE(advertise(*own, kNoon).identifier, first.identifier);
}

TEST_P(EveryBroadcaster, RefusesDamagedState) {
  const auto own = new_broadcaster(GetParam());
  advertise(*own, kNoon);
  const SecretBytes state = own->save();
  const ByteView bytes = state.expose(ForSealing{});
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(Broadcaster::load(bytes.first(size)).status().code(), Code::corrupt) << size;
  std::vector<uint8_t> newer(bytes.begin(), bytes.end());
  newer[0] = 2;
  EXPECT_EQ(Broadcaster::load(newer).status().code(), Code::newer_format);
  std::vector<uint8_t> foreign(bytes.begin(), bytes.end());
  foreign[1] = 99;
  EXPECT_EQ(Broadcaster::load(foreign).status().code(), Code::corrupt);
}

INSTANTIATE_TEST_SUITE_P(Schemes, EveryBroadcaster, testing::ValuesIn(kSchemeTags),
                         [](const auto& tested) { return test::test_name(tested.param); });

TEST(GaenBroadcaster, SealsItsTransmitPower) {
  SeededRandom random(1);
  const auto own = new_broadcaster(SchemeTag::gaen);
  const auto air = own->advertise_at(kNoon, -20, random);
  ASSERT_TRUE(air.ok());
  EXPECT_EQ(air->metadata.size, 4);
  EXPECT_EQ(air->valid_until.ms % Interval::kLength.count(), 0);
}

}  // namespace
}  // namespace nearzone
