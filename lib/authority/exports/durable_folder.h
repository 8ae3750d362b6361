// A folder whose files are always whole: each is written beside its place, synced, and put there by
// a rename that is synced as well. A process that is killed, or a machine that loses its power,
// leaves the old file or the new one.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/exports/file_calls.h"
#include "nearzone/bytes.h"
#include "nearzone/status.h"

namespace nearzone::authority {

// Letters, digits, dot, underscore and hyphen, at most 200 and no dot in front: what stays inside
// its folder, needs no quoting in an index or a URL, and is no unfinished file.
bool is_file_name(std::string_view name);

// Safe from several threads; of two that write one name at once, the later rename counts.
class DurableFolder {
 public:
  // Makes the folder where it is missing (not those above it) with `mode`. `calls` must outlive it.
  static Result<DurableFolder> open(std::string path, mode_t mode, const FileCalls& calls);

  // Puts `bytes` in the place of `name`. The new file is on the disk when this returns.
  Status replace(const std::string& name, ByteView bytes, mode_t mode) const;
  // Does nothing where there is no such file. The removal is on the disk when this returns.
  Status remove(const std::string& name) const;
  // None where there is no such file; fails with limit_exceeded above `max_bytes`.
  Result<std::optional<std::vector<uint8_t>>> read(const std::string& name,
                                                   uint64_t max_bytes) const;
  // The names of its finished files, sorted.
  Result<std::vector<std::string>> names() const;
  // Removes what killed writers left unfinished. Only while nobody writes.
  Status sweep() const;

  const std::string& path() const { return path_; }

 private:
  DurableFolder(std::string path, const FileCalls& calls)
      : path_(std::move(path)), calls_(&calls) {}
  std::string path_of(const std::string& name) const { return path_ + "/" + name; }
  Status write_whole(const std::string& path, ByteView bytes, mode_t mode) const;
  Status sync() const;

  std::string path_;
  const FileCalls* calls_;
};

// One process at a time: holds while it lives, and is let go when the process dies however it does.
class FolderLock {
 public:
  // Fails with in_use where another process holds the folder.
  static Result<FolderLock> take(const DurableFolder& folder);
  FolderLock(FolderLock&& other) noexcept : descriptor_(other.descriptor_) {
    other.descriptor_ = -1;
  }
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace nearzone::authority
