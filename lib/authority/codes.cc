#include "authority/codes.h"

#include <algorithm>
#include <array>

#include "authority/base64.h"
#include "core/crypto.h"

namespace nearzone::authority {
namespace {

// Without I, L, O and U.
constexpr std::string_view kLongAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static_assert(kLongAlphabet.size() == 32);

std::string draw(std::string_view alphabet, uint32_t size, Random& random) {
  std::string text;
  for (uint32_t i = 0; i < size; ++i) text += alphabet[random.below(alphabet.size())];
  return text;
}

template <size_t N>
std::string draw_bytes(Random& random) {
  std::array<uint8_t, N> bytes{};
  random.fill(bytes);
  return base64url(bytes);
}

}  // namespace

std::string draw_short_code(uint32_t digits, Random& random) {
  return draw(kLongAlphabet.substr(0, 10), digits, random);
}

std::string draw_long_code(uint32_t characters, Random& random) {
  std::string code = draw(kLongAlphabet, characters, random);
  // One that is all digits could be a short one.
  while (std::ranges::all_of(code, [](char c) { return c <= '9'; }))
    code = draw(kLongAlphabet, characters, random);
  return code;
}

std::string draw_token(Random& random) { return draw_bytes<12>(random); }

std::string draw_api_key(Random& random) { return draw_bytes<32>(random); }

std::string draw_uuid(Random& random) {
  std::array<uint8_t, 16> bytes{};
  random.fill(bytes);
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string text = to_hex(bytes);
  for (const size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  return text;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (i == 8 || i == 13 || i == 18 || i == 23 ? c != '-' : !is_hex) return false;
  }
  return true;
}

std::string tidy_code(std::string_view code) {
  std::string tidy;
  for (const char c : code) {
    if (c == ' ' || c == '-') continue;
    tidy += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return tidy;
}

Hash hash_code(ByteView key, std::string_view realm, std::string_view code) {
  std::string message(realm);
  message += '\0';
  message += code;
  const Hash hash = hmac_sha256(key, as_bytes(message));
  wipe(message.data(), message.size());
  return hash;
}

Hash hash_token(std::string_view token) { return sha256(as_bytes(token)); }

}  // namespace nearzone::authority
