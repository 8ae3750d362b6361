#include <cstdlib>
#include <string>
#include <string_view>

#include "authority/base64.h"

// What is read is what would be written, but for the padding.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone::authority;
  std::string text(reinterpret_cast<const char*>(data), size);
  const auto bytes = from_base64(text);
  const auto url_bytes = from_base64url(text);
  while (text.ends_with('=')) text.pop_back();
  if (bytes) {
    std::string written = base64(*bytes);
    while (written.ends_with('=')) written.pop_back();
    if (written != text) std::abort();
  }
  if (url_bytes && base64url(*url_bytes) != text) std::abort();
  return 0;
}
