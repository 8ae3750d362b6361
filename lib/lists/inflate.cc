#include "lists/inflate.h"

#ifdef NEARZONE_HAS_LIBDEFLATE
#include <libdeflate.h>

#include <memory>
#endif

namespace nearzone {

#ifdef NEARZONE_HAS_LIBDEFLATE

bool can_inflate_whole(uint64_t size, uint64_t deflated_size) {
  return size <= kMostInflatedWhole && deflated_size <= kMostDeflatedWhole;
}

bool inflate_whole(ByteView deflated, uint32_t checksum, MutableBytes out) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> inflater(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  // Without a place for the size, it must be out.size() to succeed.
  return inflater != nullptr &&
         libdeflate_deflate_decompress(inflater.get(), deflated.data(), deflated.size(), out.data(),
                                       out.size(), nullptr) == LIBDEFLATE_SUCCESS &&
         libdeflate_crc32(0, out.data(), out.size()) == checksum;
}

#else

bool can_inflate_whole(uint64_t, uint64_t) { return false; }

bool inflate_whole(ByteView, uint32_t, MutableBytes) { return false; }

#endif

}  // namespace nearzone
