#include "sync/answer.h"

#include <charconv>

namespace nearzone::sync {

std::optional<Millis> retry_after(const net::HttpResponse& response) {
  const std::string_view text = net::find_header(response.headers, "Retry-After");
  uint32_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, seconds);
  if (text.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace nearzone::sync
