// The log's own system calls, on a simulated disk.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "crash/disk.h"
#include "encounter_log/system_calls.h"

namespace nearzone::crash_test {

class DiskCalls final : public encounter_log::SystemCalls {
 public:
  explicit DiskCalls(Disk& disk) : disk_(disk) {}

  int open(const char* path, int flags, mode_t mode) const override;
  int close(int descriptor) const override;
  int flock(int descriptor, int operation) const override;
  ssize_t pread(int descriptor, void* out, size_t size, off_t offset) const override;
  ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) const override;
  int sync(int descriptor) const override;
  int mkdir(const char* path, mode_t mode) const override;
  int stat(const char* path, struct stat* facts) const override;
  int lstat(const char* path, struct stat* facts) const override;
  int rename(const char* from, const char* to) const override;
  int unlink(const char* path) const override;

 private:
  struct Opened {
    std::string path;
    Disk::FilePtr file;
    bool locks = false;
  };
  Disk& disk_;
  mutable std::map<int, Opened> opened_;
};

}  // namespace nearzone::crash_test
