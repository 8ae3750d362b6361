// What is SQLite's own: the file.
#include "authority/sqlite_store.h"

#include "authority/support.h"

namespace nearzone::authority {
namespace {

using authority_test::bytes_of;
using authority_test::key_of;
using authority_test::TemporaryFolder;

bool has_key(Store& store, uint8_t number) {
  bool found = false;
  EXPECT_TRUE(store
                  .read([&](Reader& rows) -> Status {
                    NEARZONE_ASSIGN(const auto key,
                                    rows.find_key(SchemeTag::gaen, bytes_of(key_of(number))));
                    found = key.has_value();
                    return {};
                  })
                  .ok());
  return found;
}

Status insert(Store& store, uint8_t number) {
  return store.write([&](Writer& rows) { return rows.insert_key(key_of(number)).status(); });
}

TEST(SqliteStore, KeepsWhatWasWritten) {
  const TemporaryFolder folder;
  for (int round = 0; round < 2; ++round) {
    auto store = SqliteStore::open(folder.file("a.db"));
    ASSERT_OK(store.status());
    EXPECT_EQ(has_key(**store, 1), round == 1);
    if (round == 0) ASSERT_OK(insert(**store, 1));
  }
}

TEST(SqliteStore, BacksUpWhileItIsUsed) {
  const TemporaryFolder folder;
  auto store = SqliteStore::open(folder.file("a.db"));
  ASSERT_OK(store.status());
  ASSERT_OK(insert(**store, 1));
  ASSERT_OK((*store)->back_up(folder.file("copy.db")));
  ASSERT_OK(insert(**store, 2));
  auto copy = SqliteStore::open(folder.file("copy.db"));
  ASSERT_OK(copy.status());
  EXPECT_TRUE(has_key(**copy, 1));
  EXPECT_FALSE(has_key(**copy, 2));
}

TEST(SqliteStore, RefusesADatabaseOfANewerVersion) {
  const TemporaryFolder folder;
  ASSERT_OK(SqliteStore::open(folder.file("a.db")).status());
  auto connection = Connection::open(folder.file("a.db"), Connection::Access::create);
  ASSERT_OK(connection.status());
  ASSERT_OK((*connection)->execute("PRAGMA user_version = 1000"));
  EXPECT_CODE(SqliteStore::open(folder.file("a.db")).status(), Code::newer_format);
}

TEST(SqliteStore, RefusesWhatIsNotItsOwn) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("text.db")) << "This is no database, and it is long enough to be read "
                                           "as one: a hundred bytes are the header of a file.";
  EXPECT_CODE(SqliteStore::open(folder.file("text.db")).status(), Code::corrupt);
  auto connection = Connection::open(folder.file("other.db"), Connection::Access::create);
  ASSERT_OK(connection.status());
  ASSERT_OK((*connection)->execute("CREATE TABLE somebody_elses (x)"));
  EXPECT_CODE(SqliteStore::open(folder.file("other.db")).status(), Code::corrupt);
  EXPECT_CODE(SqliteStore::open(folder.file("no/such/folder.db")).status(), Code::io);
}

TEST(SqliteStore, TellsOfARowThatSomebodyDamaged) {
  const TemporaryFolder folder;
  auto store = SqliteStore::open(folder.file("a.db"));
  ASSERT_OK(store.status());
  ASSERT_OK(insert(**store, 1));
  auto connection = Connection::open(folder.file("a.db"), Connection::Access::create);
  ASSERT_OK(connection.status());
  ASSERT_OK((*connection)->execute("UPDATE recent_exposure_key SET scheme = 9"));
  KeyQuery query;
  query.when = {Instant{0}, authority_test::kNoon + std::chrono::hours(1)};
  query.scheme = static_cast<SchemeTag>(9);
  EXPECT_CODE((*store)->read([&](Reader& rows) {
    return rows.visit_keys(query, [](const StoredKey&) { return Status(); });
  }),
              Code::corrupt);
}

// The numbers of the keys of a window, in the order in which they are visited.
std::vector<uint8_t> numbers(Store& store) {
  KeyQuery query;
  query.when = {Instant{0}, authority_test::kNoon + std::chrono::hours(1)};
  std::vector<uint8_t> numbers;
  EXPECT_TRUE(store
                  .read([&](Reader& rows) {
                    return rows.visit_keys(query, [&](const StoredKey& key) -> Status {
                      numbers.push_back(key.key.bytes[0]);
                      return {};
                    });
                  })
                  .ok());
  return numbers;
}

int64_t recent(const std::string& path) {
  auto connection = Connection::open(path, Connection::Access::read_only);
  return *(*connection)->integer("SELECT count(*) FROM recent_exposure_key");
}

TEST(SqliteStore, KeysAreFoundBeforeAndAfterTheyAreInTheirPlaces) {
  const TemporaryFolder folder;
  auto store = SqliteStore::open(folder.file("a.db"), {.most_recent_keys = 4});
  ASSERT_OK(store.status());
  std::vector<uint8_t> expected;
  for (const uint8_t number : std::vector<uint8_t>{9, 3, 7, 1, 8, 2, 6}) {
    ASSERT_OK(insert(**store, number));
    expected.insert(std::ranges::upper_bound(expected, number), number);
    EXPECT_EQ(numbers(**store), expected) << "in the order of their bytes";
    for (const uint8_t known : expected) {
      EXPECT_TRUE(has_key(**store, known));
      bool is_new = true;
      ASSERT_OK((*store)->write([&](Writer& rows) -> Status {
        NEARZONE_ASSIGN(is_new, rows.insert_key(key_of(known)));
        return {};
      }));
      EXPECT_FALSE(is_new);
    }
    EXPECT_EQ(recent(folder.file("a.db")), static_cast<int64_t>(expected.size() % 4));
  }
  // A revision finds a key wherever it is.
  for (const uint8_t number : expected)
    ASSERT_OK((*store)->write([&](Writer& rows) {
      return rows.revise_key(SchemeTag::gaen, bytes_of(key_of(number)),
                             {authority_test::kNoon, ReportType::revoked, 6, std::nullopt});
    }));
  EXPECT_EQ(recent(folder.file("a.db")), 0);
  EXPECT_EQ(numbers(**store), expected);
}

TEST(SqliteStore, WhatIsUndoneIsNotKnownAnyLonger) {
  const TemporaryFolder folder;
  auto store = SqliteStore::open(folder.file("a.db"));
  ASSERT_OK(store.status());
  ASSERT_OK(insert(**store, 1));
  const Status refused(Code::cancelled, "no");
  // Beside one that is kept, in one transaction; the last also brings keys to their places.
  std::vector<Store::Write> works{[](Writer& rows) { return rows.insert_key(key_of(2)).status(); },
                                  [&](Writer& rows) -> Status {
                                    NEARZONE_TRY(rows.insert_key(key_of(3)).status());
                                    return refused;
                                  },
                                  [&](Writer& rows) -> Status {
                                    NEARZONE_TRY(rows.insert_key(key_of(4)).status());
                                    NEARZONE_TRY(rows.remove_expired({}).status());
                                    return refused;
                                  }};
  std::vector<Status> outcomes(works.size());
  (*store)->write_each(works, outcomes);
  EXPECT_TRUE(outcomes[0].ok());
  EXPECT_CODE(outcomes[1], Code::cancelled);
  EXPECT_CODE(outcomes[2], Code::cancelled);
  EXPECT_EQ(numbers(**store), (std::vector<uint8_t>{1, 2}));
  for (const uint8_t number : std::vector<uint8_t>{1, 2, 3, 4}) {
    bool is_new = false;
    ASSERT_OK((*store)->write([&](Writer& rows) -> Status {
      NEARZONE_ASSIGN(is_new, rows.insert_key(key_of(number)));
      return {};
    }));
    EXPECT_EQ(is_new, number > 2) << int{number};
  }
}

TEST(SqliteStore, KeysOfAnotherProcessAreKnown) {
  const TemporaryFolder folder;
  auto one = SqliteStore::open(folder.file("a.db"), {.most_recent_keys = 3});
  auto other = SqliteStore::open(folder.file("a.db"), {.most_recent_keys = 3});
  ASSERT_OK(one.status());
  ASSERT_OK(other.status());
  for (uint8_t number = 1; number < 20; ++number) {
    ASSERT_OK(insert(number % 2 == 0 ? **one : **other, number));
    bool is_new = true;
    ASSERT_OK((number % 2 == 0 ? *other : *one)->write([&](Writer& rows) -> Status {
      NEARZONE_ASSIGN(is_new, rows.insert_key(key_of(number)));
      return {};
    }));
    EXPECT_FALSE(is_new);
  }
  EXPECT_EQ(numbers(**one).size(), 19u);
}

TEST(SqliteStore, AnOlderDatabaseIsBroughtUpToDate) {
  const TemporaryFolder folder;
  ASSERT_OK(insert(**SqliteStore::open(folder.file("a.db"), {.most_recent_keys = 1}), 1));
  {
    // As version 1 had it.
    auto connection = Connection::open(folder.file("a.db"), Connection::Access::create);
    ASSERT_OK((*connection)->execute("DROP TABLE recent_exposure_key; PRAGMA user_version = 1"));
  }
  auto store = SqliteStore::open(folder.file("a.db"));
  ASSERT_OK(store.status());
  ASSERT_OK(insert(**store, 2));
  EXPECT_EQ(numbers(**store), (std::vector<uint8_t>{1, 2}));
}

}  // namespace
}  // namespace nearzone::authority
