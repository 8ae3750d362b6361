#include "lists/archive.h"

#include <minizip/unzip.h>

#include <algorithm>
#include <array>

#include "lists/inflate.h"

namespace nearzone {
namespace {

constexpr size_t kMostMembers = 100;
constexpr size_t kLongestName = 255;
constexpr const char* kField = "zip";

// What minizip reads from in place of a file. Keeps the failure that minizip's codes would lose.
struct SourceFile {
  ByteSource& source;
  const Cancel* cancel;
  uint64_t position = 0;
  Status failure;
};

voidpf open_source(voidpf opaque, const void*, int) { return opaque; }

// A megabyte of deflated data can take a tenth of a second and yield nothing, so that a request to
// cancel is looked for here: minizip reads 16 KiB at a time.
//
// minizip never asks for more than an undamaged archive has, and would take the end of the file for
// zeros: reading beyond it is a failure.
uLong read_source(voidpf, voidpf stream, void* buffer, uLong size) {
  SourceFile& file = *static_cast<SourceFile*>(stream);
  Status status = poll(file.cancel);
  if (status.ok()) status = file.source.read(file.position, {static_cast<uint8_t*>(buffer), size});
  if (!status.ok()) {
    file.failure = status;
    return 0;
  }
  file.position += size;
  return size;
}

uLong write_source(voidpf, voidpf, const void*, uLong) { return 0; }

ZPOS64_T tell_source(voidpf, voidpf stream) { return static_cast<SourceFile*>(stream)->position; }

long seek_source(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
  SourceFile& file = *static_cast<SourceFile*>(stream);
  uint64_t from = origin == ZLIB_FILEFUNC_SEEK_CUR   ? file.position
                  : origin == ZLIB_FILEFUNC_SEEK_END ? file.source.size()
                                                     : 0;
  if (offset > file.source.size() || from > file.source.size() - offset) return -1;
  file.position = from + offset;
  return 0;
}

int close_source(voidpf, voidpf) { return 0; }
int error_of_source(voidpf, voidpf stream) {
  return static_cast<SourceFile*>(stream)->failure.ok() ? 0 : 1;
}

class OpenArchive {
 public:
  OpenArchive(ByteSource& source, const Cancel* cancel) : file_{source, cancel, 0, {}} {
    zlib_filefunc64_def functions{open_source, read_source,  write_source,    tell_source,
                                  seek_source, close_source, error_of_source, &file_};
    handle_ = unzOpen2_64("", &functions);
  }
  OpenArchive(const OpenArchive&) = delete;
  OpenArchive& operator=(const OpenArchive&) = delete;
  ~OpenArchive() {
    if (handle_ == nullptr) return;
    unzCloseCurrentFile(handle_);
    unzClose(handle_);
  }

  unzFile handle() { return handle_; }
  Status damaged(const char* text) const {
    return file_.failure.ok() ? Status(Code::corrupt, text, kField)
                              : file_.failure.in_field(kField);
  }

 private:
  SourceFile file_;
  unzFile handle_ = nullptr;
};

// Nothing is ever unpacked to a disk here, but an archive with such names was made to attack
// whoever does.
bool leaves_its_folder(std::string_view name) {
  return name.starts_with('/') || name.find('\\') != name.npos || name.find(':') != name.npos ||
         name.find("..") != name.npos;
}

class MemberStream final : public ByteStream {
 public:
  static Result<std::unique_ptr<ByteStream>> open(ByteSource& source, const Cancel* cancel,
                                                  const ArchiveMember& member) {
    auto stream = std::unique_ptr<MemberStream>(new MemberStream(source, cancel, member.size));
    unzFile handle = stream->archive_.handle();
    unz64_file_pos position{member.directory_position, member.number};
    if (handle == nullptr || unzGoToFilePos64(handle, &position) != UNZ_OK ||
        unzOpenCurrentFile(handle) != UNZ_OK)
      return stream->archive_.damaged("a member's header is damaged");
    return std::unique_ptr<ByteStream>(std::move(stream));
  }

  Status next(ByteView& chunk) override {
    chunk = {};
    if (checked_) return {};
    unzFile handle = archive_.handle();
    int got = unzReadCurrentFile(handle, buffer_.data(), static_cast<unsigned>(buffer_.size()));
    uint64_t at = unzGetCurrentFileZStreamPos64(handle);
    if (got < 0 || static_cast<uint64_t>(got) > left_)
      return archive_.damaged("a member's compressed data are damaged").at_offset(at);
    left_ -= static_cast<uint64_t>(got);
    chunk = ByteView(buffer_).first(static_cast<size_t>(got));
    if (got > 0) return {};
    if (left_ > 0) return archive_.damaged("a member is shorter than stated").at_offset(at);
    if (unzCloseCurrentFile(handle) != UNZ_OK)
      return archive_.damaged("a member's checksum is wrong").at_offset(at);
    checked_ = true;
    return {};
  }

 private:
  MemberStream(ByteSource& source, const Cancel* cancel, uint64_t size)
      : archive_(source, cancel), buffer_(64 * 1024), left_(size) {}

  OpenArchive archive_;
  std::vector<uint8_t> buffer_;
  uint64_t left_;
  bool checked_ = false;
};

// A member's bytes as they stand in the archive, into `out` of their size.
Status read_stored(ByteSource& source, const ArchiveMember& member, MutableBytes out,
                   const Cancel* cancel) {
  OpenArchive archive(source, cancel);
  unz64_file_pos position{member.directory_position, member.number};
  int method = 0;
  int level = 0;
  constexpr int kRaw = 1;
  if (archive.handle() == nullptr || unzGoToFilePos64(archive.handle(), &position) != UNZ_OK ||
      unzOpenCurrentFile2(archive.handle(), &method, &level, kRaw) != UNZ_OK)
    return archive.damaged("a member's header is damaged");
  const uint64_t begin = unzGetCurrentFileZStreamPos64(archive.handle());
  return content_of(source, begin, out.size())->read_whole(out, cancel);
}

class MemberContent final : public Content {
 public:
  MemberContent(ByteSource& source, const Cancel* cancel, const ArchiveMember& member)
      : source_(source), cancel_(cancel), member_(member) {}
  uint64_t size() const override { return member_.size; }
  Result<std::unique_ptr<ByteStream>> stream() const override {
    return MemberStream::open(source_, cancel_, member_);
  }
  Status read_whole(MutableBytes out, const Cancel* cancel) const override {
    if (!can_inflate_whole(member_.size, member_.stored_size) || !member_.deflated)
      return Content::read_whole(out, cancel);
    const size_t size = static_cast<size_t>(member_.stored_size);
    const auto bytes = std::make_unique_for_overwrite<uint8_t[]>(size);
    const MutableBytes deflated(bytes.get(), size);
    const Status read = read_stored(source_, member_, deflated, cancel);
    NEARZONE_TRY(poll(cancel));
    if (read.ok() && inflate_whole(deflated, member_.checksum, out)) return {};
    // The way through a stream finds out what is wrong and where.
    return Content::read_whole(out, cancel);
  }

 private:
  ByteSource& source_;
  const Cancel* cancel_;
  ArchiveMember member_;
};

// Reads what the directory says of the member that minizip stands at.
Result<ArchiveMember> read_member(OpenArchive& archive) {
  unz_file_info64 facts;
  unz64_file_pos position;
  std::array<char, kLongestName + 1> name;
  if (unzGetCurrentFileInfo64(archive.handle(), &facts, name.data(), name.size(), nullptr, 0,
                              nullptr, 0) != UNZ_OK ||
      unzGetFilePos64(archive.handle(), &position) != UNZ_OK)
    return archive.damaged("the archive's directory is damaged");
  Status refused;
  if (facts.size_filename == 0 || facts.size_filename > kLongestName)
    refused = Status(Code::corrupt, "a member's name is empty or too long", kField);
  else if ((facts.flag & 1) != 0)
    refused = Status(Code::unsupported, "a member is encrypted", kField);
  else if (facts.compression_method != 0 && facts.compression_method != Z_DEFLATED)
    refused = Status(Code::unsupported, "a member is compressed by an unknown method", kField);
  if (!refused.ok()) return refused.at_offset(position.pos_in_zip_directory);
  return ArchiveMember{std::string(name.data(), facts.size_filename),
                       facts.uncompressed_size,
                       facts.compressed_size,
                       static_cast<uint32_t>(facts.crc),
                       facts.compression_method == Z_DEFLATED,
                       position.pos_in_zip_directory,
                       position.num_of_file};
}

}  // namespace

Result<Archive> Archive::open(ByteSource& source, const Cancel* cancel) {
  OpenArchive open_archive(source, cancel);
  unzFile handle = open_archive.handle();
  if (handle == nullptr)
    return open_archive.damaged("the archive has no readable directory at its end")
        .at_offset(source.size());
  Archive archive(source, cancel);
  int found = unzGoToFirstFile(handle);
  for (; found == UNZ_OK; found = unzGoToNextFile(handle)) {
    if (archive.members_.size() == kMostMembers)
      return Status(Code::limit_exceeded, "the archive has more than 100 members", kField);
    NEARZONE_ASSIGN(ArchiveMember member, read_member(open_archive));
    Status refused;
    if (leaves_its_folder(member.name))
      refused = Status(Code::corrupt, "a member's name leaves its folder", kField);
    else if (archive.find(member.name) != nullptr)
      refused = Status(Code::corrupt, "two members have the same name", kField);
    if (!refused.ok()) return refused.at_offset(member.directory_position);
    archive.members_.push_back(std::move(member));
  }
  if (found != UNZ_END_OF_LIST_OF_FILE)
    return open_archive.damaged("the archive's directory is damaged");
  return archive;
}

const ArchiveMember* Archive::find(std::string_view name) const {
  for (const ArchiveMember& member : members_)
    if (member.name == name) return &member;
  return nullptr;
}

std::unique_ptr<Content> Archive::content(const ArchiveMember& member) const {
  return std::make_unique<MemberContent>(*source_, cancel_, member);
}

}  // namespace nearzone
