// The export worker killed (SIGKILL) before and after every call that changes a file, in the middle
// of every write, and around every transaction; and with every one of these calls failing.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "authority/exports/support.h"

namespace nearzone::authority_test {
namespace {

using namespace authority;
using std::chrono::hours;

// Counts the moments at which something may go wrong, and lets it happen at one of them.
class Fate {
 public:
  enum class Kind { none, kill, fail };
  Fate(Kind kind, int moment) : kind_(kind), left_(moment) {}

  // Whether the call shall fail. Does not return where the process is to die.
  bool strikes() const {
    ++moments_;
    if (kind_ == Kind::none || --left_ != 0) return false;
    if (kind_ == Kind::kill) {
      ::kill(::getpid(), SIGKILL);
      ::pause();
    }
    return true;
  }
  bool kills() const { return kind_ == Kind::kill; }
  int moments() const { return moments_; }

 private:
  Kind kind_;
  mutable int left_;
  mutable int moments_ = 0;
};

class FatefulCalls final : public UnsyncedCalls {
 public:
  explicit FatefulCalls(const Fate& fate) : fate_(fate) {}

  int open(const char* path, int flags, mode_t mode) const override {
    return call([&] { return FileCalls::open(path, flags, mode); }, EMFILE);
  }
  ssize_t write(int descriptor, const void* bytes, size_t size) const override {
    // Half of it may be all that arrives.
    const size_t half = size / 2;
    if (fate_.kills() && half > 0) {
      const ssize_t written = FileCalls::write(descriptor, bytes, half);
      fate_.strikes();
      return written;
    }
    return call([&] { return FileCalls::write(descriptor, bytes, size); }, ENOSPC);
  }
  int sync(int descriptor) const override {
    return call([&] { return UnsyncedCalls::sync(descriptor); }, EIO);
  }
  int rename(const char* from, const char* to) const override {
    return call([&] { return FileCalls::rename(from, to); }, EIO);
  }
  int unlink(const char* path) const override {
    return call([&] { return FileCalls::unlink(path); }, EIO);
  }

 private:
  template <typename Call>
  auto call(Call call, int error) const -> decltype(call()) {
    if (fate_.strikes()) {
      errno = error;
      return -1;
    }
    const auto result = call();
    // After it, only the process can still be lost.
    const int kept = errno;
    if (fate_.kills()) fate_.strikes();
    errno = kept;
    return result;
  }

  const Fate& fate_;
};

// Dies before, within (when nothing is committed yet) and after each transaction, or refuses it.
class FatefulStore final : public Store {
 public:
  FatefulStore(Store& store, const Fate& fate) : store_(store), fate_(fate) {}
  Status read(const Read& work) override { return store_.read(work); }
  Status write(const Write& work) override {
    if (fate_.strikes()) return {Code::io, "the store fails"};
    const Status status = store_.write([&](Writer& rows) -> Status {
      NEARZONE_TRY(work(rows));
      if (fate_.strikes()) return {Code::io, "the store fails"};
      return {};
    });
    if (fate_.kills()) fate_.strikes();
    return status;
  }
  void write_each(std::span<const Write> works, std::span<Status> outcomes) override {
    store_.write_each(works, outcomes);
  }

 private:
  Store& store_;
  const Fate& fate_;
};

constexpr Instant kFirst = kNoon + Millis(hours(6));
constexpr Instant kSecond = kFirst + Millis(hours(24));

Instant time_of_removal(const Series& series) { return kFirst + series.retention; }

Series series_of_life() {
  Series series = small_series();
  series.least_revised = 1;
  return series;
}

// 60 keys make two archives; three of them are revised before the second batch; at the end, the
// first batch is withdrawn.
Status live(Office& office, Store& store) {
  SystemRandom random;
  ExportWorker worker = office.worker(random, &store);
  const Series series = series_of_life();
  NEARZONE_TRY(worker.run(series, kFirst).status());
  NEARZONE_TRY(worker.run(series, kSecond).status());
  return worker.remove_old(series, time_of_removal(series), false).status();
}

struct World {
  std::vector<StoredKey> first;   // of the first batch
  std::vector<StoredKey> second;  // of the second
};

World prepare(const std::string& path) {
  World world;
  Office office(path);
  office.make_keys();
  SeededRandom random(11);
  for (int i = 0; i < 60; ++i) {
    world.first.push_back(uploaded_key(random, kNoon));
    office.insert(world.first.back());
  }
  for (int i = 0; i < 5; ++i) {
    world.second.push_back(uploaded_key(random, kNoon + hours(24)));
    office.insert(world.second.back());
  }
  for (size_t i = 0; i < 3; ++i)
    office.revise(world.first[i], {kNoon + hours(20), ReportType::confirmed_test, 2, std::nullopt});
  return world;
}

// What the index lists: bytes by name, and all primary keys.
struct Listed {
  std::map<std::string, std::string> bytes;
  std::set<KeyBytes> keys;
};

// What a phone may rely on at any time: what the index lists is there, whole and signed, and tells
// no key twice.
Listed check_index(Office& office) {
  Listed listed;
  const auto public_keys = office.public_keys();
  for (const std::string& name : index_of(office, "vn")) {
    const std::string path = office.exports->path() + "/" + name;
    listed.bytes[name] = read_text(path);
    for (const PublishedKey& key : read_list(path, public_keys).keys)
      EXPECT_TRUE(key.revised || listed.keys.insert(key.bytes).second) << "told twice";
  }
  return listed;
}

// What must be true in the end, whatever happened on the way.
void check_end(Office& office, const World& world) {
  const auto batches = office.batches("vn");
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_EQ(batches[0].state, BatchState::removed);
  EXPECT_EQ(batches[0].keys, 60u);
  EXPECT_EQ(batches[0].padding_keys, 0u);
  EXPECT_EQ(batches[1].state, BatchState::published);
  EXPECT_EQ(batches[1].keys, 5u);
  EXPECT_EQ(batches[1].padding_keys, 5u);
  EXPECT_EQ(batches[1].revised_keys, 3u);
  const std::string name = "1600084800-1600099200-00001";
  ASSERT_EQ(index_of(office, "vn"), std::vector<std::string>{"vn/" + name + ".zip"});
  EXPECT_EQ(names_in(office, "vn"), (std::set<std::string>{".lock", "index.txt", "index-nzlist.txt",
                                                           name + ".zip", name + ".nzlist"}));
  const auto public_keys = office.public_keys();
  const ReadList archive = read_list(office.exports->path() + "/vn/" + name + ".zip", public_keys);
  EXPECT_EQ(archive.info.keys, 13u);
  EXPECT_EQ(archive.info.revised_keys, 3u);
  std::set<KeyBytes> found;
  for (const PublishedKey& key : archive.keys) found.insert(key.bytes);
  for (const StoredKey& key : world.second) EXPECT_TRUE(found.contains(key.key.bytes));
  for (size_t i = 0; i < 3; ++i) EXPECT_TRUE(found.contains(world.first[i].key.bytes));
  std::set<KeyBytes> listed;
  for (const PublishedKey& key :
       read_list(office.exports->path() + "/vn/" + name + ".nzlist", public_keys).keys)
    listed.insert(key.bytes);
  EXPECT_TRUE(listed == found);
}

// Finishes what the dead process began, in two stages: before the first batch is withdrawn, all
// that was listed must be there unchanged, and all keys with it.
void check_recovery(Office& office, const World& world) {
  const Listed before = check_index(office);
  SystemRandom random;
  ExportWorker worker = office.worker(random);
  const Series series = series_of_life();
  const auto batches = office.batches("vn");
  const bool removal_began = !batches.empty() && batches[0].state == BatchState::removed;
  ASSERT_OK(worker.run(series, kFirst).status());
  ASSERT_OK(worker.run(series, kSecond).status());
  if (!removal_began) {
    Listed after = check_index(office);
    for (const auto& [name, bytes] : before.bytes)
      EXPECT_TRUE(after.bytes[name] == bytes) << name << " was written again";
    for (const StoredKey& key : world.first) EXPECT_TRUE(after.keys.contains(key.key.bytes));
    for (const StoredKey& key : world.second) EXPECT_TRUE(after.keys.contains(key.key.bytes));
  }
  ASSERT_OK(worker.remove_old(series, time_of_removal(series), false).status());
  check_end(office, world);
}

// Runs the life in another process, which dies at the given moment; false where it got to its end.
bool killed_at(const std::string& path, int moment) {
  const pid_t child = ::fork();
  if (child == 0) {
    const Fate fate(Fate::Kind::kill, moment);
    const FatefulCalls calls(fate);
    Office office(path, calls);
    FatefulStore store(*office.store, fate);
    ::_exit(live(office, store).ok() ? 0 : 3);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) {
    EXPECT_EQ(WTERMSIG(status), SIGKILL);
    return true;
  }
  EXPECT_EQ(WEXITSTATUS(status), 0);
  return false;
}

class CrashTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(folder_.file("original"));
    world_ = prepare(folder_.file("original"));
  }
  // The state before the first batch, in a folder of its own. The keys stay in the original's.
  std::string copy(const std::string& name) {
    const std::string path = folder_.file(name);
    std::filesystem::copy(folder_.file("original"), path, std::filesystem::copy_options::recursive);
    return path;
  }

  TemporaryFolder folder_;
  World world_;
};

TEST_F(CrashTest, KilledAtAnyMomentNothingIsLostDoubledOrHalf) {
  int moment = 1;
  for (;; ++moment) {
    SCOPED_TRACE("killed at moment " + std::to_string(moment));
    const std::string path = copy("world");
    if (!killed_at(path, moment)) break;
    Office office(path);
    check_recovery(office, world_);
    std::filesystem::remove_all(path);
    if (HasFailure()) return;
  }
  RecordProperty("moments", moment - 1);
  EXPECT_GT(moment, 100) << "moments at which to die were lost";
}

TEST_F(CrashTest, AnyCallThatFailsIsToldAndMadeGood) {
  int moment = 1;
  for (;; ++moment) {
    SCOPED_TRACE("failed at moment " + std::to_string(moment));
    const std::string path = copy("world");
    {
      const Fate fate(Fate::Kind::fail, moment);
      const FatefulCalls calls(fate);
      Office office(path, calls);
      FatefulStore store(*office.store, fate);
      const Status lived = live(office, store);
      if (fate.moments() < moment) break;
      EXPECT_TRUE(lived.code() == Code::io || lived.code() == Code::no_space) << lived.text();
      check_index(office);
    }
    Office office(path);
    ASSERT_OK(live(office, *office.store));
    check_end(office, world_);
    std::filesystem::remove_all(path);
    if (HasFailure()) return;
  }
  EXPECT_GT(moment, 40) << "moments at which to fail were lost";
}

}  // namespace
}  // namespace nearzone::authority_test
