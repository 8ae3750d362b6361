#include "device/stored_upload.h"

#include <algorithm>

#include "device/latest_state.h"

namespace nearzone::device {
namespace {

constexpr std::string_view kKind = "upload";
constexpr size_t kHeaderBytes = 8 + 4;

}  // namespace

Result<std::optional<StoredUpload>> load_upload(const EncounterLog& log) {
  NEARZONE_ASSIGN(const LatestState state, load_latest(log, kKind));
  if (state.generation == 0) return std::optional<StoredUpload>();
  const ByteView bytes = state.bytes.expose(ForSealing{});
  const size_t own_keys = bytes.size() < kHeaderBytes ? 0 : load_le32(&bytes[8]);
  if (bytes.size() < kHeaderBytes || own_keys > bytes.size() - kHeaderBytes)
    return Status(Code::corrupt, "the stored upload is truncated");
  return std::optional(StoredUpload{SecretBytes(bytes.subspan(kHeaderBytes + own_keys)),
                                    SecretBytes(bytes.subspan(kHeaderBytes, own_keys)),
                                    load_le64(bytes.data())});
}

Status store_upload(EncounterLog& log, Day today, const StoredUpload& stored) {
  const ByteView own_keys = stored.renewed_own_keys.expose(ForSealing{});
  const ByteView upload = stored.upload.expose(ForSealing{});
  SecretBytes bytes(kHeaderBytes + own_keys.size() + upload.size());
  uint8_t* to = bytes.replace().data();
  store_le64(to, stored.renewed_from);
  store_le32(to + 8, static_cast<uint32_t>(own_keys.size()));
  to = std::ranges::copy(own_keys, to + kHeaderBytes).out;
  std::ranges::copy(upload, to);
  return store_latest(log, kKind, today, bytes.expose(ForSealing{}));
}

Status remove_upload(EncounterLog& log) {
  NEARZONE_ASSIGN(const std::vector<Day> days, log.state_days(kKind));
  for (const Day day : days) NEARZONE_TRY(log.remove_state(day, kKind));
  return {};
}

}  // namespace nearzone::device
