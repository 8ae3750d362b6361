#include "sync/list_sync.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

#include "core/crypto.h"
#include "net/http_server.h"
#include "temporary_folder.h"

namespace nearzone::sync {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr Instant kNow{1'599'998'400'000};

using test::TemporaryFolder;

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Serves a folder; remembers what it was asked, and refuses pieces from a count on.
class Lists final : public net::HttpHandler {
 public:
  explicit Lists(std::string folder) : folder_(std::move(folder)) {}

  void handle(net::HttpRequest request, Respond respond) override {
    const std::lock_guard lock(mutex_);
    asked_.push_back(request.path + " " + std::string(net::find_header(request.headers, "Range")));
    if (answers_ == 0) return respond(refuse(request, 503));
    if (answers_ > 0) --answers_;
    if (!knows_ranges_)
      std::erase_if(request.headers, [](const auto& h) { return h.name == "Range"; });
    auto response = net::serve_file(request, folder_ + request.path, {"text/plain", "", ""});
    respond(response.ok() ? *std::move(response) : refuse(request, 404));
  }
  net::HttpResponse refuse(const net::HttpRequest&, int status) override {
    net::HttpResponse response;
    response.status = status;
    return response;
  }

  void answer_only(int requests) {
    const std::lock_guard lock(mutex_);
    answers_ = requests;
  }
  void forget_ranges() { knows_ranges_ = false; }
  std::vector<std::string> take_asked() {
    const std::lock_guard lock(mutex_);
    return std::move(asked_);
  }

 private:
  const std::string folder_;
  std::mutex mutex_;
  int answers_ = -1;  // without end
  bool knows_ranges_ = true;
  std::vector<std::string> asked_;
};

class ListSyncTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(served_.path() + "/vn");
    auto server = net::HttpServer::start({}, lists_);
    ASSERT_TRUE(server.ok());
    server_ = *std::move(server);
    options_.base_url = "http://127.0.0.1:" + std::to_string(server_->port());
    options_.index.suffix = ".nzlist";
    options_.keys = {PublicKey::ed25519(ed25519_public_key(seed_))};
    options_.on_list = [this](const std::string& path, const Status& status) {
      told_.push_back(path + " " + code_name(status.code()));
    };
  }

  Bytes list_of(uint64_t sequence, const Secret<32>& seed, size_t keys = 100) {
    std::vector<PublishedKey> published(keys);
    for (PublishedKey& key : published) {
      random_.fill(std::span(key.bytes).first(16));
      key.valid_from = Day::of(kNow).start();
      key.valid_to = key.valid_from + Day::kLength;
    }
    return *write_nearzone_list({1, sequence, "VN", kNow, kNow + Day::kLength}, published,
                                {&seed, 1});
  }
  void serve(const std::string& name, const Bytes& bytes) {
    std::ofstream(served_.path() + "/" + name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    index_ += name + "\n";
    std::ofstream(served_.path() + "/index.txt") << index_;
  }
  Result<ListSyncReport> run() {
    auto folder = ListFolder::open(kept_.path() + "/lists");
    EXPECT_TRUE(folder.ok());
    return sync_lists(*folder, options_, clock_, random_);
  }
  std::vector<std::string> kept() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(kept_.path() + "/lists"))
      if (!entry.path().filename().string().starts_with('.'))
        names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }

  TemporaryFolder served_;
  TemporaryFolder kept_;
  Lists lists_{served_.path()};
  std::unique_ptr<net::HttpServer> server_;
  SeededRandom random_{9};
  Secret<32> seed_ = Secret<32>::random(random_);
  ManualClock clock_{kNow};
  ListSyncOptions options_;
  std::string index_;
  std::vector<std::string> told_;
};

using Names = std::vector<std::string>;

TEST_F(ListSyncTest, NewListsAreFetchedOnce) {
  const Bytes first = list_of(1, seed_);
  serve("vn/1.nzlist", first);
  serve("vn/2.nzlist", list_of(2, seed_));
  auto report = run();
  ASSERT_TRUE(report.ok()) << report.status().text();
  EXPECT_EQ(report->fetched, 2u);
  EXPECT_EQ(kept(), (Names{"vn_1.nzlist", "vn_2.nzlist"}));
  EXPECT_EQ(read_text(kept_.path() + "/lists/vn_1.nzlist"),
            std::string(first.begin(), first.end()));
  EXPECT_GT(report->wake_at, kNow);
  EXPECT_LE(report->wake_at, kNow + std::chrono::hours(4));
  EXPECT_EQ(lists_.take_asked().size(), 3u);

  // Not before it is due, and then with the entity tag: what is not changed is not sent.
  ASSERT_TRUE(run().ok());
  EXPECT_EQ(lists_.take_asked().size(), 0u);
  clock_.advance(std::chrono::hours(4));
  report = run();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->bytes, 0u);
  EXPECT_EQ(lists_.take_asked(), Names{"/index.txt "});

  serve("vn/3.nzlist", list_of(3, seed_));
  clock_.advance(std::chrono::hours(4));
  report = run();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->fetched, 1u);
  EXPECT_EQ(kept().size(), 3u);
}

TEST_F(ListSyncTest, AnInterruptedListGoesOnWhereItStopped) {
  options_.piece_bytes = 1000;
  const Bytes list = list_of(1, seed_, 150);
  ASSERT_GT(list.size(), 3000u);
  serve("vn/1.nzlist", list);
  lists_.answer_only(3);  // the index and two pieces
  ASSERT_TRUE(run().ok());
  EXPECT_EQ(kept(), Names{});
  lists_.take_asked();
  lists_.answer_only(-1);
  clock_.advance(std::chrono::hours(5));
  const auto report = run();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->fetched, 1u);
  const Names asked = lists_.take_asked();
  EXPECT_EQ(std::ranges::count(asked, "/vn/1.nzlist bytes=0-999"), 0) << "fetched again";
  EXPECT_EQ(std::ranges::count(asked, "/vn/1.nzlist bytes=2000-2999"), 1);
  EXPECT_EQ(read_text(kept_.path() + "/lists/vn_1.nzlist"), std::string(list.begin(), list.end()));
}

TEST_F(ListSyncTest, PiecesOfTwoVersionsAreNeverJoined) {
  options_.piece_bytes = 1000;
  serve("vn/1.nzlist", list_of(1, seed_, 200));
  lists_.answer_only(3);
  ASSERT_TRUE(run().ok());
  lists_.answer_only(-1);
  const Bytes other = list_of(2, seed_);
  index_.clear();
  serve("vn/1.nzlist", other);
  clock_.advance(std::chrono::hours(5));
  ASSERT_TRUE(run().ok());
  EXPECT_EQ(read_text(kept_.path() + "/lists/vn_1.nzlist"),
            std::string(other.begin(), other.end()));
}

TEST_F(ListSyncTest, AServerWithoutRangesWillDo) {
  lists_.forget_ranges();
  options_.piece_bytes = 1000;
  serve("vn/1.nzlist", list_of(1, seed_));
  const auto report = run();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->fetched, 1u);
}

TEST_F(ListSyncTest, WhatNobodyVouchesForIsNotKept) {
  serve("vn/1.nzlist", list_of(1, Secret<32>::random(random_)));
  Bytes damaged = list_of(2, seed_);
  damaged[damaged.size() / 2] ^= 1;
  serve("vn/2.nzlist", damaged);
  serve("vn/3.nzlist", list_of(3, seed_));
  // After each failure it waits; a list that failed is tried again behind the others.
  uint64_t fetched = 0;
  uint64_t failed = 0;
  for (int runs = 0; runs < 20; ++runs) {
    const auto report = run();
    ASSERT_TRUE(report.ok()) << report.status().text();
    EXPECT_LE(report->failed, 1u);
    fetched += report->fetched;
    failed += report->failed;
    clock_.advance(report->wake_at - clock_.now());
  }
  EXPECT_EQ(fetched, 1u);
  EXPECT_EQ(failed, 10u);  // five times each
  EXPECT_EQ(kept(), Names{"vn_3.nzlist"});
  EXPECT_EQ(told_[0], "vn/1.nzlist signature_refused");
  EXPECT_EQ(told_[1], "vn/2.nzlist signature_refused");
  EXPECT_EQ(told_[2], "vn/3.nzlist ok");
}

TEST_F(ListSyncTest, AListThatIsOverIsNotKept) {
  clock_.advance(std::chrono::hours(48));
  serve("vn/1.nzlist", list_of(1, seed_));
  ASSERT_TRUE(run().ok());
  EXPECT_EQ(told_, Names{"vn/1.nzlist signature_refused"});
  EXPECT_EQ(kept(), Names{});
}

TEST_F(ListSyncTest, AListThatIsTooLargeIsGivenUp) {
  options_.index.most_list_bytes = 2000;
  options_.piece_bytes = 1000;
  serve("vn/1.nzlist", list_of(1, seed_));
  ASSERT_TRUE(run().ok());
  EXPECT_EQ(told_, Names{"vn/1.nzlist limit_exceeded"});
  EXPECT_EQ(kept(), Names{});
}

TEST_F(ListSyncTest, AMissingListIsLeftToTheNextIndex) {
  serve("vn/1.nzlist", list_of(1, seed_));
  std::filesystem::remove(served_.path() + "/vn/1.nzlist");
  const auto report = run();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->missing, 1u);
  EXPECT_EQ(told_, Names{"vn/1.nzlist not_found"});
}

TEST_F(ListSyncTest, AnIndexThatNamesOtherPlacesIsRefused) {
  index_ = "../../etc/passwd.nzlist\n";
  std::ofstream(served_.path() + "/index.txt") << index_;
  EXPECT_EQ(run().status().code(), Code::corrupt);
  EXPECT_EQ(kept(), Names{});
}

TEST_F(ListSyncTest, AServerThatIsNotThereIsAFaultToTell) {
  options_.base_url = "http://127.0.0.1:1";
  EXPECT_EQ(run().status().code(), Code::io);
}

}  // namespace
}  // namespace nearzone::sync
