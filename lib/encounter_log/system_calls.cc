#include "encounter_log/system_calls.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace nearzone::encounter_log {

int SystemCalls::open(const char* path, int flags, mode_t mode) const {
  return ::open(path, flags, mode);
}

int SystemCalls::close(int descriptor) const { return ::close(descriptor); }

int SystemCalls::flock(int descriptor, int operation) const {
  return ::flock(descriptor, operation);
}

ssize_t SystemCalls::pread(int descriptor, void* out, size_t size, off_t offset) const {
  return ::pread(descriptor, out, size, offset);
}

ssize_t SystemCalls::pwrite(int descriptor, const void* bytes, size_t size, off_t offset) const {
  return ::pwrite(descriptor, bytes, size, offset);
}

int SystemCalls::sync(int descriptor) const {
#ifdef F_FULLFSYNC
  if (::fcntl(descriptor, F_FULLFSYNC) == 0) return 0;
#endif
  return ::fsync(descriptor);
}

int SystemCalls::mkdir(const char* path, mode_t mode) const { return ::mkdir(path, mode); }

int SystemCalls::stat(const char* path, struct stat* facts) const { return ::stat(path, facts); }

int SystemCalls::lstat(const char* path, struct stat* facts) const { return ::lstat(path, facts); }

int SystemCalls::rename(const char* from, const char* to) const { return std::rename(from, to); }

int SystemCalls::unlink(const char* path) const { return ::unlink(path); }

bool says_no_space(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

const SystemCalls& system_calls() {
  static const SystemCalls calls;
  return calls;
}

}  // namespace nearzone::encounter_log
