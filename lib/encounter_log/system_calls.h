// The system calls that the log's own files are made of, behind an interface, so that every one of
// them can be made to fail. SQLite makes its own calls, through the VFS that Storage names.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>

namespace nearzone::encounter_log {

// Each is the call of that name: -1 and errno where it fails.
class SystemCalls {
 public:
  virtual ~SystemCalls() = default;
  virtual int open(const char* path, int flags, mode_t mode) const;
  virtual int close(int descriptor) const;
  virtual int flock(int descriptor, int operation) const;
  virtual ssize_t pread(int descriptor, void* out, size_t size, off_t offset) const;
  virtual ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) const;
  // Waits until the device says that it keeps what was written (on Apple's systems, where fsync
  // leaves it in the drive's own memory, by F_FULLFSYNC).
  virtual int sync(int descriptor) const;
  virtual int mkdir(const char* path, mode_t mode) const;
  virtual int stat(const char* path, struct stat* facts) const;
  virtual int lstat(const char* path, struct stat* facts) const;
  virtual int rename(const char* from, const char* to) const;
  virtual int unlink(const char* path) const;
};

// Whether this errno says that there is no room for what was to be written.
bool says_no_space(int error);

// Those of the system itself.
const SystemCalls& system_calls();

// What a log is stored with. All of it is borrowed and must outlive the log.
struct Storage {
  const SystemCalls* calls = &system_calls();
  const char* vfs = nullptr;  // the name of a VFS of SQLite's; null for its default
};

}  // namespace nearzone::encounter_log
