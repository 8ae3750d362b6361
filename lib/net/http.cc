#include "net/http.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>

namespace nearzone::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view find_header(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& header : headers)
    if (same_name(header.name, name)) return header.value;
  return {};
}

std::string joined_headers(const std::vector<Header>& headers, std::string_view name) {
  std::string joined;
  for (const Header& header : headers) {
    if (!same_name(header.name, name)) continue;
    if (!joined.empty()) joined += ',';
    joined += header.value;
  }
  return joined;
}

bool has_header(const std::vector<Header>& headers, std::string_view name) {
  return std::ranges::any_of(headers,
                             [&](const Header& header) { return same_name(header.name, name); });
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    default: return "Status";
  }
}

std::string http_date(Instant at) {
  static constexpr std::array kDays{"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Day day = Day::of(at);
  const std::string date = format_day(day);     // YYYY-MM-DD
  const std::string time = format_instant(at);  // YYYY-MM-DD HH:MM:SS
  const size_t month = static_cast<size_t>((date[5] - '0') * 10 + date[6] - '0' - 1);
  const int weekday = (day.number % 7 + 7) % 7;  // 1970 began on a Thursday
  std::string text = kDays[static_cast<size_t>(weekday)];
  text += ", " + date.substr(8, 2) + " " + kMonths[month % 12] + " " + date.substr(0, 4) + " ";
  return text + time.substr(11, 8) + " GMT";
}

Result<std::shared_ptr<const OpenFile>> OpenFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return errno == ENOENT || errno == ENOTDIR ? Status(Code::not_found, "there is no such file")
                                               : Status(Code::io, "the file cannot be opened");
  struct stat found {};
  const bool is_known = ::fstat(descriptor, &found) == 0;
  if (!is_known || !S_ISREG(found.st_mode)) {
    ::close(descriptor);
    return is_known ? Status(Code::unsupported, "not a regular file")
                    : Status(Code::io, "the file cannot be read");
  }
  const int64_t modified_ms =
      int64_t{found.st_mtim.tv_sec} * 1000 + found.st_mtim.tv_nsec / 1000000;
  return std::shared_ptr<const OpenFile>(
      new OpenFile(descriptor, static_cast<uint64_t>(found.st_size), modified_ms));
}

OpenFile::~OpenFile() { ::close(descriptor_); }

Result<std::string> OpenFile::read(uint64_t offset, size_t size) const {
  std::string bytes(size, '\0');
  size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(descriptor_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Status(Code::io, "the file cannot be read");
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

namespace {

// "bytes=FIRST-LAST", "bytes=FIRST-", "bytes=-SUFFIX". Nothing where it is of another form, which
// then counts as if it were not there; an empty part where it lies outside of the file.
std::optional<FilePart> part_of(std::string_view range, uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!range.starts_with(kUnit)) return {};
  range.remove_prefix(kUnit.size());
  const size_t dash = range.find('-');
  if (dash == range.npos) return {};
  const auto number = [](std::string_view text) -> std::optional<uint64_t> {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return {};
    return value;
  };
  const std::optional<uint64_t> first = number(range.substr(0, dash));
  const std::optional<uint64_t> last = number(range.substr(dash + 1));
  FilePart part;
  if (first) {
    if (!last && dash + 1 != range.size()) return {};
    if (last && *last < *first) return {};
    if (*first >= size) return part;
    part.offset = *first;
    part.size = (last ? std::min(*last, size - 1) : size - 1) - *first + 1;
    return part;
  }
  if (dash != 0 || !last) return {};
  part.size = std::min(*last, size);
  part.offset = size - part.size;
  return part;
}

bool names_etag(std::string_view list, std::string_view etag) {
  return list == "*" || list.find(etag) != list.npos;
}

}  // namespace

Result<HttpResponse> serve_file(const HttpRequest& request, const std::string& path,
                                const FileHeaders& headers) {
  NEARZONE_ASSIGN(std::shared_ptr<const OpenFile> file, OpenFile::open(path));
  std::string etag = headers.etag;
  if (etag.empty()) {
    char text[64];
    std::snprintf(text, sizeof(text), "\"%llx-%llx\"",
                  static_cast<unsigned long long>(file->modified_ms()),
                  static_cast<unsigned long long>(file->size()));
    etag = text;
  }
  HttpResponse response;
  response.headers = {{"ETag", etag},
                      {"Cache-Control", headers.cache_control},
                      {"Accept-Ranges", "bytes"},
                      {"Last-Modified", http_date({file->modified_ms()})}};
  const std::string_view if_none_match = find_header(request.headers, "If-None-Match");
  if (!if_none_match.empty() && names_etag(if_none_match, etag)) {
    response.status = 304;
    return response;
  }
  response.headers.push_back({"Content-Type", headers.content_type});
  const uint64_t size = file->size();
  FilePart part{file, 0, size};
  const std::string_view if_range = find_header(request.headers, "If-Range");
  const std::string_view range = find_header(request.headers, "Range");
  if (!range.empty() && (if_range.empty() || if_range == etag)) {
    if (const std::optional<FilePart> asked = part_of(range, size)) {
      if (asked->size == 0) {
        response.status = 416;
        response.headers.push_back({"Content-Range", "bytes */" + std::to_string(size)});
        return response;
      }
      part.offset = asked->offset;
      part.size = asked->size;
      response.status = 206;
      response.headers.push_back({"Content-Range", "bytes " + std::to_string(part.offset) + "-" +
                                                       std::to_string(part.offset + part.size - 1) +
                                                       "/" + std::to_string(size)});
    }
  }
  response.file = std::move(part);
  return response;
}

}  // namespace nearzone::net
