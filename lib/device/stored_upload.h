// The pending upload, sealed in the log.
#pragma once

#include <optional>

#include "nearzone/encounter_log.h"

namespace nearzone::device {

struct StoredUpload {
  SecretBytes upload;  // as Upload saves it
  // Where a process died between storing the upload and storing the renewed own keys, the renewal
  // is finished with these, if own keys are still of this generation. Empty afterwards.
  SecretBytes renewed_own_keys = {};
  uint64_t renewed_from = 0;
};

// None where there is no upload.
Result<std::optional<StoredUpload>> load_upload(const EncounterLog& log);
Status store_upload(EncounterLog& log, Day today, const StoredUpload& stored);
Status remove_upload(EncounterLog& log);

}  // namespace nearzone::device
