// A disk in memory that forgets what was not synced when its power is cut, and fails any call that
// it is told to. Everything that it does follows from its seed. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/random.h"

namespace nearzone::crash_test {

// The calls that can fail, by what they do.
enum class Operation : uint8_t { open, create, close, read, write, sync, cut, remove, lock, look };

enum class Fault : uint8_t {
  io,    // any call: an input/output error
  full,  // calls that need space: the disk is full
};

class Disk {
 public:
  // A file or folder, which lives as long as a name or somebody who opened it.
  struct File {
    bool is_folder = false;
    std::vector<uint8_t> bytes;
    // What a power cut leaves for certain, and what was done since.
    std::vector<uint8_t> kept;
    struct Change {
      uint64_t offset;  // of a shortening, the new size
      std::vector<uint8_t> bytes;
      bool shortens;
    };
    std::vector<Change> changes;
  };
  using FilePtr = std::shared_ptr<File>;

  explicit Disk(uint64_t seed);

  // Each gives 0 or an errno. A write that fails may have written a part; a sync that fails has
  // kept some of it, and nobody will keep the rest later: that is what Linux does.
  int open(const std::string& path, bool create, FilePtr& file);
  int make_folder(const std::string& path);
  int read(const File& file, uint64_t offset, MutableBytes out, size_t& size);
  int write(File& file, uint64_t offset, ByteView bytes);
  int resize(File& file, uint64_t size);
  int sync(File& file);
  // The names of the files in a folder.
  int sync_names(const std::string& folder);
  int remove(const std::string& path);
  int rename(const std::string& from, const std::string& to);
  // Asks for a file; null where there is none.
  int look(const std::string& path, FilePtr& file);
  // For calls that need nothing else of the disk: whether they may succeed.
  int begin(Operation operation);

  // Call number `nth` from now on (0 is the next one) fails; `lasting`: so do all after it.
  void fail(uint64_t nth, Fault fault, bool lasting);
  void heal() { fault_.reset(); }
  // Whether the fault was met since it was asked for.
  bool has_failed() const { return failed_; }
  // Calls so far that can meet this fault.
  uint64_t calls(Fault fault) const { return calls_[static_cast<size_t>(fault)]; }

  // The power goes off at call number `nth` from now on. From then on all calls fail.
  void cut_power_at(uint64_t nth) { cut_at_ = calls(Fault::io) + nth; }
  bool is_off() const { return is_off_; }
  // Cuts the power if that is still to come, and leaves what a disk may hold afterwards: of what
  // was not synced, each sector of 512 bytes as it was at some moment since, or torn. Nobody may
  // have a file open.
  void restart();
  // The same, but for certain nothing of what was not synced.
  void restart_without_unsynced();

  // For damage, and for looking at everything.
  std::map<std::string, FilePtr>& files() { return names_; }
  // A file as if it had always been there, with the folder that it is in.
  void put(const std::string& path, const std::vector<uint8_t>& bytes);
  // Is shown everything that is written to any file from now on.
  void watch(std::function<void(ByteView)> watcher) { watcher_ = std::move(watcher); }

 private:
  struct NameChange {
    std::vector<std::pair<std::string, FilePtr>> names;  // null: removed
  };
  void change_names(NameChange change);
  void change(File& file, File::Change change);
  void settle(File& file, double reach);
  void keep(const NameChange& change);
  void forget_everything_else();
  bool chance(double probability) { return random_.unit() < probability; }

  SeededRandom random_;
  std::map<std::string, FilePtr> names_;
  std::map<std::string, FilePtr> kept_names_;
  std::vector<NameChange> name_changes_;
  std::function<void(ByteView)> watcher_;

  struct Armed {
    uint64_t at;
    Fault fault;
    bool lasting;
  };
  std::optional<Armed> fault_;
  bool failed_ = false;
  uint64_t calls_[2] = {0, 0};
  std::optional<uint64_t> cut_at_;
  bool is_off_ = false;
};

}  // namespace nearzone::crash_test
