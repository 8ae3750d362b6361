// The small binary form in which broadcasters keep their own keys: version, scheme, count, records.
#pragma once

#include <cstdint>
#include <memory>

#include "nearzone/broadcaster.h"
#include "nearzone/bytes.h"

namespace nearzone {

// First bytes of every saved state: format version 1, then the scheme's tag, then a record count.
inline constexpr size_t kOwnStateHeader = 3;
inline constexpr uint8_t kOwnStateVersion = 1;

Result<std::unique_ptr<Broadcaster>> load_bluezone_broadcaster(ByteView records, uint8_t count);
Result<std::unique_ptr<Broadcaster>> load_gaen_broadcaster(ByteView records, uint8_t count);
std::unique_ptr<Broadcaster> new_bluezone_broadcaster();
std::unique_ptr<Broadcaster> new_gaen_broadcaster();

// Times that own keys can be made for: 1970 to 9999.
inline Status check_own_time(Instant now) {
  constexpr Instant kEnd{253402300800000};
  if (now.ms < 0 || now >= kEnd)
    return {Code::invalid_argument, "the clock is outside the years 1970 to 9999", "now"};
  return {};
}

}  // namespace nearzone
