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

// Writes the header and returns where the records go.
inline uint8_t* begin_own_state(SecretBytes& state, SchemeTag tag, size_t records) {
  uint8_t* to = state.replace().data();
  *to++ = kOwnStateVersion;
  *to++ = static_cast<uint8_t>(tag);
  *to++ = static_cast<uint8_t>(records);
  return to;
}

Result<std::unique_ptr<Broadcaster>> load_bluezone_broadcaster(ByteView records, uint8_t count);
Result<std::unique_ptr<Broadcaster>> load_gaen_broadcaster(ByteView records, uint8_t count);
Result<std::unique_ptr<Broadcaster>> load_dp3t_low_cost_broadcaster(ByteView records,
                                                                    uint8_t count);
Result<std::unique_ptr<Broadcaster>> load_dp3t_hybrid_broadcaster(ByteView records, uint8_t count);
Result<std::unique_ptr<Broadcaster>> load_tcn_broadcaster(ByteView records, uint8_t count);
Result<std::unique_ptr<Broadcaster>> load_dp3t_unlinkable_broadcaster(ByteView records,
                                                                      uint8_t count);
std::unique_ptr<Broadcaster> new_bluezone_broadcaster();
std::unique_ptr<Broadcaster> new_gaen_broadcaster();
std::unique_ptr<Broadcaster> new_dp3t_low_cost_broadcaster();
std::unique_ptr<Broadcaster> new_dp3t_hybrid_broadcaster();
std::unique_ptr<Broadcaster> new_tcn_broadcaster();
std::unique_ptr<Broadcaster> new_dp3t_unlinkable_broadcaster();

// Times that own keys can be made for: 1970 to 9999.
inline Status check_own_time(Instant now) {
  constexpr Instant kEnd{253402300800000};
  if (now.ms < 0 || now >= kEnd)
    return {Code::invalid_argument, "the clock is outside the years 1970 to 9999", "now"};
  return {};
}

}  // namespace nearzone
