#include <minizip/zip.h>

#include <cstring>

#ifdef NEARZONE_HAS_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "lists/archive.h"

namespace nearzone {
namespace {

// What minizip writes to in place of a file.
struct MemoryFile {
  std::vector<uint8_t> bytes;
  size_t position = 0;
};

voidpf open_memory(voidpf opaque, const void*, int) { return opaque; }

uLong read_memory(voidpf, voidpf, void*, uLong) { return 0; }

uLong write_memory(voidpf, voidpf stream, const void* bytes, uLong size) {
  MemoryFile& file = *static_cast<MemoryFile*>(stream);
  if (file.bytes.size() < file.position + size) file.bytes.resize(file.position + size);
  if (size > 0) std::memcpy(file.bytes.data() + file.position, bytes, size);
  file.position += size;
  return size;
}

ZPOS64_T tell_memory(voidpf, voidpf stream) { return static_cast<MemoryFile*>(stream)->position; }

long seek_memory(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
  MemoryFile& file = *static_cast<MemoryFile*>(stream);
  size_t from = origin == ZLIB_FILEFUNC_SEEK_CUR   ? file.position
                : origin == ZLIB_FILEFUNC_SEEK_END ? file.bytes.size()
                                                   : 0;
  file.position = from + static_cast<size_t>(offset);
  return 0;
}

int close_memory(voidpf, voidpf) { return 0; }
int error_of_memory(voidpf, voidpf) { return 0; }

const Status kFailed(Code::internal, "the archive could not be written");

#ifdef NEARZONE_HAS_LIBDEFLATE
constexpr bool kIsDeflatedBefore = true;

// Writes the member, which is open already. Several times faster than zlib, for all of it is there.
bool write_member(zipFile handle, ByteView content) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> deflater(
      libdeflate_alloc_compressor(6), libdeflate_free_compressor);
  if (deflater == nullptr) return false;
  std::vector<uint8_t> deflated(libdeflate_deflate_compress_bound(deflater.get(), content.size()));
  const size_t size = libdeflate_deflate_compress(deflater.get(), content.data(), content.size(),
                                                  deflated.data(), deflated.size());
  return size > 0 &&
         zipWriteInFileInZip(handle, deflated.data(), static_cast<unsigned>(size)) == ZIP_OK &&
         zipCloseFileInZipRaw64(handle, content.size(),
                                libdeflate_crc32(0, content.data(), content.size())) == ZIP_OK;
}
#else
constexpr bool kIsDeflatedBefore = false;

bool write_member(zipFile handle, ByteView content) {
  return zipWriteInFileInZip(handle, content.data(), static_cast<unsigned>(content.size())) ==
             ZIP_OK &&
         zipCloseFileInZip(handle) == ZIP_OK;
}
#endif

}  // namespace

struct ArchiveWriter::State {
  MemoryFile file;
  zipFile handle = nullptr;
};

ArchiveWriter::ArchiveWriter() : state_(std::make_unique<State>()) {
  zlib_filefunc64_def functions{open_memory, read_memory,  write_memory,    tell_memory,
                                seek_memory, close_memory, error_of_memory, &state_->file};
  state_->handle = zipOpen2_64("", APPEND_STATUS_CREATE, nullptr, &functions);
}

ArchiveWriter::~ArchiveWriter() {
  if (state_->handle != nullptr) zipClose(state_->handle, nullptr);
}

Status ArchiveWriter::add(const char* name, ByteView content) {
  // A fixed date, the format's first, so that equal members give equal archives.
  zip_fileinfo facts{};
  facts.tmz_date = {0, 0, 0, 1, 0, 1980};
  if (state_->handle == nullptr ||
      zipOpenNewFileInZip2_64(state_->handle, name, &facts, nullptr, 0, nullptr, 0, nullptr,
                              Z_DEFLATED, Z_DEFAULT_COMPRESSION, kIsDeflatedBefore, 0) != ZIP_OK ||
      !write_member(state_->handle, content))
    return kFailed;
  return {};
}

Result<std::vector<uint8_t>> ArchiveWriter::finish() {
  int closed = zipClose(state_->handle, nullptr);
  state_->handle = nullptr;
  if (closed != ZIP_OK) return kFailed;
  return std::move(state_->file.bytes);
}

}  // namespace nearzone
