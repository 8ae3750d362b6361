// What the codec and the checks of an identity share.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nearzone/beacon.h"

namespace nearzone::beacon {

inline constexpr uint16_t kApple = 0x004c;
// What an advertisement has room for beside the flags that the phone's system puts before it.
inline constexpr size_t kRoom = Transmission::kAdvertisement - 3;

// Bytes of identifier and metadata.
size_t value_size(const AirIdentity& air);
// Bytes of an Android phone's advertisement, without the flags.
size_t advertisement_size(const AirIdentity& air);

}  // namespace nearzone::beacon
