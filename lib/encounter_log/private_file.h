// Files and folders that only their owner may read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "encounter_log/system_calls.h"
#include "nearzone/bytes.h"
#include "nearzone/status.h"

namespace nearzone::encounter_log {

// Makes the folder (mode 0700) if there is none; its parent must exist.
Status make_private_directory(const SystemCalls& calls, const std::string& directory);
// Makes the names of new files in the folder survive a power cut.
Status sync_directory(const SystemCalls& calls, const std::string& directory);
// Nothing where there is no such file. Fails with io where nobody can say.
Result<std::optional<uint64_t>> file_size(const SystemCalls& calls, const std::string& path);

// An open file, read and written in place. Closed with its owner, and in programs it starts.
class PrivateFile {
 public:
  enum class Opening { existing, create_if_missing };

  // New files have mode 0600. Fails with not_found, io, no_space.
  static Result<PrivateFile> open(const SystemCalls& calls, const std::string& path,
                                  Opening opening);
  PrivateFile(PrivateFile&& other) noexcept : calls_(other.calls_), descriptor_(other.descriptor_) {
    other.descriptor_ = -1;
  }
  PrivateFile& operator=(PrivateFile&&) = delete;
  ~PrivateFile();

  // Keeps every other opening of this file from locking it, until this one is closed. Fails with
  // in_use at once where another holds the lock.
  Status lock();
  // Reads up to out.size() bytes; how many there were.
  Result<size_t> read(uint64_t offset, MutableBytes out) const;
  Status write(uint64_t offset, ByteView bytes);
  // Returns when the device says that it keeps what was written.
  Status sync();

 private:
  PrivateFile(const SystemCalls& calls, int descriptor) : calls_(&calls), descriptor_(descriptor) {}
  const SystemCalls* calls_;
  int descriptor_;
};

}  // namespace nearzone::encounter_log
