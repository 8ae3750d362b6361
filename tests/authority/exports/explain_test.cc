#include "authority/exports/explain.h"

#include "authority/exports/support.h"

namespace nearzone::authority_test {
namespace {

using namespace authority;
using std::chrono::hours;

constexpr Instant kDue = kNoon + Millis(hours(6));

class ExplainTest : public ::testing::Test {
 protected:
  void SetUp() override { office_.make_keys(); }

  // "subject: words" lines.
  std::vector<std::string> explain(const StoredKey& key, Instant now) {
    std::vector<std::string> lines;
    EXPECT_TRUE(office_.store
                    ->read([&](Reader& rows) -> Status {
                      NEARZONE_ASSIGN(explanation_, explain_key(rows, *office_.exports, series_,
                                                                bytes_of(key), now));
                      return {};
                    })
                    .ok());
    for (const auto& line : explanation_.lines) lines.push_back(line.subject + ": " + line.words);
    return lines;
  }
  void run(Instant now) { ASSERT_OK(office_.worker(random_).run(series_, now).status()); }

  TemporaryFolder folder_;
  Office office_{folder_.path()};
  SeededRandom random_{5};
  Series series_ = small_series();
  Explanation explanation_;
};

using Lines = std::vector<std::string>;

TEST_F(ExplainTest, AKeyOnItsWay) {
  const auto key = uploaded_key(random_, kNoon + hours(1));
  EXPECT_EQ(explain(key, kNoon),
            Lines{"stored: no: it was never uploaded, or retention removed it"});
  EXPECT_TRUE(explanation_.is_hopeless);

  office_.insert(key);
  const std::string stored =
      "stored: accepted for 2020-09-13 13:00:00 UTC, vouched for by vn.example, regions VN";
  const std::string window = "window: 2020-09-13 12:00:00 .. 2020-09-13 16:00:00 UTC of series vn";
  EXPECT_EQ(explain(key, kNoon + hours(2)),
            (Lines{stored, window, "embargo: until 2020-09-13 18:00:00 UTC", "batch: none yet"}));
  EXPECT_FALSE(explanation_.is_hopeless);
  EXPECT_EQ(explain(key, kDue),
            (Lines{stored, window, "embargo: until 2020-09-13 18:00:00 UTC, over",
                   "batch: none yet: the next run of the worker makes it"}));

  run(kDue);
  const Lines lines = explain(key, kDue);
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_EQ(lines[2], "embargo: over since 2020-09-13 18:00:00 UTC");
  EXPECT_EQ(lines[3], "batch: 1 of its series, 1 keys and 9 of padding");
  EXPECT_TRUE(lines[4].starts_with("file: vn/1599998400-1600012800-00001.zip, ")) << lines[4];
  EXPECT_EQ(lines[5], "index: listed in vn/index.txt");
  EXPECT_EQ(lines[6], "signature: by key-1");
  EXPECT_TRUE(explanation_.is_published);

  ASSERT_OK(office_.worker(random_).remove_old(series_, kDue + series_.retention, false).status());
  EXPECT_EQ(explain(key, kDue + series_.retention).back(),
            "batch: 1 of its series: withdrawn, its retention is over");
  EXPECT_TRUE(explanation_.is_hopeless);
}

TEST_F(ExplainTest, TheFileIsTheOneOfSeveralThatHasTheKey) {
  std::vector<StoredKey> keys;
  for (int i = 0; i < 120; ++i) {
    keys.push_back(uploaded_key(random_, kNoon));
    office_.insert(keys.back());
  }
  run(kDue);
  for (size_t i = 0; i < keys.size(); i += 17) {
    const std::string line = explain(keys[i], kDue)[4];
    const std::string name = line.substr(6, line.find(',') - 6);
    const auto list = read_list(office_.exports->path() + "/" + name, office_.public_keys()).keys;
    EXPECT_TRUE(std::ranges::count(list, keys[i].key.bytes, &PublishedKey::bytes) == 1);
  }
}

TEST_F(ExplainTest, KeysThatNeverGoOut) {
  const auto keep = uploaded_key(random_, kNoon);
  office_.insert(keep);
  const auto negative = uploaded_key(random_, kNoon);
  office_.insert(negative);
  office_.revise(negative, {kNoon + hours(1), ReportType::revoked, 6, std::nullopt});
  const std::string words = "batch: none: it was revised to negative before it could go out";
  EXPECT_EQ(explain(negative, kNoon + hours(2)).back(), words);
  EXPECT_TRUE(explanation_.is_hopeless);
  run(kDue);
  EXPECT_EQ(explain(negative, kDue).back(), words);
  EXPECT_TRUE(explanation_.is_hopeless);

  auto foreign = uploaded_key(random_, kNoon + hours(5));
  foreign.regions = {"LA"};
  office_.insert(foreign);
  series_.regions = {"VN"};
  EXPECT_EQ(explain(foreign, kDue).back(), "series: vn takes other regions only");
  EXPECT_TRUE(explanation_.is_hopeless);
}

TEST_F(ExplainTest, AFileThatIsNotListedYet) {
  const auto key = uploaded_key(random_, kNoon);
  office_.insert(key);
  run(kDue);
  std::filesystem::remove(office_.exports->path() + "/vn/index.txt");
  EXPECT_EQ(explain(key, kDue)[5], "index: not listed yet: the next run of the worker lists it");
  EXPECT_FALSE(explanation_.is_published);
  EXPECT_FALSE(explanation_.is_hopeless);
}

}  // namespace
}  // namespace nearzone::authority_test
