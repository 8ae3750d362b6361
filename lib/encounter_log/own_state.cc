// StoredLog's records of own state.
#include <algorithm>

#include "core/crypto.h"
#include "encounter_log/associated.h"
#include "encounter_log/stored_log.h"

namespace nearzone::encounter_log {
namespace {

constexpr size_t kLongestKind = 32;
constexpr Day kLastDay = Day::of(Instant{253402300799999});  // 9999-12-31

Status check_state_name(Day day, std::string_view kind) {
  if (day < Day{0} || day > kLastDay)
    return {Code::invalid_argument, "not a day from 1970 to 9999", "day"};
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (kind.empty() || kind.size() > kLongestKind || !std::ranges::all_of(kind, allowed))
    return {Code::invalid_argument, "not 1 to 32 of a-z, 0-9 and -", "kind"};
  return {};
}

}  // namespace

Status StoredLog::put_state(Day day, std::string_view kind, ByteView bytes) {
  NEARZONE_TRY(check_state_name(day, kind));
  const std::lock_guard lock(mutex_);
  NEARZONE_TRY(check_open());
  NEARZONE_TRY(make_keys({&day, 1}));
  return store_state(day, kind, bytes);
}

Status StoredLog::store_state(Day day, std::string_view kind, ByteView bytes) {
  const std::vector<uint8_t> sealed =
      seal(*keys_.find(day), bytes, associated_with_state(keys_.database_id, day, kind), random_);
  NEARZONE_ASSIGN(Transaction transaction, database_->begin());
  NEARZONE_ASSIGN(const DayTotals totals, database_->put_state(day, kind, sealed));
  NEARZONE_TRY(transaction.commit());
  settle_states();
  note({&totals, 1});
  return {};
}

// Where damage cuts the write-ahead log short, older states would come back, which are as genuine
// as the newest ones. So none is left there: what cannot be moved now, for a reader or for want of
// space, is stored all the same, and is moved with the next change.
void StoredLog::settle_states() {
  const Result<bool> settled = database_->empty_write_ahead_log();
  states_are_settled_ = settled.ok() && *settled;
}

Result<SecretBytes> StoredLog::get_state(Day day, std::string_view kind) const {
  NEARZONE_TRY(check_state_name(day, kind));
  const std::lock_guard lock(mutex_);
  NEARZONE_TRY(check_open());
  const Result<std::vector<uint8_t>> sealed = database_->get_state(day, kind);
  if (sealed.ok()) return unsealed_state(day, kind, *sealed);
  // Damage may have taken it, or its name.
  if (sealed.status().code() == Code::not_found) NEARZONE_TRY(checked_states().status());
  return sealed.status();
}

Status StoredLog::remove_state(Day day, std::string_view kind) {
  NEARZONE_TRY(check_state_name(day, kind));
  const std::lock_guard lock(mutex_);
  NEARZONE_TRY(check_open());
  const Status found = database_->get_state(day, kind).status();
  if (found.code() == Code::not_found) return {};
  NEARZONE_TRY(found);
  // First, so that a state which goes is not taken for one that damage took.
  NEARZONE_TRY(write_keys(keys_.duplicate(), day));
  NEARZONE_ASSIGN(Transaction transaction, database_->begin());
  NEARZONE_TRY(database_->remove_state(day, kind));
  NEARZONE_TRY(transaction.commit());
  settle_states();
  return {};
}

Result<std::vector<Day>> StoredLog::state_days(std::string_view kind) const {
  NEARZONE_TRY(check_state_name(Day{0}, kind));
  const std::lock_guard lock(mutex_);
  NEARZONE_TRY(check_open());
  NEARZONE_ASSIGN(const std::vector<StoredState> states, checked_states());
  std::vector<Day> days;
  for (const StoredState& state : states)
    if (state.kind == kind) days.push_back(state.day);
  return days;
}

Result<SecretBytes> StoredLog::unsealed_state(Day day, std::string_view kind,
                                              ByteView sealed) const {
  const Secret<32>* key = keys_.find(day);
  if (key == nullptr) return Status(Code::not_found, "no such state is kept for this day");
  Result<SecretBytes> plain =
      open_sealed(*key, sealed, associated_with_state(keys_.database_id, day, kind));
  if (!plain.ok()) return Status(Code::corrupt, "a stored state does not authenticate", "state");
  return plain;
}

// All states, of which none is altered or missing.
Result<std::vector<StoredState>> StoredLog::checked_states() const {
  NEARZONE_ASSIGN(std::vector<StoredState> states, database_->states());
  NEARZONE_ASSIGN(const std::vector<DayTotals> totals, database_->totals());
  size_t counted = 0;
  for (const DayTotals& total : totals) {
    counted += total.states;
    if (std::ranges::count(states, total.day, &StoredState::day) != int64_t{total.states})
      return Status(Code::corrupt, "a stored state is missing", "state");
  }
  if (counted != states.size())
    return Status(Code::corrupt, "a stored state was never counted", "state");
  std::erase_if(states, [&](const StoredState& state) { return keys_.find(state.day) == nullptr; });
  for (const StoredState& state : states)
    NEARZONE_TRY(unsealed_state(state.day, state.kind, state.sealed).status());
  return states;
}

}  // namespace nearzone::encounter_log
