#include "encounter_log/stored_log.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/crypto.h"
#include "encounter_log/private_file.h"
#include "encounter_log/repair.h"
#include "encounter_log/snapshot.h"

namespace nearzone::encounter_log {
namespace {

// Own state of the doubtful day: the day on which the clock was found right again, and how many
// blocks were filed as doubtful until then.
constexpr std::string_view kRightAgain = "right-again";

// What a day holds by the labels of its chunks.
LogDayStatistics labelled(const SealedDay& sealed) {
  LogDayStatistics day;
  day.day = sealed.day;
  if (!sealed.segment.empty()) day.scans = sealed.packed;
  for (const SealedChunk& chunk : sealed.blocks) day.scans += chunk.label.chunk == 0 ? 1 : 0;
  for (const auto* chunks : {&sealed.segment, &sealed.blocks})
    for (const SealedChunk& chunk : *chunks) {
      day.sightings += chunk.label.count;
      day.sealed_bytes += chunk.size;
    }
  return day;
}

}  // namespace

class StoredLog::Reading {
 public:
  // With the mutex held, which is free again afterwards.
  static Result<Reading> begin(const StoredLog& log,
                               [[maybe_unused]] std::unique_lock<std::mutex> lock) {
    NEARZONE_TRY(log.check_open());
    NEARZONE_ASSIGN(LogReader reader, LogReader::open(log.paths_.database, log.storage_.vfs));
    NEARZONE_TRY(reader.begin());
    ++log.readings_;
    return Reading(log, std::move(reader), log.keys_.duplicate());
  }
  Reading(Reading&& other) noexcept
      : keys(std::move(other.keys)),
        log_(std::exchange(other.log_, nullptr)),
        reader_(std::move(other.reader_)) {}
  Reading& operator=(Reading&&) = delete;
  ~Reading() { end(); }

  // Reads everything; afterwards the database is let go.
  Result<std::vector<SealedDay>> copy(const Cancel* cancel) {
    Result<std::vector<SealedDay>> days =
        copy_out(*std::exchange(reader_, std::nullopt), keys, cancel, log_->closing_);
    end();
    return days;
  }

  KeyTable keys;

 private:
  Reading(const StoredLog& log, LogReader reader, KeyTable table)
      : keys(std::move(table)), log_(&log), reader_(std::move(reader)) {}

  void end() {
    reader_.reset();
    if (log_ == nullptr) return;
    const std::lock_guard lock(log_->mutex_);
    --log_->readings_;
    log_->no_readings_.notify_all();
    log_ = nullptr;
  }

  const StoredLog* log_;
  std::optional<LogReader> reader_;
};

StoredLog::StoredLog(const Storage& storage, const Paths& paths, const Secret<32>& root,
                     OpenedLog opened, const Clock& clock, Random& random,
                     const EncounterLogOptions& options)
    : storage_(storage),
      paths_(paths),
      root_(root.duplicate()),
      clock_(clock),
      random_(random),
      options_(options),
      opening_(std::move(opened.report)),
      key_file_(std::move(opened.key_file)),
      keys_(std::move(opened.keys)),
      last_sequence_(keys_.sequence),
      database_(std::move(opened.database)),
      credible_(opened.recorded, opened.doubted, keys_.sure, clock.now(), clock.monotonic()),
      deduplicator_(options.deduplication) {
  // Those of a process that ended before it could.
  if (opened.holds_states) settle_states();
}

StoredLog::~StoredLog() {
  // Without them an older database could be put back unnoticed; that is no reason to fail.
  if (database_) static_cast<void>(mark_days().ok());
}

uint64_t StoredLog::counter() const {
  const std::lock_guard lock(mutex_);
  return keys_.sequence;
}

Status StoredLog::check_open() const { return database_ && !closing_ ? Status() : kSuspended; }

Status StoredLog::make_keys(std::span<const Day> days) {
  // After a failed writing the file may hold a newer table than this one, without a day's key:
  // nothing may come to depend on that key before the file has it again.
  if (last_sequence_ != keys_.sequence) NEARZONE_TRY(write_keys(keys_.duplicate()));
  std::vector<Day> missing;
  for (Day day : days)
    if (keys_.find(day) == nullptr && std::ranges::find(missing, day) == missing.end())
      missing.push_back(day);
  if (missing.empty()) return {};
  if (keys_.days.size() + missing.size() > KeyTable::kMostDays) NEARZONE_TRY(forget_empty_days());
  if (keys_.days.size() + missing.size() > KeyTable::kMostDays)
    return {Code::limit_exceeded, "the log would hold more than 64 days", "day"};
  // Rows that an interrupted erasure left must not come under a new key of their day.
  NEARZONE_ASSIGN(const bool keyless, database_->has_keyless_days(keys_));
  if (keyless) NEARZONE_TRY(database_->follow_keys(keys_, {}));
  KeyTable next = keys_.duplicate();
  for (Day day : missing) next.insert(day, Secret<32>::random(random_));
  NEARZONE_TRY(write_keys(std::move(next)));
  for (Day day : missing) tags_[day] = {};
  return database_->follow_keys(keys_, {});
}

// Days whose own state was removed keep their keys; a clock that jumps about leaves many.
Status StoredLog::forget_empty_days() {
  NEARZONE_ASSIGN(const std::vector<DayTotals> totals, database_->totals());
  std::vector<Day> empty;
  for (const DayKey& key : keys_.days) {
    const auto day = std::ranges::find(totals, key.day, &DayTotals::day);
    if (day == totals.end() || (day->blocks == 0 && day->states == 0)) empty.push_back(key.day);
  }
  return empty.empty() ? Status() : erase_keys(empty);
}

Status StoredLog::erase_keys(std::span<const Day> days) {
  for (Day day : days) tags_.erase(day);
  KeyTable next = keys_.duplicate();
  std::erase_if(next.days,
                [&](const DayKey& key) { return std::ranges::find(days, key.day) != days.end(); });
  NEARZONE_TRY(write_keys(std::move(next)));
  return unless_full(database_->follow_keys(keys_, days));
}

// `loses_state`, `loses_blocks`: days that are about to hold one state less, or no blocks.
Status StoredLog::write_keys(KeyTable next, std::optional<Day> loses_state,
                             std::optional<Day> loses_blocks) {
  NEARZONE_ASSIGN(next.marks, marks_of(*database_, next));
  next.notes.clear();
  for (DayMark& mark : next.marks)
    if (mark.day == loses_state && mark.states != 0) --mark.states;
  for (DayMark& mark : next.marks)
    if (mark.day == loses_blocks) mark.blocks = mark.sightings = 0;
  next.sure = credible_.sure();
  next.sequence = ++last_sequence_;
  NEARZONE_TRY(key_file_->store(next, random_));
  keys_ = std::move(next);
  return {};
}

// Notes in the key file how much the database holds, where it holds more than is noted.
Status StoredLog::mark_days() {
  NEARZONE_ASSIGN(const std::vector<DayMark> marks, marks_of(*database_, keys_));
  return marks == keys_.marks ? Status() : write_keys(keys_.duplicate());
}

Result<SightingTable> StoredLog::snapshot(const Cancel* cancel,
                                          std::vector<LogDayLoss>* lost) const {
  if (closing_) return kSuspended;  // at once: whoever suspends the log is waiting for the mutex
  NEARZONE_ASSIGN(Reading reading, Reading::begin(*this, std::unique_lock(mutex_)));
  NEARZONE_ASSIGN(std::vector<SealedDay> days, reading.copy(cancel));
  std::vector<LogDayLoss> losses;
  return open_snapshot(std::move(days), reading.keys, cancel, lost == nullptr ? losses : *lost);
}

Result<LogStatistics> StoredLog::statistics() const {
  LogStatistics statistics;
  std::unique_lock lock(mutex_);
  NEARZONE_TRY(check_open());
  credible_.read(clock_.now(), clock_.monotonic());
  statistics.clock_in_doubt = credible_.in_doubt();
  NEARZONE_ASSIGN(LogDatabase::Losses losses, database_->losses());
  NEARZONE_ASSIGN(Reading reading, Reading::begin(*this, std::move(lock)));
  NEARZONE_ASSIGN(std::vector<SealedDay> days, reading.copy(nullptr));
  statistics.damaged = std::move(losses.damaged);
  statistics.dropped = std::move(losses.dropped);
  for (const SealedDay& day : days) {
    const LogDayStatistics found = labelled(day);
    if (day.day == kDoubtfulDay)
      statistics.doubtful = found;
    else if (found.scans != 0)
      statistics.days.push_back(found);
    if (const auto loss = loss_of(day, {found.scans, found.sightings}))
      statistics.damaged.push_back(*loss);
  }
  std::ranges::sort(statistics.damaged, {}, &LogDayLoss::day);
  for (const std::string& path : {paths_.database, paths_.database + "-wal", paths_.keys}) {
    NEARZONE_ASSIGN(const std::optional<uint64_t> size, file_size(*storage_.calls, path));
    statistics.bytes_on_disk += size.value_or(0);
  }
  NEARZONE_ASSIGN(const uint64_t set_aside, bytes_set_aside(storage_, paths_));
  statistics.bytes_on_disk += set_aside;
  return statistics;
}

Result<int32_t> StoredLog::purge() {
  const std::lock_guard lock(mutex_);
  NEARZONE_TRY(check_open());
  credible_.read(clock_.now(), clock_.monotonic());
  std::vector<Day> old;
  for (const DayKey& key : keys_.days)
    if (key.day != kDoubtfulDay && key.day < first_kept()) old.push_back(key.day);
  NEARZONE_ASSIGN(const bool doubtful, doubtful_day_is_old());
  if (doubtful) old.push_back(kDoubtfulDay);
  if (!old.empty()) NEARZONE_TRY(erase_keys(old));
  NEARZONE_TRY(unless_full(database_->forget_losses_before(first_kept())));
  // What was set aside is of no use longer than what damage took of it could have been kept.
  NEARZONE_ASSIGN(const LogDatabase::Losses losses, database_->losses());
  if (losses.damaged.empty()) NEARZONE_TRY(forget_damaged(storage_, paths_));
  return static_cast<int32_t>(old.size());
}

// What is doubtful ages from the day on which the clock was found right again, the last time.
Result<bool> StoredLog::doubtful_day_is_old() {
  if (keys_.find(kDoubtfulDay) == nullptr || credible_.in_doubt()) return false;
  const Result<std::vector<uint8_t>> sealed = database_->get_state(kDoubtfulDay, kRightAgain);
  if (!sealed.ok() && sealed.status().code() != Code::not_found) return sealed.status();
  NEARZONE_ASSIGN(const std::vector<DayTotals> totals, database_->totals());
  const auto doubtful = std::ranges::find(totals, kDoubtfulDay, &DayTotals::day);
  const uint32_t blocks = doubtful == totals.end() ? 0 : doubtful->blocks;
  std::array<uint8_t, 8> right_again;
  if (sealed.ok()) {
    NEARZONE_ASSIGN(const SecretBytes before, unsealed_state(kDoubtfulDay, kRightAgain, *sealed));
    const ByteView bytes = before.expose(ForSealing{});
    if (bytes.size() == right_again.size() && load_le32(bytes.data() + 4) == blocks)
      return Day{static_cast<int32_t>(load_le32(bytes.data()))} < first_kept();
  }
  store_le32(right_again.data(), static_cast<uint32_t>(credible_.today().number));
  store_le32(right_again.data() + 4, blocks);
  NEARZONE_TRY(unless_full(store_state(kDoubtfulDay, kRightAgain, right_again)));
  return false;
}

void StoredLog::confirm_time(Instant at) {
  const std::lock_guard lock(mutex_);
  credible_.confirm(at, clock_.monotonic());
}

Result<Day> StoredLog::first_kept_day() const {
  const std::lock_guard lock(mutex_);
  credible_.read(clock_.now(), clock_.monotonic());
  return first_kept();
}

Status StoredLog::erase_day(Day day) {
  const std::lock_guard lock(mutex_);
  NEARZONE_TRY(check_open());
  return erase_keys({&day, 1});
}

Status StoredLog::erase_all() {
  const std::lock_guard lock(mutex_);
  NEARZONE_TRY(check_open());
  std::vector<Day> days;
  days.reserve(keys_.days.size());
  for (const DayKey& key : keys_.days) days.push_back(key.day);
  NEARZONE_TRY(erase_keys(days));
  return forget_damaged(storage_, paths_);
}

Status StoredLog::suspend() {
  closing_ = true;
  const std::lock_guard maintenance(maintenance_mutex_);
  packing_.reset();
  std::unique_lock lock(mutex_);
  no_readings_.wait(lock, [this] { return readings_ == 0; });
  // Nothing is written any more: that could take longer than the caller has. The key file's notes
  // stand in for the marks.
  if (database_) database_->leave_write_ahead_log();
  database_.reset();
  key_file_.reset();
  tags_.clear();
  return {};
}

Status StoredLog::resume() {
  const std::lock_guard lock(mutex_);
  if (database_) return {};
  NEARZONE_ASSIGN(OpenedLog opened,
                  reopen_files(storage_, paths_, root_, options_.durability, keys_.database_id));
  keys_ = std::move(opened.keys);
  last_sequence_ = keys_.sequence;
  key_file_.emplace(std::move(opened.key_file));
  database_.emplace(std::move(opened.database));
  if (!states_are_settled_) settle_states();
  closing_ = false;
  return {};
}

}  // namespace nearzone::encounter_log
