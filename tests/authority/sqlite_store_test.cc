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
  ASSERT_OK((*connection)->execute("UPDATE exposure_key SET scheme = 9"));
  KeyQuery query;
  query.when = {Instant{0}, authority_test::kNoon + std::chrono::hours(1)};
  query.scheme = static_cast<SchemeTag>(9);
  EXPECT_CODE((*store)->read([&](Reader& rows) {
    return rows.visit_keys(query, [](const StoredKey&) { return Status(); });
  }),
              Code::corrupt);
}

}  // namespace
}  // namespace nearzone::authority
