#include "device/exposures.h"

#include <algorithm>
#include <set>

#include "nearzone/gaen.h"

namespace nearzone {
namespace {

int8_t transmit_power_of(const PublishedKey& key, const SightingColumns& columns, size_t row,
                         std::span<const Scheme* const> schemes, int8_t assumed_dbm) {
  const Metadata& heard = columns.metadata[row];
  const auto scheme = std::ranges::find(schemes, key.scheme, &Scheme::tag);
  if (heard.size == 0 || scheme == schemes.end()) return assumed_dbm;
  const Metadata open = (*scheme)->open_metadata(key, columns.identifier[row], heard);
  if (open.size == 1) return static_cast<int8_t>(open.bytes[0]);
  return gaen::AssociatedMetadata::decode(open).transmit_power_dbm;
}

}  // namespace

std::vector<Exposure> exposures_of(const MatchResult& result, const SightingColumns& columns,
                                   std::span<const Scheme* const> schemes,
                                   int8_t assumed_transmit_power_dbm, int32_t rssi_correction_db) {
  std::vector<Exposure> exposures;
  for (const KeySummary& summary : summarise(result, columns)) {
    if (summary.report_type == ReportType::revoked) continue;
    std::vector<ProximityReading> readings;
    for (size_t row : summary.rows) {
      const Scan& scan = columns.scans[columns.scan[row]];
      const int8_t power =
          transmit_power_of(summary.key, columns, row, schemes, assumed_transmit_power_dbm);
      readings.push_back({columns.time[row], scan.start, scan.previous_start,
                          attenuation_db(power, columns.rssi_dbm[row], rssi_correction_db)});
    }
    for (const DayProximity& day : proximity_by_day(readings))
      exposures.push_back({day.day, day.duration, day.minimum_attenuation_db, summary.report_type});
  }
  std::ranges::stable_sort(exposures, {}, &Exposure::day);
  return exposures;
}

namespace device {
namespace {

constexpr std::string_view kKind = "exposures";
constexpr uint8_t kVersion = 1;
// First half of the list's digest, duration in ms, minimum attenuation, report type.
constexpr size_t kDigestBytes = 16;
constexpr size_t kRecordBytes = kDigestBytes + 4 + 4 + 1;
constexpr uint32_t kNoAttenuation = 0xffffffff;

// The day's records, without the version byte; empty where there are none.
Result<std::vector<uint8_t>> load_records(const EncounterLog& log, Day day) {
  const Result<SecretBytes> state = log.get_state(day, kKind);
  if (!state.ok() && state.status().code() == Code::not_found) return std::vector<uint8_t>();
  if (!state.ok()) return state.status();
  const ByteView bytes = state->expose(ForSealing{});
  if (bytes.empty() || bytes.size() % kRecordBytes != 1)
    return Status(Code::corrupt, "stored exposures have the wrong length");
  if (bytes[0] != kVersion)
    return Status(Code::newer_format, "exposures were stored by a newer version");
  return std::vector<uint8_t>(bytes.begin() + 1, bytes.end());
}

void append_record(std::vector<uint8_t>& records, const std::array<uint8_t, 32>& list_digest,
                   const Exposure& exposure) {
  const size_t at = records.size();
  records.resize(at + kRecordBytes);
  std::copy_n(list_digest.begin(), kDigestBytes, &records[at]);
  store_le32(&records[at + kDigestBytes], static_cast<uint32_t>(exposure.duration.count()));
  store_le32(&records[at + kDigestBytes + 4],
             exposure.minimum_attenuation_db
                 ? static_cast<uint32_t>(*exposure.minimum_attenuation_db)
                 : kNoAttenuation);
  records[at + kDigestBytes + 8] = static_cast<uint8_t>(exposure.report_type);
}

Exposure read_record(Day day, const uint8_t* record) {
  Exposure exposure{day,
                    Millis(load_le32(record + kDigestBytes)),
                    {},
                    static_cast<ReportType>(record[kDigestBytes + 8])};
  const uint32_t attenuation = load_le32(record + kDigestBytes + 4);
  if (attenuation != kNoAttenuation)
    exposure.minimum_attenuation_db = static_cast<int32_t>(attenuation);
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

}  // namespace device
}  // namespace nearzone
