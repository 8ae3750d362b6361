#include "sync/list_sync.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "sync/answer.h"

namespace nearzone::sync {
namespace {

constexpr const char* kState = ".index-state";

// The whole size in "bytes 0-99/1234".
std::optional<uint64_t> whole_size(const net::HttpResponse& response) {
  const std::string_view range = net::find_header(response.headers, "Content-Range");
  const size_t slash = range.rfind('/');
  if (slash == range.npos) return std::nullopt;
  uint64_t size = 0;
  const char* const end = range.data() + range.size();
  const auto read = std::from_chars(range.data() + slash + 1, end, size);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return size;
}

// Where the piece in the answer begins.
std::optional<uint64_t> first_byte(const net::HttpResponse& response) {
  const std::string_view range = net::find_header(response.headers, "Content-Range");
  if (!range.starts_with("bytes ")) return std::nullopt;
  uint64_t first = 0;
  const auto read = std::from_chars(range.data() + 6, range.data() + range.size(), first);
  if (read.ec != std::errc()) return std::nullopt;
  return first;
}

class ListSync {
 public:
  ListSync(const ListFolder& folder, const ListSyncOptions& options, const Clock& clock,
           Random& random, IndexFollower follower)
      : folder_(folder),
        options_(options),
        clock_(clock),
        random_(random),
        follower_(std::move(follower)) {}

  Result<ListSyncReport> run() {
    Status fault;
    while (fault.ok()) {
      const std::optional<Fetch> fetch = follower_.next(clock_.now());
      if (!fetch) break;
      if (fetch->is_index)
        fault = look(*fetch);
      else
        NEARZONE_TRY(take(*fetch));
      NEARZONE_TRY(folder_.write_state(kState, follower_.save()));
    }
    if (!fault.ok()) return fault;
    report_.wake_at = follower_.status().wake_at;
    return report_;
  }

 private:
  Result<net::HttpResponse> get(const std::string& path, std::vector<net::Header> headers,
                                uint64_t most_bytes) {
    net::ClientOptions http = options_.http;
    http.most_body_bytes = most_bytes;
    return net::fetch({"GET", options_.base_url + "/" + path, std::move(headers), {}}, http);
  }

  Status look(const Fetch& fetch) {
    std::vector<net::Header> headers;
    if (!fetch.etag.empty()) headers.push_back({"If-None-Match", fetch.etag});
    const auto answer = get(fetch.path, std::move(headers), fetch.most_bytes);
    if (!answer.ok()) {
      // It must know that nothing came, to ask again later; why is told by the client.
      static_cast<void>(follower_.index_answered({}, clock_.now(), random_));
      return answer.status();
    }
    report_.bytes += answer->body.size();
    return follower_.index_answered(
        {answer->status, as_bytes(answer->body), net::find_header(answer->headers, "ETag"),
         retry_after(*answer)},
        clock_.now(), random_);
  }

  Status take(const Fetch& fetch) {
    std::optional<Millis> pause;
    Status status;
    if (!folder_.has(fetch.path)) {
      status = download(fetch, pause);
      if (status.ok()) status = folder_.accept(fetch.path, options_.keys, clock_.now());
      // Of the folder's own faults nobody can be blamed but the disk.
      if (status.code() == Code::no_space) return status;
    }
    const ListOutcome outcome = status.ok()                        ? ListOutcome::done
                                : status.code() == Code::not_found ? ListOutcome::missing
                                                                   : ListOutcome::failed;
    ++(outcome == ListOutcome::done      ? report_.fetched
       : outcome == ListOutcome::missing ? report_.missing
                                         : report_.failed);
    if (options_.on_list) options_.on_list(fetch.path, status);
    return follower_.list_handled(fetch.path, outcome, clock_.now(), random_, pause);
  }

  // Until all of it is in the folder, unverified.
  Status download(const Fetch& fetch, std::optional<Millis>& pause) {
    for (;;) {
      const ListFolder::Partial there = folder_.partial(fetch.path);
      const std::string range = "bytes=" + std::to_string(there.size) + "-" +
                                std::to_string(there.size + options_.piece_bytes - 1);
      std::vector<net::Header> headers{{"Range", range}};
      if (there.size > 0) headers.push_back({"If-Range", there.etag});
      NEARZONE_ASSIGN(const net::HttpResponse answer,
                      get(fetch.path, std::move(headers), fetch.most_bytes));
      report_.bytes += answer.body.size();
      pause = retry_after(answer);
      NEARZONE_ASSIGN(const bool is_whole, keep(fetch, there, answer));
      if (is_whole) return {};
    }
  }

  // Whether the list is whole now.
  Result<bool> keep(const Fetch& fetch, const ListFolder::Partial& there,
                    const net::HttpResponse& answer) {
    const ByteView body = as_bytes(answer.body);
    if (answer.status == 404 || answer.status == 410)
      return Status(Code::not_found, "the server has no such list");
    if (answer.status == 200) {
      // A server without ranges, or with another version by now.
      NEARZONE_TRY(folder_.begin(fetch.path, ""));
      NEARZONE_TRY(folder_.append(fetch.path, body));
      return true;
    }
    // The place in it is outside of what the server has now: it is another version.
    if (answer.status == 416) folder_.drop(fetch.path);
    if (answer.status != 206) return Status(Code::io, "the server does not give the list");
    const std::string_view etag = net::find_header(answer.headers, "ETag");
    const auto size = whole_size(answer);
    if (!size || body.empty() || first_byte(answer) != there.size ||
        (there.size > 0 && etag != there.etag)) {
      folder_.drop(fetch.path);
      return Status(Code::io, "the server gives another piece than it was asked for");
    }
    if (*size > fetch.most_bytes) {
      folder_.drop(fetch.path);
      return Status(Code::limit_exceeded, "the list is larger than allowed");
    }
    if (there.size == 0) NEARZONE_TRY(folder_.begin(fetch.path, etag));
    NEARZONE_TRY(folder_.append(fetch.path, body));
    if (there.size + body.size() >= *size) return true;
    if (etag.empty()) {
      // Pieces of nobody knows which version do not go together.
      folder_.drop(fetch.path);
      return Status(Code::io, "the server gives pieces without saying of what");
    }
    return false;
  }

  const ListFolder& folder_;
  const ListSyncOptions& options_;
  const Clock& clock_;
  Random& random_;
  IndexFollower follower_;
  ListSyncReport report_;
};

Result<IndexFollower> follower_of(const ListFolder& folder, const IndexOptions& options) {
  NEARZONE_TRY(options.check());
  const auto state = folder.read_state(kState);
  if (!state) return IndexFollower(options);
  auto loaded = IndexFollower::load(options, as_bytes(*state));
  // Without it, all is looked at again; what is in the folder is not fetched again.
  if (!loaded.ok() && loaded.status().code() == Code::corrupt) return IndexFollower(options);
  return loaded;
}

}  // namespace

Result<ListSyncReport> sync_lists(const ListFolder& folder, const ListSyncOptions& options,
                                  const Clock& clock, Random& random) {
  NEARZONE_ASSIGN(IndexFollower follower, follower_of(folder, options.index));
  return ListSync(folder, options, clock, random, std::move(follower)).run();
}

}  // namespace nearzone::sync
