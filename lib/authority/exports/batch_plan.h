// Which uploads make up the next batch: whole windows of time, long enough over that nothing can be
// added to them, and few enough for what phones may fetch a day.
#pragma once

#include <optional>

#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::authority {

struct BatchRules {
  // Of a window; divides a day.
  Millis period = std::chrono::hours(4);
  // How long a window is over before it is published.
  Millis embargo = std::chrono::hours(2);
  // Phones may look at 6 to 20 files a day, depending on their system and its version. Windows are
  // merged so that no more batches than this come out on a day; 0: no limit.
  int batches_per_day = 6;
};

// Fails with invalid_argument, naming the field.
Status check_batch_rules(const BatchRules& rules);

// The period after merging: the shortest multiple of it that divides a day and keeps the limit.
// `rules` must have passed the check.
Millis merged_period(const BatchRules& rules);

// The start of the window that `at` lies in.
Instant window_start(const BatchRules& rules, Instant at);

// The uploads that are due: from `done`, where the last batch ended, to the end of the last window
// whose embargo is over. After an outage that is more than one window, in one batch: phones that
// were left without files for a day must not be given a day's files at once.
std::optional<TimeRange> due_batch(const BatchRules& rules, Instant done, Instant now);

}  // namespace nearzone::authority
