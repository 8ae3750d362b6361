#include "authority/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace nearzone::authority {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

Result<SecretBytes> read_private_file(const std::string& path, size_t most_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0)
    return errno == ENOENT ? Status(Code::not_found, "there is no such file")
                           : Status(Code::io, "the file cannot be opened");
  struct stat found {};
  if (::fstat(file.number(), &found) != 0 || !S_ISREG(found.st_mode))
    return Status(Code::io, "not a regular file");
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return Status(Code::invalid_argument, "others may read this file; chmod it to 0600", "mode");
  const auto size = static_cast<size_t>(found.st_size);
  if (size > most_bytes) return Status(Code::limit_exceeded, "the file is too large");
  SecretBytes bytes(size);
  for (size_t done = 0; done < size;) {
    const ssize_t got = ::read(file.number(), bytes.replace().data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Status(Code::io, "the file cannot be read");
    done += static_cast<size_t>(got);
  }
  return bytes;
}

namespace {

Status write_whole(int file, ByteView bytes) {
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t put = ::write(file, bytes.data() + done, bytes.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return {Code::io, "the file cannot be written"};
    done += static_cast<size_t>(put);
  }
  if (::fsync(file) != 0) return {Code::io, "the file cannot be written"};
  return {};
}

}  // namespace

Status make_private_file(const std::string& path, ByteView bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.number() < 0)
    return errno == EEXIST ? Status(Code::in_use, "there is a file already")
                           : Status(Code::io, "the file cannot be made");
  Status made = write_whole(file.number(), bytes);
  if (made.ok()) made = sync_folder_of(path);
  if (!made.ok()) ::unlink(path.c_str());
  return made;
}

Status sync_folder_of(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  const Descriptor folder(
      ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() < 0 || ::fsync(folder.number()) != 0)
    return {Code::io, "the folder cannot be synced"};
  return {};
}

}  // namespace nearzone::authority
