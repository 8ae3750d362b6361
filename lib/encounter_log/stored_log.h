// The log itself: what EncounterLog::open() gives.
#pragma once

#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "encounter_log/key_file.h"
#include "encounter_log/key_table.h"
#include "encounter_log/log_database.h"
#include "nearzone/encounter_log.h"

namespace nearzone::encounter_log {

struct Paths {
  explicit Paths(const std::string& directory)
      : database(directory + "/log.db"), keys(directory + "/log.keys") {}
  std::string database;
  std::string keys;
};

class StoredLog final : public EncounterLog {
 public:
  StoredLog(Paths paths, KeyFile key_file, KeyTable keys, LogDatabase database, const Clock& clock,
            Random& random, const EncounterLogOptions& options)
      : paths_(std::move(paths)),
        clock_(clock),
        random_(random),
        options_(options),
        key_file_(std::move(key_file)),
        keys_(std::move(keys)),
        last_sequence_(keys_.sequence),
        database_(std::move(database)) {}

  Status append(std::span<const SightingBatch> batches) override;
  Result<SightingTable> snapshot(const Cancel* cancel) const override;
  Result<LogStatistics> statistics() const override;
  Result<int32_t> purge() override;
  Result<Day> first_kept_day() const override;
  Status erase_day(Day day) override;
  Status erase_all() override;
  Status put_state(Day day, std::string_view kind, ByteView bytes) override;
  Result<SecretBytes> get_state(Day day, std::string_view kind) const override;
  Status remove_state(Day day, std::string_view kind) override;
  Result<std::vector<Day>> state_days(std::string_view kind) const override;

 private:
  // All of these are called with the mutex held.
  Status make_keys(std::span<const Day> days);
  Status erase_keys(std::span<const Day> days);
  Status write_keys(KeyTable next);
  Status add_batch(const SightingBatch& batch, Day day);
  Day first_kept() const;
  Result<SecretBytes> unsealed_state(Day day, std::string_view kind, ByteView sealed) const;
  Result<std::vector<StoredState>> checked_states() const;

  const Paths paths_;
  const Clock& clock_;
  Random& random_;
  const EncounterLogOptions options_;
  mutable std::mutex mutex_;
  // Before the database, so that the lock on the key file is the last thing to go.
  KeyFile key_file_;
  KeyTable keys_;
  uint64_t last_sequence_;  // of the last table that was, or may have been, written
  mutable LogDatabase database_;
};

}  // namespace nearzone::encounter_log
