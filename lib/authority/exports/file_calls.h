// The system calls that published files are made of, behind an interface, so that a test can make
// each of them fail, or end the process before and after it.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace nearzone::authority {

// Each is the call of that name: -1 and errno where it fails.
class FileCalls {
 public:
  virtual ~FileCalls() = default;
  virtual int open(const char* path, int flags, mode_t mode) const;
  virtual ssize_t write(int descriptor, const void* bytes, size_t size) const;
  virtual int sync(int descriptor) const;
  virtual int close(int descriptor) const;
  virtual int mkdir(const char* path, mode_t mode) const;
  virtual int rename(const char* from, const char* to) const;
  virtual int unlink(const char* path) const;
};

// Those of the system itself.
const FileCalls& system_file_calls();

}  // namespace nearzone::authority
