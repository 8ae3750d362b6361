// What other processes and the system do to a log: a second opener, death at any moment, a disk
// that fills.
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "encounter_log/schema.h"
#include "encounter_log/support.h"

namespace nearzone::log_test {
namespace {

// The batch that is number `i`, the same in every process. Close enough in time that no machine is
// fast enough to fill the 64 days that a log can hold.
Heard numbered(int32_t i) {
  SeededRandom random(static_cast<uint64_t>(i) + 1000);
  Heard heard = random_scan(random, kNoon + Millis(int64_t{i} * 97'700), random.below(12));
  heard.scan.previous_start = std::nullopt;
  return heard;
}

std::vector<Heard> first_numbered(int32_t count) {
  std::vector<Heard> model;
  for (int32_t i = 0; i < count; ++i) model.push_back(numbered(i));
  return model;
}

// Runs `work` in a process of its own; what it returns is the exit code.
template <typename Work>
pid_t run_apart(Work work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  return child;
}

int exit_code(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Process, IsToldAtOnceThatAnotherHoldsTheLog) {
  TemporaryFolder folder;
  World world;
  auto log = world.open(folder);
  ASSERT_OK(log.status());
  EXPECT_CODE(world.open(folder).status(), Code::in_use);
  const auto open = [&] { return static_cast<int>(world.open(folder).status().code()); };
  EXPECT_EQ(exit_code(run_apart(open)), static_cast<int>(Code::in_use));
  ASSERT_OK(append(**log, numbered(0)));
  log->reset();
  // Opened without a lock inherited: the parent's is gone.
  EXPECT_EQ(exit_code(run_apart(open)), static_cast<int>(Code::ok));
}

// Appends until it is killed, and writes a byte for every batch acknowledged.
int append_for_ever(const TemporaryFolder& folder, int32_t from, int pipe) {
  World world(static_cast<uint64_t>(from) + 5);
  world.options.durability = Durability::last_moments;
  const auto log = world.open(folder);
  if (!log.ok()) return 1;
  for (int32_t i = from;; ++i) {
    const Heard heard = numbered(i);
    if (!append(**log, heard).ok()) return 2;
    if (::write(pipe, "x", 1) != 1) return 3;
  }
}

int32_t read_acknowledged(int pipe) {
  char bytes[256];
  int32_t count = 0;
  for (ssize_t got = 0; (got = ::read(pipe, bytes, sizeof(bytes))) > 0;)
    count += static_cast<int32_t>(got);
  return count;
}

TEST(ProcessCrash, LosesAndDoublesNothingWhenItIsKilled) {
  constexpr uint64_t kSeed = 20260;
  TemporaryFolder folder;
  SeededRandom random(kSeed);
  int32_t stored = 0;
  for (int kill = 0; kill < 20; ++kill) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", kill " << kill);
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = run_apart([&] { return append_for_ever(folder, stored, pipe[1]); });
    ::close(pipe[1]);
    ::usleep(static_cast<useconds_t>(random.below(kill < 5 ? 6'000 : 60'000)));
    ::kill(child, SIGKILL);
    const int32_t acknowledged = read_acknowledged(pipe[0]);
    ::close(pipe[0]);
    ASSERT_EQ(exit_code(child), -1);

    World world;
    const auto log = world.open(folder);
    ASSERT_OK(log.status());
    const Result<SightingTable> snapshot = (*log)->snapshot();
    ASSERT_OK(snapshot.status());
    // One more may stand that was never acknowledged.
    std::set<Instant> starts;
    for (const Scan& scan : snapshot->columns().scans) starts.insert(scan.start);
    const auto scans = static_cast<int32_t>(starts.size());
    ASSERT_GE(scans, stored + acknowledged);
    ASSERT_LE(scans, stored + acknowledged + 1);
    stored = scans;
    ASSERT_TRUE(entries_of(*snapshot) == entries_of(first_numbered(stored)));
  }
  EXPECT_GT(stored, 20);
}

// The limit on a file's size stands in for a full disk; unlike permissions it also holds for root.
void limit_files(rlim_t bytes) {
  rlimit limit;
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

// SQLite takes that limit for a failed write, and a disk that is really full for what it is.
bool says_disk_failed(const Status& status) {
  return status.code() == Code::no_space || status.code() == Code::io;
}

int fill_the_disk(const TemporaryFolder& folder) {
  ::signal(SIGXFSZ, SIG_IGN);
  World world;
  const auto log = world.open(folder);
  if (!log.ok() || !append(**log, numbered(0)).ok()) return 1;
  limit_files(120'000);
  int32_t stored = 1;
  Status status;
  while (stored < 5000 && (status = append(**log, numbered(stored))).ok()) ++stored;
  if (status.code() != Code::no_space) return 2;
  if (append(**log, numbered(stored)).ok()) return 3;
  const auto holds = [&] {
    const auto snapshot = (*log)->snapshot();
    return snapshot.ok() && entries_of(*snapshot) == entries_of(first_numbered(stored));
  };
  if (!holds()) return 4;
  limit_files(RLIM_INFINITY);
  for (int i = 0; i < 10; ++i, ++stored)
    if (!append(**log, numbered(stored)).ok()) return 5;
  return holds() ? 0 : 6;
}

TEST(ProcessCrash, StaysUsableWhenTheDiskWasFull) {
  TemporaryFolder folder;
  EXPECT_EQ(exit_code(run_apart([&] { return fill_the_disk(folder); })), 0);
  World world;
  ASSERT_OK(world.open(folder).status());
}

constexpr int kNotAllowed = 77;

// A file system of 3 MiB that only this process sees.
bool mount_small_disk(const std::string& path) {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=3m") == 0;
}

int erase_on_a_full_disk(const TemporaryFolder& folder) {
  std::filesystem::create_directory(folder.log());
  if (!mount_small_disk(folder.log())) return kNotAllowed;
  World world;
  auto log = world.open(folder);
  if (!log.ok()) return 1;
  std::vector<Heard> model;
  Status status;
  for (int32_t i = 0; status.ok() && i < 10'000; ++i) {
    Heard heard = random_scan(world.random, (kToday + i % 3).start(), 100);
    status = append(**log, heard);
    if (status.ok()) model.push_back(std::move(heard));
  }
  if (status.code() != Code::no_space) return 2;
  if (!(*log)->erase_day(kToday + 1).ok()) return 3;
  std::erase_if(model, [](const Heard& heard) { return heard.scan.start == (kToday + 1).start(); });
  for (int opening = 0; opening < 2; ++opening) {
    const auto snapshot = (*log)->snapshot();
    if (!snapshot.ok() || entries_of(*snapshot) != entries_of(model)) return 4;
    if ((*log)->statistics()->days.size() != 2) return 5;
    log->reset();
    log = world.open(folder);
    if (!log.ok()) return 6;
  }
  return 0;
}

TEST(Process, CanEraseADayOnAFullDisk) {
  TemporaryFolder folder;
  const int code = exit_code(run_apart([&] { return erase_on_a_full_disk(folder); }));
  if (code == kNotAllowed) GTEST_SKIP() << "this process may not mount a small disk";
  EXPECT_EQ(code, 0);
}

TEST(Process, MakesALogOnceThereIsSpace) {
  TemporaryFolder folder;
  const auto make = [&] {
    ::signal(SIGXFSZ, SIG_IGN);
    for (rlim_t bytes : {rlim_t{0}, rlim_t{3000}, rlim_t{8192}}) {
      limit_files(bytes);
      World world(bytes);
      if (!says_disk_failed(world.open(folder).status())) return 1;
    }
    return 0;
  };
  EXPECT_EQ(exit_code(run_apart(make)), 0);
  World world;
  const auto log = world.open(folder);
  ASSERT_OK(log.status());
  ASSERT_OK(append(**log, numbered(0)));
}

// What a pragma does may fail behind the row that it gives.
TEST(Process, IsToldThatAWriteAheadLogCannotBeMade) {
  TemporaryFolder folder;
  const std::string path = folder.log() + ".db";
  write_file(path, {});
  const auto make = [&] {
    ::signal(SIGXFSZ, SIG_IGN);
    auto database =
        encounter_log::connect(path, encounter_log::Database::Access::read_write, nullptr);
    if (!database.ok()) return 1;
    limit_files(100);
    return encounter_log::use_write_ahead_log(*database).code() == Code::no_space ? 0 : 2;
  };
  EXPECT_EQ(exit_code(run_apart(make)), 0);
}

// Permissions do not bind root, who lives on as nobody here.
bool give_up_privileges(const TemporaryFolder& folder) {
  constexpr uid_t kNobody = 65534;
  if (::geteuid() != 0) return true;
  const std::string parent = std::filesystem::path(folder.log()).parent_path();
  return ::chown(parent.c_str(), kNobody, kNobody) == 0 &&
         ::setresgid(kNobody, kNobody, kNobody) == 0 && ::setresuid(kNobody, kNobody, kNobody) == 0;
}

bool says_read_only(const Status& status) {
  return status.code() == Code::io &&
         std::string_view(status.text()).find("may only be read") != std::string_view::npos;
}

int meet_a_read_only_folder(const TemporaryFolder& folder) {
  using std::filesystem::perms;
  if (!give_up_privileges(folder)) return kNotAllowed;
  const auto permit = [&](unsigned bits) {
    std::filesystem::permissions(folder.log(), static_cast<perms>(bits));
  };
  World world;
  std::filesystem::create_directory(folder.log());
  permit(0500);
  if (!says_read_only(world.open(folder).status())) return 1;
  permit(0700);
  {
    const auto log = world.open(folder);
    if (!log.ok() || !append(**log, numbered(0)).ok()) return 2;
    permit(0500);
    // Its files are open: it goes on, or says why not.
    const Status status = append(**log, numbered(1));
    if (!status.ok() && !says_read_only(status)) return 3;
    permit(0700);
    if (!append(**log, numbered(1)).ok()) return 4;
  }
  permit(0500);
  if (!says_read_only(world.open(folder).status())) return 5;
  permit(0700);
  const auto log = world.open(folder);
  if (!log.ok()) return 6;
  const auto snapshot = (*log)->snapshot();
  return snapshot.ok() && entries_of(*snapshot) == entries_of(first_numbered(2)) ? 0 : 7;
}

TEST(Process, IsToldThatAFolderIsReadOnly) {
  TemporaryFolder folder;
  const int code = exit_code(run_apart([&] { return meet_a_read_only_folder(folder); }));
  if (code == kNotAllowed) GTEST_SKIP() << "this process may not live on as another user";
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace nearzone::log_test
