// Nor by leaving the consent empty.
// expect: no matching|could not convert|cannot convert|private
#include "nearzone/broadcaster.h"

nearzone::Result<nearzone::Disclosure> pull(nearzone::Broadcaster& broadcaster,
                                            nearzone::Random& random, nearzone::Instant now,
                                            nearzone::Consent given) {
#ifdef TWIN
  return broadcaster.disclose(std::move(given), nearzone::Day::of(now), now, random);
#else
  return broadcaster.disclose({}, nearzone::Day::of(now), now, random);
#endif
}
