// The worker as a server runs it: a thread that publishes what is due, withdraws what is old, and
// lets retention work, again and again.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "authority/exports/durable_folder.h"
#include "authority/exports/retention.h"
#include "authority/exports/series.h"
#include "authority/store.h"
#include "nearzone/random.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::authority {

// How a series stands, for metrics and health.
struct SeriesState {
  std::optional<Instant> newest_published;  // when the newest batch was published
  uint64_t batches = 0;                     // published by this process
  uint64_t keys = 0;
  uint64_t redecided = 0;            // batches whose keys had changed since they were closed
  uint64_t failures = 0;             // runs that failed
  std::optional<Instant> last_good;  // when the last run that did not fail began
  bool failed_last = false;
};

class ExportLoop {
 public:
  struct Parts {
    Store& store;
    const DurableFolder& folder;
    const std::string& signing_keys;  // path of the folder
    const Clock& clock;
    Random& random;
    // Told of every failure, with the name of the series; empty for retention.
    std::function<void(const std::string&, const Status&)> on_failure;
  };
  // Everything is borrowed, and `series` must have passed their checks.
  ExportLoop(const Parts& parts, std::vector<Series> series, const RetentionSettings& retention);
  ExportLoop(const ExportLoop&) = delete;
  ExportLoop& operator=(const ExportLoop&) = delete;
  // Ends after the step that is under way.
  ~ExportLoop();

  // Does all that is due now, in the caller's thread.
  void run_once();
  // Goes on by itself, every `gap`.
  void start(Millis gap);

  std::map<std::string, SeriesState> states() const;

 private:
  void note(const std::string& series, const Status& status);

  const Parts parts_;
  const std::vector<Series> series_;
  const RetentionSettings retention_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stops_ = false;
  std::map<std::string, SeriesState> states_;
  std::thread thread_;
};

}  // namespace nearzone::authority
