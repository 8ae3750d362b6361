#include "crash/disk_calls.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

namespace nearzone::crash_test {
namespace {

// As system calls tell it.
int told(int error) {
  errno = error;
  return error == 0 ? 0 : -1;
}

}  // namespace

int DiskCalls::open(const char* path, int flags, mode_t) const {
  Opened opened;
  opened.path = path;
  if (const int error = disk_.open(path, (flags & O_CREAT) != 0, opened.file)) return told(error);
  if (((flags & O_DIRECTORY) != 0) != opened.file->is_folder)
    return told(opened.file->is_folder ? EISDIR : ENOTDIR);
  const int descriptor = opened_.empty() ? 1000 : opened_.rbegin()->first + 1;
  opened_[descriptor] = std::move(opened);
  return descriptor;
}

int DiskCalls::close(int descriptor) const {
  opened_.erase(descriptor);
  return told(disk_.begin(Operation::close));
}

int DiskCalls::flock(int descriptor, int) const {
  if (const int error = disk_.begin(Operation::lock)) return told(error);
  Opened& own = opened_.at(descriptor);
  for (const auto& [other, opened] : opened_)
    if (other != descriptor && opened.file == own.file && opened.locks) return told(EWOULDBLOCK);
  own.locks = true;
  return 0;
}

ssize_t DiskCalls::pread(int descriptor, void* out, size_t size, off_t offset) const {
  size_t got = 0;
  const int error = disk_.read(*opened_.at(descriptor).file, static_cast<uint64_t>(offset),
                               {static_cast<uint8_t*>(out), size}, got);
  return error == 0 ? static_cast<ssize_t>(got) : told(error);
}

ssize_t DiskCalls::pwrite(int descriptor, const void* bytes, size_t size, off_t offset) const {
  const int error = disk_.write(*opened_.at(descriptor).file, static_cast<uint64_t>(offset),
                                {static_cast<const uint8_t*>(bytes), size});
  return error == 0 ? static_cast<ssize_t>(size) : told(error);
}

int DiskCalls::sync(int descriptor) const {
  const Opened& opened = opened_.at(descriptor);
  return told(opened.file->is_folder ? disk_.sync_names(opened.path) : disk_.sync(*opened.file));
}

int DiskCalls::mkdir(const char* path, mode_t) const { return told(disk_.make_folder(path)); }

int DiskCalls::stat(const char* path, struct stat* facts) const {
  Disk::FilePtr file;
  if (const int error = disk_.look(path, file)) return told(error);
  if (file == nullptr) return told(ENOENT);
  *facts = {};
  facts->st_mode = file->is_folder ? (S_IFDIR | 0700) : (S_IFREG | 0600);
  facts->st_size = static_cast<off_t>(file->bytes.size());
  return 0;
}

int DiskCalls::lstat(const char* path, struct stat* facts) const { return stat(path, facts); }

int DiskCalls::rename(const char* from, const char* to) const {
  return told(disk_.rename(from, to));
}

int DiskCalls::unlink(const char* path) const { return told(disk_.remove(path)); }

}  // namespace nearzone::crash_test
