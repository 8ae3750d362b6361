/// Views of bytes, hexadecimal text and fixed-order loads and stores.
///
///     std::array<uint8_t, 4> bytes;
///     if (nearzone::Status read = nearzone::from_hex("00c0ffee", bytes); !read.ok()) return read;
///     std::string text = nearzone::to_hex(bytes);
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "nearzone/status.h"

namespace nearzone {

/// Borrowed bytes; valid for the duration of a call unless a declaration says otherwise.
using ByteView = std::span<const uint8_t>;
using MutableBytes = std::span<uint8_t>;

/// The bytes of a text, borrowed.
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

/// Lower-case hexadecimal, two digits a byte.
std::string to_hex(ByteView bytes);

/// Reads exactly `out.size()` bytes of hexadecimal in either case. Fails with invalid_argument on
/// odd length, another length or a foreign character (with its offset); `out` is then unspecified.
Status from_hex(std::string_view hex, MutableBytes out);

/// Base64 (RFC 4648, section 4) with padding, in time that depends on the length only.
std::string to_base64(ByteView bytes);

/// Whether two byte strings are equal, in time that depends on their lengths only.
bool equal_in_constant_time(ByteView a, ByteView b);

/// Fixed byte orders, independent of the machine's.
inline uint32_t load_be32(const uint8_t* p) {
  return uint32_t{p[0]} << 24 | uint32_t{p[1]} << 16 | uint32_t{p[2]} << 8 | uint32_t{p[3]};
}
inline uint32_t load_le32(const uint8_t* p) {
  return uint32_t{p[3]} << 24 | uint32_t{p[2]} << 16 | uint32_t{p[1]} << 8 | uint32_t{p[0]};
}
inline uint64_t load_le64(const uint8_t* p) {
  return uint64_t{load_le32(p)} | uint64_t{load_le32(p + 4)} << 32;
}
// As one number: written byte by byte, g++ 12 makes vectors of the bytes, which takes five times as
// long.
inline void store_be32(uint8_t* p, uint32_t v) {
  if constexpr (std::endian::native == std::endian::little) v = __builtin_bswap32(v);
  std::memcpy(p, &v, sizeof(v));
}
inline void store_le32(uint8_t* p, uint32_t v) {
  p[0] = static_cast<uint8_t>(v);
  p[1] = static_cast<uint8_t>(v >> 8);
  p[2] = static_cast<uint8_t>(v >> 16);
  p[3] = static_cast<uint8_t>(v >> 24);
}
inline void store_le64(uint8_t* p, uint64_t v) {
  store_le32(p, static_cast<uint32_t>(v));
  store_le32(p + 4, static_cast<uint32_t>(v >> 32));
}

}  // namespace nearzone
