// All there is of an upload, and the bytes it is stored as: docs/formats/upload.md.
#pragma once

#include <optional>
#include <vector>

#include "nearzone/keys.h"
#include "nearzone/secret.h"
#include "nearzone/status.h"
#include "nearzone/upload.h"

namespace nearzone::upload {

struct Record {
  Record() = default;
  Record(Record&&) = default;
  Record& operator=(Record&&) = default;
  ~Record();

  SchemeTag scheme = SchemeTag::gaen;
  UploadStatus status;
  uint8_t failures = 0;  // of the present step, in a row
  std::vector<PublishedKey> keys;
  Secret<32> hmac_key;
  std::optional<Interval> symptom_onset;
  // Empty where there is none.
  SecretBytes code;
  SecretBytes token;
  SecretBytes certificate;
  SecretBytes revision_token;
};

SecretBytes encode(const Record& record);
// Fails with corrupt or newer_format.
Result<Record> decode(ByteView bytes);

}  // namespace nearzone::upload
