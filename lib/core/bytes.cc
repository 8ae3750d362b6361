#include "nearzone/bytes.h"

#include <sodium.h>

namespace nearzone {
namespace {

// Keys pass through here too, so a digit's value is computed without a table or a branch on it.
// Returns 0..15, or a negative number for a character that is no hexadecimal digit.
int digit_value(char character) {
  int c = static_cast<unsigned char>(character);
  int is_number = ((c - '0') | ('9' - c)) >= 0;
  int lower = c | 0x20;
  int is_letter = ((lower - 'a') | ('f' - lower)) >= 0;
  return is_number * (c - '0' + 1) + is_letter * (lower - 'a' + 11) - 1;
}

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string text(bytes.size() * 2, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int half = 0; half < 2; ++half) {
      int nibble = half == 0 ? bytes[i] >> 4 : bytes[i] & 15;
      text[2 * i + static_cast<size_t>(half)] =
          static_cast<char>('0' + nibble + (((9 - nibble) >> 8) & ('a' - '0' - 10)));
    }
  }
  return text;
}

Status from_hex(std::string_view hex, MutableBytes out) {
  if (hex.size() % 2 != 0) return {Code::invalid_argument, "hexadecimal text has an odd length"};
  if (hex.size() != out.size() * 2)
    return {Code::invalid_argument, "hexadecimal text has the wrong length"};
  for (size_t i = 0; i < out.size(); ++i) {
    int high = digit_value(hex[2 * i]);
    int low = digit_value(hex[2 * i + 1]);
    if ((high | low) < 0)
      return Status(Code::invalid_argument, "not a hexadecimal digit")
          .at_offset(2 * i + (high < 0 ? 0 : 1));
    out[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return {};
}

std::string to_base64(ByteView bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
  text.pop_back();  // the zero that libsodium ends it with
  return text;
}

bool equal_in_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace nearzone
