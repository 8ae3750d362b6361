/// Following a server's index of lists: what is new, in which order, what to fetch next, and when
/// to look again. Bytes in, the next request out: nothing here opens a socket.
///
///     while (auto fetch = follower.next(clock.now())) {
///       const nearzone::FetchAnswer answer = get(base_url + fetch->path, fetch->etag);
///       if (fetch->is_index) {
///         nearzone::Status read = follower.index_answered(answer, clock.now(), random);
///         if (!read.ok()) show(read);
///       } else {
///         const nearzone::ListOutcome outcome = match(answer);
///         nearzone::Status taken =
///             follower.list_handled(fetch->path, outcome, clock.now(), random);
///         if (!taken.ok()) return taken;
///       }
///     }
///
/// An index is a text: one relative path of a list a line, the oldest first, as Exposure
/// Notification key servers publish it. Nobody signs it: what it can do is hold lists back or have
/// them fetched in vain; each list is verified before it is used. Source:
/// docs/formats/list-index.md.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/random.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

struct IndexOptions {
  std::string path = "index.txt";      ///< of the index, relative to the base URL
  std::string suffix = ".zip";         ///< of the lists that are wanted; others are passed over
  Millis gap = std::chrono::hours(4);  ///< between two looks: five minutes to seven days
  uint64_t most_list_bytes = uint64_t{64} << 20;

  Status check() const;  ///< invalid_argument, with the field
};

/// One HTTP GET to make.
struct Fetch {
  bool is_index = false;
  std::string path;     ///< relative to the base URL; letters, digits and - _ . / only
  std::string etag;     ///< to be sent as If-None-Match where it is not empty
  uint64_t most_bytes;  ///< of the answer: a longer one may be given up
};

/// What came back. `status` 0 says that no answer did. `body` is borrowed.
struct FetchAnswer {
  int32_t status = 0;
  ByteView body;
  std::string_view etag = {};              ///< of the header ETag
  std::optional<Millis> retry_after = {};  ///< of the header Retry-After
};

/// What became of a list. Numbers are fixed: bindings mirror them.
enum class ListOutcome : uint8_t {
  done = 0,     ///< used, or known not to concern this phone
  missing = 1,  ///< 404: the index is older than the server
  failed = 2,   ///< not fetched, damaged, or refused: to be tried again, five times in all
};

struct IndexStatus {
  uint64_t listed = 0;    ///< wanted lists of the newest index
  uint64_t waiting = 0;   ///< of them, to be fetched
  uint64_t given_up = 0;  ///< of them, failed five times
  Instant wake_at;        ///< when the next request may be made
  bool operator==(const IndexStatus&) const = default;
};

/// Where following an index stands. Not thread-safe. Applications use Device::follow_index, which
/// keeps the state sealed.
class IndexFollower {
 public:
  static constexpr size_t kMostIndexBytes = size_t{1} << 20;
  static constexpr size_t kMostLists = 10'000;

  /// Has seen nothing. `options` must be in order.
  explicit IndexFollower(IndexOptions options) : options_(std::move(options)) {}
  /// Fails with corrupt or newer_format.
  static Result<IndexFollower> load(IndexOptions options, ByteView state);
  /// A few bytes a list of the newest index. After a stop between two lists the index is fetched
  /// again, and only what is not done goes on.
  std::vector<uint8_t> save() const;

  /// What to fetch now, or nothing before status().wake_at. The same again until it is answered.
  std::optional<Fetch> next(Instant now) const;
  /// Fails with limit_exceeded on a huge index; with corrupt on one of which a line is no plain
  /// relative path (record: the line); with not_found or io where there is none. In every case the
  /// follower knows when to ask again.
  Status index_answered(const FetchAnswer& answer, Instant now, Random& random);
  /// Fails with not_found where the list was not what next() gave.
  Status list_handled(std::string_view path, ListOutcome outcome, Instant now, Random& random,
                      std::optional<Millis> retry_after = {});

  IndexStatus status() const;

 private:
  using Name = uint64_t;  // the first bytes of SHA-256 of a path

  Status take_index(const FetchAnswer& answer);
  Status fail_index(const Status& why, const FetchAnswer& answer, Instant now, Random& random);

  IndexOptions options_;
  std::map<Name, uint8_t> handled_;  // failures, or kDone
  std::deque<std::string> waiting_;
  uint64_t listed_ = 0;
  std::string etag_;      // of the index whose lists are all handled or waiting
  uint8_t failures_ = 0;  // of the present request, in a row
  Instant index_due_;     // when to look for news
  Instant not_before_;    // after a failure
};

}  // namespace nearzone
