#include "encounter_log/stored_log.h"

#include <algorithm>
#include <utility>

#include "core/crypto.h"
#include "encounter_log/associated.h"
#include "encounter_log/block.h"
#include "encounter_log/private_file.h"
#include "encounter_log/retention.h"
#include "encounter_log/snapshot.h"

namespace nearzone::encounter_log {
namespace {

constexpr size_t kLongestKind = 32;
constexpr Day kLastDay = Day::of(Instant{253402300799999});  // 9999-12-31
// Keeps a block within a few database pages.
constexpr size_t kSightingsPerChunk = 512;
// Far beyond what a radio hears in one scan.
constexpr size_t kMostSightingsPerScan = size_t{1} << 20;

Status check_batches(std::span<const SightingBatch> batches) {
  size_t record = 0;
  for (size_t i = 0; i < batches.size(); ++i) {
    if (const Status status = check_storable(batches[i].scan); !status.ok())
      return status.at_record(i);
    if (batches[i].sightings.size() > kMostSightingsPerScan)
      return Status(Code::limit_exceeded, "more than 1048576 in one scan", "sightings")
          .at_record(i);
    for (const Sighting& sighting : batches[i].sightings) {
      if (const Status status = check_storable(sighting); !status.ok())
        return status.at_record(record);
      ++record;
    }
  }
  return {};
}

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

// The days that a batch has blocks in, ascending: those of its sightings, or of the scan itself
// where it heard nothing.
std::vector<Day> days_of(const SightingBatch& batch) {
  if (batch.sightings.empty()) return {Day::of(batch.scan.start)};
  std::vector<Day> days;
  for (const Sighting& sighting : batch.sightings) {
    const Day day = Day::of(sighting.time);
    if (days.empty() || days.back() != day) days.push_back(day);
  }
  std::ranges::sort(days);
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

std::vector<Day> recorded_days(const KeyTable& keys) {
  std::vector<Day> days;
  days.reserve(keys.days.size());
  for (const DayKey& day : keys.days) days.push_back(day.day);
  return days;
}

}  // namespace

Status StoredLog::append(std::span<const SightingBatch> batches) {
  NEARZONE_TRY(check_batches(batches));
  std::vector<std::vector<Day>> days;
  std::vector<Day> all_days;
  for (const SightingBatch& batch : batches) {
    days.push_back(days_of(batch));
    all_days.insert(all_days.end(), days.back().begin(), days.back().end());
  }
  const std::lock_guard lock(mutex_);
  NEARZONE_TRY(make_keys(all_days));
  NEARZONE_ASSIGN(Transaction transaction, database_.begin());
  for (size_t i = 0; i < batches.size(); ++i)
    for (Day day : days[i]) NEARZONE_TRY(add_batch(batches[i], day));
  return transaction.commit();
}

Status StoredLog::add_batch(const SightingBatch& batch, Day day) {
  std::vector<const Sighting*> of_day;
  of_day.reserve(batch.sightings.size());
  for (const Sighting& sighting : batch.sightings)
    if (Day::of(sighting.time) == day) of_day.push_back(&sighting);

  BlockLabel label;
  label.day = day;
  NEARZONE_ASSIGN(label.sequence, database_.add_block(day, static_cast<uint32_t>(of_day.size())));
  const size_t chunks =
      std::max<size_t>(1, (of_day.size() + kSightingsPerChunk - 1) / kSightingsPerChunk);
  label.chunks = static_cast<uint32_t>(chunks);
  std::span<const Sighting* const> rest = of_day;
  for (label.chunk = 0; label.chunk < label.chunks; ++label.chunk) {
    const auto part = rest.first(std::min(rest.size(), kSightingsPerChunk));
    rest = rest.subspan(part.size());
    label.count = static_cast<uint32_t>(part.size());
    BlockWriter block(batch.scan, part.size());
    for (const Sighting* sighting : part) block.add(*sighting);
    NEARZONE_TRY(
        database_.add_chunk(label, seal(*keys_.find(day), block.plain(),
                                        associated_with_block(keys_.database_id, label), random_)));
  }
  return {};
}

Status StoredLog::make_keys(std::span<const Day> days) {
  // After a failed writing the file may hold a newer table than this one, without a day's key:
  // nothing may come to depend on that key before the file has it again.
  if (last_sequence_ != keys_.sequence) NEARZONE_TRY(write_keys(keys_.duplicate()));
  std::vector<Day> missing;
  for (Day day : days)
    if (keys_.find(day) == nullptr && std::ranges::find(missing, day) == missing.end())
      missing.push_back(day);
  if (missing.empty()) return {};
  if (keys_.days.size() + missing.size() > KeyTable::kMostDays)
    return {Code::limit_exceeded, "the log would hold more than 64 days", "day"};
  // Rows that an interrupted erasure left must not come under a new key of their day.
  if (!database_.follows(keys_)) NEARZONE_TRY(database_.follow_keys(keys_, {}));
  KeyTable next = keys_.duplicate();
  for (Day day : missing) next.insert(day, Secret<32>::random(random_));
  NEARZONE_TRY(write_keys(std::move(next)));
  return database_.follow_keys(keys_, {});
}

Status StoredLog::erase_keys(std::span<const Day> days) {
  KeyTable next = keys_.duplicate();
  std::erase_if(next.days,
                [&](const DayKey& key) { return std::ranges::find(days, key.day) != days.end(); });
  NEARZONE_TRY(write_keys(std::move(next)));
  return unless_full(database_.follow_keys(keys_, days));
}

Status StoredLog::write_keys(KeyTable next) {
  next.sequence = ++last_sequence_;
  NEARZONE_TRY(key_file_.store(next, random_));
  keys_ = std::move(next);
  return {};
}

Result<SightingTable> StoredLog::snapshot(const Cancel* cancel) const {
  NEARZONE_ASSIGN(LogReader reader, LogReader::open(paths_.database));
  std::unique_lock lock(mutex_);
  NEARZONE_ASSIGN(const std::vector<DayTotals> totals, reader.begin());
  const KeyTable keys = keys_.duplicate();
  lock.unlock();
  return read_snapshot(std::move(reader), totals, keys, cancel);
}

Result<LogStatistics> StoredLog::statistics() const {
  NEARZONE_ASSIGN(LogReader reader, LogReader::open(paths_.database));
  std::unique_lock lock(mutex_);
  NEARZONE_ASSIGN(const std::vector<DayTotals> totals, reader.begin());
  const std::vector<Day> recorded = recorded_days(keys_);
  lock.unlock();
  LogStatistics statistics;
  NEARZONE_ASSIGN(statistics.days, reader.statistics());
  NEARZONE_TRY(check_totals(totals, statistics.days));
  std::erase_if(statistics.days, [&](const LogDayStatistics& day) {
    return !std::ranges::binary_search(recorded, day.day);
  });
  for (const std::string& path : {paths_.database, paths_.database + "-wal", paths_.keys})
    statistics.bytes_on_disk += file_size(path);
  return statistics;
}

Result<int32_t> StoredLog::purge() {
  const std::lock_guard lock(mutex_);
  std::vector<Day> old = recorded_days(keys_);
  std::erase_if(old, [kept = first_kept()](Day day) { return day >= kept; });
  if (!old.empty()) NEARZONE_TRY(erase_keys(old));
  return static_cast<int32_t>(old.size());
}

Result<Day> StoredLog::first_kept_day() const {
  const std::lock_guard lock(mutex_);
  return first_kept();
}

Day StoredLog::first_kept() const {
  const Day today = Day::of(clock_.now());
  return reference_day(recorded_days(keys_), today) + -options_.retention_days;
}

Status StoredLog::erase_day(Day day) {
  const std::lock_guard lock(mutex_);
  return erase_keys({&day, 1});
}

Status StoredLog::erase_all() {
  const std::lock_guard lock(mutex_);
  return erase_keys(recorded_days(keys_));
}

Status StoredLog::put_state(Day day, std::string_view kind, ByteView bytes) {
  NEARZONE_TRY(check_state_name(day, kind));
  const std::lock_guard lock(mutex_);
  NEARZONE_TRY(make_keys({&day, 1}));
  const std::vector<uint8_t> sealed =
      seal(*keys_.find(day), bytes, associated_with_state(keys_.database_id, day, kind), random_);
  NEARZONE_ASSIGN(Transaction transaction, database_.begin());
  NEARZONE_TRY(database_.put_state(day, kind, sealed));
  return transaction.commit();
}

Result<SecretBytes> StoredLog::get_state(Day day, std::string_view kind) const {
  NEARZONE_TRY(check_state_name(day, kind));
  const std::lock_guard lock(mutex_);
  const Result<std::vector<uint8_t>> sealed = database_.get_state(day, kind);
  if (sealed.ok()) return unsealed_state(day, kind, *sealed);
  // Damage may have taken it, or its name.
  if (sealed.status().code() == Code::not_found) NEARZONE_TRY(checked_states().status());
  return sealed.status();
}

Status StoredLog::remove_state(Day day, std::string_view kind) {
  NEARZONE_TRY(check_state_name(day, kind));
  const std::lock_guard lock(mutex_);
  NEARZONE_ASSIGN(Transaction transaction, database_.begin());
  NEARZONE_TRY(database_.remove_state(day, kind));
  return transaction.commit();
}

Result<std::vector<Day>> StoredLog::state_days(std::string_view kind) const {
  NEARZONE_TRY(check_state_name(Day{0}, kind));
  const std::lock_guard lock(mutex_);
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
  NEARZONE_ASSIGN(std::vector<StoredState> states, database_.states());
  NEARZONE_ASSIGN(const std::vector<DayTotals> totals, database_.totals());
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
