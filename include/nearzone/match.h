/// Finds published keys among what was heard: derive, prefilter, compare exactly, check the time.
///
///     auto matcher = nearzone::Matcher::create(table.columns(), schemes, random);
///     nearzone::MatchResult result;
///     nearzone::Status done = matcher->match(*stream, 0, {}, result);
///     for (const nearzone::MatchedKey& hit : result.keys) ...
#pragma once

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
  uint32_t slot = 0;  ///< counted from the key's first slot
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
  uint64_t identifiers_derived = 0;

  /// Adds another result behind this one's.
  void append(MatchResult&& other);
  /// Puts matches into the order stated above.
  void sort();
};

/// All matches of one distinct key in one list, whatever number of records repeat it.
struct KeySummary {
  uint32_t list = 0;
  PublishedKey key;                              ///< its first record
  uint64_t identifiers = 0;                      ///< distinct identifiers that were heard
  uint64_t sightings = 0;                        ///< distinct rows
  std::vector<size_t> rows;                      ///< these, ascending: indices into the columns
  ReportType report_type = ReportType::unknown;  ///< the last record's, which may revise the first
  Instant first;
  Instant last;
};
/// Sorted by (first, list, record).
std::vector<KeySummary> summarise(const MatchResult& result, const SightingColumns& columns);

/// How a match is run.
struct MatchControl {
  unsigned threads = 1;  ///< including the caller's; others live only during the call
  const Cancel* cancel = nullptr;
  /// Called on the caller's thread with the number of keys tried so far; may be empty.
  std::function<void(uint64_t keys)> progress = {};
};

/// The prepared log. Immutable after create(): any number of threads may match with one matcher.
class Matcher {
 public:
  /// `columns` and the schemes are borrowed and must outlive the matcher; at most one scheme a tag,
  /// keys of other schemes are refused. `random` keys the prefilter, so that no list can be made
  /// slow on purpose. Fails with unsupported where NEARZONE_KERNEL asks for what cannot run.
  static Result<Matcher> create(const SightingColumns& columns,
                                std::span<const Scheme* const> schemes, Random& random);
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  /// Matches all keys of a stream and appends to `result`. After a failure (the stream's own, or
  /// cancelled) `result` is as it was before. Identical to trying every key naively.
  Status match(KeyStream& keys, uint32_t list, const MatchControl& control,
               MatchResult& result) const;

 private:
  friend class MatchRun;
  struct Index;
  explicit Matcher(std::unique_ptr<const Index> index);
  std::unique_ptr<const Index> index_;
};

/// A match in bounded pieces, for callers that must stay in control. Not thread-safe.
class MatchRun {
 public:
  /// Both are borrowed and must outlive the run.
  MatchRun(const Matcher& matcher, KeyStream& keys, uint32_t list);
  ~MatchRun();
  /// Tries at most `most` keys (> 0). True: there may be more. False: done.
  Result<bool> step(size_t most);
  /// What was found so far; complete once step() gave false.
  const MatchResult& result() const { return result_; }
  MatchResult take_result() { return std::move(result_); }

 private:
  friend class Matcher;
  struct Workspace;
  const Matcher& matcher_;
  KeyStream& keys_;
  uint32_t list_;
  std::unique_ptr<Workspace> workspace_;
  MatchResult result_;
};

}  // namespace nearzone
