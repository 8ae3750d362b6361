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

struct EncounterLogOptions {
  int32_t retention_days = 14;  ///< 1..30: sightings of older UTC days are erased by purge()
  Durability durability = Durability::power_loss;
};

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

struct LogStatistics {
  std::vector<LogDayStatistics> days;  ///< ascending
  uint64_t bytes_on_disk = 0;          ///< database, its write-ahead log and the key file
};

class EncounterLog {
 public:
  virtual ~EncounterLog() = default;

  /// Opens the log in `directory`, making both if they do not exist (mode 0700, files 0600); the
  /// folder's parent must exist. `root` seals the day keys; `clock` and `random` are borrowed, used
  /// under the inner lock only, and must outlive the log.
  /// Fails with wrong_key (another root secret made this log), corrupt (damaged, or one of the two
  /// files is missing or not of this log), newer_format, in_use, io, no_space, invalid_argument
  /// (an option out of range). A failed opening overwrites nothing that was stored.
  static Result<std::unique_ptr<EncounterLog>> open(const std::string& directory,
                                                    const Secret<32>& root, const Clock& clock,
                                                    Random& random,
                                                    const EncounterLogOptions& options = {});

  /// Stores one scan, all of it or nothing. Sightings may lie in another UTC day than the scan's
  /// start; each is kept in its own. The scan is kept with every day that it heard something on, or
  /// with the day of its start where it heard nothing.
  /// Fails with invalid_argument (named field and record) where a sighting or the scan is malformed
  /// or not of the years 1970 to 9999; with limit_exceeded beyond 2^20 sightings in one scan, or
  /// where the log would hold more than 64 days; with no_space, io, corrupt.
  Status append(const Scan& scan, std::span<const Sighting> sightings) {
    SightingBatch batch{scan, sightings};
    return append({&batch, 1});
  }
  /// Stores many scans in one transaction. The record that a failure names is the sighting, counted
  /// over all batches of the call; for the fields of a scan, the batch.
  virtual Status append(std::span<const SightingBatch> batches) = 0;

  /// Everything, decrypted and sorted. A consistent state: all of a batch or nothing of it; scans
  /// that heard nothing are among its scans. Fails with cancelled where `cancel` (may be null) asks
  /// for it, and with corrupt where a stored block is altered or missing: nothing false is ever
  /// served, and the record of that failure is the number of the damaged UTC day (days since 1970),
  /// without which, after erase_day(), the others can be read.
  virtual Result<SightingTable> snapshot(const Cancel* cancel = nullptr) const = 0;

  /// Counts without decrypting. Fails with corrupt, as snapshot() does, where stored scans
  /// vanished.
  virtual Result<LogStatistics> statistics() const = 0;

  /// Erases the days that retention no longer allows, own state included, and says how many: with
  /// a clock that is right and daily use, exactly those before today - retention_days.
  ///
  /// A wrong clock never erases. Ages are counted from a reference day: of the recorded days (of
  /// scans or own state) up to the clock's day, and that day itself, walked upwards, the last
  /// credible one. The first recorded day is credible; another is if it comes at most 48 hours (two
  /// days) after the last credible one, or if at least two more recorded days follow it within 30
  /// days. So a clock back in 1970, or ten years ahead, erases nothing; after a real pause, erasing
  /// waits until use on a third day. Erasure may come late, never early.
  virtual Result<int32_t> purge() = 0;
  /// The first day that purge() would keep if it were called now: the reference day less
  /// retention_days. Own keys older than this may be forgotten as well.
  virtual Result<Day> first_kept_day() const = 0;
  /// Erases one day, or everything, own state included. When it returns ok, the keys of what was
  /// erased are overwritten in both slots of the key file and synced. Their rows are deleted after,
  /// or, on a disk that is too full even for that, with a later change: nobody can read them.
  virtual Status erase_day(Day day) = 0;
  virtual Status erase_all() = 0;

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

}  // namespace nearzone
