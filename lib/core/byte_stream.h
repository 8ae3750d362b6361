// Bytes in order, a chunk at a time.
#pragma once

#include "nearzone/bytes.h"
#include "nearzone/status.h"

namespace nearzone {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Points `chunk` at the next bytes, valid until the next call; empty at the end.
  virtual Status next(ByteView& chunk) = 0;
};

// Bytes that are all there, in one chunk. Borrowed.
class HeldBytes final : public ByteStream {
 public:
  explicit HeldBytes(ByteView bytes) : bytes_(bytes) {}
  Status next(ByteView& chunk) override {
    chunk = bytes_;
    bytes_ = {};
    return {};
  }

 private:
  ByteView bytes_;
};

}  // namespace nearzone
