#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "nearzone/lists.h"

namespace nearzone {
namespace {

const Status kBeyondTheEnd(Code::corrupt, "the list ends too early");

}  // namespace

Result<std::unique_ptr<FileSource>> FileSource::open(const std::string& path) {
  int descriptor = -1;
  do {
    descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return Status(Code::not_found, "there is no such file", "path");
    return Status(Code::io, "the file cannot be opened", "path");
  }
  struct stat facts;
  std::unique_ptr<FileSource> source(new FileSource(descriptor, 0));
  if (::fstat(descriptor, &facts) != 0) return Status(Code::io, "the file cannot be read", "path");
  // A pipe or a device has no size to check limits against, and cannot be read twice.
  if (!S_ISREG(facts.st_mode)) return Status(Code::unsupported, "not a regular file", "path");
  source->size_ = static_cast<uint64_t>(facts.st_size);
  return source;
}

FileSource::~FileSource() { ::close(descriptor_); }

Status FileSource::read(uint64_t offset, MutableBytes out) {
  if (offset > size_ || out.size() > size_ - offset) return kBeyondTheEnd.at_offset(offset);
  while (!out.empty()) {
    ssize_t got = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Status(Code::io, "the file cannot be read").at_offset(offset);
    if (got == 0) return kBeyondTheEnd.at_offset(offset);  // it became shorter since open()
    offset += static_cast<uint64_t>(got);
    out = out.subspan(static_cast<size_t>(got));
  }
  return {};
}

Status MemorySource::read(uint64_t offset, MutableBytes out) {
  if (offset > bytes_.size() || out.size() > bytes_.size() - offset)
    return kBeyondTheEnd.at_offset(offset);
  if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
  return {};
}

}  // namespace nearzone
