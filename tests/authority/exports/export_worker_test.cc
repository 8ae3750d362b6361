#include "authority/exports/export_worker.h"

#include <algorithm>

#include "authority/exports/batch_contents.h"
#include "authority/exports/list_files.h"
#include "authority/exports/support.h"

namespace nearzone::authority_test {
namespace {

using namespace authority;
using std::chrono::hours;

// The window [noon, 16:00) is published from 18:00 on.
constexpr Instant kDue = kNoon + Millis(hours(6));

class ExportWorkerTest : public ::testing::Test {
 protected:
  void SetUp() override { office_.make_keys(); }

  std::vector<StoredKey> upload(size_t count, Instant created_at) {
    std::vector<StoredKey> keys;
    for (size_t i = 0; i < count; ++i) {
      keys.push_back(uploaded_key(random_, created_at));
      office_.insert(keys.back());
    }
    return keys;
  }

  ExportReport run(const Series& series, Instant now) {
    auto report = office_.worker(random_).run(series, now);
    EXPECT_TRUE(report.ok()) << report.status().text();
    return report.ok() ? *report : ExportReport();
  }

  // The lists that the index names, in its order.
  std::vector<ReadList> published(const Series& series) {
    std::vector<ReadList> lists;
    for (const std::string& name : index_of(office_, series.name))
      lists.push_back(read_list(office_.exports->path() + "/" + name, office_.public_keys()));
    return lists;
  }

  TemporaryFolder folder_;
  Office office_{folder_.path()};
  SeededRandom random_{7};
};

bool holds(const std::vector<PublishedKey>& keys, const StoredKey& wanted, bool revised = false) {
  return std::ranges::any_of(keys, [&](const PublishedKey& key) {
    return key.bytes == wanted.key.bytes && key.revised == revised;
  });
}

const PublishedKey& find(const std::vector<PublishedKey>& keys, const StoredKey& wanted) {
  return *std::ranges::find(keys, wanted.key.bytes, &PublishedKey::bytes);
}

TEST_F(ExportWorkerTest, KeysGoOutOncePaddedSortedAndSigned) {
  const Series series = small_series();
  const auto keys = upload(7, kNoon + hours(1));
  EXPECT_EQ(run(series, kDue - Millis(1)).batches, 0u);
  EXPECT_EQ(index_of(office_, "vn"), std::vector<std::string>{});
  const ExportReport report = run(series, kDue);
  EXPECT_EQ(report.batches, 1u);
  EXPECT_EQ(report.files, 2u);
  EXPECT_EQ(report.keys, 7u);
  EXPECT_EQ(report.padding_keys, 3u);

  ASSERT_EQ(index_of(office_, "vn"),
            std::vector<std::string>{"vn/1599998400-1600012800-00001.zip"});
  const ReadList list = published(series)[0];
  EXPECT_EQ(list.info.region, "VN");
  EXPECT_EQ(list.info.start, kNoon);
  EXPECT_EQ(list.info.end, kNoon + hours(4));
  ASSERT_EQ(list.info.signatures.size(), 1u);
  EXPECT_EQ(list.info.signatures[0].key_id, "key-1");
  EXPECT_EQ(list.keys.size(), 10u);
  EXPECT_TRUE(std::ranges::is_sorted(list.keys, {}, &PublishedKey::bytes));
  for (const StoredKey& key : keys) EXPECT_TRUE(holds(list.keys, key));
  EXPECT_EQ(run(series, kDue + hours(1)).batches, 0u);
}

TEST_F(ExportWorkerTest, TheNearzoneListHoldsTheSame) {
  upload(7, kNoon);
  run(small_series(), kDue);
  const ReadList archive = published(small_series())[0];
  const ReadList list = read_list(
      office_.exports->path() + "/vn/1599998400-1600012800-00001.nzlist", office_.public_keys());
  EXPECT_EQ(list.keys, archive.keys);
  EXPECT_EQ(read_text(office_.exports->path() + "/vn/index-nzlist.txt"),
            "vn/1599998400-1600012800-00001.nzlist");
  EXPECT_EQ(list.info.sequence, 1u);
  EXPECT_EQ(list.info.start, kNoon + hours(4));
}

TEST_F(ExportWorkerTest, PaddingLooksLikeWhatItPads) {
  auto keys = upload(2, kNoon);
  auto other = uploaded_key(random_, kNoon);
  other.key.report_type = ReportType::self_report;
  other.key.days_since_onset = std::nullopt;
  other.key.transmission_risk_level = 5;
  office_.insert(other);
  keys.push_back(other);
  run(small_series(), kDue);
  const auto lists = published(small_series());
  ASSERT_EQ(lists.size(), 1u);
  EXPECT_GT(lists[0].keys.size(), keys.size());
  for (const PublishedKey& key : lists[0].keys)
    EXPECT_TRUE(std::ranges::any_of(keys, [&](const StoredKey& model) {
      return model.key.report_type == key.report_type && model.key.valid_from == key.valid_from &&
             model.key.days_since_onset == key.days_since_onset &&
             model.key.transmission_risk_level == key.transmission_risk_level;
    }));
}

TEST_F(ExportWorkerTest, ManyKeysAreSpreadOverFullFilesAndOneOfAClass) {
  const auto keys = upload(103, kNoon);
  run(small_series(), kDue);
  const auto lists = published(small_series());
  ASSERT_EQ(lists.size(), 3u);
  EXPECT_EQ(lists[0].keys.size(), 50u);
  EXPECT_EQ(lists[1].keys.size(), 50u);
  EXPECT_EQ(lists[2].keys.size(), 10u);
  for (const StoredKey& key : keys)
    EXPECT_EQ(std::ranges::count_if(lists, [&](const ReadList& l) { return holds(l.keys, key); }),
              1);
}

TEST_F(ExportWorkerTest, NothingIsPublishedOfAnEmptyWindowUnlessAsked) {
  Series series = small_series();
  EXPECT_EQ(run(series, kDue).batches, 0u);
  EXPECT_EQ(names_in(office_, "vn"),
            (std::set<std::string>{".lock", "index.txt", "index-nzlist.txt"}));
  series.publishes_empty = true;
  EXPECT_EQ(run(series, kDue).batches, 1u);
  const auto lists = published(series);
  ASSERT_EQ(lists.size(), 1u);
  EXPECT_EQ(lists[0].keys.size(), 0u);
  EXPECT_EQ(lists[0].info.start, kNoon);
}

TEST_F(ExportWorkerTest, RegionsAreThoseOfTheSeries) {
  std::map<std::string, StoredKey> keys;
  for (const char* region : {"VN", "LA", "KH"}) {
    keys[region] = uploaded_key(random_, kNoon);
    keys[region].regions = {region};
    office_.insert(keys[region]);
  }
  auto both = uploaded_key(random_, kNoon);
  both.regions = {"LA", "VN"};
  office_.insert(both);
  const auto check = [&](const std::string& name, std::vector<std::string> regions,
                         std::vector<std::string> excluded, const std::string& expected) {
    Series series = small_series();
    series.name = name;
    series.regions = std::move(regions);
    series.excluded_regions = std::move(excluded);
    run(series, kDue);
    const auto list = published(series)[0].keys;
    std::string found;
    for (const auto& [region, key] : keys)
      if (holds(list, key)) found += region + " ";
    if (holds(list, both)) found += "both";
    EXPECT_EQ(found, expected) << name;
  };
  check("none", {}, {}, "KH LA VN both");
  check("one", {"VN"}, {}, "VN both");
  check("several", {"VN", "KH"}, {}, "KH VN both");
  check("excluded", {}, {"LA"}, "KH VN ");
  check("excluded-two", {"VN", "LA", "KH"}, {"LA", "KH"}, "VN ");
}

TEST_F(ExportWorkerTest, ARevisionGoesOutWithItsOwnRisk) {
  Series series = small_series();
  series.least_revised = 1;
  const auto keys = upload(3, kNoon);
  run(series, kDue);
  const Revision revision{kNoon + hours(5), ReportType::confirmed_test, 2, std::nullopt};
  office_.revise(keys[1], revision);
  run(series, kDue + hours(4));
  const auto lists = published(series);
  ASSERT_EQ(lists.size(), 2u);
  EXPECT_EQ(lists[1].info.revised_keys, 1u);
  // The file's other keys are padding, of the class that a file of one key has.
  EXPECT_EQ(lists[1].keys.size(), 11u);
  ASSERT_TRUE(holds(lists[1].keys, keys[1], true));
  EXPECT_EQ(find(lists[0].keys, keys[1]).transmission_risk_level, 4);
  EXPECT_EQ(find(lists[1].keys, keys[1]).transmission_risk_level, 2);
  EXPECT_EQ(find(lists[1].keys, keys[1]).report_type, ReportType::confirmed_test);
  run(series, kDue + hours(48));
  EXPECT_EQ(published(series).size(), 2u);
}

TEST_F(ExportWorkerTest, FewRevisionsAreHeldBackForADay) {
  Series series = small_series();
  series.least_revised = 3;
  const auto keys = upload(5, kNoon);
  run(series, kDue);
  const Revision revision{kNoon + hours(4), ReportType::confirmed_test, 2, std::nullopt};
  office_.revise(keys[0], revision);
  office_.revise(keys[1], revision);
  run(series, kDue + hours(4));
  EXPECT_EQ(published(series).size(), 1u);
  // A third one takes them along.
  office_.revise(keys[2], {kNoon + hours(8), ReportType::confirmed_test, 2, std::nullopt});
  run(series, kDue + hours(8));
  ASSERT_EQ(published(series).size(), 2u);
  EXPECT_EQ(published(series)[1].info.revised_keys, 3u);
  // One that stays alone waits until the day is over.
  office_.revise(keys[3], {kNoon + hours(12), ReportType::confirmed_test, 2, std::nullopt});
  run(series, kNoon + hours(35));
  EXPECT_EQ(published(series).size(), 2u);
  run(series, kNoon + hours(36));
  ASSERT_EQ(published(series).size(), 3u);
  EXPECT_EQ(published(series)[2].info.revised_keys, 1u);
}

TEST_F(ExportWorkerTest, WhatIsRevisedBeforeItGoesOutIsToldOnce) {
  Series series = small_series();
  series.least_revised = 1;
  const auto keys = upload(3, kNoon);
  office_.revise(keys[0], {kNoon + hours(1), ReportType::confirmed_test, 2, std::nullopt});
  office_.revise(keys[1], {kNoon + hours(1), ReportType::revoked, 6, std::nullopt});
  run(series, kDue);
  run(series, kDue + hours(48));
  const auto lists = published(series);
  ASSERT_EQ(lists.size(), 1u);
  EXPECT_EQ(find(lists[0].keys, keys[0]).report_type, ReportType::confirmed_test);
  EXPECT_FALSE(holds(lists[0].keys, keys[1]));
  EXPECT_TRUE(holds(lists[0].keys, keys[2]));
}

TEST_F(ExportWorkerTest, AKeyIsAddedAndAnotherRetiredWithoutARestart) {
  const Series series = small_series();
  upload(3, kNoon);
  run(series, kDue);
  const SigningKeyInfo wanted{"key-2", "v2", PublicKey::Algorithm::ecdsa_p256, {}, {}, kDue, {}};
  ASSERT_OK(make_signing_key(*office_.store, *office_.keys, wanted).status());
  upload(3, kNoon + hours(5));
  run(series, kDue + hours(4));
  ASSERT_OK(retire_signing_key(*office_.store, "key-1", kDue + hours(5)));
  upload(3, kNoon + hours(9));
  run(series, kDue + hours(8));
  const auto lists = published(series);
  ASSERT_EQ(lists.size(), 3u);
  const auto ids = [](const ReadList& list) {
    std::string text;
    for (const SignatureInfo& info : list.info.signatures)
      text += info.key_id + "/" + info.key_version + " ";
    return text;
  };
  EXPECT_EQ(ids(lists[0]), "key-1/v1 ");
  EXPECT_EQ(ids(lists[1]), "key-2/v2 key-1/v1 ");
  EXPECT_EQ(ids(lists[2]), "key-2/v2 ");
}

TEST_F(ExportWorkerTest, WithoutAKeyToSignWithNothingIsPublishedAndNothingLost) {
  const TemporaryFolder other;
  Office office(other.path());
  const auto key = uploaded_key(random_, kNoon);
  office.insert(key);
  EXPECT_CODE(office.worker(random_).run(small_series(), kDue).status(), Code::invalid_argument);
  EXPECT_EQ(index_of(office, "vn"), std::vector<std::string>{});
  office.make_keys();
  ASSERT_OK(office.worker(random_).run(small_series(), kDue).status());
  ASSERT_EQ(index_of(office, "vn").size(), 1u);
  const ReadList list =
      read_list(office.exports->path() + "/" + index_of(office, "vn")[0], office.public_keys());
  EXPECT_TRUE(holds(list.keys, key));
}

TEST_F(ExportWorkerTest, ALostFileIsMadeAgainWithTheSameExportBin) {
  const Series series = small_series();
  upload(7, kNoon);
  run(series, kDue);
  const ExportBatch batch = office_.batches("vn")[0];
  const ExportFile file = office_.files(batch.id)[0];
  const std::string path = office_.exports->path() + "/" + file.name;
  const std::string before = read_text(path);
  std::filesystem::remove(path);

  // As if the process had died before it told the store about the file.
  BatchContents contents;
  Signers signers;
  ASSERT_OK(office_.store->read([&](Reader& rows) -> Status {
    NEARZONE_ASSIGN(contents, contents_of(rows, series, batch));
    NEARZONE_ASSIGN(signers, signers_at(rows, kDue, office_.keys->path()));
    return {};
  }));
  const auto folder =
      DurableFolder::open(office_.exports->path() + "/vn", 0755, system_file_calls());
  ASSERT_OK(folder.status());
  const BatchKeys keys = split_into_files(series, std::move(contents));
  auto files = write_list_files(*folder, series, batch, keys, signers);
  ASSERT_OK(files.status());
  EXPECT_EQ((*files)[0].content_digest, file.content_digest);
  EXPECT_EQ((*files)[0].signing_keys, file.signing_keys);
  EXPECT_NE(read_text(path), before) << "ECDSA signs anew";

  // A finished one is left alone, to the bit; a damaged one is not.
  const std::string again = read_text(path);
  ASSERT_OK(write_list_files(*folder, series, batch, keys, signers).status());
  EXPECT_EQ(read_text(path), again);
  std::ofstream(path, std::ios::binary) << again.substr(0, again.size() / 2);
  ASSERT_OK(write_list_files(*folder, series, batch, keys, signers).status());
  read_list(path, office_.public_keys());
}

TEST_F(ExportWorkerTest, ABatchWhoseKeysChangedSinceItWasClosedBlocksNoLaterOne) {
  const Series series = small_series();
  const auto keys = upload(7, kNoon);
  // What a process that was killed left, but that two of its keys are gone.
  ASSERT_OK(office_.store->write([&](Writer& rows) -> Status {
    NEARZONE_ASSIGN(const uint64_t id, rows.open_batch("vn", {kNoon, kNoon + hours(4)}, kDue));
    NEARZONE_TRY(rows.add_padding(id, std::vector{uploaded_key(random_, kNoon).key}));
    NEARZONE_ASSIGN(std::optional<ExportBatch> batch, rows.find_batch(id));
    batch->state = BatchState::closed;
    batch->keys = 9;
    batch->padding_keys = 1;
    return rows.update_batch(*batch);
  }));
  upload(2, kNoon + hours(5));
  EXPECT_EQ(run(series, kDue + hours(4)).redecided, 1u);
  const auto lists = published(series);
  ASSERT_EQ(lists.size(), 2u);
  for (const StoredKey& key : keys) EXPECT_TRUE(holds(lists[0].keys, key));
}

TEST_F(ExportWorkerTest, OldFilesLeaveTheIndexAndTheDisk) {
  const Series series = small_series();
  upload(3, kNoon);
  run(series, kDue);
  upload(3, kNoon + hours(24));
  run(series, kDue + hours(24));
  const Instant later = kNoon + hours(4) + series.retention;
  auto names = office_.worker(random_).remove_old(series, later, false);
  ASSERT_OK(names.status());
  EXPECT_EQ(names->size(), 0u) << "not a moment early";
  names = office_.worker(random_).remove_old(series, later + Millis(1), true);
  ASSERT_OK(names.status());
  EXPECT_EQ(names->size(), 2u);
  EXPECT_EQ(index_of(office_, "vn").size(), 2u) << "a dry run removes nothing";
  EXPECT_EQ(office_.batches("vn")[0].state, BatchState::published);
  names = office_.worker(random_).remove_old(series, later + Millis(1), false);
  ASSERT_OK(names.status());
  EXPECT_EQ(*names, (std::vector<std::string>{"vn/1599998400-1600012800-00001.zip",
                                              "vn/1599998400-1600012800-00001.nzlist"}));
  EXPECT_EQ(index_of(office_, "vn"),
            std::vector<std::string>{"vn/1600084800-1600099200-00001.zip"});
  EXPECT_EQ(names_in(office_, "vn"),
            (std::set<std::string>{".lock", "index.txt", "index-nzlist.txt",
                                   "1600084800-1600099200-00001.zip",
                                   "1600084800-1600099200-00001.nzlist"}));
  names = office_.worker(random_).remove_old(series, later + Millis(1), false);
  ASSERT_OK(names.status());
  EXPECT_EQ(names->size(), 0u);
}

TEST_F(ExportWorkerTest, BluezoneKeysGoOutAsNearzoneListAndJson) {
  Series series = small_series();
  series.name = "f0";
  series.scheme = SchemeTag::bluezone;
  auto key = uploaded_key(random_, kNoon);
  key.key.scheme = SchemeTag::bluezone;
  random_.fill(key.key.bytes);
  key.key.identifiers_per_day = 96;
  key.key.transmission_risk_level = 0;
  key.key.days_since_onset = std::nullopt;
  office_.insert(key);
  upload(1, kNoon);
  run(series, kDue);
  const std::string base = office_.exports->path() + "/f0/1599998400-1600012800-00001";
  const ReadList list = read_list(base + ".nzlist", office_.public_keys());
  EXPECT_EQ(list.keys.size(), 10u);
  EXPECT_TRUE(holds(list.keys, key));
  const ReadList json = read_list(base + ".json", {});
  EXPECT_EQ(json.info.format, ListFormat::bluezone_json);
  EXPECT_EQ(json.keys.size(), 10u);
  EXPECT_TRUE(holds(json.keys, key));
}

TEST_F(ExportWorkerTest, ASeriesThatCannotBeIsRefusedByName) {
  const auto field = [](auto change) {
    Series series = small_series();
    change(series);
    const Status status = check_series(series);
    EXPECT_CODE(status, Code::invalid_argument);
    return std::string(status.field() == nullptr ? "" : status.field());
  };
  EXPECT_CODE(check_series(small_series()), Code::ok);
  EXPECT_EQ(field([](Series& s) { s.name = "../x"; }), "name");
  EXPECT_EQ(field([](Series& s) { s.retention = hours(24 * 10) - Millis(1); }), "retention");
  EXPECT_EQ(field([](Series& s) { s.rules.period = hours(5); }), "period");
  EXPECT_EQ(field([](Series& s) { s.regions = {"A,B"}; }), "regions");
  EXPECT_EQ(field([](Series& s) { s.excluded_regions = {""}; }), "excluded_regions");
  EXPECT_EQ(field([](Series& s) { s.longest_hold = hours(100); }), "longest_hold");
}

}  // namespace
}  // namespace nearzone::authority_test
