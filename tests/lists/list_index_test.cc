#include "nearzone/list_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nearzone {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;

constexpr Instant kStart{1'600'000'000'000};

class ListIndex : public testing::Test {
 protected:
  // What an index that is fetched now says, and everything that is then fetched, and done.
  std::vector<std::string> follow(std::string_view index, ListOutcome outcome = ListOutcome::done) {
    EXPECT_TRUE(answer(index).ok());
    std::vector<std::string> fetched;
    while (const auto fetch = follower.next(now)) {
      if (fetch->is_index) break;
      fetched.push_back(fetch->path);
      EXPECT_TRUE(follower.list_handled(fetch->path, outcome, now, random).ok());
      now = std::max(now, follower.status().waiting == 0 ? now : follower.status().wake_at);
    }
    return fetched;
  }

  Status answer(std::string_view index, std::string_view etag = {}) {
    const auto fetch = follower.next(now);
    EXPECT_TRUE(fetch && fetch->is_index);
    return follower.index_answered({200, as_bytes(index), etag}, now, random);
  }

  // As after the end of the process.
  void come_back() {
    const auto state = follower.save();
    auto loaded = IndexFollower::load(options, state);
    ASSERT_TRUE(loaded.ok()) << loaded.status().text();
    follower = *std::move(loaded);
    EXPECT_EQ(follower.save(), state);
  }

  void wait() { now = follower.status().wake_at; }

  IndexOptions options;
  IndexFollower follower{options};
  SeededRandom random{1};
  Instant now = kStart;
};

TEST_F(ListIndex, FetchesWhatIsNewInTheOrderOfTheIndex) {
  EXPECT_EQ(follower.next(now)->path, "index.txt");
  EXPECT_THAT(follow("e/1-2-00001.zip\ne/2-3-00001.zip"),
              ElementsAre("e/1-2-00001.zip", "e/2-3-00001.zip"));
  EXPECT_FALSE(follower.next(now));
  wait();
  EXPECT_THAT(follow("e/2-3-00001.zip\ne/3-4-00001.zip\n"), ElementsAre("e/3-4-00001.zip"));
  EXPECT_EQ(follower.status(), (IndexStatus{2, 0, 0, follower.status().wake_at}));
}

TEST_F(ListIndex, LooksAgainAfterTheGapLessAQuarterAtMost) {
  bool differs = false;
  for (int i = 0; i < 50; ++i) {
    follow("a.zip");
    const Millis wait = follower.status().wake_at - now;
    EXPECT_LE(wait, options.gap);
    EXPECT_GE(wait, options.gap / 4 * 3);
    differs |= wait != options.gap;
    EXPECT_FALSE(follower.next(now + wait - Millis(1)));
    now = now + wait;
  }
  EXPECT_TRUE(differs);
}

TEST_F(ListIndex, KnowsAfterARestartWhatIsDone) {
  follow("a.zip\nb.zip");
  come_back();
  EXPECT_FALSE(follower.next(now));
  wait();
  EXPECT_THAT(follow("a.zip\nb.zip\nc.zip"), ElementsAre("c.zip"));
}

TEST_F(ListIndex, StoppedBetweenTwoListsItGoesOnAfterOneLookAtTheIndex) {
  ASSERT_TRUE(answer("a.zip\nb.zip\nc.zip", "\"v1\"").ok());
  ASSERT_TRUE(follower.list_handled("a.zip", ListOutcome::done, now, random).ok());
  come_back();
  EXPECT_EQ(follower.next(now)->etag, "");  // the names are needed again
  EXPECT_THAT(follow("a.zip\nb.zip\nc.zip"), ElementsAre("b.zip", "c.zip"));
}

TEST_F(ListIndex, AsksForNothingThatDidNotChange) {
  ASSERT_TRUE(answer("a.zip", "\"v1\"").ok());
  ASSERT_TRUE(follower.list_handled("a.zip", ListOutcome::done, now, random).ok());
  come_back();
  wait();
  EXPECT_EQ(follower.next(now)->etag, "\"v1\"");
  EXPECT_TRUE(follower.index_answered({304, {}}, now, random).ok());
  EXPECT_FALSE(follower.next(now));
  wait();
  EXPECT_TRUE(follower.next(now)->is_index);
}

TEST_F(ListIndex, DoesNotBelieveThatNothingChangedWhereItDidNotAsk) {
  EXPECT_EQ(follower.index_answered({304, {}}, now, random).code(), Code::io);
  ASSERT_TRUE(follower.next(follower.status().wake_at)->is_index);
}

TEST_F(ListIndex, PassesOverOtherFormats) {
  EXPECT_THAT(follow("a.zip\na.nzlist\n\nb.json\r\nc.zip\r\na.zip\n"),
              ElementsAre("a.zip", "c.zip"));
}

TEST_F(ListIndex, RefusesPathTricksAndSaysInWhichLine) {
  for (const std::string bad :
       {"/a.zip", "../a.zip", "a/../b.zip", "a//b.zip", "a/./b.zip", "a/", ".",
        "http://b.org/a.zip", "a\\b.zip", "a b.zip", "a%2e.zip", "a.zip?x", "a.zip#x", "a\tb.zip",
        "\x01.zip", "\xc3\xa4.zip", "....zip/.../b.zip"}) {
    IndexFollower fresh(options);
    const Status status =
        fresh.index_answered({200, as_bytes("good.zip\n" + bad + "\n")}, now, random);
    EXPECT_EQ(status.code(), Code::corrupt) << bad;
    EXPECT_STREQ(status.field(), "index");
    EXPECT_EQ(status.record(), 1) << bad;
    EXPECT_EQ(status.offset(), 9) << bad;
    EXPECT_EQ(fresh.status().waiting, 0u);
    EXPECT_GT(fresh.status().wake_at, now);
  }
  const std::string longest = std::string(251, 'a') + ".zip";
  EXPECT_THAT(follow(longest), ElementsAre(longest));
  wait();
  EXPECT_EQ(answer("a" + longest).code(), Code::corrupt);
}

TEST_F(ListIndex, RefusesHugeIndexes) {
  EXPECT_EQ(answer(std::string(IndexFollower::kMostIndexBytes + 1, '\n')).code(),
            Code::limit_exceeded);
  wait();
  std::string many;
  for (size_t i = 0; i <= IndexFollower::kMostLists; ++i) many += std::to_string(i) + ".zip\n";
  EXPECT_EQ(answer(many).code(), Code::limit_exceeded);
  EXPECT_EQ(follower.status().waiting, 0u);
}

TEST_F(ListIndex, ARefusedIndexLeavesWhatIsKnown) {
  follow("a.zip");
  wait();
  EXPECT_FALSE(answer("../x").ok());
  wait();
  EXPECT_THAT(follow("a.zip\nb.zip"), ElementsAre("b.zip"));
}

TEST_F(ListIndex, WaitsLongerAfterEveryFailure) {
  Millis least(7500);
  for (int i = 0; i < 12; ++i) {
    ASSERT_TRUE(follower.next(now));
    EXPECT_EQ(follower.index_answered({i % 2 == 0 ? 503 : 0, {}}, now, random).code(), Code::io);
    const Millis wait = follower.status().wake_at - now;
    EXPECT_GE(wait, least);
    EXPECT_LE(wait, least * 2);
    now = now + wait;
    least = std::min(least * 2, Millis(minutes(30)));
  }
  EXPECT_EQ(follower.index_answered({404, {}, {}, hours(5)}, now, random).code(), Code::not_found);
  EXPECT_EQ(follower.status().wake_at, now + hours(5));
}

TEST_F(ListIndex, TriesAListFiveTimesAndOthersInBetween) {
  const auto fetched = follow("a.zip\nb.zip", ListOutcome::failed);
  EXPECT_THAT(fetched, ElementsAre("a.zip", "b.zip", "a.zip", "b.zip", "a.zip", "b.zip", "a.zip",
                                   "b.zip", "a.zip", "b.zip"));
  EXPECT_EQ(follower.status().given_up, 2u);
  come_back();
  now = std::max(now, follower.status().wake_at);
  EXPECT_THAT(follow("a.zip\nb.zip\nc.zip"), ElementsAre("c.zip"));
  EXPECT_EQ(follower.status().given_up, 2u);
  // It is forgotten with the list, so that one of the same name has another chance.
  wait();
  follow("c.zip");
  wait();
  EXPECT_THAT(follow("a.zip\nc.zip"), ElementsAre("a.zip"));
}

TEST_F(ListIndex, AFailureIsRememberedOverARestart) {
  ASSERT_TRUE(answer("a.zip").ok());
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(follower.list_handled("a.zip", ListOutcome::failed, now, random).ok());
    now = follower.status().wake_at;
  }
  come_back();
  EXPECT_THAT(follow("a.zip", ListOutcome::failed), ElementsAre("a.zip"));
}

TEST_F(ListIndex, AfterARestartAListThatFailedWaitsBehindTheOthers) {
  ASSERT_TRUE(answer("a.zip\nb.zip").ok());
  ASSERT_TRUE(follower.list_handled("a.zip", ListOutcome::failed, now, random).ok());
  now = follower.status().wake_at;
  come_back();
  EXPECT_THAT(follow("a.zip\nb.zip"), ElementsAre("b.zip", "a.zip"));
}

TEST_F(ListIndex, AListThatIsGoneIsTheNextIndexsAffair) {
  EXPECT_THAT(follow("a.zip\nb.zip", ListOutcome::missing), ElementsAre("a.zip", "b.zip"));
  EXPECT_FALSE(follower.next(now));
  wait();
  EXPECT_EQ(follower.next(now)->etag, "");
  EXPECT_THAT(follow("a.zip\nb.zip"), ElementsAre("a.zip", "b.zip"));
}

TEST_F(ListIndex, TakesOnlyTheListThatItGave) {
  ASSERT_TRUE(answer("a.zip\nb.zip").ok());
  EXPECT_EQ(follower.list_handled("b.zip", ListOutcome::done, now, random).code(), Code::not_found);
  EXPECT_EQ(follower.next(now)->path, "a.zip");
}

TEST_F(ListIndex, AClockSetBackDoesNotStopIt) {
  follow("a.zip");
  EXPECT_TRUE(follower.next(now - hours(24 * 365)));
}

TEST_F(ListIndex, OptionsAreChecked) {
  const auto field_of = [](const IndexOptions& given) {
    const Status status = given.check();
    return status.ok() ? std::string() : std::string(status.field());
  };
  EXPECT_EQ(field_of({}), "");
  EXPECT_EQ(field_of({.path = "exports/index.txt", .suffix = ""}), "");
  EXPECT_EQ(field_of({.path = "/index.txt"}), "path");
  EXPECT_EQ(field_of({.path = ""}), "path");
  EXPECT_EQ(field_of({.suffix = "/.zip"}), "suffix");
  EXPECT_EQ(field_of({.gap = minutes(4)}), "gap");
  EXPECT_EQ(field_of({.gap = hours(24 * 7 + 1)}), "gap");
  EXPECT_EQ(field_of({.most_list_bytes = 0}), "most_list_bytes");
}

TEST_F(ListIndex, GoldenState) {
  // Two lists by made-up names, one done and one given up.
  std::vector<uint8_t> stored{1,    2,    0x00, 0x10, 0xa5, 0xd4, 0xe8, 0,   0,  0, 0x00,
                              0x20, 0xa5, 0xd4, 0xe8, 0,    0,    0,    2,   0,  0, 0,
                              0,    0,    0,    0,    4,    '"',  'v',  '1', '"'};
  stored.insert(stored.end(), {1, 0, 0, 0, 0, 0, 0, 0, 255});
  stored.insert(stored.end(), {2, 0, 0, 0, 0, 0, 0, 0, 5});
  const auto loaded = IndexFollower::load(options, stored);
  ASSERT_TRUE(loaded.ok()) << loaded.status().text();
  EXPECT_EQ(loaded->save(), stored);
  EXPECT_EQ(loaded->status(), (IndexStatus{2, 0, 1, Instant{1'000'000'004'096}}));
  EXPECT_EQ(loaded->next(Instant{1'000'000'004'096})->etag, "\"v1\"");

  for (size_t size = 0; size < stored.size(); ++size) {
    if (size == 31 || size == 40) continue;  // whole ones, of fewer lists
    EXPECT_EQ(IndexFollower::load(options, std::span(stored).first(size)).status().code(),
              Code::corrupt)
        << size;
  }
  const auto with = [&](size_t at, uint8_t value) {
    std::vector<uint8_t> bad = stored;
    bad[at] = value;
    return IndexFollower::load(options, bad).status().code();
  };
  EXPECT_EQ(with(0, 2), Code::newer_format);
  EXPECT_EQ(with(28, ' '), Code::corrupt);
  EXPECT_EQ(with(31, 2), Code::corrupt);  // not ascending
  EXPECT_EQ(with(39, 0), Code::corrupt);
  EXPECT_EQ(with(39, 6), Code::corrupt);
}

}  // namespace
}  // namespace nearzone
