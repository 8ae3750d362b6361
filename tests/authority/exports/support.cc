#include "authority/exports/support.h"

namespace nearzone::authority_test {

using namespace authority;

namespace {

std::unique_ptr<DurableFolder> folder_at(const std::string& path, mode_t mode,
                                         const FileCalls& calls) {
  auto folder = DurableFolder::open(path, mode, calls);
  EXPECT_TRUE(folder.ok()) << path;
  return std::make_unique<DurableFolder>(*std::move(folder));
}

}  // namespace

Office::Office(const std::string& path, const FileCalls& with) : calls(with) {
  SqliteStore::Options options;
  options.is_durable = false;
  auto opened = SqliteStore::open(path + "/store.db", options);
  EXPECT_TRUE(opened.ok()) << opened.status().text();
  store = *std::move(opened);
  keys = folder_at(path + "/keys", 0700, kUnsyncedCalls);
  exports = folder_at(path + "/exports", 0755, kUnsyncedCalls);
}

void Office::make_key(const std::string& id, PublicKey::Algorithm algorithm) {
  const SigningKeyInfo wanted{id, "v1", algorithm, {}, {}, {}, {}};
  ASSERT_OK(make_signing_key(*store, *keys, wanted).status());
}

void Office::make_keys() {
  make_key("key-1", PublicKey::Algorithm::ecdsa_p256);
  make_key("list-key-1", PublicKey::Algorithm::ed25519);
}

void Office::insert(const StoredKey& key) {
  ASSERT_OK(store->write([&](Writer& rows) { return rows.insert_key(key).status(); }));
}

void Office::revise(const StoredKey& key, const Revision& revision) {
  ASSERT_OK(store->write(
      [&](Writer& rows) { return rows.revise_key(key.key.scheme, bytes_of(key), revision); }));
}

std::vector<ExportBatch> Office::batches(const std::string& series) {
  std::vector<ExportBatch> found;
  EXPECT_TRUE(store
                  ->read([&](Reader& rows) -> Status {
                    NEARZONE_ASSIGN(found, rows.batches(series));
                    return {};
                  })
                  .ok());
  return found;
}

std::vector<ExportFile> Office::files(uint64_t batch) {
  std::vector<ExportFile> found;
  EXPECT_TRUE(store
                  ->read([&](Reader& rows) -> Status {
                    NEARZONE_ASSIGN(found, rows.files(batch));
                    return {};
                  })
                  .ok());
  return found;
}

std::vector<PublicKey> Office::public_keys() {
  std::vector<SigningKeyInfo> facts;
  EXPECT_TRUE(store
                  ->read([&](Reader& rows) -> Status {
                    NEARZONE_ASSIGN(facts, rows.signing_keys());
                    return {};
                  })
                  .ok());
  std::vector<PublicKey> found;
  for (const SigningKeyInfo& key : facts)
    found.push_back(*PublicKey::parse(as_bytes(key.public_key_pem)));
  return found;
}

Series small_series() {
  Series series;
  series.name = "vn";
  series.region = "VN";
  series.sizes = *SizeClasses::make({10, 20, 50});
  return series;
}

StoredKey uploaded_key(Random& random, Instant created_at) {
  StoredKey key = key_of(0, created_at);
  random.fill(std::span(key.key.bytes).first(16));
  key.key.valid_from = (Day::of(created_at) + -1).start();
  key.key.valid_to = Day::of(created_at).start();
  return key;
}

ReadList read_list(const std::string& path, const std::vector<PublicKey>& public_keys) {
  ReadList read;
  auto source = FileSource::open(path);
  EXPECT_TRUE(source.ok()) << path;
  if (!source.ok()) return read;
  auto list = KeyList::open(**source);
  EXPECT_TRUE(list.ok()) << path << ": " << list.status().text();
  if (!list.ok()) return read;
  read.info = (*list)->info();
  EXPECT_EQ((*list)->verify(public_keys).outcome, read.info.format == ListFormat::bluezone_json
                                                      ? SignatureOutcome::unsigned_list
                                                      : SignatureOutcome::verified)
      << path;
  auto stream = (*list)->keys();
  EXPECT_TRUE(stream.ok());
  for (std::vector<PublishedKey> batch; (*stream)->next(1000, batch).ok() && !batch.empty();)
    read.keys.insert(read.keys.end(), batch.begin(), batch.end());
  return read;
}

std::vector<std::string> index_of(const Office& office, const std::string& series) {
  std::vector<std::string> lines;
  std::ifstream file(office.exports->path() + "/" + series + "/index.txt");
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::set<std::string> names_in(const Office& office, const std::string& series) {
  std::set<std::string> names;
  const std::string path = office.exports->path() + "/" + series;
  if (!std::filesystem::exists(path)) return names;
  for (const auto& entry : std::filesystem::directory_iterator(path))
    names.insert(entry.path().filename().string());
  return names;
}

}  // namespace nearzone::authority_test
