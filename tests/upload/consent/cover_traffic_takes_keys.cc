// Cover traffic, which no one consents to, has nowhere to put a key.
// expect: no member named|has no member|too many arguments|no matching
#include "nearzone/upload.h"

void send(nearzone::Chaff& chaff, nearzone::Instant now, nearzone::Random& random,
          std::vector<nearzone::PublishedKey>& keys) {
  constexpr nearzone::Millis kGap = std::chrono::hours(48);
#ifdef TWIN
  keys.clear();
  (void)chaff.next_request(nearzone::SchemeTag::gaen, kGap, now, random);
#else
  (void)chaff.next_request(nearzone::SchemeTag::gaen, kGap, now, random, keys);
#endif
}
