// A request's body: JSON that is padded with random characters to the length of its step.
#pragma once

#include <string_view>

#include "nearzone/random.h"
#include "nearzone/secret.h"
#include "nearzone/upload.h"

namespace nearzone::upload {

// Written where it is wiped. What is appended must be characters that JSON takes as they are.
class Body {
 public:
  explicit Body(UploadStep step) : bytes_(request_bytes(step)) {}

  Body& append(std::string_view text);
  Body& append(int64_t number);
  // `bytes` in base64 or hexadecimal, without a copy left behind.
  Body& append_base64(ByteView bytes);
  Body& append_hex(ByteView bytes);

  // Ends an object whose brace is open; `first` where it has no member yet. Fails with
  // limit_exceeded where there is no room left.
  Result<SecretBytes> finish(Random& random, bool first = false);

 private:
  SecretBytes bytes_;
  size_t used_ = 0;
  bool overflown_ = false;
};

// A body that holds nothing but padding.
SecretBytes chaff_body(UploadStep step, Random& random);

}  // namespace nearzone::upload
