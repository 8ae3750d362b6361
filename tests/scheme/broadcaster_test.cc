#include "nearzone/broadcaster.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

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
    Result<Advertisement> advertisement = own.advertise_at(at, {-20}, random_);
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
  EXPECT_FALSE(own->advertise_at(Instant{-1}, {-20}, random_).ok());
  EXPECT_FALSE(own->advertise_at(Instant{253402300800000}, {-20}, random_).ok());
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

TEST_P(EveryBroadcaster, KnowsWhatItSentWhileItHoldsTheKeys) {
  const auto own = new_broadcaster(GetParam());
  EXPECT_EQ(own->sent_at(std::vector{kNoon}).at(0), std::nullopt);
  std::vector<Instant> times;
  std::vector<std::optional<Identifier>> sent;
  for (Instant at = kNoon; at < kNoon + Day::kLength * 2;
       at = at + Millis(random_.below(40 * 60'000))) {
    times.push_back(at);
    sent.emplace_back(advertise(*own, at).identifier);
  }
  const SecretBytes before = own->save();
  EXPECT_EQ(own->sent_at(times), sent);
  // Asking makes no keys: days on which it sent nothing stay without.
  const auto found =
      own->sent_at(std::vector{Instant{0}, Instant{-1}, Instant{253402300800000}, times.back()});
  EXPECT_EQ(found, (std::vector<std::optional<Identifier>>{{}, {}, {}, sent.back()}));
  EXPECT_TRUE(
      equal_in_constant_time(own->save().expose(ForSealing{}), before.expose(ForSealing{})));
  own->forget_before(Day::of(kNoon) + 1);
  EXPECT_EQ(own->sent_at(std::vector{kNoon}).at(0), std::nullopt);
  EXPECT_EQ(own->sent_at(std::vector{times.back()}).at(0), sent.back());
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

// docs/formats/own-keys.md. What was sent on the first of three days, and the state that is stored
// then: phones have it, and must go on with it.
TEST_P(EveryBroadcaster, WritesAndUsesTheFormatAsItWas) {
  struct Known {
    std::string sent;
    std::string state;
  };
  static const std::map<SchemeTag, Known> kKnown = {
      {SchemeTag::bluezone,
       {"7bfefcfe6a3085d5a90cd94b00000000",
        "01010132480000834f194ef80e8bf95d986e880d1a82a3bf16cbd69755314bbdf67b9b459fbb51"}},
      {SchemeTag::gaen,
       {"e22565500ceb7ac30bc8cd626ce5a384",
        "010203209c280090834f194ef80e8bf95d986e880d1a82a3b09c280090bf16cbd69755314bbdf67b"
        "9b459fbb51409d280090cd41e3f2a26791d20af6ec96de8d421e"}},
      {SchemeTag::dp3t_low_cost,
       {"70c467cdb726dbf8301c2b967c6d4ad6",
        "010301834f194ef80e8bf95d986e880d1a82a3bf16cbd69755314bbdf67b9b459fbb5132480000cd"
        "41e3f2a26791d20af6ec96de8d421eb0e266ff9522f1105b541052e07d53c9"}},
      {SchemeTag::dp3t_hybrid,
       {"ffbf400a637fe23b0912dd59b4a121e8",
        "010403f0121b00834f194ef80e8bf95d986e880d1a82a3bf16cbd69755314bbdf67b9b459fbb5150"
        "131b00cd41e3f2a26791d20af6ec96de8d421eb0e266ff9522f1105b541052e07d53c9b0131b00e9"
        "20eb88f07148b727a665b0e26f2f706cb4f3fc9febb40d2cbe7485177c6ba0"}},
      {SchemeTag::tcn,
       {"866c61179442ddc428edcdc373dcfee3",
        "010503f0121b00834f194ef80e8bf95d986e880d1a82a3bf16cbd69755314bbdf67b9b459fbb5150"
        "131b00cd41e3f2a26791d20af6ec96de8d421eb0e266ff9522f1105b541052e07d53c9b0131b00e9"
        "20eb88f07148b727a665b0e26f2f706cb4f3fc9febb40d2cbe7485177c6ba0"}},
      {SchemeTag::dp3t_unlinkable,
       {"737ef26b815a5eefbdeb3566c13aaf42",
        "010603f0121b00834f194ef80e8bf95d986e880d1a82a3bf16cbd69755314bbdf67b9b459fbb5150"
        "131b00cd41e3f2a26791d20af6ec96de8d421eb0e266ff9522f1105b541052e07d53c9b0131b00e9"
        "20eb88f07148b727a665b0e26f2f706cb4f3fc9febb40d2cbe7485177c6ba0"}},
  };
  const Known& known = kKnown.at(GetParam());
  SeededRandom random(11);
  const auto own = new_broadcaster(GetParam());
  for (int32_t day = 0; day < 3; ++day)
    ASSERT_TRUE(own->advertise_at(kNoon + Day::kLength * day, {-20}, random).ok());
  EXPECT_EQ(to_hex(own->save().expose(ForSealing{})), known.state);
  std::vector<uint8_t> state(known.state.size() / 2);
  ASSERT_TRUE(from_hex(known.state, state).ok());
  const auto loaded = Broadcaster::load(state);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(to_hex(advertise(**loaded, kNoon).identifier.bytes), known.sent);
}

TEST(Broadcaster, RefusesWhatNoPhoneStores) {
  const auto loaded = [](const std::string& hex) {
    std::vector<uint8_t> bytes(hex.size() / 2);
    EXPECT_TRUE(from_hex(hex, bytes).ok());
    return Broadcaster::load(bytes).status().code();
  };
  const std::string secret(64, '7');
  EXPECT_EQ(loaded("010400"), Code::ok);
  EXPECT_EQ(loaded("010402" + ("00000000" + secret) + ("60000000" + secret)), Code::ok);
  // Two secrets of one day, days that do not ascend, more records than there can be.
  EXPECT_EQ(loaded("010402" + ("00000000" + secret) + ("5f000000" + secret)), Code::corrupt);
  EXPECT_EQ(loaded("010102" + ("01000000" + secret) + ("01000000" + secret)), Code::corrupt);
  EXPECT_EQ(loaded("010300" + secret.substr(2)), Code::corrupt);
  std::string many = "010109";
  for (char day = '1'; day <= '9'; ++day) many += std::string("0") + day + "000000" + secret;
  EXPECT_EQ(loaded(many), Code::corrupt);
}

INSTANTIATE_TEST_SUITE_P(Schemes, EveryBroadcaster, testing::ValuesIn(kSchemeTags),
                         [](const auto& tested) { return test::test_name(tested.param); });

TEST(GaenBroadcaster, SealsItsTransmitPower) {
  SeededRandom random(1);
  const auto own = new_broadcaster(SchemeTag::gaen);
  const auto air = own->advertise_at(kNoon, {-20}, random);
  ASSERT_TRUE(air.ok());
  EXPECT_EQ(air->metadata.size, 4);
  EXPECT_EQ(air->valid_until.ms % Interval::kLength.count(), 0);
}

}  // namespace
}  // namespace nearzone
