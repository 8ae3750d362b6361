// Follows a server's index and fetches the lists that are new, each verified before it gets its
// name. What to fetch, in which order and when to look again is IndexFollower's to say.
//
//     NEARZONE_ASSIGN(const ListFolder folder, ListFolder::open("lists"));
//     NEARZONE_ASSIGN(const ListSyncReport report, sync_lists(folder, options, clock, random));
//     sleep_until(report.wake_at);
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nearzone/list_index.h"
#include "nearzone/lists.h"
#include "nearzone/random.h"
#include "net/http_client.h"
#include "sync/list_folder.h"

namespace nearzone::sync {

struct ListSyncOptions {
  std::string base_url;  // of the index and the lists, without a slash at the end
  IndexOptions index;
  net::ClientOptions http;
  std::vector<PublicKey> keys;  // of which one must have signed a list
  // A list is fetched in pieces of this size: so much is fetched again after an interruption.
  uint64_t piece_bytes = uint64_t{1} << 20;
  // Told of each list: its path, and what became of it.
  std::function<void(const std::string&, const Status&)> on_list;
};

struct ListSyncReport {
  uint64_t fetched = 0;
  uint64_t missing = 0;
  uint64_t failed = 0;  // damaged, refused or not reached
  uint64_t bytes = 0;
  Instant wake_at;  // when to look again
};

// Does what is due now; with the state that an earlier run left in the folder. Fails with what the
// index is faulty in (the folder's state knows when to ask again), or what the folder fails with.
// A server that cannot be reached fails with io.
Result<ListSyncReport> sync_lists(const ListFolder& folder, const ListSyncOptions& options,
                                  const Clock& clock, Random& random);

}  // namespace nearzone::sync
