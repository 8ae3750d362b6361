#include "crash/naps.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

namespace nearzone::crash_test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kSightingsOfScan = 60;
constexpr int kDaysBack = 3;

bool is_locked(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR);
  if (file < 0) return false;
  struct flock range = {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  const bool locked = ::flock(file, LOCK_EX | LOCK_NB) != 0 ||
                      ::fcntl(file, F_GETLK, &range) != 0 || range.l_type != F_UNLCK;
  ::close(file);
  return locked;
}

// Files of the folder that this process has open. None where the system does not tell.
size_t open_files(const std::string& folder) {
  size_t count = 0;
  std::error_code ignored;
  for (const auto& descriptor : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
    const auto target = std::filesystem::read_symlink(descriptor.path(), ignored);
    count += target.string().starts_with(folder + "/") ? 1u : 0u;
  }
  return count;
}

}  // namespace

BusyPhone::Neighbour::Neighbour(const log_test::TemporaryFolder& folder) {
  if (::pipe(question_) != 0 || ::pipe(answer_) != 0) std::abort();
  process_ = ::fork();
  if (process_ != 0) return;
  ::close(question_[1]);
  char asked;
  while (::read(question_[0], &asked, 1) == 1) {
    bool locked = false;
    for (const char* name : {"log.keys", "log.db", "log.db-wal", "log.db-shm"})
      locked |= is_locked(folder.file(name));
    if (::write(answer_[1], locked ? "l" : "f", 1) != 1) break;
  }
  ::_exit(0);
}

BusyPhone::Neighbour::~Neighbour() {
  for (int end : {question_[0], question_[1], answer_[0], answer_[1]}) ::close(end);
  ::waitpid(process_, nullptr, 0);
}

bool BusyPhone::Neighbour::finds_it_free() {
  char answer = 0;
  return ::write(question_[1], "?", 1) == 1 && ::read(answer_[0], &answer, 1) == 1 && answer == 'f';
}

BusyPhone::BusyPhone(uint64_t seed)
    : neighbour_(folder_),
      phone_(folder_.log(), {}, std::make_unique<SystemRandom>()),
      random_(seed) {
  failed_ = !phone_.open().ok();
  if (failed_) return;
  EncounterLog& log = phone_.log();
  threads_.emplace_back([this, seed] { record(seed + 1); });
  threads_.emplace_back([&] { repeat([&] { return log.snapshot().status(); }); });
  // The clock stands still, so that this goes on for as long as there is something to pack.
  threads_.emplace_back([&] { repeat([&] { return log.compact_step(Millis(1)).status(); }); });
  threads_.emplace_back([&] {
    const std::vector<uint8_t> bytes(3000, 7);
    repeat([&] {
      std::this_thread::sleep_for(Millis(3));
      return log.put_state(log_test::kToday, "ledger", bytes);
    });
  });
}

BusyPhone::~BusyPhone() { static_cast<void>(wake_up()); }

template <typename Work>
void BusyPhone::repeat(Work work) {
  while (!done_) {
    const Status status = work();
    if (status.code() == Code::closed)
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    else if (!status.ok())
      failed_ = true;
  }
}

// The days before today, so that there is always something to pack.
void BusyPhone::record(uint64_t seed) {
  SeededRandom random(seed);
  repeat([this, &random, scans = 0]() mutable {
    ++scans;
    const Instant start =
        log_test::kNoon - Day::kLength * (1 + scans % kDaysBack) + Millis(50 * scans);
    const auto heard = log_test::random_scan(random, start, kSightingsOfScan);
    const Status status = log_test::append(phone_.log(), heard);
    if (status.ok()) recorded_ += heard.sightings.size();
    return status;
  });
}

std::string BusyPhone::nap() {
  std::this_thread::sleep_for(std::chrono::microseconds(random_.below(30'000)));
  const auto begin = Clock::now();
  const Status suspended = phone_.log().suspend();
  longest_ = std::max<decltype(longest_)>(longest_, Clock::now() - begin);
  if (!suspended.ok()) return told("suspending", suspended);
  const bool free = neighbour_.finds_it_free();
  const size_t files = open_files(folder_.log());
  if (const Status status = phone_.log().resume(); !status.ok()) return told("resuming", status);
  if (!free) return "a lock is held while the log is suspended";
  if (files != 0) return "a file is open while the log is suspended";
  return failed_ ? "work failed though the log was not suspended" : "";
}

std::string BusyPhone::wake_up() {
  done_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  if (failed_) return "work failed though the log was not suspended";
  const Result<SightingTable> table = phone_.log().snapshot();
  if (!table.ok()) return told("reading", table.status());
  if (table->columns().size() != recorded_) return "not what was acknowledged";
  return {};
}

}  // namespace nearzone::crash_test
