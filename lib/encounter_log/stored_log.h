// The log itself: what EncounterLog::open() gives.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "encounter_log/batch.h"
#include "encounter_log/credible_clock.h"
#include "encounter_log/deduplication.h"
#include "encounter_log/key_file.h"
#include "encounter_log/key_table.h"
#include "encounter_log/known_tags.h"
#include "encounter_log/log_database.h"
#include "encounter_log/opening.h"
#include "encounter_log/packing.h"
#include "encounter_log/system_calls.h"
#include "nearzone/encounter_log.h"

namespace nearzone::encounter_log {

class StoredLog final : public EncounterLog {
 public:
  StoredLog(const Storage& storage, const Paths& paths, const Secret<32>& root, OpenedLog opened,
            const Clock& clock, Random& random, const EncounterLogOptions& options);
  ~StoredLog() override;

  const LogOpening& opening() const override { return opening_; }
  uint64_t counter() const override;
  Status append(std::span<const SightingBatch> batches, std::optional<BatchId> id) override;
  Result<SightingTable> snapshot(const Cancel* cancel,
                                 std::vector<LogDayLoss>* lost) const override;
  Result<LogStatistics> statistics() const override;
  Result<bool> compact_step(Millis budget) override;
  Result<int32_t> purge() override;
  void confirm_time(Instant at) override;
  Result<Day> first_kept_day() const override;
  Status erase_day(Day day) override;
  Status erase_all() override;
  Status suspend() override;
  Status resume() override;
  Status put_state(Day day, std::string_view kind, ByteView bytes) override;
  Result<SecretBytes> get_state(Day day, std::string_view kind) const override;
  Status remove_state(Day day, std::string_view kind) override;
  Result<std::vector<Day>> state_days(std::string_view kind) const override;

 private:
  // A look at the whole log as it is now; suspend() waits for its end.
  class Reading;

  // All of these are called with the mutex held.
  Status check_open() const;
  Status make_keys(std::span<const Day> days);
  Status forget_empty_days();
  Status erase_keys(std::span<const Day> days);
  Status write_keys(KeyTable next, std::optional<Day> loses_state = std::nullopt,
                    std::optional<Day> loses_blocks = std::nullopt);
  Status mark_days();
  std::vector<NewBlock> file(std::span<const SightingBatch> batches);
  void file_sightings(std::vector<NewBlock>& blocks, size_t first_of_scan,
                      const SightingBatch& batch, std::span<const Sighting* const> sightings,
                      std::vector<const Sighting*> NewBlock::*list) const;
  Day filed_under(Instant time) const;
  Status store(std::span<const NewBlock> blocks, std::optional<BatchId> id);
  Result<bool> was_doubtful(const NewBlock& block, ByteView whole);
  Result<DayTotals> add_block(const NewBlock& block, std::optional<uint64_t> tag, ByteView whole);
  void note(std::span<const DayTotals> totals);
  Status add_chunk(const BlockLabel& label, ByteView plain);
  Result<Tags*> known_tags(Day day);
  Status make_room(uint64_t bytes);
  Result<bool> drop_oldest();
  Day first_kept() const { return credible_.today() + -options_.retention_days; }
  Result<bool> doubtful_day_is_old();
  Status store_state(Day day, std::string_view kind, ByteView bytes);
  void settle_states();
  Result<SecretBytes> unsealed_state(Day day, std::string_view kind, ByteView sealed) const;
  Result<std::vector<StoredState>> checked_states() const;

  // All of these are called with the mutex of maintenance held, and take the other for moments.
  Result<bool> compact_slice();
  Status write_chunks();
  Result<bool> begin_packing();
  Status checkpoint();

  const Storage storage_;
  const Paths paths_;
  const Secret<32> root_;
  const Clock& clock_;
  Random& random_;
  const EncounterLogOptions options_;
  const LogOpening opening_;
  mutable std::mutex mutex_;
  // Before the database, so that the lock on the key file is the last thing to go. Both are missing
  // while the log is suspended.
  std::optional<KeyFile> key_file_;
  KeyTable keys_;
  uint64_t last_sequence_;  // of the last table that was, or may have been, written
  mutable std::optional<LogDatabase> database_;
  mutable CredibleClock credible_;
  Deduplicator deduplicator_;
  std::map<Day, Tags> tags_;
  uint64_t bytes_since_look_ = UINT64_MAX / 2;
  bool states_are_settled_ = true;  // all of them, in the database itself

  std::atomic<bool> closing_ = false;
  mutable int readings_ = 0;
  mutable std::condition_variable no_readings_;

  std::mutex maintenance_mutex_;  // taken before the other
  std::unique_ptr<Packing> packing_;
  std::vector<Day> unpackable_;  // days that cannot be read whole
  int slices_since_checkpoint_ = 0;
};

}  // namespace nearzone::encounter_log
