#include "device/latest_state.h"

#include <algorithm>

namespace nearzone::device {
namespace {

constexpr size_t kGenerationBytes = 8;

}  // namespace

Result<LatestState> load_latest(const EncounterLog& log, std::string_view kind) {
  NEARZONE_ASSIGN(const std::vector<Day> days, log.state_days(kind));
  LatestState latest;
  for (Day day : days) {
    NEARZONE_ASSIGN(const SecretBytes copy, log.get_state(day, kind));
    const ByteView bytes = copy.expose(ForSealing{});
    if (bytes.size() < kGenerationBytes) return Status(Code::corrupt, "own state is truncated");
    const uint64_t generation = load_le64(bytes.data());
    if (generation > latest.generation)
      latest = {generation, SecretBytes(bytes.subspan(kGenerationBytes))};
  }
  return latest;
}

Status store_latest(EncounterLog& log, std::string_view kind, Day today, ByteView bytes) {
  NEARZONE_ASSIGN(const LatestState before, load_latest(log, kind));
  NEARZONE_ASSIGN(const std::vector<Day> days, log.state_days(kind));
  SecretBytes copy(kGenerationBytes + bytes.size());
  store_le64(copy.replace().data(), before.generation + 1);
  std::ranges::copy(bytes, copy.replace().begin() + kGenerationBytes);
  NEARZONE_TRY(log.put_state(today, kind, copy.expose(ForSealing{})));
  for (Day day : days)
    if (day != today) NEARZONE_TRY(log.remove_state(day, kind));
  return {};
}

}  // namespace nearzone::device
