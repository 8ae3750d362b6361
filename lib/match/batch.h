// Some thousand keys at a time through split, derive, filter and exact comparison.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "match/index.h"
#include "nearzone/match.h"
#include "nearzone/scheme.h"

namespace nearzone::match {

// Keys to match together: enough that those of one day pay for bringing that day's filter into the
// cache; few enough that they do not drive it out.
size_t keys_per_batch(std::span<const SchemeIndex> indexes);

// Matches keys of one scheme against one index. Keeps its buffers from batch to batch. Not
// thread-safe.
class BatchMatch {
 public:
  explicit BatchMatch(const SchemeIndex& index);

  const Scheme& scheme() const { return index_.scheme(); }

  // Appends what is found of these keys, which have passed the scheme's check, in order of key and
  // slot. False where `cancel` (may be null) asked to stop; `result` then has some of it.
  bool run(std::span<const PublishedKey> keys, uint32_t list, const Cancel* cancel,
           MatchResult& result);

 private:
  // Parts that go to Scheme::prepare() together.
  static constexpr size_t kPartsPerRound = 256;
  // Parts expanded before their identifiers are looked up: as many as the widest kernel takes side
  // by side. Those of a day's keys stay near the first cache, which as many hash chains would
  // leave.
  static constexpr size_t kKeysPerRound = 16;
  static constexpr size_t kChainsPerRound = 32;
  // Hits between two looks at the cancel flag.
  static constexpr size_t kHitsPerLook = 4096;
  // Keys that are split before it is seen whether they are enough: Bluezone's give up to 62 parts.
  static constexpr size_t kKeysPerSplit = 256;

  // Slots of a part whose window, a position in the index, holds sightings that they can match;
  // or kNoWindow for slots that are too long for one.
  struct Piece {
    size_t window;
    SlotRange slots;
  };
  static constexpr size_t kNoWindow = ~size_t{0};
  // The pieces of every part that begins then and has so many slots of that length: most keys of a
  // list share those of their day.
  struct Plan {
    Instant start;
    Millis slot_length{0};
    uint32_t slots = 0;
    bool shuffled = false;
    Instant released_at;
    uint32_t first_piece = 0;
    uint32_t piece_count = 0;
  };
  // A part near sightings.
  struct Work {
    uint32_t part;
    uint32_t first_piece;
    uint32_t piece_count;
  };
  // Derived identifiers to be looked up in one window.
  struct Probe {
    const KeyPart* part = nullptr;
    size_t window = 0;
    uint32_t first_slot = 0;
    size_t first = 0;
    size_t count = 0;
  };
  struct Hit {
    uint32_t key;
    SlotMatch match;
  };

  const Plan& plan_for(const KeyPart& part);
  void add_pieces(const KeyPart& part, Plan& plan);
  void add_works(std::span<const PublishedKey> keys, uint32_t first_key);
  bool match_works(const Cancel* cancel);
  void order_by_window();
  bool match_round(std::span<const uint32_t> works, const Cancel* cancel);
  void add_derivations(const KeyPart& part, std::span<const Piece> pieces);
  bool round_ends(std::span<const uint32_t> works, size_t next) const;
  void look_up_derived();
  void confirm_found(std::span<const Probe> probes, size_t first, size_t hits);
  void confirm(const Probe& probe, size_t identifier);
  bool report(std::span<const PublishedKey> keys, uint32_t list, const Cancel* cancel,
              MatchResult& result);

  const SchemeIndex& index_;
  const size_t parts_per_batch_;
  const size_t derivations_per_round_;
  std::array<Plan, 64> plans_;
  std::vector<Piece> pieces_;
  std::vector<KeyPart> parts_;
  std::vector<Work> works_;
  std::vector<uint32_t> order_;  // of works_, by their first window; then of hits_, by their key
  std::vector<uint32_t> next_;  // place in order_ for the next work of each window, hit of each key
  std::vector<KeyPart*> prepared_;
  std::vector<Derivation> derivations_;
  std::vector<Probe> probes_;
  std::vector<Identifier> identifiers_;
  std::vector<uint32_t> found_;
  size_t derived_ = 0;  // what derivations_ will write
  uint64_t total_derived_ = 0;
  std::vector<Hit> hits_;
  std::vector<uint32_t> hits_of_key_;
  std::vector<size_t> rows_;
};

// Matches keys of any scheme: a batch match for each index, which are borrowed. Not thread-safe.
class KeyMatch {
 public:
  explicit KeyMatch(std::span<const SchemeIndex> indexes);

  // Appends what is found and counts the keys, refused ones apart. False where `cancel` (may be
  // null) asked to stop; `result` is then as it was.
  bool run(std::span<const PublishedKey> keys, uint32_t list, const Cancel* cancel,
           MatchResult& result);

 private:
  std::vector<BatchMatch> schemes_;
};

}  // namespace nearzone::match
