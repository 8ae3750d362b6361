// expect: deleted
#include "nearzone/upload.h"

nearzone::Upload again(nearzone::Upload upload) {
#ifdef TWIN
  nearzone::Upload other = std::move(upload);
#else
  nearzone::Upload other = upload;
#endif
  return other;
}
