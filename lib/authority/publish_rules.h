// Which uploaded keys are taken, and what they become. Pure functions. docs/authority.md,
// "Publish".
#pragma once

#include <optional>
#include <vector>

#include "authority/publish_request.h"
#include "authority/records.h"
#include "authority/settings.h"

namespace nearzone::authority {

// What an accepted certificate says.
struct CertifiedReport {
  ReportType type = ReportType::confirmed_test;
  std::optional<int64_t> symptom_onset;  // ten-minute interval
};

struct TakenKeys {
  std::vector<StoredKey> keys;
  size_t malformed = 0;           // refused for what they say
  size_t too_far_from_onset = 0;  // left out, without a fault
  bool is_onset_ignored = false;  // it was impossible
};

// Fails with invalid_argument where the keys as a whole cannot be: too many, too many of one start,
// overlapping otherwise than exactly, or one of them twice.
Result<TakenKeys> take_keys(const PublishRequest& request, const CertifiedReport& report,
                            const PublishSettings& settings, Instant now);

// The start of the truncation window that `at` lies in.
Instant truncate(Instant at, Millis window);

// When a key counts as created: it is in no export before its own end and a window more.
Instant creation_of(Instant now, Instant valid_to, Millis window);

}  // namespace nearzone::authority
