#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "match/index.h"
#include "nearzone/kernels.h"
#include "nearzone/match.h"

namespace nearzone {

using match::SchemeIndex;

struct Matcher::Index {
  std::vector<SchemeIndex> schemes;

  const SchemeIndex* of(SchemeTag tag) const {
    for (const SchemeIndex& index : schemes)
      if (index.scheme().tag() == tag) return &index;
    return nullptr;
  }
};

namespace {

constexpr size_t kKeysPerBatch = 1024;
// Identifiers derived before they are looked up: 16 days' worth, small enough for the first cache.
constexpr size_t kIdentifiersPerRound = size_t{16} * 144;

// Buffers of one thread of a match.
struct Buffers {
  std::vector<PublishedKey> keys;
  std::vector<PublishedKey> of_scheme;
  std::vector<KeyPart> parts;
  std::vector<KeyPart> near_parts;
  std::vector<SlotRange> near_ranges;
  std::vector<Identifier> identifiers;
};

// Matches the keys of one batch that belong to one scheme.
class BatchMatch {
 public:
  BatchMatch(const SchemeIndex& index, uint32_t list, Buffers& buffers, MatchResult& result)
      : index_(index), list_(list), buffers_(buffers), result_(result) {}

  void run(std::span<const PublishedKey> keys) {
    keys_ = keys;
    buffers_.parts.clear();
    index_.scheme().split(keys, buffers_.parts);
    keep_parts_near_sightings();
    size_t first = 0;
    while (first < buffers_.near_parts.size()) {
      size_t end = first;
      size_t identifiers = 0;
      do identifiers += buffers_.near_ranges[end++].size();
      while (end < buffers_.near_parts.size() &&
             identifiers + buffers_.near_ranges[end].size() <= kIdentifiersPerRound);
      match_round(first, end, identifiers);
      first = end;
    }
  }

 private:
  // A slot can only match where something was heard within its window and the time rule.
  void keep_parts_near_sightings() {
    const Scheme& scheme = index_.scheme();
    buffers_.near_parts.clear();
    buffers_.near_ranges.clear();
    for (const KeyPart& part : buffers_.parts) {
      const TimeRange reach{part.start - scheme.rule().before,
                            part.start + part.slot_length * part.slots + scheme.rule().after};
      const SlotRange near = scheme.slots_near(part, index_.heard_within(reach));
      if (near.size() == 0) continue;
      buffers_.near_parts.push_back(part);
      buffers_.near_ranges.push_back(near);
    }
  }

  void match_round(size_t first, size_t end, size_t identifiers) {
    const std::span<const KeyPart> parts(&buffers_.near_parts[first], end - first);
    const std::span<const SlotRange> ranges(&buffers_.near_ranges[first], end - first);
    buffers_.identifiers.resize(std::max(buffers_.identifiers.size(), identifiers));
    const std::span<Identifier> derived(buffers_.identifiers.data(), identifiers);
    index_.scheme().expand(parts, ranges, derived);
    result_.identifiers_derived += identifiers;
    size_t at = 0;
    for (size_t part = 0; part < parts.size(); ++part)
      for (uint32_t slot = ranges[part].first; slot < ranges[part].last; ++slot, ++at)
        if (index_.may_contain(derived[at])) confirm(parts[part], slot, derived[at]);
  }

  // The exact comparison and the time rule, for the few identifiers that pass the bitmap.
  void confirm(const KeyPart& part, uint32_t slot, const Identifier& identifier) {
    const Scheme& scheme = index_.scheme();
    const TimeRange window = scheme.window(part, slot);
    const size_t first_row = result_.rows.size();
    index_.find(identifier, {window.from - scheme.rule().before, window.to + scheme.rule().after},
                result_.rows);
    if (result_.rows.size() == first_row) return;
    const PublishedKey& key = keys_[part.key];
    if (result_.keys.empty() || result_.keys.back().key.record != key.record)
      result_.keys.push_back({list_, key, result_.slots.size(), 0});
    ++result_.keys.back().slot_match_count;
    result_.slots.push_back(
        {part.first_slot + slot, identifier, window, first_row, result_.rows.size() - first_row});
  }

  const SchemeIndex& index_;
  const uint32_t list_;
  Buffers& buffers_;
  MatchResult& result_;
  std::span<const PublishedKey> keys_;
};

// Runs of keys of one scheme that pass its check go to the matching together.
template <typename Lookup>
void match_batch(const Lookup& index_of, uint32_t list, Buffers& buffers, MatchResult& result) {
  result.keys_tried += buffers.keys.size();
  size_t at = 0;
  while (at < buffers.keys.size()) {
    const SchemeTag tag = buffers.keys[at].scheme;
    const SchemeIndex* index = index_of(tag);
    buffers.of_scheme.clear();
    for (; at < buffers.keys.size() && buffers.keys[at].scheme == tag; ++at) {
      if (index != nullptr && index->scheme().check(buffers.keys[at]).ok())
        buffers.of_scheme.push_back(buffers.keys[at]);
      else
        ++result.keys_refused;
    }
    if (!buffers.of_scheme.empty())
      BatchMatch(*index, list, buffers, result).run(buffers.of_scheme);
  }
}

// What the threads of one match share.
struct SharedStream {
  KeyStream& keys;
  std::mutex mutex;
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> tried{0};
  Status status{};

  // Fills `batch`; false at the end or after a fault.
  bool next(std::vector<PublishedKey>& batch, const Cancel* cancel) {
    const std::lock_guard lock(mutex);
    if (stop) return false;
    if (cancel != nullptr && cancel->requested())
      status = Status(Code::cancelled, "the match was cancelled");
    else
      status = keys.next(kKeysPerBatch, batch);
    if (!status.ok() || batch.empty()) stop = true;
    return !stop;
  }
};

}  // namespace

Matcher::Matcher(std::unique_ptr<const Index> index) : index_(std::move(index)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

Result<Matcher> Matcher::create(const SightingColumns& columns,
                                std::span<const Scheme* const> schemes, Random& random) {
  NEARZONE_ASSIGN([[maybe_unused]] const std::string_view level, active_kernel());
  auto index = std::make_unique<Index>();
  for (const Scheme* scheme : schemes) {
    if (index->of(scheme->tag()) != nullptr)
      return Status(Code::invalid_argument, "a scheme is given twice", "schemes");
    index->schemes.emplace_back(columns, *scheme, random);
  }
  return Matcher(std::move(index));
}

Status Matcher::match(KeyStream& keys, uint32_t list, const MatchControl& control,
                      MatchResult& result) const {
  SharedStream shared{keys, {}};
  const auto index_of = [this](SchemeTag tag) { return index_->of(tag); };
  const unsigned threads = std::max(1u, control.threads);
  std::vector<MatchResult> results(threads);
  const auto work = [&](unsigned me) {
    Buffers buffers;
    while (shared.next(buffers.keys, control.cancel)) {
      match_batch(index_of, list, buffers, results[me]);
      shared.tried += buffers.keys.size();
      if (me == 0 && control.progress) control.progress(shared.tried);
    }
  };
  std::vector<std::thread> helpers;
  for (unsigned i = 1; i < threads; ++i) helpers.emplace_back(work, i);
  work(0);
  for (std::thread& helper : helpers) helper.join();
  NEARZONE_TRY(shared.status);
  MatchResult all = std::move(results[0]);
  for (unsigned i = 1; i < threads; ++i) all.append(std::move(results[i]));
  if (threads > 1) all.sort();
  if (control.progress) control.progress(all.keys_tried);
  result.append(std::move(all));
  return {};
}

struct MatchRun::Workspace {
  Buffers buffers;
};

MatchRun::MatchRun(const Matcher& matcher, KeyStream& keys, uint32_t list)
    : matcher_(matcher), keys_(keys), list_(list), workspace_(std::make_unique<Workspace>()) {}
MatchRun::~MatchRun() = default;

Result<bool> MatchRun::step(size_t most) {
  Buffers& buffers = workspace_->buffers;
  NEARZONE_TRY(keys_.next(std::min(most, kKeysPerBatch), buffers.keys));
  if (buffers.keys.empty()) return false;
  match_batch([this](SchemeTag tag) { return matcher_.index_->of(tag); }, list_, buffers, result_);
  return true;
}

}  // namespace nearzone
