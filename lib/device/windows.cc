#include "device/windows.h"

#include <algorithm>
#include <limits>

namespace nearzone::device {
namespace {

// See docs/formats/exposures.md.
constexpr size_t kHeaderBytes = kDigestBytes + 1 + 1 + 1 + 2;
constexpr size_t kScanBytes = 2 + 2 + 1;
constexpr int8_t kNoOnset = std::numeric_limits<int8_t>::min();

int32_t load_le16(const uint8_t* from) { return from[0] | from[1] << 8; }

void append_le16(Record& to, int32_t value) {
  to.push_back(static_cast<uint8_t>(value));
  to.push_back(static_cast<uint8_t>(value >> 8));
}

std::optional<Record> take(ByteView& rest, uint8_t) {
  if (rest.size() < kHeaderBytes) return {};
  const auto scans = static_cast<size_t>(load_le16(&rest[kHeaderBytes - 2]));
  const size_t size = kHeaderBytes + scans * kScanBytes;
  if (rest.size() < size) return {};
  Record record(rest.begin(), rest.begin() + static_cast<ptrdiff_t>(size));
  rest = rest.subspan(size);
  return record;
}

constexpr RecordFormat kFormat{"exposure-windows", 1, take};

// Days that a byte does not hold are as unknown as any beyond 14.
Record record_of(const ListDigest& list_digest, const FoundWindow& found) {
  const int32_t onset = found.days_since_onset.value_or(kNoOnset);
  Record record(list_digest.begin(), list_digest.begin() + kDigestBytes);
  record.push_back(static_cast<uint8_t>(found.window.report_type));
  record.push_back(static_cast<uint8_t>(onset < -127 || onset > 127 ? kNoOnset : onset));
  record.push_back(found.window.calibration_confidence);
  append_le16(record, static_cast<int32_t>(found.window.scans.size()));
  for (const ScanInstance& scan : found.window.scans) {
    append_le16(record, scan.typical_attenuation_db);
    append_le16(record, scan.minimum_attenuation_db);
    record.push_back(static_cast<uint8_t>(scan.since_last_scan / std::chrono::minutes(1)));
  }
  return record;
}

FoundWindow read_record(Day day, const Record& record) {
  const auto onset = static_cast<int8_t>(record[kDigestBytes + 1]);
  FoundWindow found;
  if (onset != kNoOnset) found.days_since_onset = onset;
  found.window.day = day;
  found.window.report_type = static_cast<ReportType>(record[kDigestBytes]);
  found.window.calibration_confidence = record[kDigestBytes + 2];
  for (size_t at = kHeaderBytes; at < record.size(); at += kScanBytes)
    found.window.scans.push_back({static_cast<int16_t>(load_le16(&record[at])),
                                  static_cast<int16_t>(load_le16(&record[at + 2])),
                                  std::chrono::minutes(record[at + 4])});
  return found;
}

}  // namespace

std::vector<FoundWindow> windows_of(const MatchResult& result, const SightingColumns& columns,
                                    std::span<const Scheme* const> schemes,
                                    const DeviceOptions& options) {
  std::vector<FoundWindow> found;
  for (const KeySummary& summary : summarise(result, columns))
    for (ExposureWindow& window : exposure_windows(
             evidence_of(summary.key), sightings_of(summary, columns, schemes, options))) {
      window.report_type = summary.key.report_type;
      found.push_back({summary.key.days_since_onset, std::move(window)});
    }
  return found;
}

Status store_windows(EncounterLog& log, const ListDigest& list_digest,
                     std::span<const FoundWindow> windows) {
  RecordsByDay found;
  for (const FoundWindow& window : windows)
    found[window.window.day].push_back(record_of(list_digest, window));
  return replace_findings(log, kFormat, list_digest, found);
}

Result<std::vector<FoundWindow>> load_windows(const EncounterLog& log) {
  NEARZONE_ASSIGN(const RecordsByDay stored, load_findings(log, kFormat));
  std::vector<FoundWindow> windows;
  for (const auto& [day, records] : stored)
    for (const Record& record : records) windows.push_back(read_record(day, record));
  return windows;
}

}  // namespace nearzone::device

namespace nearzone {

Result<std::vector<ExposureWindow>> Device::exposure_windows(
    const DiagnosisKeyMapping& mapping) const {
  NEARZONE_TRY(mapping.check());
  NEARZONE_ASSIGN(std::vector<device::FoundWindow> found, device::load_windows(*log_));
  std::vector<ExposureWindow> windows;
  for (auto& [days_since_onset, window] : found)
    if (mapping.apply(days_since_onset, window)) windows.push_back(std::move(window));
  shuffle(windows, random_);
  return windows;
}

}  // namespace nearzone
