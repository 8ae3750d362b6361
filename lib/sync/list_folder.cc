#include "sync/list_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

namespace nearzone::sync {
namespace {

constexpr size_t kLargestState = size_t{1} << 20;

Status failure(const char* text) {
  return errno == ENOSPC || errno == EDQUOT ? Status(Code::no_space, "there is no room left")
                                            : Status(Code::io, text);
}

Status write_all(const std::string& path, int flags, ByteView bytes, bool sync) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
  if (descriptor < 0) return failure("a file cannot be made");
  Status status;
  while (!bytes.empty() && status.ok()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0)
      status = failure("a file cannot be written");
    else
      bytes = bytes.subspan(static_cast<size_t>(written));
  }
  if (sync && status.ok() && ::fsync(descriptor) != 0) status = failure("a file cannot be synced");
  if (::close(descriptor) != 0 && status.ok()) status = failure("a file cannot be closed");
  return status;
}

// Under a name that a power cut does not take away.
Status put_in_place(const std::string& from, const std::string& folder, const std::string& to,
                    const char* text) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return failure(text);
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return failure(text);
  const Status synced = ::fsync(descriptor) == 0 ? Status() : failure("a folder cannot be synced");
  ::close(descriptor);
  return synced;
}

std::optional<std::string> read_text(const std::string& path, size_t most) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (file == nullptr) return std::nullopt;
  std::string text(most, '\0');
  text.resize(std::fread(text.data(), 1, most, file.get()));
  return text;
}

Status verify(const std::string& path, std::span<const PublicKey> keys, Instant now) {
  NEARZONE_ASSIGN(const std::unique_ptr<FileSource> source, FileSource::open(path));
  NEARZONE_ASSIGN(const std::unique_ptr<KeyList> list, KeyList::open(*source));
  const SignatureReport report = list->verify(keys);
  if (report.outcome != SignatureOutcome::verified)
    return {Code::signature_refused, report.detail, "signature"};
  return check_list_is_current(list->info(), now);
}

}  // namespace

Result<ListFolder> ListFolder::open(std::string path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
    return failure("the folder of lists cannot be made");
  return ListFolder(std::move(path));
}

std::string ListFolder::file_of(std::string_view path) const {
  std::string name(path);
  std::ranges::replace(name, '/', '_');
  // An index cannot name what is on its way.
  if (name.starts_with('.')) name.insert(0, 1, '_');
  return path_ + "/" + name;
}

std::string ListFolder::partial_of(std::string_view path) const {
  std::string name(path);
  std::ranges::replace(name, '/', '_');
  return path_ + "/.partial-" + name;
}

bool ListFolder::has(std::string_view path) const {
  struct stat found {};
  return ::stat(file_of(path).c_str(), &found) == 0;
}

ListFolder::Partial ListFolder::partial(std::string_view path) const {
  struct stat found {};
  const auto etag = read_text(etag_of(path), 1024);
  if (!etag || etag->empty() || ::stat(partial_of(path).c_str(), &found) != 0) return {};
  return {static_cast<uint64_t>(found.st_size), *etag};
}

Status ListFolder::begin(std::string_view path, std::string_view etag) const {
  // The version last: bytes of another one must not go under it.
  drop(path);
  NEARZONE_TRY(write_all(partial_of(path), O_TRUNC, {}, false));
  return write_all(etag_of(path), O_TRUNC, as_bytes(etag), false);
}

Status ListFolder::append(std::string_view path, ByteView bytes) const {
  return write_all(partial_of(path), O_APPEND, bytes, false);
}

void ListFolder::drop(std::string_view path) const {
  ::unlink(etag_of(path).c_str());
  ::unlink(partial_of(path).c_str());
}

Status ListFolder::accept(std::string_view path, std::span<const PublicKey> keys,
                          Instant now) const {
  Status status = verify(partial_of(path), keys, now);
  // Synced before it gets its name, under which a power cut must not leave a part of it.
  if (status.ok()) status = write_all(partial_of(path), O_APPEND, {}, true);
  if (status.ok())
    status =
        put_in_place(partial_of(path), path_, file_of(path), "a list cannot be put in its place");
  drop(path);
  return status;
}

std::optional<std::string> ListFolder::read_state(const char* name) const {
  return read_text(path_ + "/" + name, kLargestState);
}

Status ListFolder::write_state(const char* name, ByteView bytes) const {
  const std::string path = path_ + "/" + name;
  NEARZONE_TRY(write_all(path + ".new", O_TRUNC, bytes, true));
  return put_in_place(path + ".new", path_, path, "the state cannot be put in its place");
}

}  // namespace nearzone::sync
