#include <algorithm>
#include <optional>

#include "device/exposures.h"
#include "device/list_ledger.h"
#include "device/match_memories.h"
#include "device/windows.h"
#include "nearzone/device.h"

namespace nearzone {
namespace {

constexpr uint64_t kKeysBetweenSaves = uint64_t{1} << 18;

Status require_trust(const SignatureReport& report, const CheckOptions& options) {
  if (report.outcome == SignatureOutcome::verified || options.accept_unverified_lists) return {};
  return {Code::signature_refused, report.detail, "signature"};
}

}  // namespace

struct ListCheck::State {
  State(Device& checking, const CheckOptions& check_options)
      : device(checking),
        options(check_options),
        schemes(every_scheme(check_options.bluezone_windows)) {}

  Status begin();
  Status match_set();
  Status finish(const MatchResult& result);

  Device& device;
  const CheckOptions options;
  const decltype(every_scheme()) schemes;
  std::unique_ptr<KeyList> own_list;  // where the check opened it
  KeyList* list = nullptr;
  std::vector<device::DayLife> lives;
  SightingTable heard;
  std::optional<Matcher> matcher;
  std::unique_ptr<KeyStream> keys;
  std::optional<MatchRun> run;        // none where there are no keys to match
  const PublishedSet* set = nullptr;  // that waits to be matched, in one go
  uint64_t saved_at = 0;              // keys
  CheckReport report;
};

Status ListCheck::State::begin() {
  report.signature = list->verify(options.public_keys);
  // A list that was stopped meanwhile verifies as one that no key fits.
  const Cancel* cancel = options.match.cancel;
  if (cancel != nullptr && cancel->requested()) return {Code::cancelled, "the check was cancelled"};
  NEARZONE_TRY(require_trust(report.signature, options));
  NEARZONE_TRY(check_list_is_current(list->info(), device.clock_.now()));
  const std::lock_guard lock(device.findings_mutex_);
  EncounterLog& log = *device.log_;
  const ListInfo& info = list->info();
  // It was not signed before the time that it speaks of.
  if (report.signature.outcome == SignatureOutcome::verified)
    log.confirm_time(is_nearzone(info.format) ? info.start : info.end);
  NEARZONE_TRY(device::check_against_ledger(log, *list));
  NEARZONE_ASSIGN(lives, device::day_lives(log, device.random_));
  set = list->set();
  NEARZONE_ASSIGN(MatchMemory memory, device::load_memory(log, list->content_digest(),
                                                          options.bluezone_windows, lives));
  NEARZONE_ASSIGN(heard, log.snapshot(options.match.cancel));
  NEARZONE_ASSIGN(Matcher made,
                  Matcher::create(heard.columns(), schemes, device.random_, options.match.cancel));
  matcher.emplace(std::move(made));
  if (set != nullptr) return {};
  report.known = !matcher->needs_matching(memory);
  if (report.known) {
    NEARZONE_ASSIGN(report.exposures, device::load_exposures(log, &list->content_digest()));
    return {};
  }
  NEARZONE_ASSIGN(keys, list->keys());
  run.emplace(*matcher, *keys, 0, options.match, std::move(memory));
  return {};
}

Status ListCheck::State::match_set() {
  MatchResult result;
  NEARZONE_TRY(matcher->match(*set, 0, options.match.cancel, result));
  report.keys = result.keys_tried;
  NEARZONE_TRY(finish(result));
  set = nullptr;
  return {};
}

Status ListCheck::State::finish(const MatchResult& result) {
  report.exposures = exposures_of(result, heard.columns(), schemes, device.options_);
  const auto windows = device::windows_of(result, heard.columns(), schemes, device.options_);
  const std::lock_guard lock(device.findings_mutex_);
  EncounterLog& log = *device.log_;
  // Another list of the series may have been checked meanwhile.
  NEARZONE_TRY(device::check_against_ledger(log, *list));
  NEARZONE_TRY(device::store_windows(log, list->content_digest(), windows));
  NEARZONE_TRY(device::store_exposures(log, list->content_digest(), report.exposures));
  const Day today = Day::of(device.clock_.now());
  if (run)
    NEARZONE_TRY(device::store_memory(log, run->memory(), options.bluezone_windows, lives, today));
  // An unverified list must not be able to shut out the authority's later ones.
  if (report.signature.outcome == SignatureOutcome::verified)
    NEARZONE_TRY(device::note_in_ledger(log, *list, today));
  run.reset();
  return {};
}

ListCheck::ListCheck(std::unique_ptr<State> state) : state_(std::move(state)) {}
ListCheck::~ListCheck() = default;

Result<bool> ListCheck::step(size_t most_keys) {
  State& state = *state_;
  if (state.set != nullptr) {
    NEARZONE_TRY(state.match_set());
    return false;
  }
  if (!state.run) return false;
  NEARZONE_ASSIGN(const bool more, state.run->step(most_keys));
  const MatchResult& result = state.run->result();
  state.report.keys = result.keys_tried;
  state.report.keys_refused =
      state.list->info().refused_count + result.keys_refused + result.keys_unproven;
  if (!more) NEARZONE_TRY(state.finish(result));
  if (more && result.keys_tried - state.saved_at >= kKeysBetweenSaves) NEARZONE_TRY(save());
  return more;
}

Status ListCheck::save() {
  State& state = *state_;
  if (!state.run) return {};
  const std::lock_guard lock(state.device.findings_mutex_);
  NEARZONE_TRY(device::store_memory(*state.device.log_, state.run->memory(),
                                    state.options.bluezone_windows, state.lives,
                                    Day::of(state.device.clock_.now())));
  state.saved_at = state.run->result().keys_tried;
  return {};
}

const CheckReport& ListCheck::report() const { return state_->report; }

Result<std::unique_ptr<ListCheck>> Device::begin_check(ByteSource& source,
                                                       const CheckOptions& options) {
  auto state = std::make_unique<ListCheck::State>(*this, options);
  ListOptions reading = options.list;
  if (reading.cancel == nullptr) reading.cancel = options.match.cancel;
  NEARZONE_ASSIGN(state->own_list, KeyList::open(source, reading));
  state->list = state->own_list.get();
  NEARZONE_TRY(state->begin());
  return std::unique_ptr<ListCheck>(new ListCheck(std::move(state)));
}

Result<std::unique_ptr<ListCheck>> Device::begin_check(KeyList& list, const CheckOptions& options) {
  auto state = std::make_unique<ListCheck::State>(*this, options);
  state->list = &list;
  NEARZONE_TRY(state->begin());
  return std::unique_ptr<ListCheck>(new ListCheck(std::move(state)));
}

}  // namespace nearzone
