#include "encounter_log/private_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

namespace nearzone::encounter_log {
namespace {

// Repeats a system call that a signal interrupted.
template <typename Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

Status failed_write(int error) {
  if (says_no_space(error)) return {Code::no_space, "the disk is full"};
  if (error == EROFS || error == EACCES)
    return {Code::io, "the folder of the log may only be read"};
  return {Code::io, "a file of the log cannot be written"};
}

int open_descriptor(const SystemCalls& calls, const std::string& path, int flags) {
  return uninterrupted([&] { return calls.open(path.c_str(), flags | O_CLOEXEC, 0600); });
}

}  // namespace

Status make_private_directory(const SystemCalls& calls, const std::string& directory) {
  if (calls.mkdir(directory.c_str(), 0700) == 0) return sync_directory(calls, directory + "/..");
  if (says_no_space(errno)) return failed_write(errno);
  struct stat facts;
  if (calls.stat(directory.c_str(), &facts) != 0)
    return {Code::io, "the folder of the log cannot be made", "directory"};
  if (!S_ISDIR(facts.st_mode)) return {Code::io, "the folder of the log is a file", "directory"};
  return {};
}

Status sync_directory(const SystemCalls& calls, const std::string& directory) {
  const int descriptor = open_descriptor(calls, directory, O_RDONLY | O_DIRECTORY);
  // A program may be allowed to use a folder that it must not list.
  if (descriptor < 0 && (errno == EACCES || errno == EPERM)) return {};
  if (descriptor < 0) return {Code::io, "the folder of the log cannot be synced", "directory"};
  const int result = uninterrupted([&] { return calls.sync(descriptor); });
  const int error = errno;
  calls.close(descriptor);
  if (result == 0 || error == EINVAL) return {};  // EINVAL: this file system has nothing to sync
  return {Code::io, "the folder of the log cannot be synced", "directory"};
}

Result<std::optional<uint64_t>> file_size(const SystemCalls& calls, const std::string& path) {
  struct stat facts;
  if (calls.lstat(path.c_str(), &facts) == 0)
    return std::optional(static_cast<uint64_t>(facts.st_size));
  if (errno == ENOENT) return std::optional<uint64_t>();
  return Status(Code::io, "a file of the log cannot be looked up");
}

Result<PrivateFile> PrivateFile::open(const SystemCalls& calls, const std::string& path,
                                      Opening opening) {
  const int create = opening == Opening::create_if_missing ? O_CREAT : 0;
  const int descriptor = open_descriptor(calls, path, O_RDWR | create);
  if (descriptor >= 0) return PrivateFile(calls, descriptor);
  if (errno == ENOENT && create == 0) return Status(Code::not_found, "there is no such file");
  if (says_no_space(errno) || errno == EROFS || errno == EACCES) return failed_write(errno);
  return Status(Code::io, "a file of the log cannot be opened");
}

PrivateFile::~PrivateFile() {
  if (descriptor_ >= 0) calls_->close(descriptor_);
}

Status PrivateFile::lock() {
  if (uninterrupted([&] { return calls_->flock(descriptor_, LOCK_EX | LOCK_NB); }) == 0) return {};
  if (errno == EWOULDBLOCK) return {Code::in_use, "the log is already open"};
  return {Code::io, "the log cannot be locked"};
}

Result<size_t> PrivateFile::read(uint64_t offset, MutableBytes out) const {
  size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = uninterrupted([&] {
      return calls_->pread(descriptor_, out.data() + done, out.size() - done,
                           static_cast<off_t>(offset + done));
    });
    if (got < 0) return Status(Code::io, "a file of the log cannot be read");
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

Status PrivateFile::write(uint64_t offset, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = uninterrupted([&] {
      return calls_->pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    });
    if (put < 0) return failed_write(errno);
    offset += static_cast<uint64_t>(put);
    bytes = bytes.subspan(static_cast<size_t>(put));
  }
  return {};
}

Status PrivateFile::sync() {
  if (uninterrupted([&] { return calls_->sync(descriptor_); }) != 0) return failed_write(errno);
  return {};
}

}  // namespace nearzone::encounter_log
