// What reads lists (lists) has keys in hand, and cannot make a disclosure of them.
// expect: private
#include "nearzone/lists.h"
#include "nearzone/upload.h"

nearzone::Result<nearzone::Upload> publish_again(nearzone::KeyStream& stream, nearzone::Instant now,
                                                 nearzone::Random& random,
                                                 nearzone::Disclosure given) {
  std::vector<nearzone::PublishedKey> keys;
  NEARZONE_TRY(stream.next(1000, keys));
#ifdef TWIN
  return nearzone::Upload::begin(std::move(given), now, random);
#else
  return nearzone::Upload::begin(nearzone::Disclosure(nearzone::SchemeTag::gaen, keys), now,
                                 random);
#endif
}
