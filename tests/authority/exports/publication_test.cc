#include "authority/exports/publication.h"

#include "authority/config.h"
#include "authority/exports/support.h"
#include "authority/server.h"

namespace nearzone::authority_test {
namespace {

using namespace authority;
using std::chrono::hours;

void drop_line(const std::string&, void*) {}

// A server that is asked without sockets.
class PublicationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    settings_.storage.folder = folder_.file("data");
    settings_.exports = {small_series()};
    ASSERT_OK(prepare_folder(settings_.storage, random_));
    auto server = Server::open(settings_, {clock_, random_, log_});
    ASSERT_OK(server.status());
    server_ = *std::move(server);
    auto publication =
        Publication::open(settings_, server_->store(), server_->api(), clock_, random_, log_);
    ASSERT_OK(publication.status());
    publication_ = *std::move(publication);
  }

  void make_keys() {
    const auto keys = DurableFolder::open(signing_keys_path(settings_), 0700, system_file_calls());
    ASSERT_OK(keys.status());
    for (const auto algorithm : {PublicKey::Algorithm::ecdsa_p256, PublicKey::Algorithm::ed25519})
      ASSERT_OK(make_signing_key(
                    server_->store(), *keys,
                    {std::string(algorithm_name(algorithm)), "v1", algorithm, {}, {}, {}, {}})
                    .status());
  }
  void upload() {
    const auto key = uploaded_key(random_, kNoon);
    ASSERT_OK(server_->store().write([&](Writer& rows) { return rows.insert_key(key).status(); }));
  }

  net::HttpResponse get(const std::string& path, std::vector<net::Header> headers = {}) {
    net::HttpRequest request;
    request.method = "GET";
    request.path = path;
    request.headers = std::move(headers);
    net::HttpResponse answer;
    server_->api().handle(request,
                          [&](net::HttpResponse response) { answer = std::move(response); });
    return answer;
  }
  static std::string header(const net::HttpResponse& response, std::string_view name) {
    return std::string(net::find_header(response.headers, name));
  }

  TemporaryFolder folder_;
  SystemRandom random_;
  ManualClock clock_{kNoon + hours(6)};
  Log log_{LogLevel::error, clock_, drop_line, nullptr};
  Settings settings_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Publication> publication_;
};

const std::string kList = "/exports/vn/1599998400-1600012800-00001.zip";

TEST_F(PublicationTest, ListsAreServedToBeKeptAndIndexesToBeAskedForAgain) {
  EXPECT_EQ(get("/exports/vn/index.txt").status, 404);
  make_keys();
  upload();
  publication_->loop().run_once();
  const auto index = get("/exports/vn/index.txt");
  EXPECT_EQ(index.status, 200);
  EXPECT_EQ(header(index, "Cache-Control"), "public, max-age=300");
  const auto list = get(kList);
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(header(list, "Cache-Control"), "public, max-age=1209600, immutable");
  EXPECT_EQ(header(list, "Content-Type"), "application/zip");
  const std::string etag = header(list, "ETag");
  EXPECT_FALSE(etag.empty());
  EXPECT_EQ(get(kList, {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(get(kList, {{"Range", "bytes=0-3"}}).status, 206);
  EXPECT_EQ(get("/exports/vn/index-nzlist.txt").status, 200);
}

TEST_F(PublicationTest, NothingElseIsServed) {
  make_keys();
  upload();
  publication_->loop().run_once();
  for (const char* path : {"/exports/", "/exports/vn", "/exports/vn/", "/exports/vn/.lock",
                           "/exports/vn/../../root.key", "/exports/../root.key",
                           "/exports/la/index.txt", "/exports/vn/x/index.txt"})
    EXPECT_EQ(get(path).status, 404) << path;
}

TEST_F(PublicationTest, ReadinessAndMetricsTellOfFailures) {
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").status, 200);
  upload();
  // There is no key to sign with.
  publication_->loop().run_once();
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_NE(get("/metrics").body.find("nearzone_export_failing{series=\"vn\"} 1\n"),
            std::string::npos);
  make_keys();
  publication_->loop().run_once();
  EXPECT_EQ(get("/readyz").status, 200);
  clock_.advance(std::chrono::seconds(90));
  const std::string metrics = get("/metrics").body;
  for (const char* line : {"nearzone_export_failing{series=\"vn\"} 0\n",
                           "nearzone_export_failures_total{series=\"vn\"} 1\n",
                           "nearzone_export_batches_total{series=\"vn\"} 1\n",
                           "nearzone_export_age_seconds{series=\"vn\"} 90\n",
                           "nearzone_export_last_run_seconds{series=\"vn\"} 90\n",
                           "nearzone_uploads_total{result=\"accepted\"} 0\n",
                           "nearzone_requests_total{path=\"/readyz\",status=\"503\"} 1\n",
                           "nearzone_requests_total{path=\"/readyz\",status=\"200\"} 2\n"})
    EXPECT_NE(metrics.find(line), std::string::npos) << line;
}

TEST_F(PublicationTest, TheLoopGoesOnByItself) {
  make_keys();
  upload();
  publication_->loop().start(Millis(1));
  for (int i = 0; i < 2000 && get(kList).status != 200; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(get(kList).status, 200);
}

TEST_F(PublicationTest, RetentionRemovesRowsUnlessItIsADryRun) {
  upload();
  const Instant later = kNoon + settings_.retention.keys + hours(1);
  auto removed = remove_expired_rows(server_->store(), settings_.retention, later, true);
  ASSERT_OK(removed.status());
  EXPECT_EQ(removed->keys, 1u);
  removed = remove_expired_rows(server_->store(), settings_.retention, later, false);
  ASSERT_OK(removed.status());
  EXPECT_EQ(removed->keys, 1u);
  removed = remove_expired_rows(server_->store(), settings_.retention, later, false);
  ASSERT_OK(removed.status());
  EXPECT_EQ(removed->keys, 0u);
}

std::vector<std::string> faults_of(const std::string& text) {
  std::vector<ConfigFault> faults;
  read_config(text, faults);
  std::vector<std::string> found;
  for (const ConfigFault& fault : faults)
    found.push_back(std::to_string(fault.line) + " " + fault.key);
  return found;
}

TEST(ExportConfigTest, AnExportIsReadWhole) {
  std::vector<ConfigFault> faults;
  const Config config = read_config(R"(
[[export]]
name = "vn"
scheme = "gaen"
period_minutes = 60
embargo_minutes = 90
batches_per_day = 20
size_classes = ["100", "200"]
regions = ["VN"]
excluded_regions = ["LA"]
travelers = true
region = "VN"
list_id = 7
publishes_empty = true
least_revised = 3
longest_hold_hours = 12
retention_days = 21
[retention]
keys_days = 21
)",
                                    faults);
  ASSERT_TRUE(faults.empty()) << faults[0].key << faults[0].words;
  ASSERT_EQ(config.settings.exports.size(), 1u);
  const Series& series = config.settings.exports[0];
  EXPECT_EQ(series.name, "vn");
  EXPECT_EQ(series.rules.period, hours(1));
  EXPECT_EQ(series.rules.embargo, std::chrono::minutes(90));
  EXPECT_EQ(series.sizes.files_for(150), std::vector<size_t>{200});
  EXPECT_EQ(series.list_id, 7u);
  EXPECT_EQ(series.retention, hours(24 * 21));
  EXPECT_EQ(config.settings.retention.keys, hours(24 * 21));
}

TEST(ExportConfigTest, FaultsAreExplainedByKeyAndLine) {
  using Found = std::vector<std::string>;
  EXPECT_EQ(faults_of("[[export]]\nname = \"vn\"\nperiod_minutes = 50\n"),
            Found{"3 export.period_minutes"});
  EXPECT_EQ(faults_of("[[export]]\nname = \"vn\"\nsize_classes = [\"5\", \"4\"]\n"),
            Found{"3 export.size_classes"});
  EXPECT_EQ(faults_of("[[export]]\nname = \"vn\"\nretention_days = 9\n"),
            Found{"3 export.retention_days"});
  EXPECT_EQ(faults_of("[retention]\nkeys_days = 9\n"), Found{"2 retention.keys_days"});
  EXPECT_EQ(faults_of("[[export]]\nname = \"vn\"\nscheme = \"x\"\n"), Found{"3 export.scheme"});
  EXPECT_EQ(faults_of("[[export]]\nname = \"vn\"\nperiods = 5\n"), Found{"3 export.periods"});
}

}  // namespace
}  // namespace nearzone::authority_test
