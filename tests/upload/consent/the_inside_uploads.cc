// Whoever knows the inside of lib/upload cannot make one either.
// expect: private
#include "upload/record.h"

#include <memory>

#include "nearzone/upload.h"

nearzone::UploadState forge(nearzone::ByteView bytes, nearzone::Upload given) {
  nearzone::Result<nearzone::upload::Record> record = nearzone::upload::decode(bytes);
#ifdef TWIN
  if (!record.ok()) return given.status().state;
  return record->status.state;
#else
  if (!record.ok()) return given.status().state;
  nearzone::Upload made(std::make_unique<nearzone::upload::Record>(*std::move(record)));
  return made.status().state;
#endif
}
