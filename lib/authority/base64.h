// Base64 (RFC 4648) in its two alphabets. Reading is strict but for the padding, which may be left
// out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nearzone/bytes.h"

namespace nearzone::authority {

std::string base64(ByteView bytes);
std::string base64url(ByteView bytes);  // without padding

// Nothing where a character is foreign, the length impossible, the padding wrong, or a bit beyond
// the last byte is set.
std::optional<std::vector<uint8_t>> from_base64(std::string_view text);
std::optional<std::vector<uint8_t>> from_base64url(std::string_view text);

}  // namespace nearzone::authority
