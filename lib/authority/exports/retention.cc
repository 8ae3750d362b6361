#include "authority/exports/retention.h"

namespace nearzone::authority {

Result<Removed> remove_expired_rows(Store& store, const RetentionSettings& retention, Instant now,
                                    bool dry_run) {
  const RetentionLimits limits{now - retention.keys, now - retention.codes,
                               now - retention.statistics, now - retention.audit,
                               now - retention.sealed_keys};
  Removed removed;
  const Status done = store.write([&](Writer& rows) -> Status {
    NEARZONE_ASSIGN(removed, rows.remove_expired(limits));
    // Counted, and undone.
    return dry_run ? Status(Code::cancelled, "a dry run") : Status();
  });
  if (!done.ok() && !(dry_run && done.code() == Code::cancelled)) return done;
  return removed;
}

}  // namespace nearzone::authority
