#include <algorithm>
#include <tuple>

#include "match/batch.h"
#include "match/log.h"
#include "match/own_threads.h"
#include "nearzone/match.h"

namespace nearzone {
namespace {

// No sighting at or after this can match the key.
Instant heard_until(const PublishedKey& key, const Scheme& scheme) {
  if (scheme.rule().timeless) return key.released_at.value_or(KeyPart::kNotReleased);
  return key.valid_to + Day::kLength / std::max(1u, key.identifiers_per_day) + scheme.rule().after;
}

const Status kCancelled(Code::cancelled, "the match was cancelled");

}  // namespace

// What one thread works on.
struct MatchRun::Lane {
  match::KeyMatch match_all;
  match::KeyMatch match_news;
  std::vector<PublishedKey> keys;  // read, but not done
  MatchResult found;
  Status status;
};

struct MatchRun::Workspace {
  // Indexes the sightings that `memory` did not see.
  Workspace(const Matcher::Log& log, MatchMemory memory) : before(std::move(memory)) {
    now.list_digest = before.list_digest;
    now.log = LogMark::of(log.columns);
    if (before.next_record == 0) return;
    for (const match::SchemeIndex& index : log.schemes)
      news.emplace_back(log.columns, index.scheme(), &before.log, nullptr, log.multiplier);
  }

  const MatchMemory before;
  MatchMemory now;
  std::vector<match::SchemeIndex> news;
  std::vector<Lane> lanes;
  size_t busy = 0;  // lanes that hold keys
};

MatchRun::MatchRun(const Matcher& matcher, KeyStream& keys, uint32_t list,
                   const MatchControl& control, MatchMemory memory)
    : log_(*matcher.log_),
      keys_(keys),
      list_(list),
      control_(control),
      workspace_(std::make_unique<Workspace>(log_, std::move(memory))) {
  for (unsigned i = 0; i < std::max(1u, control.threads); ++i)
    workspace_->lanes.push_back(
        {match::KeyMatch(log_.schemes), match::KeyMatch(workspace_->news), {}, {}, {}});
}

MatchRun::~MatchRun() = default;

const MatchMemory& MatchRun::memory() const {
  const auto& [before, now] = std::tie(workspace_->before, workspace_->now);
  const bool further = now.complete || (!before.complete && now.next_record >= before.next_record);
  return further ? now : before;
}

Result<bool> MatchRun::step(size_t most) {
  Workspace& work = *workspace_;
  if (work.busy == 0) NEARZONE_TRY(read(most));
  if (work.busy == 0) {
    work.now.complete = true;
    return false;
  }
  match::OwnThreads own;
  Executor& executor = control_.executor != nullptr ? *control_.executor : own;
  executor.run(static_cast<unsigned>(work.busy),
               [&](unsigned i) { work.lanes[i].status = match(work.lanes[i]); });
  const std::span<Lane> lanes = std::span(work.lanes).first(work.busy);
  for (const Lane& lane : lanes) NEARZONE_TRY(lane.status);
  for (Lane& lane : lanes) {
    remember(lane.keys, lane.found);
    result_.append(std::move(lane.found));
  }
  work.busy = 0;
  if (control_.progress) control_.progress(result_.keys_tried);
  return true;
}

Status MatchRun::read(size_t most) {
  Workspace& work = *workspace_;
  const size_t most_of_lane = match::keys_per_batch(log_.schemes);
  while (most > 0 && work.busy < work.lanes.size()) {
    std::vector<PublishedKey>& keys = work.lanes[work.busy].keys;
    NEARZONE_TRY(keys_.next(std::min(most, most_of_lane), keys));
    if (keys.empty()) break;
    most -= keys.size();
    ++work.busy;
  }
  return {};
}

Status MatchRun::match(Lane& lane) const {
  lane.found = {};
  const std::span<const PublishedKey> keys(lane.keys);
  const auto unseen =
      std::ranges::lower_bound(keys, workspace_->before.next_record, {}, &PublishedKey::record);
  const size_t seen = static_cast<size_t>(unseen - keys.begin());
  NEARZONE_TRY(match_seen(lane, keys.first(seen)));
  return lane.match_all.run(keys.subspan(seen), list_, control_.cancel, lane.found) ? Status()
                                                                                    : kCancelled;
}

// Of keys that were done before, those that matched then or match something new are matched anew,
// with all sightings.
Status MatchRun::match_seen(Lane& lane, std::span<const PublishedKey> keys) const {
  if (keys.empty()) return {};
  MatchResult news;
  if (!lane.match_news.run(keys, list_, control_.cancel, news)) return kCancelled;
  const std::vector<uint64_t>& hits = workspace_->before.hits;
  std::vector<PublishedKey> again;
  auto hit = std::ranges::lower_bound(hits, keys.front().record);
  auto match = news.keys.begin();
  for (const PublishedKey& key : keys) {
    const bool hit_before = hit != hits.end() && *hit == key.record;
    const bool hit_now = match != news.keys.end() && match->key.record == key.record;
    if (hit_before) ++hit;
    if (hit_now) ++match;
    if (hit_before || hit_now) again.push_back(key);
  }
  if (!lane.match_all.run(again, list_, control_.cancel, lane.found)) return kCancelled;
  lane.found.keys_tried = news.keys_tried;
  lane.found.keys_refused = news.keys_refused;
  lane.found.identifiers_derived += news.identifiers_derived;
  return {};
}

void MatchRun::remember(std::span<const PublishedKey> keys, const MatchResult& found) {
  MatchMemory& now = workspace_->now;
  for (const MatchedKey& matched : found.keys) now.hits.push_back(matched.key.record);
  now.next_record = keys.back().record + 1;
  for (const PublishedKey& key : keys)
    for (const match::SchemeIndex& index : log_.schemes)
      if (index.scheme().tag() == key.scheme)
        now.heard_until = std::max(now.heard_until, heard_until(key, index.scheme()));
}

}  // namespace nearzone
