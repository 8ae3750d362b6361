#include "authority/exports/durable_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace nearzone::authority {
namespace {

constexpr std::string_view kUnfinished = ".unfinished-";
constexpr const char* kLock = ".lock";
constexpr size_t kLongestName = 200;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

// The status of the call that has just failed.
Status failure(const char* text) {
  const bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  return full ? Status(Code::no_space, "there is no room left on the disk")
              : Status(Code::io, text);
}

using Listing = std::unique_ptr<DIR, int (*)(DIR*)>;

template <typename Take>
Status each_entry(const std::string& path, Take take) {
  const Listing listing(::opendir(path.c_str()), ::closedir);
  if (listing == nullptr) return failure("the folder cannot be listed");
  for (errno = 0; const dirent* entry = ::readdir(listing.get()); errno = 0)
    NEARZONE_TRY(take(std::string_view(entry->d_name)));
  return errno == 0 ? Status() : failure("the folder cannot be listed");
}

}  // namespace

bool is_file_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && name[0] != '.' &&
         std::ranges::all_of(name, is_name_character);
}

Result<DurableFolder> DurableFolder::open(std::string path, mode_t mode, const FileCalls& calls) {
  if (calls.mkdir(path.c_str(), mode) != 0 && errno != EEXIST)
    return failure("the folder cannot be made");
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0 || !S_ISDIR(found.st_mode))
    return Status(Code::io, "this is not a folder");
  return DurableFolder(std::move(path), calls);
}

Status DurableFolder::write_whole(const std::string& path, ByteView bytes, mode_t mode) const {
  const int descriptor =
      calls_->open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
  if (descriptor < 0) return failure("a file cannot be made");
  Status status;
  while (!bytes.empty()) {
    const ssize_t written = calls_->write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      status = failure("a file cannot be written");
      break;
    }
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  if (status.ok() && calls_->sync(descriptor) != 0) status = failure("a file cannot be synced");
  if (calls_->close(descriptor) != 0 && status.ok()) status = failure("a file cannot be closed");
  return status;
}

Status DurableFolder::sync() const {
  const int descriptor = calls_->open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (descriptor < 0) return failure("the folder cannot be opened");
  Status status;
  if (calls_->sync(descriptor) != 0) status = failure("the folder cannot be synced");
  calls_->close(descriptor);
  return status;
}

Status DurableFolder::replace(const std::string& name, ByteView bytes, mode_t mode) const {
  if (!is_file_name(name)) return {Code::invalid_argument, "this cannot be the name of a file"};
  const std::string unfinished = path_of(std::string(kUnfinished) + name);
  Status status = write_whole(unfinished, bytes, mode);
  if (status.ok() && calls_->rename(unfinished.c_str(), path_of(name).c_str()) != 0)
    status = failure("a file cannot be put in its place");
  if (!status.ok()) {
    calls_->unlink(unfinished.c_str());
    return status;
  }
  return sync();
}

Status DurableFolder::remove(const std::string& name) const {
  if (!is_file_name(name)) return {Code::invalid_argument, "this cannot be the name of a file"};
  if (calls_->unlink(path_of(name).c_str()) != 0)
    return errno == ENOENT ? Status() : failure("a file cannot be removed");
  return sync();
}

Result<std::optional<std::vector<uint8_t>>> DurableFolder::read(const std::string& name,
                                                                uint64_t max_bytes) const {
  if (!is_file_name(name)) return Status(Code::invalid_argument, "this cannot be a file's name");
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path_of(name).c_str(), "rbe"),
                                                   std::fclose);
  if (file == nullptr) {
    if (errno == ENOENT) return std::optional<std::vector<uint8_t>>();
    return failure("a file cannot be read");
  }
  struct stat found {};
  if (::fstat(::fileno(file.get()), &found) != 0 || !S_ISREG(found.st_mode))
    return Status(Code::io, "this is not a regular file");
  if (static_cast<uint64_t>(found.st_size) > max_bytes)
    return Status(Code::limit_exceeded, "a file is larger than it can be");
  std::vector<uint8_t> bytes(static_cast<size_t>(found.st_size));
  if (std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size())
    return Status(Code::io, "a file cannot be read");
  return std::optional(std::move(bytes));
}

Result<std::vector<std::string>> DurableFolder::names() const {
  std::vector<std::string> names;
  NEARZONE_TRY(each_entry(path_, [&](std::string_view name) {
    if (is_file_name(name)) names.emplace_back(name);
    return Status();
  }));
  std::ranges::sort(names);
  return names;
}

Status DurableFolder::sweep() const {
  return each_entry(path_, [&](std::string_view name) {
    if (!name.starts_with(kUnfinished)) return Status();
    if (calls_->unlink(path_of(std::string(name)).c_str()) != 0)
      return failure("an unfinished file cannot be removed");
    return Status();
  });
}

Result<FolderLock> FolderLock::take(const DurableFolder& folder) {
  const std::string path = folder.path() + "/" + kLock;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return failure("the folder cannot be locked");
  FolderLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK)
    return Status(Code::in_use, "another process is writing to this folder");
  return failure("the folder cannot be locked");
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace nearzone::authority
