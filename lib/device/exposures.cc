#include "device/exposures.h"

#include <algorithm>
#include <set>

namespace nearzone::device {
namespace {

constexpr std::string_view kKind = "exposures";
// See docs/formats/exposures.md.
constexpr uint8_t kVersion = 2;
constexpr size_t kDigestBytes = 16;
constexpr size_t kFirstRecordBytes = kDigestBytes + 4 + 4 + 1;  // of version 1
constexpr size_t kRecordBytes = kFirstRecordBytes + 1 + 4 * 2;
constexpr uint32_t kNoAttenuation = 0xffffffff;

// The day's records, without the version byte; empty where there are none. Those of version 1 know
// nothing of nearness, which zeros say.
Result<std::vector<uint8_t>> load_records(const EncounterLog& log, Day day) {
  const Result<SecretBytes> state = log.get_state(day, kKind);
  if (!state.ok() && state.status().code() == Code::not_found) return std::vector<uint8_t>();
  if (!state.ok()) return state.status();
  const ByteView bytes = state->expose(ForSealing{});
  if (!bytes.empty() && bytes[0] > kVersion)
    return Status(Code::newer_format, "exposures were stored by a newer version");
  const size_t stored = !bytes.empty() && bytes[0] == 1 ? kFirstRecordBytes : kRecordBytes;
  if (bytes.empty() || bytes[0] == 0 || bytes.size() % stored != 1)
    return Status(Code::corrupt, "stored exposures have the wrong length");
  std::vector<uint8_t> records(bytes.size() / stored * kRecordBytes);
  for (size_t i = 0; i < bytes.size() / stored; ++i)
    std::copy_n(&bytes[1 + i * stored], stored, &records[i * kRecordBytes]);
  return records;
}

void append_record(std::vector<uint8_t>& records, const std::array<uint8_t, 32>& list_digest,
                   const Exposure& exposure) {
  const size_t at = records.size();
  records.resize(at + kRecordBytes);
  uint8_t* record = &records[at];
  std::copy_n(list_digest.begin(), kDigestBytes, record);
  store_le32(record + kDigestBytes, static_cast<uint32_t>(exposure.duration.count()));
  store_le32(record + kDigestBytes + 4,
             exposure.minimum_attenuation_db
                 ? static_cast<uint32_t>(*exposure.minimum_attenuation_db)
                 : kNoAttenuation);
  record[kDigestBytes + 8] = static_cast<uint8_t>(exposure.report_type);
  record[kFirstRecordBytes] = static_cast<uint8_t>(exposure.band);
  uint8_t* to = record + kFirstRecordBytes + 1;
  for (Millis time : {exposure.near, exposure.near_low, exposure.near_high, exposure.dose}) {
    const auto tenths = static_cast<uint16_t>(time / kTenth);
    *to++ = static_cast<uint8_t>(tenths);
    *to++ = static_cast<uint8_t>(tenths >> 8);
  }
}

Exposure read_record(Day day, const uint8_t* record) {
  Exposure exposure;
  exposure.day = day;
  exposure.duration = Millis(load_le32(record + kDigestBytes));
  exposure.report_type = static_cast<ReportType>(record[kDigestBytes + 8]);
  const uint32_t attenuation = load_le32(record + kDigestBytes + 4);
  if (attenuation != kNoAttenuation)
    exposure.minimum_attenuation_db = static_cast<int32_t>(attenuation);
  exposure.band = static_cast<ExposureBand>(record[kFirstRecordBytes]);
  const uint8_t* from = record + kFirstRecordBytes + 1;
  for (Millis* time : {&exposure.near, &exposure.near_low, &exposure.near_high, &exposure.dose}) {
    *time = kTenth * (from[0] | from[1] << 8);
    from += 2;
  }
  return exposure;
}

}  // namespace

Status store_exposures(EncounterLog& log, const std::array<uint8_t, 32>& list_digest,
                       std::span<const Exposure> exposures) {
  NEARZONE_ASSIGN(const std::vector<Day> stored_days, log.state_days(kKind));
  std::set<Day> days(stored_days.begin(), stored_days.end());
  for (const Exposure& exposure : exposures) days.insert(exposure.day);
  for (Day day : days) {
    NEARZONE_ASSIGN(const std::vector<uint8_t> before, load_records(log, day));
    std::vector<uint8_t> after = {kVersion};
    for (size_t at = 0; at < before.size(); at += kRecordBytes)
      if (!std::equal(&before[at], &before[at] + kDigestBytes, list_digest.begin()))
        after.insert(after.end(), &before[at], &before[at] + kRecordBytes);
    for (const Exposure& exposure : exposures)
      if (exposure.day == day) append_record(after, list_digest, exposure);
    if (std::ranges::equal(before, std::span(after).subspan(1))) continue;
    NEARZONE_TRY(after.size() == 1 ? log.remove_state(day, kKind)
                                   : log.put_state(day, kKind, after));
  }
  return {};
}

Result<std::vector<Exposure>> load_exposures(const EncounterLog& log,
                                             const std::array<uint8_t, 32>* list_digest) {
  NEARZONE_ASSIGN(const std::vector<Day> days, log.state_days(kKind));
  std::vector<Exposure> exposures;
  for (Day day : days) {
    NEARZONE_ASSIGN(const std::vector<uint8_t> records, load_records(log, day));
    for (size_t at = 0; at < records.size(); at += kRecordBytes)
      if (list_digest == nullptr ||
          std::equal(&records[at], &records[at] + kDigestBytes, list_digest->begin()))
        exposures.push_back(read_record(day, &records[at]));
  }
  return exposures;
}

}  // namespace nearzone::device
