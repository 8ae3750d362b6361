#include "authority/exports/file_calls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

namespace nearzone::authority {

int FileCalls::open(const char* path, int flags, mode_t mode) const {
  return ::open(path, flags, mode);
}

ssize_t FileCalls::write(int descriptor, const void* bytes, size_t size) const {
  return ::write(descriptor, bytes, size);
}

int FileCalls::sync(int descriptor) const { return ::fsync(descriptor); }

int FileCalls::close(int descriptor) const { return ::close(descriptor); }

int FileCalls::mkdir(const char* path, mode_t mode) const { return ::mkdir(path, mode); }

int FileCalls::rename(const char* from, const char* to) const { return std::rename(from, to); }

int FileCalls::unlink(const char* path) const { return ::unlink(path); }

const FileCalls& system_file_calls() {
  static const FileCalls calls;
  return calls;
}

}  // namespace nearzone::authority
