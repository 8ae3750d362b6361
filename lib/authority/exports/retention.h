// How long rows are kept. Files are kept as long as their series says.
#pragma once

#include "authority/store.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::authority {

struct RetentionSettings {
  Millis keys = std::chrono::hours(24 * 14);
  Millis codes = std::chrono::hours(24 * 14);  // after they expired; tokens, too
  Millis statistics = std::chrono::hours(24 * 90);
  Millis audit = std::chrono::hours(24 * 30);
  Millis sealed_keys = std::chrono::hours(24 * 16);  // longer than what they sealed is accepted
};

// What retention removes now, or would (a dry run).
Result<Removed> remove_expired_rows(Store& store, const RetentionSettings& retention, Instant now,
                                    bool dry_run);

}  // namespace nearzone::authority
