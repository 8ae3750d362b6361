#include "nearzone/list_index.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "core/crypto.h"
#include "core/text_lines.h"
#include "core/waiting.h"

namespace nearzone {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kHeaderBytes = 1 + 1 + 8 + 8 + 8 + 1;
constexpr size_t kEntryBytes = 8 + 1;
constexpr size_t kMostPath = 255;
constexpr size_t kMostEtag = 128;
constexpr uint8_t kMostFailures = 5;
constexpr uint8_t kDone = 255;
// A wake-up further off was set before the clock was.
constexpr Millis kMostWait = std::chrono::hours(24 * 8);

bool is_of_paths(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

// Segments between slashes, none of them empty or all dots.
bool is_plain_path(std::string_view path) {
  if (path.empty() || path.size() > kMostPath) return false;
  while (true) {
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment.find_first_not_of('.') == segment.npos ||
        !std::ranges::all_of(segment, is_of_paths))
      return false;
    if (segment.size() == path.size()) return true;
    path.remove_prefix(segment.size() + 1);
  }
}

bool is_etag(std::string_view text) {
  return text.size() <= kMostEtag &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

uint64_t name_of(std::string_view path) { return load_le64(sha256(as_bytes(path)).data()); }

Instant load_time(const uint8_t* from) { return {static_cast<int64_t>(load_le64(from))}; }

// As far off as phones that all began at once must spread to.
Millis jittered(Millis gap, Random& random) {
  const auto quarter = static_cast<uint64_t>(gap.count()) / 4;
  return gap - Millis(static_cast<int64_t>(random.below(quarter + 1)));
}

}  // namespace

Status IndexOptions::check() const {
  if (!is_plain_path(path)) return {Code::invalid_argument, "not a plain relative path", "path"};
  if (suffix.size() > kMostPath || !std::ranges::all_of(suffix, is_of_paths))
    return {Code::invalid_argument, "not the end of a plain path", "suffix"};
  if (gap < std::chrono::minutes(5) || gap > std::chrono::hours(24 * 7))
    return {Code::invalid_argument, "must be five minutes to seven days", "gap"};
  if (most_list_bytes == 0) return {Code::invalid_argument, "must not be 0", "most_list_bytes"};
  return {};
}

Result<IndexFollower> IndexFollower::load(IndexOptions options, ByteView state) {
  if (!state.empty() && state[0] > kVersion)
    return Status(Code::newer_format, "an index was followed by a newer version");
  if (state.size() < kHeaderBytes || state[0] != kVersion)
    return Status(Code::corrupt, "the state of an index has the wrong length");
  IndexFollower follower(std::move(options));
  follower.failures_ = state[1];
  follower.index_due_ = load_time(&state[2]);
  follower.not_before_ = load_time(&state[10]);
  follower.listed_ = load_le64(&state[18]);
  const size_t etag_size = state[26];
  const ByteView rest = state.subspan(kHeaderBytes);
  if (etag_size > rest.size() || (rest.size() - etag_size) % kEntryBytes != 0 ||
      (rest.size() - etag_size) / kEntryBytes > kMostLists || follower.listed_ > kMostLists)
    return Status(Code::corrupt, "the state of an index has the wrong length");
  follower.etag_.assign(rest.begin(), rest.begin() + static_cast<ptrdiff_t>(etag_size));
  if (!is_etag(follower.etag_)) return Status(Code::corrupt, "not an entity tag", "etag");
  for (size_t at = etag_size; at < rest.size(); at += kEntryBytes) {
    const uint64_t name = load_le64(&rest[at]);
    const uint8_t failures = rest[at + 8];
    if (!follower.handled_.empty() && name <= follower.handled_.rbegin()->first)
      return Status(Code::corrupt, "the lists of an index are out of order");
    if (failures == 0 || (failures > kMostFailures && failures != kDone))
      return Status(Code::corrupt, "a list of an index is in an impossible state");
    follower.handled_.emplace(name, failures);
  }
  return follower;
}

std::vector<uint8_t> IndexFollower::save() const {
  // Names are not kept: while lists wait, the index has to be fetched again.
  const std::string etag = waiting_.empty() ? etag_ : std::string();
  std::vector<uint8_t> state(kHeaderBytes + etag.size() + kEntryBytes * handled_.size());
  state[0] = kVersion;
  state[1] = failures_;
  store_le64(&state[2], waiting_.empty() ? static_cast<uint64_t>(index_due_.ms) : 0);
  store_le64(&state[10], static_cast<uint64_t>(not_before_.ms));
  store_le64(&state[18], listed_);
  state[26] = static_cast<uint8_t>(etag.size());
  uint8_t* to = std::ranges::copy(as_bytes(etag), state.data() + kHeaderBytes).out;
  for (const auto& [name, failures] : handled_) {
    store_le64(to, name);
    to[8] = failures;
    to += kEntryBytes;
  }
  return state;
}

std::optional<Fetch> IndexFollower::next(Instant now) const {
  const Millis wait = status().wake_at - now;
  if (wait > Millis(0) && wait <= kMostWait) return {};
  if (waiting_.empty()) return Fetch{true, options_.path, etag_, kMostIndexBytes};
  return Fetch{false, waiting_.front(), {}, options_.most_list_bytes};
}

Status IndexFollower::take_index(const FetchAnswer& answer) {
  if (answer.body.size() > kMostIndexBytes)
    return {Code::limit_exceeded, "the index is larger than any server makes it"};
  const std::string_view text(reinterpret_cast<const char*>(answer.body.data()),
                              answer.body.size());
  std::map<Name, uint8_t> handled;
  std::deque<std::string> waiting;
  std::deque<std::string> failed;  // before: behind the others, as without a restart
  std::set<Name> met;
  TextLines lines(text);
  while (lines.next()) {
    const std::string_view path = lines.line();
    if (path.empty()) continue;
    if (!is_plain_path(path))
      return Status(Code::corrupt, "a line of the index is not a plain relative path", "index")
          .at_record(lines.index())
          .at_offset(lines.offset_of(path));
    if (!path.ends_with(options_.suffix)) continue;
    const Name name = name_of(path);
    if (!met.insert(name).second) continue;
    if (met.size() > kMostLists)
      return Status(Code::limit_exceeded, "the index names more lists than any server keeps")
          .at_record(lines.index());
    const auto known = handled_.find(name);
    if (known != handled_.end()) handled.insert(*known);
    if (known == handled_.end())
      waiting.emplace_back(path);
    else if (known->second < kMostFailures)
      failed.emplace_back(path);
  }
  std::ranges::move(failed, std::back_inserter(waiting));
  handled_ = std::move(handled);
  waiting_ = std::move(waiting);
  listed_ = met.size();
  etag_ = is_etag(answer.etag) ? std::string(answer.etag) : std::string();
  return {};
}

Status IndexFollower::fail_index(const Status& why, const FetchAnswer& answer, Instant now,
                                 Random& random) {
  failures_ = static_cast<uint8_t>(std::min(failures_ + 1, 255));
  not_before_ = now + wait_after_failures(failures_, answer.retry_after, random);
  return why;
}

Status IndexFollower::index_answered(const FetchAnswer& answer, Instant now, Random& random) {
  const bool is_unchanged = answer.status == 304 && !etag_.empty();
  if (!is_unchanged && answer.status != 200) {
    const bool is_missing = answer.status == 404 || answer.status == 410;
    return fail_index({is_missing ? Code::not_found : Code::io, "there is no index to be had"},
                      answer, now, random);
  }
  if (!is_unchanged)
    if (const Status read = take_index(answer); !read.ok())
      return fail_index(read, answer, now, random);
  failures_ = 0;
  not_before_ = now;
  index_due_ = now + jittered(options_.gap, random);
  return {};
}

Status IndexFollower::list_handled(std::string_view path, ListOutcome outcome, Instant now,
                                   Random& random, std::optional<Millis> retry_after) {
  if (waiting_.empty() || waiting_.front() != path)
    return {Code::not_found, "not the list that was to be fetched", "path"};
  std::string list = std::move(waiting_.front());
  waiting_.pop_front();
  if (outcome == ListOutcome::missing) {  // the next index will tell
    etag_.clear();
    return {};
  }
  if (outcome == ListOutcome::done) {
    handled_[name_of(list)] = kDone;
    failures_ = 0;
    not_before_ = now;
    return {};
  }
  uint8_t& failures = handled_[name_of(list)];
  failures_ = static_cast<uint8_t>(std::min(failures_ + 1, 255));
  not_before_ = now + wait_after_failures(failures_, retry_after, random);
  if (++failures < kMostFailures) waiting_.push_back(std::move(list));
  return {};
}

IndexStatus IndexFollower::status() const {
  IndexStatus status;
  status.listed = listed_;
  status.waiting = waiting_.size();
  for (const auto& [name, failures] : handled_)
    if (failures == kMostFailures) ++status.given_up;
  status.wake_at = waiting_.empty() ? std::max(index_due_, not_before_) : not_before_;
  return status;
}

}  // namespace nearzone
