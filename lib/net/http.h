// HTTP as values: what a server is asked and answers, and what a client asks and is answered.
// Nothing here knows what the bytes mean, and nothing here names Boost.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::net {

struct Header {
  std::string name;
  std::string value;
};

// The value of the first header of this name, in any case of its letters; empty where there is
// none.
std::string_view find_header(const std::vector<Header>& headers, std::string_view name);
// The values of all headers of this name, in their order, with commas between: what a list is that
// was sent in several lines.
std::string joined_headers(const std::vector<Header>& headers, std::string_view name);
bool has_header(const std::vector<Header>& headers, std::string_view name);

struct HttpRequest {
  std::string method;
  std::string path;   // without the query; not decoded
  std::string query;  // behind the '?'
  std::vector<Header> headers;
  std::string body;
  std::string peer;  // the address at the other end, without its port
};

// A file that is open for reading. Safe from any thread.
class OpenFile {
 public:
  // Fails with not_found, io, or unsupported where it is not a regular file.
  static Result<std::shared_ptr<const OpenFile>> open(const std::string& path);
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile();
  uint64_t size() const { return size_; }
  int64_t modified_ms() const { return modified_ms_; }
  // At most `size` bytes from `offset` on.
  Result<std::string> read(uint64_t offset, size_t size) const;

 private:
  OpenFile(int descriptor, uint64_t size, int64_t modified_ms)
      : descriptor_(descriptor), size_(size), modified_ms_(modified_ms) {}
  int descriptor_;
  uint64_t size_;
  int64_t modified_ms_;
};

struct FilePart {
  std::shared_ptr<const OpenFile> file;
  uint64_t offset = 0;
  uint64_t size = 0;
};

struct HttpResponse {
  int status = 200;
  std::vector<Header> headers;
  std::string body;
  std::optional<FilePart> file;  // instead of `body`
  // A server sends it no sooner than this after the request was read, and then tells how long
  // after.
  std::chrono::microseconds not_before{0};
  std::function<void(std::chrono::microseconds)> on_send;
};

// The words behind a status: "Not Found".
std::string_view reason_phrase(int status);

// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(Instant at);

// How a file is to be kept by whoever fetches it.
struct FileHeaders {
  std::string content_type;
  std::string cache_control;
  std::string etag;  // with its quotes; empty: made of size and time of change
};

// Answers GET and HEAD for a file, with ETag, If-None-Match, If-Range and Range of one part.
// Fails with what opening it fails with.
Result<HttpResponse> serve_file(const HttpRequest& request, const std::string& path,
                                const FileHeaders& headers);

}  // namespace nearzone::net
