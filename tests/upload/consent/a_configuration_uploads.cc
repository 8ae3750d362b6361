// Bytes that came from anywhere but the device's sealed state (a configuration) are no upload.
// expect: private
#include "nearzone/upload.h"

nearzone::Result<nearzone::SecretBytes> store(nearzone::Upload upload, nearzone::ByteView bytes) {
#ifdef TWIN
  nearzone::Upload mine = std::move(upload);
  if (bytes.empty()) return mine.save();
#else
  nearzone::Result<nearzone::Upload> mine = nearzone::Upload::load(bytes);
  if (mine.ok()) return mine->save();
#endif
  return upload.save();
}
