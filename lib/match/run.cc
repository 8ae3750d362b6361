#include <algorithm>
#include <optional>
#include <tuple>

#include "match/batch.h"
#include "match/log.h"
#include "nearzone/match.h"

namespace nearzone {
namespace {

// No sighting at or after this can match the key.
Instant heard_until(const PublishedKey& key, const Scheme& scheme) {
  return key.valid_to + Day::kLength / std::max(1u, key.identifiers_per_day) + scheme.rule().after;
}

const Status kCancelled(Code::cancelled, "the match was cancelled");

}  // namespace

struct MatchRun::Workspace {
  // Indexes the sightings that `memory` did not see.
  Workspace(const Matcher::Log& log, MatchMemory memory)
      : before(std::move(memory)), match_all(log.schemes) {
    now.list_digest = before.list_digest;
    now.log = log.mark;
    if (before.next_record == 0) return;
    for (const match::SchemeIndex& index : log.schemes)
      news.emplace_back(log.columns, index.scheme(), &before.log, nullptr, log.multiplier);
    match_news.emplace(news);
  }

  const MatchMemory before;
  MatchMemory now;
  std::vector<match::SchemeIndex> news;
  match::KeyMatch match_all;
  std::optional<match::KeyMatch> match_news;
  std::vector<PublishedKey> batch;  // read, but not done
};

MatchRun::MatchRun(const Matcher& matcher, KeyStream& keys, uint32_t list, MatchMemory memory,
                   const Cancel* cancel)
    : log_(*matcher.log_),
      keys_(keys),
      list_(list),
      cancel_(cancel),
      workspace_(std::make_unique<Workspace>(log_, std::move(memory))) {}

MatchRun::~MatchRun() = default;

const MatchMemory& MatchRun::memory() const {
  const auto& [before, now] = std::tie(workspace_->before, workspace_->now);
  const bool further = now.complete || (!before.complete && now.next_record >= before.next_record);
  return further ? now : before;
}

Result<bool> MatchRun::step(size_t most) {
  std::vector<PublishedKey>& batch = workspace_->batch;
  if (batch.empty()) NEARZONE_TRY(keys_.next(std::min(most, match::kKeysPerBatch), batch));
  if (batch.empty()) {
    workspace_->now.complete = true;
    return false;
  }
  const std::span<const PublishedKey> keys(batch);
  const auto unseen =
      std::ranges::lower_bound(keys, workspace_->before.next_record, {}, &PublishedKey::record);
  const size_t seen = static_cast<size_t>(unseen - keys.begin());
  MatchResult found;
  NEARZONE_TRY(match_seen(keys.first(seen), found));
  if (!workspace_->match_all.run(keys.subspan(seen), list_, cancel_, found)) return kCancelled;
  remember(keys, found);
  result_.append(std::move(found));
  batch.clear();
  return true;
}

// Of keys that were done before, those that matched then or match something new are matched anew,
// with all sightings.
Status MatchRun::match_seen(std::span<const PublishedKey> keys, MatchResult& found) {
  if (keys.empty()) return {};
  MatchResult news;
  if (!workspace_->match_news->run(keys, list_, cancel_, news)) return kCancelled;
  std::vector<PublishedKey> again;
  auto hit = std::ranges::lower_bound(workspace_->before.hits, keys.front().record);
  auto match = news.keys.begin();
  for (const PublishedKey& key : keys) {
    const bool hit_before = hit != workspace_->before.hits.end() && *hit == key.record;
    const bool hit_now = match != news.keys.end() && match->key.record == key.record;
    if (hit_before) ++hit;
    if (hit_now) ++match;
    if (hit_before || hit_now) again.push_back(key);
  }
  if (!workspace_->match_all.run(again, list_, cancel_, found)) return kCancelled;
  found.keys_tried = news.keys_tried;
  found.keys_refused = news.keys_refused;
  found.identifiers_derived += news.identifiers_derived;
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
