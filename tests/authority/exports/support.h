// What the tests of exports share: an authority in a folder, and what is published of it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "authority/exports/durable_folder.h"
#include "authority/exports/export_worker.h"
#include "authority/exports/series.h"
#include "authority/exports/signing_keys.h"
#include "authority/sqlite_store.h"
#include "authority/support.h"
#include "nearzone/lists.h"

namespace nearzone::authority_test {

// A killed process takes nothing back that it wrote: only a power cut would, and tests have none.
class UnsyncedCalls : public authority::FileCalls {
 public:
  int sync(int) const override { return 0; }
};
inline const UnsyncedCalls kUnsyncedCalls;

using KeyBytes = std::array<uint8_t, 32>;

// A store, a folder of signing keys and one of published files, below one path.
struct Office {
  explicit Office(const std::string& path, const authority::FileCalls& calls = kUnsyncedCalls);

  authority::ExportWorker worker(Random& random, authority::Store* other = nullptr) {
    return {other != nullptr ? *other : *store, *exports, keys->path(), calls, random};
  }
  // A P-256 and an Ed25519 key, valid since the epoch.
  void make_keys();
  void make_key(const std::string& id, PublicKey::Algorithm algorithm);
  void insert(const authority::StoredKey& key);
  void revise(const authority::StoredKey& key, const authority::Revision& revision);
  std::vector<authority::ExportBatch> batches(const std::string& series);
  std::vector<authority::ExportFile> files(uint64_t batch);
  std::vector<PublicKey> public_keys();

  const authority::FileCalls& calls;
  std::unique_ptr<authority::SqliteStore> store;
  std::unique_ptr<authority::DurableFolder> keys;
  std::unique_ptr<authority::DurableFolder> exports;
};

// Four-hour windows, tiny size classes.
authority::Series small_series();

// A key with random bytes, of the day before `created_at`.
authority::StoredKey uploaded_key(Random& random, Instant created_at);

// A list that is on the disk, read whole. Fails the test where it cannot be read or is not signed.
struct ReadList {
  ListInfo info;
  std::vector<PublishedKey> keys;
};
ReadList read_list(const std::string& path, const std::vector<PublicKey>& keys);

// The lines of the series' index; none where there is no index.
std::vector<std::string> index_of(const Office& office, const std::string& series);

// The names of all files in the series' folder, those with a dot in front included.
std::set<std::string> names_in(const Office& office, const std::string& series);

}  // namespace nearzone::authority_test
