#include "device/findings.h"

#include <algorithm>

namespace nearzone::device {

bool is_of(const Record& record, const ListDigest& list_digest) {
  return std::equal(record.begin(), record.begin() + kDigestBytes, list_digest.begin());
}

Result<RecordsByDay> load_findings(const EncounterLog& log, const RecordFormat& format) {
  NEARZONE_ASSIGN(const std::vector<Day> days, log.state_days(format.kind));
  RecordsByDay records;
  for (Day day : days) {
    NEARZONE_ASSIGN(const SecretBytes state, log.get_state(day, format.kind));
    ByteView rest = state.expose(ForSealing{});
    if (!rest.empty() && rest[0] > format.version)
      return Status(Code::newer_format, "what was found was stored by a newer version",
                    format.kind);
    const uint8_t version = rest.empty() ? 0 : rest[0];
    if (version == 0) return Status(Code::corrupt, "what was found has no version", format.kind);
    for (rest = rest.subspan(1); !rest.empty();) {
      std::optional<Record> record = format.take(rest, version);
      if (!record) return Status(Code::corrupt, "what was found has the wrong length", format.kind);
      records[day].push_back(*std::move(record));
    }
  }
  return records;
}

Status replace_findings(EncounterLog& log, const RecordFormat& format,
                        const ListDigest& list_digest, const RecordsByDay& found) {
  NEARZONE_ASSIGN(RecordsByDay all, load_findings(log, format));
  for (const auto& [day, records] : found) all[day];
  for (auto& [day, before] : all) {
    std::vector<Record> after;
    std::ranges::copy_if(before, std::back_inserter(after),
                         [&](const Record& record) { return !is_of(record, list_digest); });
    if (const auto fresh = found.find(day); fresh != found.end())
      after.insert(after.end(), fresh->second.begin(), fresh->second.end());
    if (after == before) continue;
    std::vector<uint8_t> bytes = {format.version};
    for (const Record& record : after) bytes.insert(bytes.end(), record.begin(), record.end());
    NEARZONE_TRY(after.empty() ? log.remove_state(day, format.kind)
                               : log.put_state(day, format.kind, bytes));
  }
  return {};
}

}  // namespace nearzone::device
