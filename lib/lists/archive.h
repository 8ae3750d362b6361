// Zip archives, read by their central directory: real exports state the sizes of their members
// only there and in data descriptors, never in the headers before the data.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lists/content.h"
#include "nearzone/lists.h"

namespace nearzone {

struct ArchiveMember {
  std::string name;
  uint64_t size = 0;  // inflated, as the directory states it
  uint64_t stored_size = 0;
  uint32_t checksum = 0;  // CRC-32 of the inflated bytes
  bool deflated = false;
  uint64_t directory_position = 0;  // where the directory speaks of it
  uint64_t number = 0;
};

class Archive {
 public:
  // Reads the directory. Fails with corrupt on a broken one, two members of one name, or a name
  // that would leave the folder it is unpacked in; with limit_exceeded on more than 100 members.
  // `source` and `cancel`, which may be null, must outlive the archive and its contents.
  static Result<Archive> open(ByteSource& source, const Cancel* cancel);

  const std::vector<ArchiveMember>& members() const { return members_; }
  // Null where there is none.
  const ArchiveMember* find(std::string_view name) const;

  // A member's bytes, inflated anew in each pass. A pass fails with corrupt where the data, their
  // length or their checksum are damaged, at the offset in the archive.
  std::unique_ptr<Content> content(const ArchiveMember& member) const;

 private:
  Archive(ByteSource& source, const Cancel* cancel) : source_(&source), cancel_(cancel) {}
  ByteSource* source_;
  const Cancel* cancel_;
  std::vector<ArchiveMember> members_;
};

// Builds an archive of deflated members. The same members give the same bytes.
class ArchiveWriter {
 public:
  ArchiveWriter();
  ~ArchiveWriter();
  Status add(const char* name, ByteView content);
  Result<std::vector<uint8_t>> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nearzone
