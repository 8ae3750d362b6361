#include "core/crypto.h"
#include "device/latest_state.h"
#include "nearzone/device.h"

namespace nearzone {
namespace {

// Twelve bytes of a digest name server and index: as much as a kind has room for.
std::string kind_of(std::string_view server, std::string_view path) {
  const Digest digest = sha256(as_bytes(std::string(server) + '\n' + std::string(path)));
  return "index-" + to_hex(std::span(digest).first(12));
}

}  // namespace

FollowedIndex::FollowedIndex(Device& device, std::string kind, IndexFollower follower)
    : device_(device), kind_(std::move(kind)), follower_(std::move(follower)) {}
FollowedIndex::~FollowedIndex() = default;

std::optional<Fetch> FollowedIndex::next() const { return follower_.next(device_.clock_.now()); }

Status FollowedIndex::index_answered(const FetchAnswer& answer) {
  const Status read = follower_.index_answered(answer, device_.clock_.now(), device_.random_);
  const Status saved = save();
  return read.ok() ? saved : read;
}

Status FollowedIndex::list_handled(std::string_view path, ListOutcome outcome,
                                   std::optional<Millis> retry_after) {
  NEARZONE_TRY(
      follower_.list_handled(path, outcome, device_.clock_.now(), device_.random_, retry_after));
  return save();
}

IndexStatus FollowedIndex::status() const { return follower_.status(); }

Status FollowedIndex::save() {
  return device::store_latest(*device_.log_, kind_, Day::of(device_.clock_.now()),
                              follower_.save());
}

Result<std::unique_ptr<FollowedIndex>> Device::follow_index(std::string_view server,
                                                            const IndexOptions& options) {
  NEARZONE_TRY(options.check());
  std::string kind = kind_of(server, options.path);
  NEARZONE_ASSIGN(const device::LatestState state, device::load_latest(*log_, kind));
  IndexFollower follower(options);
  // What cannot be read costs no more than fetching again.
  Result<IndexFollower> known = IndexFollower::load(options, state.bytes.expose(ForSealing{}));
  if (known.ok()) follower = *std::move(known);
  return std::unique_ptr<FollowedIndex>(
      new FollowedIndex(*this, std::move(kind), std::move(follower)));
}

}  // namespace nearzone
