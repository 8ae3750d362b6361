/// Finds published keys among what was heard: derive, prefilter, compare exactly, check the time.
///
///     auto matcher = nearzone::Matcher::create(table.columns(), schemes, random);
///     nearzone::MatchResult result;
///     nearzone::Status done = matcher->match(*stream, 0, {}, result);
///     for (const nearzone::MatchedKey& hit : result.keys) show(hit);
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "nearzone/keys.h"
#include "nearzone/random.h"
#include "nearzone/scheme.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// One identifier of a matched key that was heard in its time.
struct SlotMatch {
  /// Counted from the key's first slot; of TCN, the number's index, of a set, the epoch.
  uint32_t slot = 0;
  Identifier identifier;
  TimeRange window;      ///< when it was on the air, without the scheme's tolerance
  size_t first_row = 0;  ///< rows [first_row, first_row + row_count) of MatchResult::rows
  size_t row_count = 0;
};

/// A published key with at least one sighting.
struct MatchedKey {
  uint32_t list = 0;  ///< as given to match()
  PublishedKey key;
  size_t first_slot_match =
      0;  ///< slots [first_slot_match, + slot_match_count) of MatchResult::slots
  size_t slot_match_count = 0;
};

/// Matches in order of (list, record, slot, time): the same whatever the number of threads.
struct MatchResult {
  std::vector<MatchedKey> keys;
  std::vector<SlotMatch> slots;
  std::vector<size_t> rows;  ///< indices into the columns that were matched
  uint64_t keys_tried = 0;
  uint64_t keys_refused = 0;  ///< malformed ones that Scheme::check refused
  /// That were heard and nothing more is said of, because Scheme::admit refused them.
  uint64_t keys_unproven = 0;
  uint64_t identifiers_derived = 0;

  /// Adds another result behind this one's.
  void append(MatchResult&& other);
  /// Puts matches into the order stated above.
  void sort();
};

/// All matches of one distinct key in one list, whatever number of records repeat it.
struct KeySummary {
  uint32_t list = 0;
  /// As its latest record has it: the last of the revised ones, where there are any.
  PublishedKey key;
  uint64_t identifiers = 0;  ///< distinct identifiers that were heard
  uint64_t sightings = 0;    ///< distinct rows
  std::vector<size_t> rows;  ///< these, ascending: indices into the columns
  Instant first;
  Instant last;
};
/// Sorted by (first, list, record).
std::vector<KeySummary> summarise(const MatchResult& result, const SightingColumns& columns);

/// An app's own threads.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Calls work(0) to work(count - 1), at the same time where it can, and returns when all of them
  /// have returned.
  virtual void run(unsigned count, const std::function<void(unsigned)>& work) = 0;
};

/// How a match is run.
struct MatchControl {
  unsigned threads = 1;  ///< that work at the same time, the caller's included
  /// Borrowed; where null, the threads beyond the caller's are made for the call and end with it.
  Executor* executor = nullptr;
  /// Polled at least every 64 key parts: a few milliseconds on the slowest phone. May be null.
  const Cancel* cancel = nullptr;
  /// Called with the number of keys tried so far, on the thread that does work(0): the caller's
  /// where there is no executor. May be empty.
  std::function<void(uint64_t keys)> progress = {};
};

/// How much of a log was seen: of every day the batches up to some number. It holds across
/// compaction, which keeps row ids.
struct LogMark {
  struct DayMark {
    Day day;
    uint32_t next_sequence = 0;  ///< the first batch of the day that was not seen
    bool operator==(const DayMark&) const = default;
  };
  std::vector<DayMark> days;  ///< ascending

  /// Everything in these columns.
  static LogMark of(const SightingColumns& columns);
  bool covers(const RowId& row) const;
  /// For a day that was erased: whatever is recorded on it from now on is new.
  void forget(Day day);
  bool operator==(const LogMark&) const = default;
};

/// What is remembered of matching one list, to go on after a stop, and to look only for what is new
/// once the list is done and the log has grown. It names the keys that matched by their place in
/// the list; rows, times and identifiers are not in it. docs/formats/match-memory.md
struct MatchMemory {
  static constexpr size_t kMaxEncodedSize = size_t{60} << 10;

  std::array<uint8_t, 32> list_digest{};  ///< KeyList::content_digest(), for the caller to compare
  LogMark log;                            ///< what of the log the keys were compared with
  uint64_t next_record = 0;               ///< records below this one are done
  bool complete = false;                  ///< and there are no others
  Instant heard_until;         ///< no key that is done can match a sighting at or after this
  std::vector<uint64_t> hits;  ///< records that matched, ascending

  /// At most kMaxEncodedSize bytes: where there are more hits than fit, the memory written ends
  /// before the first that does not.
  std::vector<uint8_t> encode() const;
  /// Fails with corrupt or newer_format.
  static Result<MatchMemory> decode(ByteView bytes);
  bool operator==(const MatchMemory&) const = default;
};

/// The prepared log. Immutable after create(): any number of threads may match with one matcher.
class Matcher {
 public:
  /// `columns` and the schemes are borrowed and must outlive the matcher; at most one scheme a tag,
  /// keys of other schemes are refused. `random` keys the prefilter, so that no list can be made
  /// slow on purpose. Fails with unsupported where NEARZONE_KERNEL asks for what cannot run, and
  /// with cancelled where `cancel` (may be null) asks to stop.
  static Result<Matcher> create(const SightingColumns& columns,
                                std::span<const Scheme* const> schemes, Random& random,
                                const Cancel* cancel = nullptr);
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  /// Matches all keys of a stream and appends to `result`. After a failure (the stream's own, or
  /// cancelled) `result` is as it was before. Identical to trying every key naively.
  Status match(KeyStream& keys, uint32_t list, const MatchControl& control,
               MatchResult& result) const;

  /// Asks a set for everything that was heard of its scheme. What it holds becomes one entry of
  /// `result.keys`, whose key is none (its bytes are zeros: a set does not tell whose identifiers
  /// belong together), with a slot for each of them. Fails, changing nothing, with cancelled, or as
  /// the set does. `cancel` may be null.
  Status match(const PublishedSet& set, uint32_t list, const Cancel* cancel,
               MatchResult& result) const;

  /// Whether a list that was matched must be matched again: it was not finished, or sightings have
  /// come since whose time it can cover.
  bool needs_matching(const MatchMemory& memory) const;

 private:
  friend class MatchRun;
  struct Log;
  explicit Matcher(std::unique_ptr<const Log> log);
  std::unique_ptr<const Log> log_;
};

/// A match in bounded pieces, for callers that must stay in control: it can be stopped after any of
/// them and continued later, by another process and with a log that has grown. Not thread-safe.
///
///     nearzone::MatchRun run(matcher, *stream, 0, {}, memory);
///     for (nearzone::Result<bool> more = true; more.ok() && *more && time_left();)
///       more = run.step(10000);
///     save(run.memory().encode());
class MatchRun {
 public:
  /// All are borrowed and must outlive the run, what `control` points to included. `keys` begins at
  /// the list's start. `memory` is that of an earlier run over the same list (the caller has
  /// compared the digests), or empty.
  MatchRun(const Matcher& matcher, KeyStream& keys, uint32_t list, const MatchControl& control = {},
           MatchMemory memory = {});
  ~MatchRun();
  /// Handles at most `most` keys (> 0), and at most some thousand a thread. True: there may be
  /// more. False: done. After cancelled, which leaves the run as it was, it may be called again;
  /// after another failure, the stream's own, the run is of no use.
  Result<bool> step(size_t most);
  /// What was found so far. Once step() gave false: the same as matching the whole list at once
  /// with this matcher, whatever the memory, but for identifiers_derived
  /// and keys_unproven.
  const MatchResult& result() const { return result_; }
  MatchResult take_result() { return std::move(result_); }
  /// What to keep for the next time.
  const MatchMemory& memory() const;

 private:
  struct Lane;
  struct Workspace;
  Status read(size_t most);
  Status match(Lane& lane) const;
  Status match_seen(Lane& lane, std::span<const PublishedKey> keys) const;
  void remember(std::span<const PublishedKey> keys, const MatchResult& found);

  const Matcher::Log& log_;
  KeyStream& keys_;
  const uint32_t list_;
  const MatchControl control_;
  std::unique_ptr<Workspace> workspace_;
  MatchResult result_;
};

}  // namespace nearzone
