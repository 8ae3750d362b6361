// Verification codes, tokens and API keys as texts: how they are drawn and how they are hashed.
#pragma once

#include <string>
#include <string_view>

#include "authority/records.h"
#include "nearzone/bytes.h"
#include "nearzone/random.h"

namespace nearzone::authority {

// Decimal digits, each equally likely.
std::string draw_short_code(uint32_t digits, Random& random);
// Of 32 letters and digits, none of which looks like another one; 5 bits each.
std::string draw_long_code(uint32_t characters, Random& random);
// 96 random bits.
std::string draw_token(Random& random);
// 256 random bits.
std::string draw_api_key(Random& random);
// A random UUID (RFC 4122, version 4).
std::string draw_uuid(Random& random);
// Whether a text looks like one.
bool is_uuid(std::string_view text);

// As people type it: letters in any case, blanks and hyphens anywhere.
std::string tidy_code(std::string_view code);

// HMAC-SHA256 of a tidy code or a token's origin under a key of the ring, bound to the realm.
Hash hash_code(ByteView key, std::string_view realm, std::string_view code);
// Of a token or an API key, which are long enough not to need a key.
Hash hash_token(std::string_view token);

}  // namespace nearzone::authority
