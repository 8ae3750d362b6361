#include <algorithm>
#include <atomic>
#include <mutex>

#include "match/batch.h"
#include "match/log.h"
#include "match/own_threads.h"
#include "nearzone/kernels.h"
#include "nearzone/match.h"

namespace nearzone {
namespace {

const Status kCancelled(Code::cancelled, "the match was cancelled");

// What the threads of one match share.
struct SharedStream {
  KeyStream& keys;
  const size_t keys_per_batch;
  std::mutex mutex;
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> tried{0};
  Status status{};

  void fail(const Status& why) {
    const std::lock_guard lock(mutex);
    if (status.ok()) status = why;
    stop = true;
  }

  // Fills `batch`; false at the end or after a fault.
  bool next(std::vector<PublishedKey>& batch, const Cancel* cancel) {
    const std::lock_guard lock(mutex);
    if (stop) return false;
    status =
        cancel != nullptr && cancel->requested() ? kCancelled : keys.next(keys_per_batch, batch);
    if (!status.ok() || batch.empty()) stop = true;
    return !stop;
  }
};

}  // namespace

Matcher::Matcher(std::unique_ptr<const Log> log) : log_(std::move(log)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

Result<Matcher> Matcher::create(const SightingColumns& columns,
                                std::span<const Scheme* const> schemes, Random& random,
                                const Cancel* cancel) {
  NEARZONE_ASSIGN([[maybe_unused]] const std::string_view level, active_kernel());
  for (size_t i = 0; i < schemes.size(); ++i)
    for (size_t before = 0; before < i; ++before)
      if (schemes[before]->tag() == schemes[i]->tag())
        return Status(Code::invalid_argument, "a scheme is given twice", "schemes");
  std::array<uint8_t, 4> seed;
  random.fill(seed);
  auto log = std::make_unique<Log>(Log{columns, load_le32(seed.data()) | 1});
  for (const Scheme* scheme : schemes)
    log->schemes.emplace_back(columns, *scheme, nullptr, cancel, log->multiplier);
  if (cancel != nullptr && cancel->requested()) return kCancelled;
  return Matcher(std::move(log));
}

Status Matcher::match(KeyStream& keys, uint32_t list, const MatchControl& control,
                      MatchResult& result) const {
  SharedStream shared{keys, match::keys_per_batch(log_->schemes), {}};
  const unsigned threads = std::max(1u, control.threads);
  std::vector<MatchResult> results(threads);
  const auto work = [&](unsigned me) {
    match::KeyMatch key_match(log_->schemes);
    std::vector<PublishedKey> batch;
    while (shared.next(batch, control.cancel)) {
      if (!key_match.run(batch, list, control.cancel, results[me])) return shared.fail(kCancelled);
      shared.tried += batch.size();
      if (me == 0 && control.progress) control.progress(shared.tried);
    }
  };
  match::OwnThreads own;
  (control.executor != nullptr ? *control.executor : own).run(threads, work);
  NEARZONE_TRY(shared.status);
  MatchResult all = std::move(results[0]);
  for (unsigned i = 1; i < threads; ++i) all.append(std::move(results[i]));
  if (threads > 1) all.sort();
  if (control.progress) control.progress(all.keys_tried);
  result.append(std::move(all));
  return {};
}

bool Matcher::needs_matching(const MatchMemory& memory) const {
  if (!memory.complete) return true;
  if (memory.log == LogMark::of(log_->columns)) return false;
  for (size_t row = 0; row < log_->columns.size(); ++row)
    if (log_->columns.time[row] < memory.heard_until && !memory.log.covers(log_->columns.row[row]))
      return true;
  return false;
}

}  // namespace nearzone
