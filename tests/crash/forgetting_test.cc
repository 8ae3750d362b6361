// What was erased is nowhere on the disk, and what is private never is in the open: in the bytes
// that reach a simulated disk, in the files of a real one, and on a raw file system.
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <functional>

#include "crash/needles.h"
#include "crash/phone.h"
#include "crash/settings.h"

namespace nearzone::crash_test {
namespace {

using encounter_log::decode_slot;
using encounter_log::KeyTable;

const Day kErased = log_test::kToday + -1;

Result<KeyTable> opened(ByteView slot) {
  return decode_slot(slot, encounter_log::slot_key(log_test::root_of(7)));
}

// Sees every slot that is written to a real key file.
class WatchingCalls final : public encounter_log::SystemCalls {
 public:
  ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) const override {
    const ByteView written(static_cast<const uint8_t*>(bytes), size);
    if (is_slot(written)) slots.emplace_back(written.begin(), written.end());
    return SystemCalls::pwrite(descriptor, bytes, size, offset);
  }
  mutable std::vector<std::vector<uint8_t>> slots;
};

// What no part of the disk may hold once the day is erased: `slots` were written before.
Needles needles_of(const std::vector<std::vector<uint8_t>>& slots) {
  Needles needles;
  for (const std::vector<uint8_t>& slot : slots) {
    const Result<KeyTable> table = opened(slot);
    if (!table.ok() || table->find(kErased) == nullptr) continue;
    needles.add_keys(*table);
    needles.add_slot(slot);
  }
  return needles;
}

// Three days, the first of them packed. Adds the identifiers.
Status record(Phone& phone, Needles& identifiers) {
  SeededRandom random(11);
  NEARZONE_TRY(phone.open());
  for (int32_t i = 0; i < 60; ++i) {
    const auto heard = log_test::random_scan(
        random, (log_test::kToday + (i % 3 - 2)).start() + Millis(i * 60'000), 20);
    identifiers.add_identifiers(heard);
    NEARZONE_TRY(log_test::append(phone.log(), heard));
    if (i % 20 == 19) NEARZONE_TRY(phone.log().compact_step(Millis(0)).status());
  }
  return phone.log().put_state(kErased, "ledger", std::vector<uint8_t>(500, 7));
}

// Records, erases a day, and looks for it in what `look` gives: with the needles that `erased`
// makes when the day is still there. Empty where all is well.
std::string erase_and_search(Phone& phone, const std::vector<std::vector<uint8_t>>& slots,
                             const std::function<std::vector<std::vector<uint8_t>>()>& look) {
  Needles identifiers;
  if (const Status status = record(phone, identifiers); !status.ok())
    return told("recording", status);
  const Needles erased = needles_of(slots);
  const auto search = [&](const Needles& needles) {
    for (const std::vector<uint8_t>& part : look())
      if (const std::string found = needles.found_in(part); !found.empty()) return found;
    return std::string();
  };
  if (search(erased).empty()) return "the key is not even found before it is erased";
  if (const Status status = phone.log().erase_day(kErased); !status.ok())
    return told("erasing", status);
  for (int i = 0; i < 2; ++i) {
    if (const std::string found = search(erased); !found.empty()) return found;
    if (const std::string found = search(identifiers); !found.empty()) return found;
    phone.close();
  }
  return {};
}

std::vector<std::vector<uint8_t>> all_files(const std::string& folder) {
  std::vector<std::vector<uint8_t>> parts;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (file.is_regular_file()) parts.push_back(log_test::read_file(file.path().string()));
  return parts;
}

TEST(Forgetting, IsOnTheDiskWhenErasureReturns) {
  SimulatedPhone phone(1);
  std::vector<std::vector<uint8_t>> slots;
  phone.disk().watch([&](ByteView bytes) {
    if (is_slot(bytes)) slots.emplace_back(bytes.begin(), bytes.end());
  });
  const auto kept = [&] {
    std::vector<std::vector<uint8_t>> parts;
    for (const auto& [path, file] : phone.disk().files()) parts.push_back(file->kept);
    return parts;
  };
  EXPECT_EQ(erase_and_search(phone, slots, kept), "");
}

TEST(Forgetting, LeavesNothingInAnyFile) {
  const log_test::TemporaryFolder folder;
  const WatchingCalls calls;
  Phone phone(folder.log(), {&calls, nullptr}, std::make_unique<SystemRandom>());
  EXPECT_EQ(erase_and_search(phone, calls.slots, [&] { return all_files(folder.log()); }), "");
}

TEST(Privacy, HoldsForEverythingThatIsEverWritten) {
  for (uint64_t seed = first_seed(); seed < first_seed() + runs(3); ++seed) {
    SimulatedPhone phone(seed);
    std::vector<std::vector<uint8_t>> written;
    phone.disk().watch([&](ByteView bytes) { written.emplace_back(bytes.begin(), bytes.end()); });
    Workload workload(seed);
    Needles needles;
    for (int i = 0; i < 200; ++i) {
      const Step step = workload.next();
      for (const auto& heard : step.heard) needles.add_identifiers(heard);
      if (step.bytes.size() >= 8) needles.add(step.bytes, "own state");
      phone.clock().advance(step.passes);
      ASSERT_TRUE(phone.run(step).ok()) << how_to_repeat(seed);
    }
    phone.close();
    for (const std::vector<uint8_t>& bytes : written)
      if (is_slot(bytes)) needles.add_keys(*opened(bytes));
    for (const std::vector<uint8_t>& bytes : written)
      ASSERT_EQ(needles.found_in(bytes), "") << how_to_repeat(seed);
    EXPECT_EQ(phone.vfs().nameless(), 0) << "SQLite used temporary files";
  }
}

constexpr int kNotAllowed = 77;

bool run_program(const std::string& command) {
  return std::system((command + " > /dev/null 2>&1").c_str()) == 0;
}

// In a process of its own, since the file system is mounted for this process alone.
int search_image(const std::string& folder) {
  const std::string image = folder + "/image", mounted = folder + "/mounted";
  std::filesystem::create_directories(mounted);
  std::fclose(std::fopen(image.c_str(), "w"));
  std::filesystem::resize_file(image, 24 << 20);
  if (!run_program("mkfs.ext4 -q -F " + image) || ::unshare(CLONE_NEWNS) != 0 ||
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      !run_program("mount -o loop " + image + " " + mounted))
    return kNotAllowed;
  std::string failure;
  {
    const WatchingCalls calls;
    Phone phone(mounted + "/log", {&calls, nullptr}, std::make_unique<SystemRandom>());
    failure = erase_and_search(phone, calls.slots, [&] {
      return std::vector<std::vector<uint8_t>>{log_test::read_file(image)};
    });
  }
  if (::umount(mounted.c_str()) != 0) failure += " (not unmounted)";
  if (!failure.empty()) std::fprintf(stderr, "%s\n", failure.c_str());
  return failure.empty() ? 0 : 1;
}

TEST(Forgetting, LeavesNothingOnARawFileSystem) {
  const log_test::TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(search_image(folder.log()));
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kNotAllowed)
    GTEST_SKIP() << "this process may not mount an image over a loop device, or has no mkfs.ext4";
  EXPECT_EQ(WEXITSTATUS(status), 0) << "its error output says what was found";
}

}  // namespace
}  // namespace nearzone::crash_test
