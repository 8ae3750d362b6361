#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "nearzone/upload.h"

namespace nearzone {
namespace {

using std::chrono::hours;

constexpr Instant kNow{1'600'000'000'000};
constexpr Millis kGap = hours(48);

// The steps of one round that is answered well.
std::vector<UploadStep> round(Chaff& chaff, SchemeTag scheme, Instant now, Random& random) {
  std::vector<UploadStep> steps;
  while (const auto request = chaff.next_request(scheme, kGap, now, random)) {
    EXPECT_TRUE(request->chaff);
    EXPECT_STREQ(request->marking_header(), "X-Chaff");
    EXPECT_EQ(request->body.size(), request_bytes(request->step));
    steps.push_back(request->step);
    chaff.answered(scheme, 200, kGap, now, random);
  }
  return steps;
}

TEST(Chaff, LooksLikeTheUploadOfItsScheme) {
  SeededRandom random(1);
  Chaff chaff = Chaff::begin(kNow, kGap, random);
  EXPECT_TRUE(round(chaff, SchemeTag::gaen, chaff.wake_at() - Millis(1), random).empty());
  EXPECT_EQ(round(chaff, SchemeTag::gaen, chaff.wake_at(), random),
            (std::vector{UploadStep::verify, UploadStep::certify, UploadStep::publish}));
  EXPECT_EQ(round(chaff, SchemeTag::bluezone, chaff.wake_at(), random),
            std::vector{UploadStep::report_bluezone});
}

TEST(Chaff, IsNotSentWhereItIsTurnedOff) {
  SeededRandom random(2);
  Chaff chaff = Chaff::begin(kNow, kGap, random);
  EXPECT_FALSE(
      chaff.next_request(SchemeTag::gaen, Millis(0), chaff.wake_at() + hours(1000), random));
}

// The waiting time has no memory: its distribution is exponential, which the Kolmogorov-Smirnov
// distance of 20,000 draws tells from anything else. 1.95/sqrt(n) is passed once in a thousand.
TEST(ChaffProperties, GapsAreExponential) {
  SeededRandom random(3);
  std::vector<double> gaps;
  for (int i = 0; i < 20'000; ++i)
    gaps.push_back(
        static_cast<double>((Chaff::begin(kNow, kGap, random).wake_at() - kNow).count()) /
        static_cast<double>(kGap.count()));
  std::ranges::sort(gaps);
  double distance = 0;
  const auto n = static_cast<double>(gaps.size());
  for (size_t i = 0; i < gaps.size(); ++i) {
    const double expected = 1 - std::exp(-gaps[i]);
    distance = std::max({distance, std::abs(expected - static_cast<double>(i) / n),
                         std::abs(expected - static_cast<double>(i + 1) / n)});
  }
  EXPECT_LT(distance, 1.95 / std::sqrt(n));
  EXPECT_LE(gaps.back(), 10);
}

TEST(Chaff, TriesAgainAsAnUploadWouldAndThenGivesUp) {
  SeededRandom random(4);
  Chaff chaff = Chaff::begin(kNow, kGap, random);
  Instant now = chaff.wake_at();
  for (int failure = 1; failure <= 3; ++failure) {
    const auto request = chaff.next_request(SchemeTag::gaen, kGap, now, random);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->step, UploadStep::verify);
    chaff.answered(SchemeTag::gaen, failure == 1 ? 0 : 503, kGap, now, random);
    const Millis wait = chaff.wake_at() - now;
    EXPECT_GT(wait, Millis(0));
    EXPECT_LE(wait, std::chrono::minutes(2));
    EXPECT_FALSE(chaff.next_request(SchemeTag::gaen, kGap, now, random));
    now = chaff.wake_at();
  }
  ASSERT_TRUE(chaff.next_request(SchemeTag::gaen, kGap, now, random));
  chaff.answered(SchemeTag::gaen, 429, kGap, now, random);
  EXPECT_EQ(chaff.save()[2], 0);  // the next round, which begins without a failure
}

TEST(Chaff, EndsTheRoundWhereAnUploadWouldNeedANewCode) {
  SeededRandom random(5);
  Chaff chaff = Chaff::begin(kNow, kGap, random);
  const Instant now = chaff.wake_at();
  ASSERT_TRUE(chaff.next_request(SchemeTag::gaen, kGap, now, random));
  chaff.answered(SchemeTag::gaen, 401, kGap, now, random);
  EXPECT_FALSE(chaff.next_request(SchemeTag::gaen, kGap, now, random));
}

TEST(Chaff, DrawsAnewWhereTheClockWasSetBack) {
  SeededRandom random(6);
  Chaff chaff = Chaff::begin(kNow, kGap, random);
  const Instant earlier = kNow - hours(24 * 365);
  EXPECT_FALSE(chaff.next_request(SchemeTag::gaen, kGap, earlier, random));
  EXPECT_LE(chaff.wake_at() - earlier, kGap * 10);
}

TEST(Chaff, ComesBackFromItsState) {
  SeededRandom random(7);
  Chaff chaff = Chaff::begin(kNow, kGap, random);
  const Instant now = chaff.wake_at();
  ASSERT_TRUE(chaff.next_request(SchemeTag::gaen, kGap, now, random));
  chaff.answered(SchemeTag::gaen, 200, kGap, now, random);
  chaff.answered(SchemeTag::gaen, 0, kGap, now, random);
  const auto state = chaff.save();
  Result<Chaff> back = Chaff::load(state);
  ASSERT_TRUE(back.ok()) << back.status().text();
  EXPECT_EQ(back->save(), state);
  EXPECT_EQ(back->wake_at(), chaff.wake_at());
  EXPECT_EQ(back->next_request(SchemeTag::gaen, kGap, back->wake_at(), random)->step,
            UploadStep::certify);
}

TEST(Chaff, GoldenState) {
  const std::array<uint8_t, 12> stored{1, 2, 3, 0, 0x00, 0x10, 0xa5, 0xd4, 0xe8, 0, 0, 0};
  Result<Chaff> chaff = Chaff::load(stored);
  ASSERT_TRUE(chaff.ok());
  EXPECT_EQ(chaff->wake_at().ms, 1'000'000'000'000);
  EXPECT_EQ(chaff->save(), stored);
}

TEST(Chaff, RefusesStatesThatCannotBe) {
  const std::array<uint8_t, 12> good{1, 2, 3, 0};
  EXPECT_EQ(Chaff::load({}).status().code(), Code::corrupt);
  EXPECT_EQ(Chaff::load(std::span(good).first(11)).status().code(), Code::corrupt);
  const auto with = [&](size_t at, uint8_t value) {
    std::array<uint8_t, 12> bad = good;
    bad[at] = value;
    return Chaff::load(bad).status().code();
  };
  EXPECT_EQ(with(0, 2), Code::newer_format);
  EXPECT_EQ(with(0, 0), Code::corrupt);
  EXPECT_EQ(with(1, 3), Code::corrupt);
  EXPECT_EQ(with(2, 4), Code::corrupt);
  EXPECT_EQ(with(3, 1), Code::corrupt);
}

}  // namespace
}  // namespace nearzone
