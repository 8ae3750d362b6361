// What talks to servers (net, sync) cannot say yes in the person's place.
// expect: private|no matching|calling a private
#include "nearzone/broadcaster.h"

nearzone::Result<nearzone::Disclosure> pull(nearzone::Broadcaster& broadcaster,
                                            nearzone::Random& random, nearzone::Instant now,
                                            nearzone::Consent given) {
#ifdef TWIN
  return broadcaster.disclose(std::move(given), nearzone::Day::of(now), now, random);
#else
  return broadcaster.disclose(nearzone::Consent(), nearzone::Day::of(now), now, random);
#endif
}
