#include "upload/body.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace nearzone::upload {

Body& Body::append(std::string_view text) {
  const MutableBytes room = bytes_.replace().subspan(used_);
  if (text.size() > room.size()) {
    overflown_ = true;
    return *this;
  }
  std::ranges::copy(as_bytes(text), room.begin());
  used_ += text.size();
  return *this;
}

Body& Body::append(int64_t number) { return append(std::to_string(number)); }

Body& Body::append_base64(ByteView bytes) {
  std::string text = to_base64(bytes);
  append(text);
  wipe(text.data(), text.size());
  return *this;
}

Body& Body::append_hex(ByteView bytes) {
  std::string text = to_hex(bytes);
  append(text);
  wipe(text.data(), text.size());
  return *this;
}

Result<SecretBytes> Body::finish(Random& random, bool first) {
  append(first ? "\"padding\":\"" : ",\"padding\":\"");
  constexpr std::string_view kEnd = "\"}";
  const size_t room = bytes_.size() - used_;
  if (overflown_ || room < kEnd.size())
    return Status(Code::limit_exceeded, "the request is larger than any that is sent");
  // Whole groups of base64, so that strict servers can decode it, and blanks for what is left.
  std::vector<uint8_t> noise((room - kEnd.size()) / 4 * 3);
  random.fill(noise);
  append(to_base64(noise)).append(kEnd);
  std::ranges::fill(bytes_.replace().subspan(used_), uint8_t{' '});
  return std::move(bytes_);
}

SecretBytes chaff_body(UploadStep step, Random& random) {
  return *Body(step).append("{").finish(random, true);
}

}  // namespace nearzone::upload
