// One yes is one disclosure, and one upload.
// expect: deleted
#include "nearzone/upload.h"

nearzone::Result<nearzone::Upload> twice(nearzone::Disclosure disclosure, nearzone::Instant now,
                                         nearzone::Random& random) {
#ifdef TWIN
  nearzone::Disclosure other = std::move(disclosure);
#else
  nearzone::Disclosure other = disclosure;
#endif
  return nearzone::Upload::begin(std::move(other), now, random);
}
