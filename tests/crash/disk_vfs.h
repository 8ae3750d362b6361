// SQLite on a simulated disk.
#pragma once

#include <string>

#include "crash/disk.h"

struct sqlite3_vfs;

namespace nearzone::crash_test {

// A VFS of SQLite's that is registered as long as it lives. What is remembered between processes in
// memory alone, locks and shared memory, is lost when the last connection to a file goes.
class DiskVfs {
 public:
  explicit DiskVfs(Disk& disk);
  DiskVfs(const DiskVfs&) = delete;
  DiskVfs& operator=(const DiskVfs&) = delete;
  ~DiskVfs();

  const char* name() const { return name_.c_str(); }
  // Files without a name that were ever opened: SQLite's temporary ones.
  int nameless() const;

 private:
  struct State;
  std::string name_;
  std::unique_ptr<State> state_;
  std::unique_ptr<sqlite3_vfs> vfs_;
};

}  // namespace nearzone::crash_test
