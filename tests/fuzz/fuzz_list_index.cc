#include <algorithm>
#include <cstdlib>

#include "nearzone/list_index.h"

// An index, or the state of one that is followed: what is taken must be plain, bounded, and come to
// an end.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  const ByteView bytes(data, size);
  SeededRandom random(1);
  const Instant now{1'600'000'000'000};
  IndexFollower follower{IndexOptions()};
  if (follower.index_answered({200, bytes}, now, random).ok()) {
    const uint64_t waiting = follower.status().waiting;
    if (waiting > IndexFollower::kMostLists) std::abort();
    for (uint64_t i = 0; i < waiting; ++i) {
      const auto fetch = follower.next(now);
      if (!fetch || fetch->is_index || fetch->path[0] == '/' ||
          ('/' + fetch->path + '/').find("/../") != std::string::npos)
        std::abort();
      if (!follower.list_handled(fetch->path, ListOutcome::done, now, random).ok()) std::abort();
    }
    if (follower.next(now)) std::abort();
    if (!IndexFollower::load(IndexOptions(), follower.save()).ok()) std::abort();
  }
  const auto loaded = IndexFollower::load(IndexOptions(), bytes);
  if (loaded.ok() && !std::ranges::equal(loaded->save(), bytes)) std::abort();
  return 0;
}
