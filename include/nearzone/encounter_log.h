/// The encrypted record of what this phone heard. It lives in a folder of its own: a SQLite
/// database of sealed batches (log.db), and beside it a small file of day keys (log.keys), so that
/// erasing a day is overwriting its key. docs/formats/encounter-log.md describes both to the byte.
///
///     auto log = nearzone::EncounterLog::open(directory, root, clock, random);
///     if (!log.ok()) return log.status();
///     nearzone::Status stored = (*log)->append({scan_start, previous_start}, sightings);
///     auto heard = (*log)->snapshot();
///
/// Thread rule: one EncounterLog may be used from any thread; calls serialise on an inner lock, but
/// a snapshot copies out and holds nothing, so matching never keeps recording waiting. A second
/// process that opens the same folder gets Code::in_use.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nearzone/random.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// What an acknowledged append survives. A crash of the process loses nothing in any of them.
enum class Durability : uint8_t {
  power_loss,    ///< synced before append returns (default)
  last_moments,  ///< never corrupt, but a power cut may lose the newest batches
  none,          ///< never synced, erasures neither: simulations only
};

/// Which sightings of an identifier that is heard again and again are kept.
enum class Deduplication : uint8_t {
  raw,           ///< all, as they were heard (default; calibration and research need it)
  five_seconds,  ///< as Bluezone: none within 5 seconds of the last one kept
  scan,          ///< the first of each scan
};

struct EncounterLogOptions {
  int32_t retention_days = 14;  ///< 1..30: sightings of older UTC days are erased by purge()
  Durability durability = Durability::power_loss;
  Deduplication deduplication = Deduplication::raw;
  /// At least 1 MiB. A log that would outgrow it drops the sightings of its oldest day, and of the
  /// next, but never today's, nor own state; LogStatistics::dropped says what it dropped.
  uint64_t byte_budget = uint64_t{32} << 20;
  /// The highest EncounterLog::counter() that the caller's key store has seen, or 0: a log with a
  /// lower one is an older copy of the whole folder, put back.
  uint64_t least_counter = 0;
};

/// Names one call of append for ever. Random, or whatever the caller numbers its batches by.
struct BatchId {
  uint64_t number = 0;
};

/// The day under which sightings are kept whose time cannot be right. Their own time stays with
/// them; snapshots have them on the day that it says.
inline constexpr Day kDoubtfulDay{-1};

/// One scan and what it heard, possibly nothing.
struct SightingBatch {
  Scan scan;
  std::span<const Sighting> sightings;  ///< borrowed for the call
};

/// What one UTC day of the log holds. Days that hold own state only are not listed.
struct LogDayStatistics {
  Day day;
  uint64_t scans = 0;  ///< one that heard something on two days counts on both
  uint64_t sightings = 0;
  uint64_t sealed_bytes = 0;
};

/// What was recorded on one UTC day and is not there any more.
struct LogDayLoss {
  Day day;
  uint64_t scans = 0;
  uint64_t sightings = 0;
  bool operator==(const LogDayLoss&) const = default;
};

struct LogStatistics {
  std::vector<LogDayStatistics> days;  ///< ascending, without the doubtful day
  LogDayStatistics doubtful;           ///< what kDoubtfulDay holds
  bool clock_in_doubt = false;         ///< nothing is erased by age while the clock is not credible
  std::vector<LogDayLoss> damaged;     ///< ascending: what damage took, as far as it was counted
  std::vector<LogDayLoss> dropped;     ///< ascending: what the byte budget took
  uint64_t bytes_on_disk = 0;          ///< database, its write-ahead log, key file, set aside
};

/// What opening a log found wrong with it. Nothing, nearly always.
struct LogOpening {
  /// The database was damaged, missing, or an older one put back. What could be read of it is in
  /// the log; the file itself was set aside as log.db.damaged, until purge() forgets what was lost
  /// or the byte budget needs its room.
  bool repaired = false;
  std::vector<LogDayLoss> lost;  ///< ascending: what is missing since, as far as it was counted
  uint64_t states_lost = 0;      ///< records of own state
  bool older_folder = false;     ///< see EncounterLogOptions::least_counter
};

class EncounterLog {
 public:
  virtual ~EncounterLog() = default;

  /// Opens the log in `directory`, making both if they do not exist (mode 0700, files 0600); the
  /// folder's parent must exist. `root` seals the day keys; `clock` and `random` are borrowed and
  /// must outlive the log; `random` is used under the inner lock only, `clock` from any thread.
  /// A damaged database is repaired: what can be read is kept, the damaged file set aside, and
  /// opening() says what was lost.
  /// Fails with wrong_key: another root secret made this log; or, with the field "restored", its
  /// key file is missing, as after a restore from a backup that holds no keys. Fails with corrupt
  /// where the key file is damaged, older than the database, or of another log; with newer_format,
  /// in_use, io, no_space, invalid_argument (an option out of range). A failed opening overwrites
  /// nothing that was stored.
  static Result<std::unique_ptr<EncounterLog>> open(const std::string& directory,
                                                    const Secret<32>& root, const Clock& clock,
                                                    Random& random,
                                                    const EncounterLogOptions& options = {});

  /// What opening it found.
  virtual const LogOpening& opening() const = 0;
  /// Grows with every change of the day keys. A shell that keeps it in the phone's key store, and
  /// gives it back at the next opening, is told of an older folder put back.
  virtual uint64_t counter() const = 0;

  /// Stores one scan, all of it or nothing. Sightings may lie in another UTC day than the scan's
  /// start; each is kept in its own. The scan is kept with every day that it heard something on, or
  /// with the day of its start where it heard nothing. What lies on a day that cannot be, going by
  /// the last credible time (see purge()), is kept as doubtful.
  ///
  /// After an error, or a crash before it returned, the same call can be repeated: a scan that is
  /// there already, with the same sightings, is not stored again. Where the repetition may differ,
  /// `id` says that it is one: nothing of a batch whose id is known is stored. Ids are known for as
  /// long as the day of the batch's first scan is kept.
  ///
  /// Fails with invalid_argument (named field and record) where a sighting or the scan is malformed
  /// or not of the years 1970 to 9999; with limit_exceeded beyond 2^20 sightings in one scan, or
  /// where the log would hold more than 64 days; with no_space (the disk, or today alone fills the
  /// byte budget), io, corrupt.
  Status append(const Scan& scan, std::span<const Sighting> sightings,
                std::optional<BatchId> id = std::nullopt) {
    SightingBatch batch{scan, sightings};
    return append({&batch, 1}, id);
  }
  /// Stores many scans in one transaction. The record that a failure names is the sighting, counted
  /// over all batches of the call; for the fields of a scan, the batch.
  virtual Status append(std::span<const SightingBatch> batches,
                        std::optional<BatchId> id = std::nullopt) = 0;

  /// Everything that is readable, decrypted and sorted. A consistent state: all of a batch or
  /// nothing of it; scans that heard nothing are among its scans. Stored scans that are altered or
  /// missing are never served; how many, day by day, is told in `lost` (may be null). Fails with
  /// cancelled where `cancel` (may be null) asks for it, with io, newer_format.
  virtual Result<SightingTable> snapshot(const Cancel* cancel = nullptr,
                                         std::vector<LogDayLoss>* lost = nullptr) const = 0;

  /// Counts without decrypting.
  virtual Result<LogStatistics> statistics() const = 0;

  /// Packs the scans of days that are over into a form that takes a third of the space, and gives
  /// space back, for about as long as `budget` by the clock's monotonic time; whether there is more
  /// to do. Call it again until it says no, from any thread, in quiet moments or once a day:
  /// nothing of this happens by itself. Appending waits for it for moments only. Cancelled or
  /// killed at any point, it loses nothing. Row ids stay. Fails with io, no_space.
  virtual Result<bool> compact_step(Millis budget) = 0;

  /// Erases the days that retention no longer allows, own state included, and says how many: with
  /// a clock that is right and daily use, exactly those before today - retention_days.
  ///
  /// A wrong clock never erases. A time is credible within 48 hours of the last credible one plus
  /// the monotonic time that has passed since; or when scans were recorded on two other such days
  /// of the last 30, while the monotonic clock went on as far; or when confirm_time() vouches for
  /// it. Times before 2020 never are. Ages are counted from a time that only the monotonic clock,
  /// such days or confirm_time() move ahead, and a credible one after the phone was started anew.
  /// So a clock back in 1970, ten years ahead, or two days ahead again and again, erases nothing;
  /// after a real pause, erasing waits until use on a third day. The doubtful day is erased
  /// `retention_days` after the clock was found right again. Erasure may come late, never early;
  /// LogStatistics::clock_in_doubt says when it waits.
  virtual Result<int32_t> purge() = 0;
  /// A verified list, or whoever else can be trusted, says that it is `at` or later.
  virtual void confirm_time(Instant at) = 0;
  /// The first day that purge() would keep if it were called now: that which ages are counted from,
  /// less retention_days. Own keys older than this may be forgotten as well.
  virtual Result<Day> first_kept_day() const = 0;
  /// Erases one day, or everything, own state included. When it returns ok, the keys of what was
  /// erased are overwritten in both slots of the key file and synced. Their rows are deleted after,
  /// or, on a disk that is too full even for that, with a later change: nobody can read them.
  virtual Status erase_day(Day day) = 0;
  virtual Status erase_all() = 0;

  /// Finishes or rolls back what is under way and lets go of every file and lock, within 100 ms:
  /// iOS ends an app that holds one in the background. Until resume() everything else fails with
  /// closed: an append that is under way as well, of which nothing is stored then. resume() fails
  /// as open() does, but repairs nothing: after corrupt the log is to be opened anew, which does.
  /// It may be called again. Both are ok where there is nothing to do.
  virtual Status suspend() = 0;
  virtual Status resume() = 0;

  /// Own state, sealed beside the sightings and erased with its day: put replaces, get fails with
  /// not_found, remove of what is not there is ok. `kind` is 1 to 32 bytes of lower-case ASCII
  /// letters, '-' and digits; the day one of 1970 to 9999. Fails also with invalid_argument,
  /// limit_exceeded (as append), corrupt, io, no_space.
  virtual Status put_state(Day day, std::string_view kind, ByteView bytes) = 0;
  virtual Result<SecretBytes> get_state(Day day, std::string_view kind) const = 0;
  virtual Status remove_state(Day day, std::string_view kind) = 0;
  /// The days for which this kind of state exists, ascending.
  virtual Result<std::vector<Day>> state_days(std::string_view kind) const = 0;
};

/// What was heard on each day of a clock that is `utc_offset` ahead of UTC, ascending: people's
/// days are local, the log's are UTC. A scan counts on the day that it began on. Sealed bytes are
/// not counted.
std::vector<LogDayStatistics> count_by_day(const SightingColumns& columns, Millis utc_offset);

}  // namespace nearzone
