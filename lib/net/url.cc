#include <algorithm>

#include "net/http_client.h"

namespace nearzone::net {

std::string Url::authority() const {
  std::string text = host.find(':') == host.npos ? host : '[' + host + ']';
  if (port != (is_secure ? "443" : "80")) text += ':' + port;
  return text;
}

Result<Url> parse_url(std::string_view text) {
  const Status malformed(Code::invalid_argument, "must be http://HOST/ or https://HOST/", "url");
  Url url;
  if (text.starts_with("https://")) {
    url.is_secure = true;
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
  } else {
    return malformed;
  }
  if (std::ranges::any_of(text,
                          [](char c) { return c <= ' ' || c == 0x7f || c == '@' || c == '#'; }))
    return malformed;
  const size_t slash = std::min(text.find_first_of("/?"), text.size());
  std::string_view place = text.substr(0, slash);
  url.target = text.substr(slash);
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  url.port = url.is_secure ? "443" : "80";
  const size_t bracket = place.starts_with('[') ? place.find(']') : place.npos;
  const size_t colon = place.find(':', bracket == place.npos ? 0 : bracket);
  if (colon != place.npos) {
    url.port = place.substr(colon + 1);
    place = place.substr(0, colon);
  }
  if (bracket != text.npos && place.ends_with(']')) place = place.substr(1, place.size() - 2);
  url.host = place;
  const bool is_number = !url.port.empty() && url.port.size() <= 5 &&
                         std::ranges::all_of(url.port, [](char c) { return c >= '0' && c <= '9'; });
  if (url.host.empty() || !is_number || url.host.find_first_of("[]") != url.host.npos)
    return malformed;
  return url;
}

}  // namespace nearzone::net
